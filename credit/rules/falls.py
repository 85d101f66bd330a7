"""Falls (降级): a fall to C or D is shown when its wait is over; until then the former grade is, with "pending".

The grade itself, the tier and whatever supervisors do follow the law at once: only what the public is told waits.
Whoever is at C or D without any better grade before has not fallen. A rise is shown at once.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.law import Law
from credit.rules.spans import SPANS, spans
from credit.rules.working_days import due

KEY = "falls.wait-days"
LOW, LOWEST = ("C", "D"), "D"
RUNS: dict[Any, Any] = {"enterprise": pl.Int64, "day": pl.Date}
WAITS: dict[Any, Any] = RUNS | {"shown_from": pl.Date}
# A span of the lawful grade with the grade that is shown in it; `waits_since`: when the fall began that isn't shown.
TOLD: dict[Any, Any] = SPANS | {"told": pl.String, "waits_since": pl.Date, "shown_from": pl.Date}


def runs(lawful: pl.DataFrame) -> pl.DataFrame:
    """The days on which a fall begins, to C or worse or to D: enterprise, day. `lawful` in the shape SPANS."""
    marked = _marked(lawful)
    starts = [
        marked.filter(pl.col("grade").is_in(LOW), pl.col("before").is_not_null()).select("enterprise", day="low_since"),
        marked.filter(pl.col("grade") == LOWEST, pl.col("before_lowest")).select("enterprise", day="lowest_since"),
    ]
    return pl.concat(starts).unique().sort("enterprise", "day").cast(RUNS)


def _marked(lawful: pl.DataFrame) -> pl.DataFrame:
    """Spans in order, each with the grade before its run of low ones, and when the run of C or worse, of D, began."""
    low, lowest = pl.col("grade").is_in(LOW), pl.col("grade") == LOWEST
    ordered = lawful.sort("enterprise", "since").with_columns(
        before=pl.when(~low).then("grade").forward_fill().over("enterprise"),
        low_run=low.rle_id().over("enterprise"),
        lowest_run=lowest.rle_id().over("enterprise"),
    )
    return ordered.with_columns(
        low_since=pl.col("since").first().over("enterprise", "low_run"),
        lowest_since=pl.col("since").first().over("enterprise", "lowest_run"),
        before_lowest=pl.col("lowest_run") > 0,
    )


def waits(starts: pl.DataFrame, law: Law, listings: pl.DataFrame, contested: pl.DataFrame) -> pl.DataFrame:
    """From which day each fall is shown, in the shape WAITS: the policy's working days after it began.

    `listings` (enterprise, since): a firm that is listed was heard before, so its fall is shown from then on.
    `contested` (enterprise, day, filed_on, until): objections against what the fall of that day rests on; the
    fall waits for their decision, if they were lodged before it was to be shown.
    """
    if starts.is_empty() or KEY not in law.provisions:
        return starts.with_columns(shown_from="day").cast(WAITS)
    counted = starts.with_columns(began_on="day", days=law.choose(KEY, pl.col("day")).cast(pl.Int64))
    ended = due(counted).with_columns(
        shown_from=pl.when(pl.col("days") == 0).then("day").otherwise(pl.col("due_on") + pl.duration(days=1))
    )
    held = (
        ended.join(contested, on=["enterprise", "day"])
        .filter(pl.col("filed_on") < pl.col("shown_from"))
        .group_by("enterprise", "day")
        .agg(pl.col("until").max())
    )
    listed = (
        ended.join(listings.select("enterprise", listed="since"), on="enterprise")
        .filter(pl.col("listed") >= pl.col("day"))
        .group_by("enterprise", "day")
        .agg(pl.col("listed").min())
    )
    whole = ended.join(held, on=["enterprise", "day"], how="left").join(listed, on=["enterprise", "day"], how="left")
    later = pl.max_horizontal("shown_from", "until")
    return whole.with_columns(shown_from=pl.min_horizontal(later, "listed")).select(*WAITS).cast(WAITS)


def told(lawful: pl.DataFrame, shown_from: pl.DataFrame) -> pl.DataFrame:
    """The spans, cut where a wait ends, each with what the public is told, in the shape TOLD.

    `shown_from` in the shape WAITS, for each of `runs(lawful)`.
    """
    ends = shown_from.select("enterprise", "day", end="shown_from")
    marked = (
        _marked(lawful)
        .join(ends.rename({"day": "low_since", "end": "low_end"}), on=["enterprise", "low_since"], how="left")
        .join(ends.rename({"day": "lowest_since", "end": "lowest_end"}), on=["enterprise", "lowest_since"], how="left")
    )
    low, lowest = pl.col("grade").is_in(LOW), pl.col("grade") == LOWEST
    marked = marked.with_columns(
        low_end=pl.when(low & pl.col("before").is_not_null()).then(pl.coalesce("low_end", "low_since")),
        lowest_end=pl.when(lowest & pl.col("before_lowest")).then(pl.coalesce("lowest_end", "lowest_since")),
    )
    pieces = _cut(marked)
    waits_low = (pl.col("since") < pl.col("low_end")).fill_null(value=False)
    waits_lowest = (pl.col("since") < pl.col("lowest_end")).fill_null(value=False)
    shown = (
        pl.when(waits_low).then("before").when(waits_lowest & (pl.col("low_since") < pl.col("lowest_since")))
        .then(pl.lit("C")).when(waits_lowest).then("before").otherwise("grade")
    )  # fmt: skip
    return pieces.with_columns(
        told=shown,
        waits_since=pl.when(waits_low).then("low_since").when(waits_lowest).then("lowest_since"),
        shown_from=pl.when(waits_low).then("low_end").when(waits_lowest).then("lowest_end"),
    ).select(*TOLD).cast(TOLD)


def _cut(marked: pl.DataFrame) -> pl.DataFrame:
    """The spans in pieces that begin where a wait ends within them."""
    own = marked.with_columns(start="since")
    later = [
        marked.filter(pl.col(end) > pl.col("since"), pl.col("until").is_null() | (pl.col(end) < pl.col("until")))
        .with_columns(start=end)
        for end in ("low_end", "lowest_end")
    ]  # fmt: skip
    every = pl.concat([own, *later]).unique(["enterprise", "start"]).sort("enterprise", "start")
    following = pl.col("start").shift(-1).over("enterprise")
    return every.with_columns(since="start", until=pl.coalesce(following, "until"))


def shown(lawful: pl.DataFrame, shown_from: pl.DataFrame) -> pl.DataFrame:
    """The spans of grade as the public is told them, in the shape SPANS."""
    pieces = told(lawful, shown_from)
    return spans(pieces.select("enterprise", day="since", grade="told"))
