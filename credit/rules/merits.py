"""Merits: caps for each kind, clean years, and the cap over all of them."""

from __future__ import annotations

import polars as pl

from credit.rules.law import Law

LARGEST_FIRST = {"points": True, "in_force": False, "event": False}
GROUPS = {
    "final-pass": "final-pass", "quality-prize-national": "quality-prize",
    "quality-prize-provincial": "quality-prize", "quality-prize-municipal": "quality-prize",
    "brand": "brand", "excellent-works": "brand", "certification": "certification",
    "standard-national": "standard", "standard-industry": "standard", "pledge": "pledge",
}  # fmt: skip
CAPPED = list(dict.fromkeys(GROUPS.values()))
NUMBERS = {rule: CAPPED.index(group) + 1 for rule, group in GROUPS.items()}


def hold_caps(rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """One pass a year and product, and no more of each kind than its cap; the others are capped."""
    good = rows.filter(pl.col("points") > 0).select(
        "ask", "event", "day", "points", "in_force", "peer",
        group=pl.col("rule").replace_strict(NUMBERS, default=0, return_dtype=pl.UInt64),
    ).with_columns(cap=_cap(law), one=pl.col("ask").cast(pl.UInt64) * 16 + pl.col("group"))  # fmt: skip
    good = good.join(_contested(good), on="one", how="semi")
    if good.is_empty():
        return rows
    good = good.sort(list(LARGEST_FIRST), descending=list(LARGEST_FIRST.values()))
    again = pl.col("peer").is_not_null() & (pl.int_range(pl.len()).over("ask", "peer") > 0)
    good = good.with_columns(again=again).with_columns(
        place=(~pl.col("again")).cum_sum().over("one")
    )
    over = good.filter(pl.col("again") | (pl.col("place") > pl.col("cap")))
    over = over.select("ask", "event", over=pl.lit(True))
    capped = pl.col("over").fill_null(False)
    return (
        rows.join(over, on=["ask", "event"], how="left")
        .with_columns(
            outcome=pl.when(capped).then(pl.lit("capped")).otherwise("outcome"),
            points=pl.when(capped).then(0).otherwise("points"),
        )
        .drop("over")
    )


def _cap(law: Law) -> pl.Expr:
    """How many of its group count on the day."""
    cap = pl.lit(None, dtype=pl.Int32)
    for number, group in enumerate(CAPPED, 1):
        most = law.choose(f"caps.{group}", pl.col("day"))
        cap = pl.when(pl.col("group") == number).then(most).otherwise(cap)
    return cap


def _contested(good: pl.DataFrame) -> pl.DataFrame:
    """Groups over their cap or with passes of one year and product: only these need an order."""
    sizes = good.group_by("one").agg(
        size=pl.len(),
        cap=pl.col("cap").first(),
        passes=pl.col("peer").count(),
        apart=pl.col("peer").drop_nulls().n_unique(),
    )
    return sizes.filter((pl.col("size") > pl.col("cap")) | (pl.col("apart") < pl.col("passes")))


def clean_years(asked: pl.DataFrame, rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Full years without a counting bad record: ask, number, points, in_force (last anniversary).

    They run from registration or the last record that counts (a minor violation doesn't break
    them) and need a pass on file.
    """
    broken = pl.col("in_force").filter(
        pl.col("outcome") == "counted",
        pl.col("ceiling").is_not_null(),
        pl.col("rule") != "violation-minor",
    )
    past = rows.group_by("ask").agg(broken_on=broken.max(), filed=pl.col("filed").any())
    day = pl.col("day")
    most = law.choose("caps.clean-year", day)
    reached = [
        pl.when((anniversary <= day) & (year <= most)).then(anniversary)
        for year, anniversary in _anniversaries(law)
    ]
    number = pl.sum_horizontal(anniversary.is_not_null().cast(pl.Int32) for anniversary in reached)
    last = pl.max_horizontal(reached)
    return (
        asked.join(past.filter(pl.col("filed")), on="ask")
        .filter(pl.col("registered_on").is_not_null())
        .with_columns(clean_since=pl.max_horizontal("registered_on", "broken_on"))
        .with_columns(number=number, in_force=last)
        .filter(pl.col("number") > 0)
        .select(
            "ask",
            "day",
            "number",
            "in_force",
            points=(law.choose("points.clean-year", day) * pl.col("number")).cast(pl.Int32),
        )
    )


def _anniversaries(law: Law) -> list[tuple[int, pl.Expr]]:
    most = max(dated.value for dated in law.provisions["caps.clean-year"].values)
    return [(year, pl.col("clean_since").dt.offset_by(f"{year}y")) for year in range(1, most + 1)]


def hold_merit_cap(rows: pl.DataFrame, clean: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Merits as findings: the largest first, then the earliest, then by id, up to the cap.

    `number` of one that the cap cuts: the cap.
    """
    facts = rows.filter(pl.col("points") > 0).select(
        "ask", "day", "event", "rule", "until", "in_force", "decided", "points"
    )
    years = clean.select(
        "ask",
        "day",
        "in_force",
        "points",
        rule=pl.lit("clean-year"),
        number=pl.col("number").cast(pl.String),
    )
    cap = law.choose("caps.merit", pl.col("day"))
    merits = pl.concat([facts, years], how="diagonal").sort(
        list(LARGEST_FIRST), descending=list(LARGEST_FIRST.values()), nulls_last=True
    )
    before = pl.col("points").cum_sum().over("ask") - pl.col("points")
    allowed = pl.min_horizontal(pl.col("points"), (cap - before).clip(lower_bound=0))
    cut = pl.col("allowed") < pl.col("points")
    return merits.with_columns(allowed=allowed.cast(pl.Int32)).select(
        "ask", "event", "rule", "until", "decided",
        number=pl.when(cut).then(cap.cast(pl.String)).otherwise("number"),
        because=pl.when(cut).then(pl.lit("merit-cap")),
        outcome=pl.when(pl.col("allowed") > 0).then(pl.lit("counted")).otherwise(pl.lit("capped")),
        points="allowed",
    )  # fmt: skip
