"""Classified supervision (分类监管): how often an enterprise is due by tier and risk, and what is owed this year.

A tier's share is drawn a year (policy.md, Tier); the product risk class moves the frequency, not the tier. Where share
times factor reaches the whole, every enterprise is inspected: that often a year. Below, chance decides (the draw).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.rules.law import Law
from credit.terms import Risk, Tier

SOON_DAYS = 60  # what the list calls soon; a convenience of reading, no term of law
STATES = ("overdue", "soon", "later", "draw", "none")


def rates(law: Law, day: date) -> pl.DataFrame:
    """tier, risk, `rate`: planned inspections a year of one enterprise; 0.1 is a chance of 10%, 2 is twice."""
    factors = law.value("draws.risk-factor", day)
    rows = [
        (str(tier), str(risk), law.value(f"shares.{tier}", day) * factors[str(risk)] / 100)
        for tier in Tier for risk in Risk
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"tier": pl.String, "risk": pl.String, "rate": pl.Float64}, orient="row")


def due(firms: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Firms (tier, risk, living, last: day of the last inspection or null) with `rate`, `due_on` and `due` (STATES).

    Whoever is due with certainty is due 12 / rate months after the last inspection; never inspected, by the year's
    end. A closed enterprise, or one without a tier, is due for nothing.
    """
    known = firms.join(rates(law, day), on=["tier", "risk"], how="left", maintain_order="left")
    certain = pl.col("living") & (pl.col("rate") >= 1)
    after = pl.col("last").dt.offset_by(pl.format("{}mo", (12 / pl.col("rate")).floor().cast(pl.Int64)))
    told = known.with_columns(due_on=pl.when(certain).then(pl.coalesce(after, pl.lit(date(day.year, 12, 31)))))
    left = (pl.col("due_on") - pl.lit(day)).dt.total_days()
    state = (
        pl.when(~pl.col("living") | pl.col("rate").is_null()).then(pl.lit("none"))
        .when(pl.col("due_on").is_null()).then(pl.lit("draw"))
        .when(left < 0).then(pl.lit("overdue"))
        .when(left <= SOON_DAYS).then(pl.lit("soon"))
        .otherwise(pl.lit("later"))
    )  # fmt: skip
    return told.with_columns(due=state)


def strata(firms: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """Living firms (tier, risk, planned: this year's planned inspections) by stratum.

    tier, risk, enterprises, `owed`: inspections due this year, `done`: enterprises inspected by plan, `share`: done of
    owed in per cent, at most 100.
    """
    living = firms.filter(pl.col("living"), pl.col("tier").is_not_null())
    counted = living.group_by("tier", "risk").agg(
        enterprises=pl.len().cast(pl.Int64), done=(pl.col("planned") > 0).sum().cast(pl.Int64)
    )
    owed = counted.join(rates(law, day), on=["tier", "risk"], how="left").with_columns(
        owed=(pl.col("enterprises") * pl.col("rate")).round(2)
    )
    share = pl.min_horizontal(pl.lit(100.0), 100 * pl.col("done") / pl.col("owed"))
    told = owed.with_columns(share=pl.when(pl.col("owed") > 0).then(share.round(1)))
    return told.select("tier", "risk", "enterprises", "rate", "owed", "done", "share").sort("tier", "risk")
