"""Back-test: a draft policy against the policy in force, over the history that is on file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from credit.rules.backtest.moves import MOVES, ORDER, by_day, matrix, moved_by, movers, with_moves
from credit.rules.backtest.prediction import paired
from credit.rules.backtest.rates import calibration
from credit.rules.backtest.words import LIMITS, section_name
from credit.rules.regions import region_name

Report = dict[str, Any]


def backtest_report(
    rows: pl.DataFrame,
    day: date,
    firms: pl.DataFrame,
    departments: pl.DataFrame,
    policies: Mapping[str, Any],
    seed: int,
    months: int = 12,
    resamples: int = 200,
    most: int | None = 100,
) -> Report:
    """The whole back-test, ready for JSON.

    `rows`: gradings by the policy in force and by the draft, with what followed (outcomes.followed);
    moves are told of `day`, foresight of all rows whose window is complete. `firms`: enterprise,
    code, name, region, industry on that day; `departments`: enterprise, department (one row for
    each that reported about it).

        policies     as given: {old, new}
        day          the day that moves are told of
        summary      {firms, moved, up, down, gained, lost, other, same, foresight}; gained and
                     lost: a grade AAA to D where the other policy has none; `foresight` by grade of
                     the enterprises observed: better, worse, alike (not told apart) or unknown
        grades       [AAA .. D, N, null]: the order of the matrix; null is no grade (closed, not asked)
        matrix       [[firms]] a row for each old grade, a column for each new one
        days         [{day, firms, up, down, same, gained, lost, other}] for every graded day
        moved_by     {region (4 digits), industry (section), department}:
                     [{value, name: {zh, en}, firms, up, ...}] most moves first, unknown is null
        movers       [{code, name, old, new, old_score, new_score, steps, move}] the first `most`
                     (None: all)
        movers_left  how many more there are
        prediction   {months, days, asks, incomplete, minor, all, observed}: of all rated, and of
                     those with any inspection or violation in the window, each
                     {n, enterprises, outcomes, failed, left_out, grade, score, half_years,
                     foresight, calibration: {old, new}}, see prediction.py
        bootstrap    {resamples, seed, level}
        limits       [{key, zh, en}] what this can't tell
    """
    now = with_moves(rows.filter(pl.col("day") == day))
    foresight = _prediction(rows, months, resamples, seed)
    moved = movers(now)
    return {
        "policies": dict(policies),
        "day": str(day),
        "summary": _summary(now) | {"foresight": foresight["observed"]["foresight"]},
        "grades": ORDER,
        "matrix": matrix(now),
        "days": by_day(rows).with_columns(pl.col("day").cast(pl.String)).to_dicts(),
        "moved_by": _moved_by(now, firms, departments),
        "movers": _named(moved[:most], firms),
        "movers_left": moved[most:].height if most is not None else 0,
        "prediction": foresight,
        "bootstrap": {"resamples": resamples, "seed": seed, "level": 0.95},
        "limits": LIMITS,
    }


def _summary(now: pl.DataFrame) -> dict[str, int]:
    found = dict(now.group_by("move").len().iter_rows())
    counts = {move: found.get(move, 0) for move in MOVES}
    return {"firms": now.height, "moved": now.height - counts["same"]} | counts


def _named(moved: pl.DataFrame, firms: pl.DataFrame) -> list[dict[str, Any]]:
    """Movers with the code and the name by which people know them, in their order."""
    known = firms.select(pl.col("enterprise").cast(pl.UInt32), "code", "name")
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


def _prediction(rows: pl.DataFrame, months: int, resamples: int, seed: int) -> dict[str, Any]:
    """Foresight of both policies, over all asks and over those that somebody looked at."""
    whole = rows.filter(pl.col("outcome").is_not_null())
    told: dict[str, Any] = {
        "months": months,
        "days": [str(day) for day in whole["day"].unique().sort()],
        "asks": whole.height,
        "incomplete": rows.height - whole.height,
        "minor": int(whole["minor"].sum()),
    }
    for name, part in (("all", whole), ("observed", whole.filter("observed"))):
        found = paired(part, seed, resamples)
        told[name] = found | {
            "foresight": _verdict(found["grade"]["auc"]["difference"]),
            "calibration": {policy: calibration(part, policy) for policy in ("old", "new")},
        }
    return told


def _verdict(difference: dict[str, Any]) -> str:
    """Whether the draft foresees better: only where the whole interval lies on one side of 0."""
    if difference["low"] is None:
        return "unknown"
    if difference["low"] > 0:
        return "better"
    return "worse" if difference["high"] < 0 else "alike"
