"""Whom bidders mean: by code where there is one, else by an equal name; set-wise, a few statements for the whole list.

An equal valid code decides. A name alone is never more than a reason to look: two firms may bear the same name.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.identifiers import check_code, check_organization_code, check_registration_number
from credit.models import Enterprise, EnterpriseVersion, Name, Record
from credit.rules.codes import code_problems, normalise_column
from credit.rules.name_columns import fold_column
from credit.services.enterprises import suggestions
from credit.services.reading import among, among_words, frame
from credit.terms import Relation

MATCHES: dict[Any, Any] = {
    "row": pl.Int64, "enterprise_id": pl.Int64, "relation": pl.String, "code": pl.String, "name": pl.String,
}  # fmt: skip
INPUTS: dict[Any, Any] = {
    "row": pl.Int64, "code": pl.String, "folded": pl.String, "by": pl.String, "wrong": pl.Boolean,
}  # fmt: skip
ORGANIZATION, REGISTRATION, UNIFIED = Relation.ORGANIZATION_CODE, Relation.REGISTRATION_NUMBER, Relation.SAME_CODE


def read(subjects: pl.DataFrame) -> pl.DataFrame:
    """Bidders (row, code, name; null where empty) in the shape INPUTS.

    `by`: what the code is (a Relation), null where there is none. `wrong`: a code that no mend is needed to refuse,
    or neither code nor name.
    """
    codes = normalise_column(subjects["code"])
    told = subjects.with_columns(code=codes, problem=code_problems(codes), folded=fold_column(subjects["name"]))
    short = told.filter(pl.col("code").str.len_chars().is_in([9, 15]))["code"].unique().to_list()
    kinds = {code: str(kind) for code in short if (kind := _kind(code))}
    by = pl.when(pl.col("code").is_not_null() & pl.col("problem").is_null()).then(pl.lit(str(UNIFIED)))
    other = pl.col("code").replace_strict(kinds, default=None, return_dtype=pl.String)
    nameless = pl.col("folded").is_null() | (pl.col("folded").str.len_chars() < 2)
    wrong = (pl.col("code").is_not_null() & pl.col("by").is_null()) | (pl.col("code").is_null() & nameless)
    return told.with_columns(by=by.otherwise(other)).with_columns(wrong=wrong).select(*INPUTS).cast(INPUTS)


def _kind(code: str) -> Relation | None:
    if len(code) == 9 and check_organization_code(code) is None:
        return ORGANIZATION
    return REGISTRATION if len(code) == 15 and check_registration_number(code) is None else None


def match(inputs: pl.DataFrame) -> pl.DataFrame:
    """Every enterprise that a bidder (INPUTS) means or may mean, in the shape MATCHES, the surest first."""
    coded = inputs.filter(pl.col("by").is_not_null())
    found = [_by_code(coded), _by_mend(inputs), _by_name(inputs.filter(pl.col("by").is_null()))]
    order = {str(one): place for place, one in enumerate(Relation)}
    rows = pl.concat(found).with_columns(place=pl.col("relation").replace_strict(order, return_dtype=pl.Int64))
    surest = rows.sort("row", "place", "enterprise_id")
    first = surest.unique(["row", "enterprise_id"], keep="first", maintain_order=True)
    return _named(first.drop("place"))


def _by_code(coded: pl.DataFrame) -> pl.DataFrame:
    """A unified code means its living bearer, or its last; an organization code every one that has it."""
    columns = (Enterprise.id.label("enterprise_id"), Enterprise.living)
    parts = []
    for by, column in ((UNIFIED, Enterprise.code), (ORGANIZATION, Enterprise.org_code)):
        asked = coded.filter(pl.col("by") == str(by))
        codes = asked["code"].unique().to_list()
        held = frame(select(column.label("code"), *columns).where(among_words(column, codes)))
        best = held.sort("living", "enterprise_id", descending=True)
        best = best.unique("code", keep="first", maintain_order=True) if by is UNIFIED else best
        parts.append(_told(asked.join(best, on="code"), by))
    old = coded.filter(pl.col("by") == str(REGISTRATION))
    version = EnterpriseVersion
    held = frame(
        select(version.legacy_id.label("code"), version.enterprise_id)
        .where(among_words(version.legacy_id, old["code"].unique().to_list()))
        .distinct()
    )
    return pl.concat([*parts, _told(old.join(held, on="code"), REGISTRATION)])


def _told(rows: pl.DataFrame, relation: Relation) -> pl.DataFrame:
    return rows.select("row", "enterprise_id", relation=pl.lit(str(relation)))


def _by_mend(inputs: pl.DataFrame) -> pl.DataFrame:
    """Codes that fail: the firms whose code is one slip away."""
    failed = inputs.filter(pl.col("wrong") & pl.col("code").is_not_null())
    mends = suggestions(failed["code"].unique().to_list())
    pairs = pl.DataFrame(
        [(code, mend) for code, some in mends.items() for mend in some],
        schema={"code": pl.String, "mend": pl.String}, orient="row",
    )  # fmt: skip
    held = frame(
        select(Enterprise.code.label("mend"), func.max(Enterprise.id).label("enterprise_id"))
        .where(among_words(Enterprise.code, pairs["mend"].unique().to_list()))
        .group_by(Enterprise.code)
    )
    return _told(failed.join(pairs, on="code").join(held, on="mend"), Relation.MENDED_CODE)


def _by_name(named: pl.DataFrame) -> pl.DataFrame:
    """Equal names, those of today before those of before."""
    asked = named.filter(pl.col("folded").str.len_chars() >= 2)
    held = frame(
        select(Name.folded, Name.enterprise_id).where(among_words(Name.folded, asked["folded"].unique().to_list()))
    )
    now = frame(
        select(Record.enterprise_id, Record.name).where(
            among(Record.enterprise_id, held["enterprise_id"].unique().to_list())
        )
    )
    of_today = now.with_columns(today=fold_column(now["name"]).str.slice(0, 256)).select("enterprise_id", "today")
    rows = asked.select("row", "folded").join(held, on="folded").join(of_today, on="enterprise_id", how="left")
    same = pl.when(pl.col("today") == pl.col("folded")).then(pl.lit(str(Relation.SAME_NAME)))
    return rows.select("row", "enterprise_id", relation=same.otherwise(pl.lit(str(Relation.FORMER_NAME))))


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    told = frame(
        select(Record.enterprise_id, Record.code, Record.name).where(
            among(Record.enterprise_id, rows["enterprise_id"].unique().to_list())
        )
    )
    return rows.join(told, on="enterprise_id", maintain_order="left").select(*MATCHES).cast(MATCHES)


def why_wrong(code: str | None) -> tuple[str, str]:
    """What is wrong with a bidder's code, in Chinese and English."""
    if not code:
        return "既没有代码，也没有名称", "neither a code nor a name"
    problem = check_code(code)
    return (problem.zh, problem.en) if problem else ("", "")
