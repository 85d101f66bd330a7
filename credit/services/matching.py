"""Matching: which firms of the register are meant by a list of codes and names, and why.

The code comes first: an equal one decides. Without one, names find; a name alone proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from credit import identifiers
from credit.rules.matching.codes import CODE, EMPTY, INVALID, read_codes
from credit.rules.name_columns import fold_column
from credit.services import code_matches, name_matches
from credit.services.name_history import latest, versions_of
from credit.services.parents import parents_of

REASONS = pl.List(pl.Struct({"word": pl.String, "zh": pl.String, "en": pl.String}))
FOUND: dict[Any, Any] = {
    "row": pl.Int64, "ref": pl.String, "enterprise_id": pl.Int64, "code": pl.String, "name": pl.String,
    "score": pl.Int64, "relation": pl.String, "matched_name": pl.String, "from": pl.Date, "until": pl.Date,
    "reasons": REASONS,
}  # fmt: skip
DECIDING = ("same_code", "organization_code", "registration_number")


@dataclass(frozen=True)
class Matched:
    """`found`: a row for each firm that may be meant, the best first; `inputs`: a row for each subject.

    `inputs` has row, ref, code (normalised), state (ok, invalid, empty), kind (of `read_codes`),
    problem_zh, problem_en, suggestion (the code of the only firm that a slip explains), and cut:
    whether near names may be missing because the list used up its budget.
    """

    found: pl.DataFrame
    inputs: pl.DataFrame


def match(subjects: pl.DataFrame, day: date) -> Matched:
    """Match subjects (`ref`, `code`, `name`: texts or null) with the register as it is on `day`.

    Set-wise: some statements for the whole list. Relations: same_code, organization_code,
    registration_number and mended_code by code; same_name, former_name, variant, hint by name;
    branch and parent; predecessor, an earlier bearer of the code; other_code: the name is equal,
    but both codes are valid and differ, so that it is another firm.
    """
    rows = _rows(subjects)
    by_code = code_matches.by_code(rows)
    firms = latest(versions_of(_ids(by_code)))
    coded = name_matches.with_names(by_code, rows, firms)
    named = name_matches.by_name(_undecided(rows, coded), day)
    found = pl.concat([coded, named.found])
    firms = _and_those_of(firms, found)
    found = pl.concat([found, parents_of(found, firms).select(found.columns)])
    best = _best(found).join(_and_those_of(firms, found).select("enterprise_id", "code", "name"), on="enterprise_id")
    ordered = best.sort("row", "score", "enterprise_id", descending=[False, True, False])
    told = ordered.join(rows.select("row", "ref"), on="row", maintain_order="left")
    return Matched(told.select(pl.col(name).cast(kind) for name, kind in FOUND.items()), _inputs(rows, told, named.cut))


def _undecided(rows: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """The rows whose names are looked for: no code decides, or the name is another firm's.

    The latter have a code of their own, so that an equal name elsewhere is told as another firm's.
    """
    decided = coded.filter(pl.col("relation").is_in(DECIDING))
    agreeing = decided.filter(pl.col("score") >= name_matches.AGREEING)
    own = pl.col("row").is_in(decided["row"].implode())
    kind = pl.when(own).then(pl.lit(CODE)).otherwise("kind").alias("kind")
    return rows.join(agreeing, on="row", how="anti").with_columns(kind)


def _rows(subjects: pl.DataFrame) -> pl.DataFrame:
    """row, ref, code (normalised), kind, problem, name, folded of each subject."""
    texts = subjects.select(pl.col("ref", "code", "name").cast(pl.String)).with_row_index("row")
    read = read_codes(texts["code"])
    name = texts["name"].fill_null("")
    return texts.select(pl.col("row").cast(pl.Int64), "ref").with_columns(
        *read.get_columns(), name.alias("name"), fold_column(name).alias("folded")
    )


def _and_those_of(firms: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The last versions of firms that are known, and of those found since."""
    new = found.join(firms, on="enterprise_id", how="anti")
    return firms if new.is_empty() else pl.concat([firms, latest(versions_of(_ids(new)))])


def _ids(*frames: pl.DataFrame) -> list[int]:
    return pl.concat([each["enterprise_id"] for each in frames]).unique().sort().to_list()


def _best(found: pl.DataFrame) -> pl.DataFrame:
    """Each firm once for each subject: by its strongest tie."""
    ordered = found.sort("row", "enterprise_id", "score", descending=[False, False, True], maintain_order=True)
    return ordered.unique(["row", "enterprise_id"], keep="first", maintain_order=True)


def _inputs(rows: pl.DataFrame, told: pl.DataFrame, cut: pl.Series) -> pl.DataFrame:
    """What is to be said of each subject's own words."""
    by_code = told.filter(pl.col("relation").is_in(DECIDING)).select("row").unique()
    mends = told.filter(pl.col("relation") == "mended_code")
    best = mends.filter(pl.col("score") == pl.col("score").max().over("row"))
    only = best.filter(pl.len().over("row") == 1).select("row", suggestion="code")
    problems = _problems(rows.join(by_code, on="row", how="anti"))
    found = rows.join(only, on="row", how="left", maintain_order="left")
    found = found.join(problems, on="row", how="left", maintain_order="left")
    nothing = (pl.col("kind") == EMPTY) & (pl.col("folded") == "")
    state = pl.when(nothing).then(pl.lit("empty")).when(pl.col("problem_zh").is_not_null()).then(pl.lit("invalid"))
    return found.select(
        "row", "ref", "code", state.otherwise(pl.lit("ok")).alias("state"), "kind", "problem_zh", "problem_en",
        "suggestion", cut=pl.col("row").is_in(cut.implode()),
    )  # fmt: skip


def _problems(rows: pl.DataFrame) -> pl.DataFrame:
    """row, problem_zh, problem_en of the codes that are nobody's and can be none."""
    checks = {
        INVALID: identifiers.check_code, "organization_code": identifiers.check_organization_code,
        "registration_number": identifiers.check_registration_number,
    }  # fmt: skip
    doubtful = rows.filter(pl.col("kind").is_in(list(checks)))
    # A check digit that doesn't fit is always told in the same words; the other sentences name a place.
    alike = pl.when(pl.col("problem") == "check_digit").then("problem").otherwise("code")
    keyed = doubtful.with_columns(sentence=alike)
    found = []
    for code, kind, sentence in keyed.unique("sentence").select("code", "kind", "sentence").iter_rows():
        problem = checks[kind](code)
        if problem:
            found.append((sentence, problem.zh, problem.en))
    schema = {"sentence": pl.String, "problem_zh": pl.String, "problem_en": pl.String}
    told = pl.DataFrame(found, schema=schema, orient="row")
    return keyed.select("row", "sentence").join(told, on="sentence").drop("sentence")
