"""What became of each fact on each day, and the findings (评价依据) that say so."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.law import Law

RANKS = ["AAA", "AA", "A", "B", "C"]
FINDINGS: dict[Any, Any] = {
    "ask": pl.UInt32, "event": pl.Int64, "rule": pl.String, "outcome": pl.String,
    "points": pl.Int32, "until": pl.Date, "number": pl.String,
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
        .when(day < pl.col("in_force")).then(pl.lit("not_final"))
        .when(pl.col("rule").is_in(["reinspection", "recheck"])).then(pl.lit("linked"))
        .otherwise(pl.lit("counted"))
    )  # fmt: skip
    months = law.choose("windows.on-file", day).cast(pl.String) + "mo"
    happened = (
        asked.select("ask", "enterprise", "day")
        .join(events, on="enterprise")
        .filter(pl.col("decided") <= pl.col("day"))
        .with_columns(outcome=outcome)
    )
    return law.look_up(happened, "points", "rule", "points").with_columns(
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


def _ceiling(law: Law) -> pl.Expr:
    """Rank of the best grade that a fact leaves while it counts, by its rule."""
    best = pl.lit(None, dtype=pl.Int32)
    for rule in law.under("ceilings"):
        rank = law.choose(
            f"ceilings.{rule}", pl.col("day"), lambda grade: pl.lit(RANKS.index(grade))
        )
        best = pl.when(pl.col("rule") == rule).then(rank).otherwise(best)
    return best


def _ground(law: Law) -> pl.Expr:
    """Why a fact by itself means grade D, where the policy says so."""

    def holds(ground: str) -> pl.Expr:
        return law.choose("grounds.D", pl.col("day"), lambda grounds: pl.lit(ground in grounds))

    violation = pl.col("kind") == "violation"
    crime = violation & pl.col("criminal") & holds("crime")
    grave = violation & (pl.col("category") == "grave_accident") & holds("grave_accident")
    return pl.when(crime).then(pl.lit("crime")).when(grave).then(pl.lit("grave_accident"))


def reasons(graded: pl.DataFrame, rows: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Findings without points: grounds of D, ceilings and preconditions that bind, why no grade."""
    day = pl.col("day")
    ordinary = graded.filter(pl.col("reason") == "")
    ceilings = (
        rows.filter(pl.col("outcome") == "counted", pl.col("ceiling").is_not_null())
        .join(ordinary.select("ask", "band"), on="ask")
        .filter(pl.col("ceiling") > pl.col("band"))
        .select(
            "ask", "event", "until",
            rule=pl.lit("ceiling-") + pl.col("rule"),
            outcome=pl.lit("ceiling"),
            number=pl.col("ceiling").replace_strict(dict(enumerate(RANKS)), return_dtype=pl.String),
        )
    )  # fmt: skip
    needs = {
        "A": "windows.on-file",
        "AA": "preconditions.registered-months",
        "AAA": "preconditions.clean-years",
    }
    preconditions = [
        ordinary.filter(~pl.col(f"meets_{name}"), pl.col("reached") <= RANKS.index(name)).select(
            "ask",
            rule=pl.lit(f"precondition-{name}"),
            outcome=pl.lit("precondition"),
            number=law.choose(needs[name], day).cast(pl.String),
        )
        for name in ("AAA", "AA", "A")
    ]
    listed = graded.filter(pl.col("reason") == "ground", pl.col("listed")).select(
        "ask", rule=pl.lit("ground-listed"), outcome=pl.lit("ceiling"), until="listed_until"
    )
    grounded = (
        rows.filter(pl.col("live"), pl.col("ground").is_not_null())
        .join(graded.filter(pl.col("reason") == "ground").select("ask"), on="ask")
        .select(
            "ask",
            "event",
            "until",
            rule=pl.lit("ground-") + pl.col("ground"),
            outcome=pl.lit("ceiling"),
        )
    )
    months = (
        pl.when(pl.col("reason") == "no-data")
        .then(law.choose("windows.on-file", day))
        .otherwise(law.choose("rated.registered-months", day))
    )
    unrated = graded.filter(~pl.col("reason").is_in(["", "ground"])).select(
        "ask", rule="reason", outcome=pl.lit("no_data"), number=months.cast(pl.String)
    )
    return pl.concat([listed, grounded, ceilings, *preconditions, unrated], how="diagonal")


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
