"""Back-test, foresight: how well grades and scores ranked enterprises by what followed."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.backtest.bootstrap import Tables, tables
from credit.rules.backtest.estimates import LEAST, MEASURES, measured, ties
from credit.rules.backtest.moves import rank
from credit.rules.backtest.ranks import auc

MARKS = ["grade", "score"]
POLICIES = ["old", "new"]
Counted = dict[str, dict[str, Tables | None]]


def paired(rows: pl.DataFrame, seed: int, resamples: int = 200) -> dict[str, Any]:
    """The foresight of two policies on the asks that both rate, and new - old of the same resamples.

    `rows`: moves.BESIDE with `outcome`. n, enterprises, outcomes, failed (enterprises with any);
    `left_out` {old, new}: how many asks each doesn't rate (not_rated: N, closed: no grade); and for
    `grade` and `score`: `auc` and `rank_correlation` {old, new, difference} as estimates {value, low,
    high, reason} with 95% bootstrap percentile intervals, and the share of `tied_pairs` {old, new}.
    Only gradings of one day are compared. `half_years`: of each day {day, n, outcomes, failed,
    grade, score}, the AUC alone. Without a value or an interval `reason` says why: nothing_rated,
    no_outcomes, only_outcomes, one_level, few_outcomes (fewer than LEAST enterprises on a side).
    """
    rated = _rated(rows)
    counts = _counts(rated, seed, resamples)
    told = _size(rated) | {"left_out": {policy: _left_out(rows, policy) for policy in POLICIES}}
    enough = _enough(rated)
    for mark, of_mark in counts.items():
        told[mark] = {name: measured(of_mark, measure, enough) for name, measure in MEASURES.items()}
        told[mark]["tied_pairs"] = {policy: table and ties(table) for policy, table in of_mark.items()}
    return told | {"half_years": _half_years(rated, counts)}


def _rated(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that both policies rate, with marks as levels: 0 is the best, whatever the scale."""
    rated = rows.filter(
        pl.all_horizontal(
            rank(policy).is_not_null() & pl.col(f"{policy}_score").is_not_null() for policy in POLICIES
        )
    )
    return rated.select(
        "enterprise",
        "day",
        "outcome",
        *(rank(policy).alias(f"{policy}_grade") for policy in POLICIES),
        *(pl.col(f"{policy}_score").max() - pl.col(f"{policy}_score") for policy in POLICIES),
    )


def _size(rated: pl.DataFrame) -> dict[str, Any]:
    return {
        "n": rated.height,
        "enterprises": rated["enterprise"].n_unique(),
        "outcomes": int(rated["outcome"].sum()),
        "failed": rated.filter("outcome")["enterprise"].n_unique(),
    }


def _enough(rated: pl.DataFrame) -> bool:
    """Whether LEAST enterprises are on either side, on days on which there is something to compare."""
    comparable = rated.filter(pl.col("outcome").n_unique().over("day") == 2)
    sides = comparable.group_by("outcome").agg(firms=pl.col("enterprise").n_unique())
    return sides.height == 2 and bool((sides["firms"] >= LEAST).all())


def _left_out(rows: pl.DataFrame, policy: str) -> dict[str, int]:
    grades = rows[policy]
    return {"not_rated": int((grades == "N").sum()), "closed": grades.null_count()}


def _counts(rated: pl.DataFrame, seed: int, resamples: int) -> Counted:
    """Of each mark the tables of both policies, from the same resamples; None where nothing is rated."""
    every = [f"{policy}_{mark}" for policy in POLICIES for mark in MARKS]
    found = {} if rated.is_empty() else tables(rated, every, resamples, seed)
    return {mark: {policy: found.get(f"{policy}_{mark}") for policy in POLICIES} for mark in MARKS}


def _half_years(rated: pl.DataFrame, counts: Counted) -> list[dict[str, Any]]:
    """Each day by itself: its AUC says whether the sum is carried by all of them or by one."""
    return [
        {"day": str(key[0])}
        | _size(part)
        | {mark: measured(_of_day(of_mark, place), auc, _enough(part)) for mark, of_mark in counts.items()}
        for place, (key, part) in enumerate(rated.sort("day").group_by("day", maintain_order=True))
    ]


def _of_day(counts: dict[str, Tables | None], place: int) -> dict[str, Tables | None]:
    this = slice(place, place + 1)
    return {
        policy: table and Tables(table.found[this], table.resampled[:, this])
        for policy, table in counts.items()
    }
