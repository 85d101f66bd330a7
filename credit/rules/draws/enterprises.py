"""Which enterprises may be drawn, and which are: random choice without replacement inside each stratum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from credit.rules.draws.strata import Stratum
from credit.rules.draws.tickets import ENTERPRISE, checked, tickets

# What is known of each enterprise in the plan's scope: `planned` inspections this year, whether a `higher` level
# sampled it lately.
KNOWN: dict[str, Any] = {
    "key": pl.String, "tier": pl.String, "risk": pl.String, "living": pl.Boolean, "planned": pl.Int64,
    "higher": pl.Boolean,
}  # fmt: skip
INPUTS: dict[str, Any] = {"key": pl.String, "stratum": pl.String}
DRAWN: dict[str, Any] = {**INPUTS, "ticket": pl.UInt64}
CLOSED, UNGRADED, CAPPED, SAMPLED = "closed", "no-tier", "yearly-cap", "higher-level"


def left_out(known: pl.DataFrame, cap: int | None) -> pl.DataFrame:
    """`known` (KNOWN) with `why` an enterprise is no candidate; null for a candidate.

    Closed enterprises are none, nor those that have no tier, that reached the `cap` of planned inspections a year
    (None for key items, 国市监信〔2019〕38号), or that a higher level sampled lately (产品质量法 art. 15).
    """
    over = pl.lit(False) if cap is None else pl.col("planned") >= cap
    return known.with_columns(
        why=pl.when(~pl.col("living")).then(pl.lit(CLOSED))
        .when(pl.col("tier").is_null()).then(pl.lit(UNGRADED))
        .when(over).then(pl.lit(CAPPED))
        .when(pl.col("higher")).then(pl.lit(SAMPLED))
    )  # fmt: skip


def candidates(known: pl.DataFrame, cap: int | None) -> pl.DataFrame:
    """The candidates of `known` (KNOWN) with their stratum: INPUTS and all other columns."""
    able = left_out(known, cap).filter(pl.col("why").is_null()).drop("why")
    return able.with_columns(stratum=pl.concat_str("tier", "risk", separator="-"))


def counts(inputs: pl.DataFrame) -> dict[str, int]:
    """How many candidates each stratum has."""
    return dict(inputs.group_by("stratum").len().iter_rows())


def draw(inputs: pl.DataFrame, strata: Iterable[Stratum], seed: str, plan: str) -> pl.DataFrame:
    """The drawn enterprises (DRAWN, and what other columns `inputs` has), by ticket; keys are unique.

    Only strata that anything is drawn from are hashed. Raises BadSeed.
    """
    checked(seed), checked(plan)
    drawn = [_from_stratum(inputs.filter(stratum=one.name), one.quota, seed, plan) for one in strata if one.quota]
    none = inputs.clear().with_columns(ticket=pl.lit(None, pl.UInt64))
    return pl.concat([none, *drawn]).sort("ticket", "key")


def _from_stratum(inputs: pl.DataFrame, quota: int, seed: str, plan: str) -> pl.DataFrame:
    named = tickets(seed, plan, ENTERPRISE, inputs["key"])
    return inputs.with_columns(named).bottom_k(quota, by=["ticket", "key"])
