"""Back-test, what followed: failed inspections and violations in the months after a grading."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from credit.rules.dossier import held_on

FAILED = ["sampling-failed", "sampling-failed-safety", "inspection-refused"]
VIOLATED = ["violation-general", "violation-serious"]
MINOR = ["violation-minor"]
PASSED = ["final-pass", "pass-unscored"]
UNDONE = ["overturned", "revoked"]
OUTCOMES: dict[Any, Any] = {
    "enterprise": pl.UInt32, "day": pl.Date, "outcome": pl.Boolean, "minor": pl.Boolean,
    "observed": pl.Boolean,
}  # fmt: skip


def half_years(first: date, last: date, months: int = 12) -> list[date]:
    """1 January and 1 July of each year from `first` on, whose months after it end by `last`."""
    starts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7)]
    days = pl.Series(starts, dtype=pl.Date)
    return days.filter((days >= first) & (days.dt.offset_by(f"{months}mo") <= last)).to_list()


def outcomes_within(
    events: pl.DataFrame, asks: pl.DataFrame, known_to: date, months: int = 12
) -> pl.DataFrame:
    """What was decided in (day, day + months] after each ask (enterprise, day), in the shape OUTCOMES.

    `outcome`: a failed or refused first look, or a general or serious violation; `minor`: a minor
    violation; `observed`: somebody looked: any first look or violation. All three are null where
    the months after the ask are not over by `known_to`, the last day whose events are known.
    The day of the decision counts, not that of the act: acts last, what is reported of them is when
    they began or were found, and what was found when is what the register knows.

    `events` in the shape dossier.EVENTS, classified by one policy for old and new alike. What isn't
    final by then, was overturned or revoked, or names a producer who denies the product, is no
    outcome. Nor is a later decision on facts that were on file by the day already (one case): the
    grade knew them, so that would be no prediction.
    """
    signs = _signs(events, known_to)
    over = pl.col("day").dt.offset_by(f"{months}mo") <= known_to
    days = asks.select(pl.col("day").unique()).filter(over)["day"].sort()
    found = [pl.DataFrame(schema=OUTCOMES), *(_after(signs, day, months) for day in days)]
    rows = asks.select(pl.col("enterprise").cast(pl.UInt32), "day").join(
        pl.concat(found), on=["enterprise", "day"], how="left", maintain_order="left"
    )
    told = pl.col("outcome", "minor", "observed").fill_null(False)
    return rows.with_columns(pl.when(over).then(told))


def _signs(events: pl.DataFrame, known_to: date) -> pl.DataFrame:
    """Events that say something of their enterprise: decided, what each says, when its case began."""
    rule, undone = pl.col("rule"), pl.col("ended").is_in(UNDONE)
    signs = events.filter(
        rule.is_in(FAILED + VIOLATED + MINOR + PASSED),
        (pl.col("kind") == "violation") | pl.col("public"),
        pl.col("ended") != "revoked",
        held_on(pl.lit(known_to)),
    )
    bad = ~undone & (pl.col("in_force") <= known_to)
    return signs.select(
        "enterprise",
        "decided",
        begun=pl.col("decided").min().over("case"),
        outcome=rule.is_in(FAILED + VIOLATED) & bad,
        minor=rule.is_in(MINOR) & bad,
    )


def _after(signs: pl.DataFrame, day: date, months: int) -> pl.DataFrame:
    """What the signs in the window after one day add up to, for each enterprise that has any."""
    last = pl.lit(day).dt.offset_by(f"{months}mo")
    within = signs.filter(pl.col("begun") > day, pl.col("decided") <= last)
    return (
        within.group_by("enterprise")
        .agg(pl.col("outcome", "minor").any())
        .with_columns(day=pl.lit(day), observed=pl.lit(True))
        .select(*OUTCOMES)
        .cast(OUTCOMES)
    )
