"""Loaded events as rows of the event table: what the document says, its digest, and columns to insert."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

import orjson
import polars as pl
from sqlalchemy import JSON, Boolean, Date, Integer, Numeric

from credit.models import Event

Row = dict[str, Any]
TABLE = Event.__table__
COLUMNS = [column.name for column in TABLE.columns]
KNOWN = frozenset(COLUMNS)
IDENTITY = ("code", "document_no", "kind", "source_ref")
EMPTY = (str, list)
# What the register adds of its own: no part of what the document says.
OWN_BUSINESS = (
    "seq", "event_id", "replaces", "enterprise_id", "department_id", "content_digest", "received_on", "report_id",
)  # fmt: skip


def row_of(event: Row, enterprise_id: int, code: str, department_id: int, department: str) -> tuple[Row, list[str]]:
    """The columns of which a loaded event says anything, and the documents that rest on the same facts."""
    row = _known(event)
    for nested in ("item", "notices"):
        if told := event.get(nested):
            row |= _known(told)
    row |= {"enterprise_id": enterprise_id, "department_id": department_id, "code": code}
    if "occurred_on" not in row:
        row["occurred_on"] = event["valid_from"]
    if "proceedings" in row:
        row["proceedings"] = proceedings(event)
    row["authority"] = row.get("authority") or department
    related = sorted({other["document_no"] for other in event.get("related_to") or ()})
    row["content_digest"] = digest(row, related)
    return row, related


def _known(told: Row) -> Row:
    """What is told of columns of the table."""
    names = _columns_among(tuple(told))
    row = dict(zip(names, map(told.__getitem__, names), strict=True))
    return {name: value for name, value in row.items() if value is not None} if None in row.values() else row


@lru_cache(maxsize=1024)
def _columns_among(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in KNOWN)


def proceedings(event: Row) -> str | None:
    """Whether an appeal or lawsuit is pending, as the table says it; None: not told."""
    told = event.get("proceedings")
    return None if told is None else ("pending" if told else "none")


def digest(row: Row, related: list[str]) -> str:
    """SHA-256 over what the document says; what is left out and what is sent as null are the same."""
    said = {
        name: value for name, value in row.items() if value or (value is not None and type(value) not in EMPTY)
    }
    text = orjson.dumps([said, related], default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def shown(row: Row, related: list[str]) -> Row:
    """What a department may see of its own event when two contents clash."""
    plain = (bool, int, list, type(None))
    told = {name: row.get(name) for name in COLUMNS if name not in OWN_BUSINESS}
    as_text = {name: value if isinstance(value, plain) else str(value) for name, value in told.items()}
    return as_text | {"related_to": related}


def plain(row: Row) -> Row:
    """The row without words of the vocabulary: their values, as tables have them."""
    return {name: _word(value) for name, value in row.items()}


def _word(value: Any) -> Any:
    if isinstance(value, list):
        return [_word(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def table_of(rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as a frame to insert, with the columns of which any of them says something; lists as JSON."""
    names = tuple(rows[0])
    if all(tuple(row) == names for row in rows):
        columns = dict(zip(names, zip(*(row.values() for row in rows), strict=True), strict=True))
    else:
        told = dict.fromkeys(name for row in rows for name in row)
        columns = {name: tuple(row.get(name) for row in rows) for name in told}
    return pl.DataFrame([_series(name, columns[name]) for name in COLUMNS if name in columns])


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    kind: Any = TABLE.c[name].type
    if isinstance(kind, JSON):
        texts = [None if value is None else orjson.dumps(value).decode() for value in values]
        return pl.Series(name, texts, dtype=pl.String)
    if isinstance(kind, Numeric):
        return pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64)
    return pl.Series(name, values, dtype=_typed(kind))


def _typed(kind: Any) -> Any:
    if isinstance(kind, Boolean):
        return pl.Boolean
    if isinstance(kind, Integer):
        return pl.Int64
    return pl.Date if isinstance(kind, Date) else pl.String
