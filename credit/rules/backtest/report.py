"""Back-test: a draft policy against the policy in force, over the history that is on file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from credit.rules.backtest.moves import MOVES, ORDER, compared, counted, matrix, moved_by, movers
from credit.rules.backtest.outcomes import Outcomes
from credit.rules.backtest.prediction import paired
from credit.rules.backtest.rates import calibration
from credit.rules.backtest.words import LIMITS, section_name
from credit.rules.regions import region_name

Report = dict[str, Any]


def backtest_report(
    old: pl.DataFrame,
    new: pl.DataFrame,
    outcomes: Outcomes,
    firms: pl.DataFrame,
    departments: pl.DataFrame,
    policies: Mapping[str, Any],
    seed: int,
    months: int = 12,
    resamples: int = 200,
    most: int = 100,
) -> Report:
    """The whole back-test, ready for JSON.

    `old` and `new`: gradings (grading.GRADED) of the same asks by the policy in force and by the
    draft; moves are told of their latest day, foresight of every ask in `outcomes`. `firms`:
    enterprise, code, name, region, industry on that day; `departments`: enterprise, department
    (one row for each that reported about it). Raises ValueError where nothing is graded.

        policies     as given: {old, new}
        day          the latest day
        summary      {firms, moved, up, down, gained, lost, other, same, foresight}; gained and
                     lost: a grade AAA to D where the other policy has none; `foresight` by grade of
                     the enterprises observed: better, worse, alike (not told apart) or unknown
        grades       [AAA .. D, N, null]: the order of the matrix; null is no grade (closed, not asked)
        matrix       [[firms]] a row for each old grade, a column for each new one
        days         [{day, firms, up, down, same, gained, lost, other}] for every graded day
        moved_by     {region (4 digits), industry (section), department}:
                     [{value, name: {zh, en}, firms, up, ...}] most moves first, unknown is null
        movers       [{code, name, old, new, old_score, new_score, steps, move}] the first `most`
        movers_left  how many more there are
        prediction   {months, days, asks, incomplete, minor, all, observed}: of all rated, and of
                     those with any inspection or violation in the window, each
                     {n, enterprises, outcomes, left_out, grade, score, foresight,
                     calibration: {old, new}}, see prediction.py
        bootstrap    {resamples, seed, level}
        limits       [{key, zh, en}] what this can't tell
    """
    if old.is_empty():
        raise ValueError("nothing is graded")
    pairs = compared(old, new)
    day = pairs["day"].max()
    now = pairs.filter(pl.col("day") == day)
    foresight = _prediction(old, new, outcomes, months, resamples, seed)
    moved = movers(now)
    return {
        "policies": dict(policies),
        "day": str(day),
        "summary": _summary(now) | {"foresight": foresight["observed"]["foresight"]},
        "grades": ORDER,
        "matrix": matrix(now),
        "days": counted(pairs, "day").with_columns(pl.col("day").cast(pl.String)).to_dicts(),
        "moved_by": _moved_by(now, firms, departments),
        "movers": _named(moved.head(most), firms),
        "movers_left": max(moved.height - most, 0),
        "prediction": foresight,
        "bootstrap": {"resamples": resamples, "seed": seed, "level": 0.95},
        "limits": LIMITS,
    }


def _summary(now: pl.DataFrame) -> dict[str, int]:
    told = counted(now, "day").row(0, named=True)
    return {"firms": told["firms"], "moved": told["firms"] - told["same"]} | {
        move: told[move] for move in MOVES
    }


def _named(moved: pl.DataFrame, firms: pl.DataFrame) -> list[dict[str, Any]]:
    """Movers with the code and the name by which people know them, in their order."""
    known = firms.select("enterprise", "code", "name")
    joined = moved.join(known, on="enterprise", how="left", maintain_order="left")
    return joined.select(
        "code", "name", "old", "new", "old_score", "new_score", "steps", "move"
    ).to_dicts()


def _moved_by(
    now: pl.DataFrame, firms: pl.DataFrame, departments: pl.DataFrame
) -> dict[str, list[dict[str, Any]]]:
    """Moves by prefecture, industry section and reporting department, each value with its name."""
    places = firms.select(
        "enterprise",
        region=pl.col("region").str.slice(0, 4) + "00",
        industry=pl.col("industry").str.extract(r"^([A-T])"),
    )

    def same(text: str | None) -> dict[str, str] | None:
        return {"zh": text, "en": text} if text else None

    return {
        column: [
            row | {"name": name(row["value"])}
            for row in moved_by(now, attributes, column).iter_rows(named=True)
        ]
        for column, attributes, name in (
            ("region", places, lambda value: same(region_name(value) or value)),
            ("industry", places, section_name),
            ("department", departments, same),
        )
    }


def _prediction(
    old: pl.DataFrame, new: pl.DataFrame, outcomes: Outcomes, months: int, resamples: int, seed: int
) -> dict[str, Any]:
    """Foresight of both policies, over all asks and over those that somebody looked at."""
    rows = outcomes.rows
    told: dict[str, Any] = {
        "months": months,
        "days": [str(day) for day in rows["day"].unique().sort()],
        "asks": rows.height,
        "incomplete": outcomes.incomplete,
        "minor": int(rows["minor"].sum()),
    }
    for name, part in (("all", rows), ("observed", rows.filter("observed"))):
        found = paired(old, new, part, seed, resamples)
        told[name] = found | {
            "foresight": _verdict(found["grade"]["auc"]["difference"]),
            "calibration": {"old": calibration(old, part), "new": calibration(new, part)},
        }
    return told


def _verdict(difference: dict[str, Any]) -> str:
    """Whether the draft foresees better: only where the whole interval lies on one side of 0."""
    if difference["low"] is None:
        return "unknown"
    if difference["low"] > 0:
        return "better"
    return "worse" if difference["high"] < 0 else "alike"
