"""Firms found by name, and what the names say of firms that were found by code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit.rules.matching import Comparison, compare
from credit.rules.matching.codes import CODE
from credit.rules.matching.reasons import Reason, reason
from credit.rules.name_columns import fold_column
from credit.services import name_candidates
from credit.services.name_history import versions_of

REASONS = pl.List(pl.Struct({"word": pl.String, "zh": pl.String, "en": pl.String}))
MATCHED: dict[Any, Any] = {
    "row": pl.Int64, "enterprise_id": pl.Int64, "relation": pl.String, "score": pl.Int64, "matched_name": pl.String,
    "from": pl.Date, "until": pl.Date, "reasons": REASONS,
}  # fmt: skip
# A name that tells of a branch: something follows the form of the firm.
PARENT = "^(.{2,}?(?:有限责任公司|股份有限公司|有限公司|集团公司|总公司|合作社|公司)).+$"
MOST_HINTS = 20  # shown of one subject, the best ones; every variant is shown
BY_CODE = {"same_code": 100, "organization_code": 95, "registration_number": 95, "predecessor": 50, "mended_code": 90}
AGREEING = 90  # the least score of a firm found by a deciding code whose name is not another firm's
EQUAL = {
    "equal": ("same_name", 100), "former": ("former_name", 95), "short": ("variant", 90),
    "other_code": ("other_code", 49),
}  # fmt: skip
OTHER_NAME = 15  # less where the name says another firm
EDITS = {
    "look_alike": "mend_look_alike", "substitution": "mend_substitution", "transposition": "mend_transposition",
    "missing": "mend_missing", "extra": "mend_extra", "irregular": "mend_irregular",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    found: pl.DataFrame
    cut: pl.Series


def by_name(rows: pl.DataFrame, day: date) -> Named:
    """Firms whose names are equal or near, in the shape MATCHED; `rows`: row, code, kind, name, folded.

    A subject with a valid code of its own, which nobody bears, is a firm outside the register: only
    equal names and parents are looked for, and an equal name is told as other_code.
    """
    if rows.is_empty():
        return Named(pl.DataFrame(schema=MATCHED), rows["row"])
    outside = rows.filter(pl.col("kind") == CODE)
    near = name_candidates.near(rows.filter(pl.col("kind") != CODE).select("row", "name"))
    equal = name_candidates.equal(_with_parents(outside))
    found = pl.concat([near.found, equal]).filter(pl.col("from") <= day)
    asked = rows.select("row", "kind", "folded", asked="name")
    pairs = found.with_columns(known=fold_column(found["name"])).join(asked, on="row")
    same = pl.col("known") == pl.col("folded")
    told = pl.concat([_equal(pairs.filter(same)), _near(pairs.filter(~same))])
    return Named(_fewer_hints(told), near.cut)


def _with_parents(rows: pl.DataFrame) -> pl.DataFrame:
    """The names, and the firm's own part of those that look like a branch's."""
    own = rows.select("row", name=pl.col("folded").str.extract(PARENT)).drop_nulls()
    return pl.concat([rows.select("row", "name"), own])


def _equal(pairs: pl.DataFrame) -> pl.DataFrame:
    """Equal names need no comparison of parts."""
    word = (
        pl.when(pl.col("kind_right") == CODE).then(pl.lit("other_code"))
        .when(pl.col("kind") == "former").then(pl.lit("former"))
        .when(pl.col("kind") == "short").then(pl.lit("short"))
        .otherwise(pl.lit("equal"))
    )  # fmt: skip
    told = _explained(pairs.with_columns(word=word), EQUAL)
    told = told.with_columns(
        relation=pl.col("word").replace_strict({word: relation for word, (relation, _) in EQUAL.items()}),
        score=pl.col("word").replace_strict({word: score for word, (_, score) in EQUAL.items()}),
    )
    return _shaped(told)


def _near(pairs: pl.DataFrame) -> pl.DataFrame:
    asked = pairs.select("asked", "name", "kind", "kind_right").iter_rows()
    kept = [(place, *found) for place, row in enumerate(asked) if (found := _judged(*row))]
    places, relations, scores, reasons = zip(*kept, strict=True) if kept else ((), (), (), ())
    judged = pairs[list(places)].with_columns(
        pl.Series("relation", relations, dtype=pl.String), pl.Series("score", scores, dtype=pl.Int64),
        reason_lists(list(reasons)),
    )  # fmt: skip
    return _shaped(judged)


def _judged(asked: str, known: str, kind: str, code_kind: str) -> tuple[str, int, list[Reason]] | None:
    """Relation, score and reasons; None for another firm."""
    found = compare(asked, known)
    relation = _relation(found, asked, known)
    told = list(found.reasons)
    if relation is None or (code_kind == CODE and relation not in ("branch", "parent")):
        return None
    if relation in ("same_name", "variant") and kind == "former":
        relation, told = "former_name", [reason("former"), *told]
    return relation, found.score, told


def _relation(found: Comparison, asked: str, known: str) -> str | None:
    """The relation of the known firm to the asked one; None for another firm."""
    if found.relation == "related":
        return "parent" if len(asked) > len(known) else "branch"
    return {"same": "same_name", "variant": "variant", "hint": "hint"}.get(found.relation)


def _fewer_hints(found: pl.DataFrame) -> pl.DataFrame:
    loose = pl.col("relation").is_in(["hint", "branch"])
    ordered = found.sort("row", "score", "enterprise_id", descending=[False, True, False])
    rank = pl.int_range(pl.len()).over("row", "relation")
    return ordered.filter(~loose | (rank < MOST_HINTS))


def with_names(by_code: pl.DataFrame, rows: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """What was found by code in the shape MATCHED, with what the names say; `firms`: latest versions."""
    named = by_code.join(firms.select("enterprise_id", "name"), on="enterprise_id")
    both = named.join(rows.select("row", "folded", asked="name"), on="row")
    both = both.with_columns(known=fold_column(both["name"]))
    both = both.with_columns(apart=(pl.col("folded") != "") & (pl.col("folded") != pl.col("known")))
    both = both.with_columns(_word(), _base_score(), *_no_days())
    agreeing = _explained(both.filter(~pl.col("apart")), [*BY_CODE, *EDITS.values()])
    return pl.concat([_shaped(agreeing), _with_other_names(both.filter("apart"))])


def _with_other_names(pairs: pl.DataFrame) -> pl.DataFrame:
    """The code tells the firm; that the name differs is told, and costs some of the score."""
    former = _former_names(pairs["enterprise_id"].unique().to_list())
    scores, reasons = [], []
    for tie, base, asked, known, firm in pairs.select("word", "score", "asked", "name", "enterprise_id").iter_rows():
        found = compare(asked, known)
        if found.relation == "different" and _was(asked, former.get(firm, [])):
            told, cost = [reason("former")], 0
        else:
            told = list(found.reasons)
            cost = OTHER_NAME * (found.relation in ("different", "related")) + (found.relation == "hint")
        scores.append(base - cost)
        reasons.append([reason(tie), *told])
    judged = pairs.with_columns(pl.Series("score", scores, dtype=pl.Int64), reason_lists(reasons))
    return _shaped(judged)


def _was(asked: str, names: list[str]) -> bool:
    return any(compare(asked, name).relation in ("same", "variant") for name in names)


def _former_names(ids: list[int]) -> dict[int, list[str]]:
    if not ids:
        return {}
    names = versions_of(ids).group_by("enterprise_id").agg(pl.col("name").unique(maintain_order=True))
    return dict(names.iter_rows())


def _word() -> pl.Expr:
    """The word of the reason for a firm found by code."""
    return pl.col("edit").replace(EDITS).fill_null(pl.col("relation")).alias("word")


def _base_score() -> pl.Expr:
    return pl.col("relation").replace_strict(BY_CODE, return_dtype=pl.Int64).alias("score")


def _no_days() -> list[pl.Expr]:
    return [pl.lit(None, dtype=pl.Date).alias("from"), pl.lit(None, dtype=pl.Date).alias("until")]


def _explained(pairs: pl.DataFrame, words: Collection[str]) -> pl.DataFrame:
    """The pairs with the reason of their `word`."""
    told = pl.DataFrame({"word": list(words)}).with_columns(reason_lists([[reason(word)] for word in words]))
    return pairs.join(told, on="word", maintain_order="left")


def reason_lists(reasons: list[list[Reason]]) -> pl.Series:
    """A column of lists of reasons, none of them empty."""
    rows = [(place, *each) for place, told in enumerate(reasons) for each in told]
    flat = pl.DataFrame(rows, schema=["place", "word", "zh", "en"], orient="row")
    lists = flat.group_by("place", maintain_order=True).agg(reasons=pl.struct("word", "zh", "en"))
    return lists["reasons"].cast(REASONS)


def _shaped(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(matched_name="name").select(pl.col(name).cast(kind) for name, kind in MATCHED.items())
