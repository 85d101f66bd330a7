"""Back-test, foresight: how well grades and scores ranked enterprises by what followed."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.backtest.bootstrap import Tables, tables
from credit.rules.backtest.estimates import MEASURES, measured, ties
from credit.rules.backtest.moves import rank

MARKS = ["grade", "score"]
KEY = ["enterprise", "day"]


def prediction(
    gradings: pl.DataFrame, outcomes: pl.DataFrame, seed: int, resamples: int = 200
) -> dict[str, Any]:
    """How well the grades (grading.GRADED) foretold the outcomes (enterprise, day, outcome).

    n, enterprises, outcomes; not_rated (N) and closed (no grade), which are left out; and for
    `grade` and `score`: `auc` and `rank_correlation` as estimates {value, low, high, reason} with
    95% bootstrap percentile intervals, and the share of `tied_pairs`. Without a value or an interval
    `reason` says why: nothing_rated, no_outcomes, only_outcomes, one_level, few_outcomes.
    """
    rows = outcomes.join(gradings.select(*KEY, "grade", "score"), on=KEY)
    rated = _rated(rows, [""])
    told = _estimates(rated, [""], seed, resamples)
    return _size(rated) | _left_out(rows, "grade") | {
        mark: {name: made[""] for name, made in told[mark].items()} for mark in MARKS
    }  # fmt: skip


def paired(rows: pl.DataFrame, seed: int, resamples: int = 200) -> dict[str, Any]:
    """The foresight of two policies on the asks that both rate, and new - old of the same resamples.

    `rows`: moves.BESIDE with `outcome`. As `prediction`, but each estimate is {old, new,
    difference} and tied_pairs {old, new}; `left_out` tells of each policy how many asks it
    doesn't rate.
    """
    named = rows.rename({"old": "old_grade", "new": "new_grade"})
    rated = _rated(named, ["old_", "new_"])
    told = _estimates(rated, ["old_", "new_"], seed, resamples)
    left_out = {who: _left_out(named, f"{who}_grade") for who in ("old", "new")}
    return _size(rated) | {"left_out": left_out} | {
        mark: {name: _named(made) for name, made in told[mark].items()} for mark in MARKS
    }  # fmt: skip


def _named(made: dict[str, Any]) -> dict[str, Any]:
    return {policy.removesuffix("_"): value for policy, value in made.items()}


def _rated(rows: pl.DataFrame, policies: list[str]) -> pl.DataFrame:
    """The rows that every policy rates, with marks as levels: 0 is the best, whatever the scale."""
    rated = rows.filter(
        pl.all_horizontal(
            rank(f"{policy}grade").is_not_null() & pl.col(f"{policy}score").is_not_null()
            for policy in policies
        )
    )
    return rated.select(
        "enterprise",
        "outcome",
        *(rank(f"{policy}grade") for policy in policies),
        *(pl.col(f"{policy}score").max() - pl.col(f"{policy}score") for policy in policies),
    )


def _size(rated: pl.DataFrame) -> dict[str, int]:
    return {
        "n": rated.height,
        "enterprises": rated["enterprise"].n_unique(),
        "outcomes": int(rated["outcome"].sum()),
    }


def _left_out(rows: pl.DataFrame, column: str) -> dict[str, int]:
    grades = rows[column]
    return {"not_rated": int((grades == "N").sum()), "closed": grades.null_count()}


def _estimates(
    rated: pl.DataFrame, policies: list[str], seed: int, resamples: int
) -> dict[str, dict[str, dict[str, Any]]]:
    """Of each mark each measure by policy, with the difference where there are two of them."""
    counts: dict[str, Tables] = {}
    if not rated.is_empty():
        every = [f"{policy}{mark}" for policy in policies for mark in MARKS]
        counts = tables(rated, every, resamples, seed)
    told: dict[str, dict[str, dict[str, Any]]] = {}
    for mark in MARKS:
        of_mark = [counts.get(f"{policy}{mark}") for policy in policies]
        told[mark] = {
            name: measured(dict(zip(policies, of_mark, strict=True)), measure)
            for name, measure in MEASURES.items()
        }
        told[mark]["tied_pairs"] = {
            policy: table and ties(table) for policy, table in zip(policies, of_mark, strict=True)
        }
    return told
