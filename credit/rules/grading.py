"""Grading (质量信用评价): one columnar kernel, with the day as a column.

`grade` answers for one enterprise today, for a history or for all alike. Only what may be
shown on the day counts, for points, preconditions, ceilings and repeats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from credit.rules import merits, outcomes, violations
from credit.rules.dossier import Facts
from credit.rules.law import Law
from credit.rules.outcomes import RANKS
from credit.rules.reasons import reasons

ASKS: dict[Any, Any] = {"enterprise": pl.Int64, "day": pl.Date}
GRADED: dict[Any, Any] = {
    "ask": pl.UInt32, "enterprise": pl.Int64, "day": pl.Date, "score": pl.Int32,
    "grade": pl.String, "tier": pl.String, "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Gradings:
    """`gradings`: one row an ask, in the shape GRADED; `findings`: rows in outcomes.FINDINGS.

    Where a score is given, the points of its findings sum to it.
    """

    gradings: pl.DataFrame
    findings: pl.DataFrame


def grade(asks: pl.DataFrame, facts: Facts, law: Law) -> Gradings:
    """Grade each (enterprise, day) of `asks` on the facts that may be shown on that day."""
    asked = _with_firms(asks, facts.firms)
    told_in_order = replace(facts, events=facts.events.sort("event", "holds_from"))
    rows, counted, score, graded = _judge(asked, told_in_order, law)
    why = reasons(graded, rows, law)
    findings = outcomes.findings(rows, counted, score, why, graded)
    return Gradings(graded.select(*GRADED).cast(GRADED), findings)


def grades(asks: pl.DataFrame, facts: Facts, law: Law) -> pl.DataFrame:
    """The gradings of many days, in the shape GRADED, without the findings that nobody will read."""
    graded = _judge(_with_firms(asks, facts.firms), facts, law)[-1]
    return graded.select(*GRADED).cast(GRADED)


def _judge(asked: pl.DataFrame, facts: Facts, law: Law) -> tuple[pl.DataFrame, ...]:
    """What became of each fact, what counts, the score, and the grade of each ask."""
    rows = outcomes.on_each_day(asked, facts.events, law)
    rows = violations.count_same_facts_once(rows)
    rows = merits.hold_caps(rows, law)
    bad = violations.surcharges(rows, law)
    clean = merits.clean_years(asked, rows, law)
    good = merits.hold_merit_cap(rows, clean, law)
    counted = pl.concat([_base(asked, law), violations.counting(rows), bad, good], how="diagonal")
    score = _score(asked, counted, law)
    return rows, counted, score, _grade(asked, rows, clean, score, facts.listings, law)


def _with_firms(asks: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Each ask with the enterprise as it was on the day; an unknown one is left out."""
    joined = asks.select("enterprise", "day").join(firms, on="enterprise")
    held = joined.filter(
        pl.col("since") <= pl.col("day"),
        pl.col("until").is_null() | (pl.col("day") < pl.col("until")),
    )
    return held.drop("since", "until").with_row_index("ask")


def _base(asked: pl.DataFrame, law: Law) -> pl.DataFrame:
    points = law.choose("points.base", pl.col("day")).cast(pl.Int32)
    return asked.select("ask", points=points, rule=pl.lit("base"), outcome=pl.lit("counted"))


def _score(asked: pl.DataFrame, counted: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Sum of the points, held within the bounds: ask, score, and what that added or took."""
    total = counted.group_by("ask").agg(total=pl.col("points").sum())
    lowest, highest = (
        law.choose(f"bounds.{side}", pl.col("day")) for side in ("lowest", "highest")
    )
    return (
        asked.select("ask", "day")
        .join(total, on="ask")
        .with_columns(score=pl.max_horizontal(pl.min_horizontal("total", highest), lowest))
        .with_columns(bounded=pl.col("score") - pl.col("total"))
    )


def _grade(
    asked: pl.DataFrame,
    rows: pl.DataFrame,
    clean: pl.DataFrame,
    score: pl.DataFrame,
    listings: pl.DataFrame,
    law: Law,
) -> pl.DataFrame:
    """The grade of each ask, and what set it (band, ceiling, preconditions, reason)."""
    day = pl.col("day")
    state = (
        asked.join(score.select("ask", "score"), on="ask", how="left")
        .join(_flags(rows, clean, law), on="ask", how="left")
        .join(_listed(asked, listings, law), on="ask", how="left")
        .with_columns(
            pl.col("filed", "prized", "bad", "grounded", "listed").fill_null(False),
            pl.col("years").fill_null(0),
        )
    )
    registered = [
        pl.col("registered_on").dt.offset_by(law.choose(key, day).cast(pl.String) + "mo") <= day
        for key in ("preconditions.registered-months", "rated.registered-months")
    ]
    old_enough, rateable = registered[0].fill_null(False), registered[1].fill_null(True)
    holds = {
        "pass_on_file": pl.col("filed"),
        "registered_months": old_enough,
        "clean_years": pl.col("years") >= law.choose("preconditions.clean-years", day),
        "valid_prize": pl.col("prized"),
    }
    banded = pl.lit(RANKS.index("C"))
    for name in ("B", "A", "AA", "AAA"):
        reached = pl.col("score") >= law.choose(f"bands.{name}", day)
        banded = pl.when(reached).then(RANKS.index(name)).otherwise(banded)
    state = state.with_columns(**holds).with_columns(
        banded.alias("band"),
        *(
            law.choose(f"preconditions.{name}", day, pl.all_horizontal).alias(f"meets_{name}")
            for name in ("AAA", "AA", "A")
        ),
        rateable=rateable,
    )
    reached = pl.max_horizontal("band", pl.col("ceiling").fill_null(0))
    rank = pl.max_horizontal(
        reached,
        *(
            pl.when(~pl.col(f"meets_{name}")).then(RANKS.index(name) + 1).otherwise(0)
            for name in ("AAA", "AA", "A")
        ),
    )
    reason = (
        pl.when(pl.col("status") != "living").then(pl.lit("closed"))
        .when(pl.col("individual") & ~pl.col("wants_grade")).then(pl.lit("unasked"))
        .when(pl.col("listed") | pl.col("grounded")).then(pl.lit("ground"))
        .when(~pl.col("bad") & ~pl.col("filed")).then(pl.lit("no-data"))
        .when(~pl.col("bad") & ~pl.col("rateable")).then(pl.lit("too-young"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    state = state.with_columns(reached=reached, rank=rank, reason=reason)
    letter = (
        pl.when(pl.col("reason").is_in(["closed", "unasked"])).then(None)
        .when(pl.col("reason") == "ground").then(pl.lit("D"))
        .when(pl.col("reason").is_in(["no-data", "too-young"])).then(pl.lit("N"))
        .otherwise(pl.col("rank").replace_strict(dict(enumerate(RANKS)), return_dtype=pl.String))
    )  # fmt: skip
    scored = pl.col("reason").is_in(["", "ground"])
    graded = state.with_columns(grade=letter, score=pl.when(scored).then("score"))
    graded = graded.with_columns(
        class_key=pl.when(pl.col("reason") == "unasked").then(pl.lit("unasked")).otherwise("grade")
    )
    return law.look_up(graded, "tiers", "class_key", "tier")


def _flags(rows: pl.DataFrame, clean: pl.DataFrame, law: Law) -> pl.DataFrame:
    """What holds for each ask that has any facts: filed, prized, bad, grounded, ceiling, years."""
    live, counted = pl.col("live"), pl.col("outcome") == "counted"
    prized = law.choose(
        "preconditions.prize-levels",
        pl.col("day"),
        lambda levels: pl.col("rule").is_in([f"quality-prize-{level}" for level in levels]),
    )
    flags = rows.group_by("ask").agg(
        filed=pl.col("filed").any(),
        prized=(live & prized).any(),
        bad=(counted & pl.col("ceiling").is_not_null()).any(),
        grounded=(live & pl.col("ground").is_not_null()).any(),
        ceiling=pl.col("ceiling").filter(counted).max(),
    )
    return flags.join(clean.select("ask", years="number"), on="ask", how="left")


def _listed(asked: pl.DataFrame, listings: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The asks on whose day a listing in force is a ground of D, with the last one's first day
    and end (null is open)."""
    ended = (pl.col("day") >= pl.col("until")).fill_null(False)
    return (
        asked.select("ask", "enterprise", "day")
        .join(listings, on="enterprise")
        .filter(pl.col("since") <= pl.col("day"), ~ended, outcomes.is_ground("listed", law))
        .group_by("ask")
        .agg(
            listed_since=pl.col("since").sort_by("until", nulls_last=True).last(),
            listed_until=pl.when(pl.col("until").is_not_null().all()).then(pl.col("until").max()),
            listed=pl.lit(True),
        )
    )
