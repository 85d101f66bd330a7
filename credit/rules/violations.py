"""Bad records: same facts count once, repeats and false records cost more."""

from __future__ import annotations

import polars as pl

from credit.rules.law import Law

FAILED = ["sampling-failed", "sampling-failed-safety"]
SURCHARGED = ["false_records", "obstruction"]
HEAVIEST = ["points", "in_force", "event"]


def count_same_facts_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Of failures of one campaign and product, and of events of one case, the heavier counts."""
    bad = rows.filter(pl.col("points") < 0)
    campaign = _all_but_heaviest(
        bad.filter(pl.col("rule").is_in(FAILED), pl.col("campaign") != ""),
        ["ask", "campaign", "product"],
    )
    left = bad.join(campaign, on=["ask", "event"], how="anti")
    linked = pl.concat([campaign, _all_but_heaviest(left, ["ask", "case"])])
    if linked.is_empty():
        return rows
    marked = rows.join(linked.with_columns(twice=pl.lit(True)), on=["ask", "event"], how="left")
    twice = pl.col("twice").fill_null(False)
    return marked.with_columns(
        outcome=pl.when(twice).then(pl.lit("linked")).otherwise("outcome"),
        points=pl.when(twice).then(0).otherwise("points"),
    ).drop("twice")


def _all_but_heaviest(bad: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """ask, event of the facts that count no more because a heavier one of the same kind does."""
    shared = bad.filter(pl.len().over(same) > 1).sort(HEAVIEST)
    return shared.filter(pl.int_range(pl.len()).over(same) > 0).select("ask", "event")


def counting(rows: pl.DataFrame) -> pl.DataFrame:
    """The bad records and the facts without points that count as they are."""
    return rows.filter(pl.col("outcome") == "counted", pl.col("points") <= 0)


def surcharges(rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Findings `repeat` and `false-records`, one for each event that they burden.

    `number` of a repeat: the months within which it is one.
    """
    live = rows.filter(pl.col("outcome") == "counted", pl.col("kind") == "violation")
    false = live.filter(pl.col("category").is_in(SURCHARGED)).with_columns(
        rule=pl.lit("false-records")
    )
    later = live.filter(pl.col("rule").is_in(["violation-general", "violation-serious"]))
    several = later.filter(pl.len().over("ask", "category") > 1)
    earlier = several.select(
        "ask", "category", other="event", other_decided="decided", other_until="until"
    )
    months = law.choose("windows.repeat", law.chosen_by("windows.repeat")).cast(pl.String)
    before = (pl.col("other_decided") < pl.col("decided")) | (
        (pl.col("other_decided") == pl.col("decided")) & (pl.col("other") < pl.col("event"))
    )
    repeated = (
        several.join(earlier, on=["ask", "category"])
        .with_columns(number=months)
        .filter(
            before,
            pl.col("decided") < pl.col("other_decided").dt.offset_by(pl.col("number") + "mo"),
        )
        .group_by("ask", "event", maintain_order=True)
        .agg(
            pl.col("day", "decided", "until", "number").first(),
            other_until=pl.col("other_until").max(),
        )
        .with_columns(rule=pl.lit("repeat"), until=pl.min_horizontal("until", "other_until"))
    )
    facts = ["ask", "event", "day", "decided", "until", "rule"]
    both = pl.concat([false.select(facts), repeated.select(*facts, "number")], how="diagonal")
    priced = law.look_up(both, "points", "rule", "points")
    return priced.drop("day").with_columns(outcome=pl.lit("counted"))
