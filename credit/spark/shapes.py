"""The columns that cross to Spark and back: those of the kernel, and in which types they travel."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.dossier import EVENTS, FIRMS, LISTINGS
from credit.rules.grading import GRADED
from credit.rules.outcomes import FINDINGS

TABLE, BUCKET = "table", "bucket"
# Spark knows no unsigned numbers.
TRAVELS_AS = {pl.UInt32: pl.Int64}
IN_SPARK = {pl.Int64: "bigint", pl.Int32: "int", pl.Date: "date", pl.String: "string", pl.Boolean: "boolean"}


def _travelling(shape: dict[Any, Any]) -> dict[Any, Any]:
    return {name: TRAVELS_AS.get(kind, kind) for name, kind in shape.items()}


def _told(shape: dict[Any, Any]) -> dict[Any, Any]:
    """A shape of the kernel with enterprise and day instead of an ask's number within its call."""
    whose = {"enterprise": pl.Int64, "day": pl.Date}
    return whose | {name: kind for name, kind in _travelling(shape).items() if name != "ask"}


GIVEN = {"firms": _travelling(FIRMS), "events": _travelling(EVENTS), "listings": _travelling(LISTINGS)}
MADE = {"gradings": _told(GRADED), "findings": _told(FINDINGS)}


def together(shapes: dict[str, dict[Any, Any]]) -> dict[Any, Any]:
    """One shape that holds the rows of several tables, each row with the name of its own."""
    whole: dict[Any, Any] = {TABLE: pl.String}
    for shape in shapes.values():
        whole |= shape
    return whole


def ddl(shape: dict[Any, Any]) -> str:
    """A shape as Spark's SQL writes it."""
    return ", ".join(f"`{name}` {IN_SPARK[kind]}" for name, kind in shape.items())
