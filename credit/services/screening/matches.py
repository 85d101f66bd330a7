"""Whom bidders mean, as screening asks it of the matching: who is meant for certain, and who perhaps."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules.matching.codes import CODE
from credit.rules.name_columns import fold_column
from credit.services import matching
from credit.services.matching import DECIDING
from credit.services.name_matches import AGREEING
from credit.terms import Relation

INPUTS: dict[Any, Any] = {
    "row": pl.Int64, "code": pl.String, "own": pl.Boolean, "folded": pl.String, "wrong": pl.Boolean, "cut": pl.Boolean,
    "problem_zh": pl.String, "problem_en": pl.String, "suggestion": pl.String,
}  # fmt: skip
# Firms that a bidder may be; a branch's entries are its own, an equal name under another code is another firm.
MAY_BE = (
    *DECIDING, Relation.SAME_NAME, Relation.FORMER_NAME, Relation.VARIANT, Relation.HINT, Relation.MENDED_CODE,
    Relation.PREDECESSOR, Relation.PARENT,
)  # fmt: skip
EMPTY = ("既没有代码，也没有名称", "neither a code nor a name")


def match(subjects: pl.DataFrame, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bidders (row, ref, code, name) as typed, in the shape INPUTS, and the firms that they mean or may mean.

    `own`: a valid unified code, so that an entry under another code is another firm's. The firms: row, enterprise_id,
    relation, code, name, score, reasons, and `sure`: by a deciding code whose name isn't another firm's; a branch's
    parent as sure as the branch.
    """
    found = matching.match(subjects.select("ref", "code", "name"), day)
    nothing = pl.col("state") == "empty"
    inputs = found.inputs.with_columns(
        own=pl.col("kind") == CODE, wrong=pl.col("state") != "ok",
        folded=fold_column(subjects["name"]).str.slice(0, 256),
        problem_zh=pl.when(nothing).then(pl.lit(EMPTY[0])).otherwise("problem_zh"),
        problem_en=pl.when(nothing).then(pl.lit(EMPTY[1])).otherwise("problem_en"),
    )  # fmt: skip
    decided = pl.col("relation").is_in(DECIDING) & (pl.col("score") >= AGREEING)
    firms = found.found.with_columns(
        sure=decided | ((pl.col("relation") == str(Relation.PARENT)) & decided.any().over("row"))
    )
    return inputs.select(*INPUTS).cast(INPUTS), firms


def standing(inputs: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """row, wrong, known, doubtful: a bidder named by name alone is known where just one firm of today bears it.

    A similar name (a hint) alone is no doubt: a large city always has one. What is on a list under it is a hit.
    """
    others = (Relation.PARENT, Relation.HINT)
    said = firms.filter(pl.col("relation").is_in([str(one) for one in MAY_BE if one not in others]))
    named = pl.col("relation") == str(Relation.SAME_NAME)
    counted = said.group_by("row").agg(
        sure=pl.col("sure").sum(), named=(named & ~pl.col("sure")).sum(), perhaps=(~named & ~pl.col("sure")).sum()
    )
    joined = inputs.select("row", "wrong").join(counted, on="row", how="left", maintain_order="left")
    whole = joined.with_columns(pl.col("sure", "named", "perhaps").fill_null(0))
    by_code, by_name = pl.col("sure") > 0, (pl.col("sure") == 0) & (pl.col("named") == 1)
    doubtful = (pl.col("sure") > 1) | (~by_code & ~by_name & (pl.col("named") + pl.col("perhaps") > 0))
    return whole.select("row", "wrong", known=by_code | by_name, doubtful=doubtful)
