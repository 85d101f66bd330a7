"""What became of each fact on each day, and the findings (评价依据) that say so."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.dossier import held_on
from credit.rules.law import Law

RANKS = ["AAA", "AA", "A", "B", "C"]
# `because`: the sentence that tells a finding where neither its rule nor its outcome says enough.
# `decided`: the event's day, which chooses the value where the policy says so.
FINDINGS: dict[Any, Any] = {
    "ask": pl.UInt32, "event": pl.Int64, "rule": pl.String, "outcome": pl.String,
    "points": pl.Int32, "until": pl.Date, "number": pl.String, "because": pl.String,
    "decided": pl.Date,
}  # fmt: skip


def on_each_day(asked: pl.DataFrame, events: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Every fact that had happened by the day of its ask, with `outcome`, `live`, `points`.

    Also `filed` (a pass on file that day), `ground` (of grade D) and `ceiling` (rank of the best
    grade that the fact leaves).
    """
    day = pl.col("day")
    ended = pl.col("until").is_not_null() & (day >= pl.col("until"))
    unseen = (day >= pl.col("shown_until")).fill_null(False)
    outcome = (
        pl.when(~pl.col("public")).then(pl.lit("not_shown"))
        .when(pl.col("ended") == "overturned").then(pl.lit("overturned"))
        .when(unseen & (pl.col("ended") == "mended")).then(pl.lit("expired"))
        .when(ended).then("ended")
        .when((day < pl.col("in_force")) & (pl.col("kind") == "violation")).then(pl.lit("not_shown"))
        .when(day < pl.col("in_force")).then(pl.lit("not_final"))
        .when(pl.col("rule").is_in(["reinspection", "recheck"])).then(pl.lit("linked"))
        .otherwise(pl.lit("counted"))
    )  # fmt: skip
    months = law.choose("windows.on-file", day).cast(pl.String) + "mo"
    happened = (
        asked.select("ask", "enterprise", "day")
        .join(events, on="enterprise")
        .filter(pl.col("decided") <= pl.col("day"), held_on(day))
        .with_columns(outcome=outcome)
    )
    return _priced(happened, law).with_columns(
        live=pl.col("outcome") == "counted",
        filed=pl.col("on_file")
        & pl.col("public")
        & ~unseen
        & (day < pl.col("decided").dt.offset_by(months)),
        ceiling=_ceiling(law),
        ground=_ground(law),
        points=pl.when(pl.col("outcome") == "counted")
        .then(pl.col("points").fill_null(0))
        .otherwise(0),
    )


def _priced(happened: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The facts with the points of their rule; an award of a kind without any yet is so called."""
    priced = law.look_up(happened, "points", "rule", "points")
    if all(points.values[0].start <= law.first_day for points in law.under("points").values()):
        return priced
    unscored = pl.col("points").is_null() & (pl.col("kind") == "award")
    named = pl.when(unscored).then(pl.lit("award-unscored")).otherwise("rule")
    return priced.with_columns(rule=named)


def _ceiling(law: Law) -> pl.Expr:
    """Rank of the best grade that a fact leaves while it counts, by its rule."""
    best = pl.lit(None, dtype=pl.Int32)
    for rule in law.under("ceilings"):
        key = f"ceilings.{rule}"
        rank = law.choose(key, law.chosen_by(key), lambda grade: pl.lit(RANKS.index(grade)))
        best = pl.when(pl.col("rule") == rule).then(rank).otherwise(best)
    return best


def is_ground(word: str, law: Law) -> pl.Expr:
    """Whether by the law of column `day` this by itself means grade D."""
    return law.choose("grounds.D", pl.col("day"), lambda grounds: pl.lit(word in grounds))


def _ground(law: Law) -> pl.Expr:
    """Why a fact by itself means grade D, where the policy says so."""
    violation = pl.col("kind") == "violation"
    crime = violation & pl.col("criminal") & is_ground("crime", law)
    grave = (pl.col("category") == "grave_accident") & is_ground("grave_accident", law)
    return (
        pl.when(crime).then(pl.lit("crime")).when(violation & grave).then(pl.lit("grave_accident"))
    )


def findings(
    rows: pl.DataFrame,
    counted: pl.DataFrame,
    score: pl.DataFrame,
    why: pl.DataFrame,
    graded: pl.DataFrame,
) -> pl.DataFrame:
    """All findings in the shape FINDINGS; those of a scored ask sum to its score.

    Without a score a fact still has its finding, with no points.
    """
    scored = graded.filter(pl.col("score").is_not_null()).select("ask")
    bounds = score.filter(pl.col("bounded") != 0).select(
        "ask",
        rule=pl.lit("bounds"),
        outcome=pl.lit("bounded"),
        points="bounded",
        number=pl.col("score").cast(pl.String),
    )
    told = pl.concat([counted, bounds], how="diagonal").join(scored, on="ask", how="semi")
    silent = rows.filter(pl.col("outcome") != "counted").join(
        told.filter(pl.col("event").is_not_null()), on=["ask", "event", "rule"], how="anti"
    )
    unscored = (
        rows.filter(pl.col("outcome") == "counted")
        .join(scored, on="ask", how="anti")
        .with_columns(outcome=pl.lit("no_data"), points=0)
    )
    parts = [
        part.select([name for name in FINDINGS if name in part.columns])
        for part in (told, why, silent.with_columns(points=0), unscored)
    ]
    whole = pl.concat([pl.DataFrame(schema=FINDINGS), *parts], how="diagonal_relaxed")
    return whole.with_columns(pl.col("points").fill_null(0)).cast(FINDINGS)
