"""The days on which a grade may change by itself, and the spans between them."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.law import Law

SPANS: dict[Any, Any] = {
    "enterprise": pl.Int64,
    "since": pl.Date,
    "until": pl.Date,
    "grade": pl.String,
}
DAYS: dict[Any, Any] = {"enterprise": pl.Int64, "day": pl.Date}


def change_days(facts: Facts, law: Law) -> pl.DataFrame:
    """Every (enterprise, day) on which anything that grading reads begins or ends.

    A superset: on a day that is not among them, no grade and no finding changes.
    """
    events, firms = facts.events, facts.firms
    breaking = [f"violation-{s}" for s in ("general", "serious")] + [
        rule for rule in law.under("ceilings") if not rule.startswith("violation-")
    ]
    broken = events.filter(pl.col("rule").is_in(breaking)).select("enterprise", clean="in_force")
    clean = pl.concat([broken, firms.select("enterprise", clean="registered_on")])
    years = max(dated.value for dated in law.provisions["caps.clean-year"].values)
    filed = events.filter(pl.col("on_file"))
    found = [
        events.select("enterprise", day=name)
        for name in ("decided", "in_force", "until", "shown_until", "holds_from")
    ]
    found += [facts.listings.select("enterprise", day=name) for name in ("since", "until")]
    found += [firms.select("enterprise", day=name) for name in ("since", "until")]
    found += [
        clean.select("enterprise", day=pl.col("clean").dt.offset_by(f"{year}y"))
        for year in range(1, years + 1)
    ]
    found += [
        firms.select("enterprise", day=pl.col("registered_on").dt.offset_by(f"{months}mo"))
        for key in ("rated.registered-months", "preconditions.registered-months")
        for months in _ever(law, key)
    ]
    found += [
        filed.select("enterprise", day=pl.col("decided").dt.offset_by(f"{months}mo"))
        for months in _ever(law, "windows.on-file")
    ]
    for day in law.change_days:
        found.append(firms.select("enterprise", day=pl.lit(day)))
    return pl.concat(found).drop_nulls().unique()


def _ever(law: Law, key: str) -> list[int]:
    return [dated.value for dated in law.provisions[key].values]


def spans(graded: pl.DataFrame) -> pl.DataFrame:
    """Gradings of many days as spans of equal grade, in the shape SPANS; the last one is open."""
    ordered = graded.sort("enterprise", "day")
    first = (
        (pl.col("enterprise") != pl.col("enterprise").shift())
        | pl.col("grade").ne_missing(pl.col("grade").shift())
    ).fill_null(True)
    starts = ordered.filter(first).select("enterprise", "grade", since="day")
    until = pl.col("since").shift(-1).over("enterprise")
    return starts.with_columns(until=until).select(*SPANS)
