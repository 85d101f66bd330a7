"""Gradings and outcomes for back-tests, written down short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from credit.rules.backtest.moves import beside
from credit.rules.backtest.outcomes import OUTCOMES
from credit.rules.dossier import EVENTS
from credit.rules.grading import GRADED

DAY = date(2024, 1, 1)
GRADES = ["AAA", "AA", "A", "B", "C", "D", "N", None]
Grading = tuple[int, date, str | None, int | None]


def gradings(rows: Iterable[Grading]) -> pl.DataFrame:
    """(enterprise, day, grade, score) in the shape GRADED."""
    told = [
        {"ask": ask, "enterprise": firm, "day": day, "grade": grade, "score": score}
        for ask, (firm, day, grade, score) in enumerate(rows)
    ]
    return pl.DataFrame(told, schema=GRADED)


def ranked(levels: Iterable[int], day: date = DAY) -> pl.DataFrame:
    """One enterprise for each level 0 (AAA) to 5 (D), whose score falls with it."""
    return gradings((firm, day, GRADES[level], 90 - level) for firm, level in enumerate(levels))


def both(old: pl.DataFrame, new: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Two gradings side by side with what followed; null where nothing is known of that."""
    known = after.select(pl.col("enterprise").cast(pl.UInt32), pl.exclude("enterprise"))
    return beside(old, new).join(known, on=["enterprise", "day"], how="left")


def followed(outcomes: Iterable[bool], day: date = DAY) -> pl.DataFrame:
    """What followed for enterprises 0, 1, .. on one day, all of them observed."""
    rows = [(firm, day, outcome, False, True) for firm, outcome in enumerate(outcomes)]
    return pl.DataFrame(rows, schema=OUTCOMES, orient="row")


def event(number: int, rule: str, decided: date, **more: Any) -> dict[str, Any]:
    """One row of the shape EVENTS; what isn't said is ordinary."""
    kind = "violation" if rule.startswith("violation") else "inspection"
    return {
        "enterprise": 1, "event": number, "kind": kind, "rule": rule, "decided": decided,
        "in_force": decided, "ended": "expired", "public": True, "case": number,
    } | more  # fmt: skip


def events(*rows: dict[str, Any]) -> pl.DataFrame:
    """Events in the shape EVENTS."""
    return pl.DataFrame(list(rows), schema=EVENTS)


def firms_of(count: int, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises 0, 1, .. of that name and place, all reported about by a department of that name."""
    firms = pl.DataFrame({"enterprise": range(count)}, schema={"enterprise": pl.Int64})
    told = {"code": "91340799MAFK00010U", "name": name, "region": "340799", "industry": "C1512"}
    return (
        firms.with_columns(pl.lit(text).alias(column) for column, text in told.items()),
        firms.with_columns(department=pl.lit(name)),
    )
