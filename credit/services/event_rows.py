"""Loaded events as rows of the event table, column by column: what the documents say, and their digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum
from typing import Any

import polars as pl
from sqlalchemy import JSON, Boolean, Date, Integer, Numeric

from credit.models import Event
from credit.services.event_digests import as_json, digests

Row = dict[str, Any]
Columns = dict[str, Sequence[Any]]
TABLE = Event.__table__
COLUMNS = [column.name for column in TABLE.columns]
KNOWN = frozenset(COLUMNS)
NESTED = ("item", "notices")
IDENTITY = ("code", "document_no", "kind", "source_ref")
PROCEEDINGS = {None: None, True: "pending", False: "none"}
# What the register adds of its own: no part of what the document says.
OWN_BUSINESS = (
    "seq", "event_id", "replaces", "enterprise_id", "department_id", "content_digest", "received_on", "report_id",
)  # fmt: skip


class EventRows:
    """Events of one department in their order: `columns` of what they say, and the documents `related` to each."""

    def __init__(self, events: Sequence[Row], firms: Sequence[tuple[int, str]], department_id: int, name: str) -> None:
        self.events = events
        self.columns: dict[str, list[Any]] = {}
        self.related: list[list[str]] = [[]] * len(events)
        shapes: dict[Any, list[int]] = defaultdict(list)
        for place, event in enumerate(events):
            shapes[tuple(event), *(tuple(event.get(nested) or ()) for nested in NESTED)].append(place)
        for (names, *inner), places in shapes.items():
            self._add(names, inner, places, firms, department_id, name)

    def __len__(self) -> int:
        return len(self.events)

    def _add(
        self, names: tuple[str, ...], inner: list[Any], places: list[int], firms: Any, department_id: int, name: str
    ) -> None:
        """The events that say something of the same fields."""
        some = [self.events[place] for place in places]
        said: Columns = _columns(names, some)
        for nested, told in zip(NESTED, inner, strict=True):
            said |= _columns(told, [event[nested] for event in some]) if told else {}
        related = [_documents(one) for one in said["related_to"]] if "related_to" in said else [[]] * len(some)
        said = {column: values for column, values in said.items() if column in KNOWN} | _derived(said, name)
        said |= dict(zip(("enterprise_id", "code"), zip(*(firms[place] for place in places), strict=True), strict=True))
        said["department_id"] = [department_id] * len(some)
        said["content_digest"] = digests(said, related)
        if len(some) == len(self.events):
            self.columns, self.related = {column: list(values) for column, values in said.items()}, related
            return
        for column, values in said.items():
            whole = self.columns.setdefault(column, [None] * len(self.events))
            for place, value in zip(places, values, strict=True):
                whole[place] = value
        for place, documents in zip(places, related, strict=True):
            self.related[place] = documents

    def identities(self) -> list[tuple[str, ...]]:
        """Of each event by what it is found again."""
        return list(zip(*(self.columns[name] for name in IDENTITY), strict=True))

    def row(self, place: int) -> Row:
        """What one event says, as tables have it."""
        return {name: _word(values[place]) for name, values in self.columns.items()}

    def frame(self, places: Sequence[int], own: Columns) -> pl.DataFrame:
        """Some of the events as a frame to insert, with columns of the register's own; lists as JSON."""
        columns: Columns = dict(self.columns)
        if len(places) < len(self):
            columns = {name: [values[place] for place in places] for name, values in columns.items()}
        columns = columns | own
        return pl.DataFrame([_series(name, columns[name]) for name in COLUMNS if name in columns])


def _columns(names: Sequence[str], rows: Sequence[Row]) -> Columns:
    """The values of rows with the same names in the same order."""
    return dict(zip(names, zip(*(row.values() for row in rows), strict=True), strict=True))


def _derived(said: Columns, department: str) -> Columns:
    """Columns that follow from what is said: an award's day, the usual authority, words for proceedings."""
    count = len(said["code"])
    nothing = [None] * count
    days = zip(said.get("occurred_on", nothing), said.get("valid_from", nothing), strict=True)
    found: Columns = {
        "occurred_on": [day or start for day, start in days],
        "authority": [told or department for told in said.get("authority", nothing)],
    }
    if "proceedings" in said:
        found["proceedings"] = [PROCEEDINGS[told] for told in said["proceedings"]]
    return found


def proceedings(event: Row) -> str | None:
    """Whether an appeal or lawsuit is pending, as the table says it; None: not told."""
    return PROCEEDINGS[event.get("proceedings")]


def _documents(related: Sequence[Row] | None) -> list[str]:
    return sorted({other["document_no"] for other in related or ()})


def shown(row: Row, related: list[str]) -> Row:
    """What a department may see of its own event when two contents clash."""
    plain = (bool, int, list, type(None))
    told = {name: row.get(name) for name in COLUMNS if name not in OWN_BUSINESS}
    as_text = {name: value if isinstance(value, plain) else str(value) for name, value in told.items()}
    return as_text | {"related_to": related}


def _word(value: Any) -> Any:
    """A word of the vocabulary by its value, as tables have it."""
    if isinstance(value, list):
        return [_word(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    kind: Any = TABLE.c[name].type
    if isinstance(kind, JSON):
        return pl.Series(name, as_json(values), dtype=pl.String)
    if isinstance(kind, Numeric):
        return pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64)
    return pl.Series(name, values, dtype=_typed(kind))


def _typed(kind: Any) -> Any:
    if isinstance(kind, Boolean):
        return pl.Boolean
    if isinstance(kind, Integer):
        return pl.Int64
    return pl.Date if isinstance(kind, Date) else pl.String
