"""The parents of matched branches, as the register ties them."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from credit.models import Enterprise
from credit.rules.matching.reasons import reason
from credit.services.name_matches import reason_lists
from credit.services.reading import among_words, frame

# Whose parent matters: a firm that is meant, or may well be.
MEANT = (
    "same_code", "organization_code", "registration_number", "mended_code", "same_name", "former_name", "variant",
    "hint",
)  # fmt: skip
SCORE = 50


def parents_of(found: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """A row for the parent of each matched branch, in the columns of `found`. `firms`: latest versions."""
    branches = firms.drop_nulls("parent_code").select("enterprise_id", "parent_code")
    if branches.is_empty():
        return found.clear()
    codes = branches["parent_code"].unique().to_list()
    parents = select(Enterprise.code.label("parent_code"), Enterprise.id.label("parent"))
    bearers = frame(parents.where(among_words(Enterprise.code, codes)))
    last = bearers.sort("parent").unique("parent_code", keep="last")
    meant = found.filter(pl.col("relation").is_in(MEANT)).select("row", "enterprise_id")
    ties = meant.join(branches.join(last, on="parent_code"), on="enterprise_id").select("row", enterprise_id="parent")
    rows = ties.unique()
    reasons = reason_lists([[reason("parent_on_file")]] * len(rows))
    tied = rows.with_columns(reasons, relation=pl.lit("parent"), score=pl.lit(SCORE, dtype=pl.Int64))
    return pl.concat([found.clear(), tied], how="diagonal")
