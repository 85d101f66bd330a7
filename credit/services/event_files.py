"""Files of events: each row through the same strict shape as the API, good rows in, bad rows named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from marshmallow import ValidationError

from credit.db import Change
from credit.errors import RegisterError
from credit.policy import load_policy
from credit.services import events, way
from credit.services.files import NUMBERED, read_table
from credit.services.imports import Imported
from credit.services.registry_rows import REASONS, REJECTED
from schemas.event import Item, Notices, load_event

LISTS = ("penalties", "related_to")
NESTED = {"item": set(Item().fields), "notices": set(Notices().fields)}
REJECTED_TYPES = {name: pl.Int64 if name == "line" else pl.String for name in REJECTED}


def import_events(change: Change, department_id: int, kind: str, path: Path, day: date) -> Imported:
    """Take a file of one kind of events. Columns are the names of the API; lists are split at `;`."""
    law = load_policy()
    table = read_table(path)
    touched: dict[int, None] = {}
    counts = {True: 0, False: 0}
    rejected = []
    for row in table.iter_rows(named=True):
        line = row.pop("line")
        try:
            if "code" in (row.pop(NUMBERED, None) or []):
                raise ValidationError({"code": [REASONS["number_typed"]]})
            loaded = load_event(document({"kind": kind} | row), day)
            _, enterprise_id, new = events.record(change, department_id, loaded, law)
        except ValidationError as error:
            rejected += [_rejected(line, row, str(field), str(told)) for field, told in error.normalized_messages().items()]
            continue
        except RegisterError as error:
            rejected.append(_rejected(line, row, "code" if "code" in error.code else "document_no", error.detail, error))
            continue
        touched[enterprise_id] = None
        counts[new] += 1
    way.advance(change, list(touched), day)
    return Imported(counts[True], 0, counts[False], pl.DataFrame(rejected, schema=REJECTED_TYPES))


def document(row: dict[str, Any]) -> dict[str, Any]:
    """A flat row as the API's document: item and notices nested, lists split, empty cells left out."""
    made: dict[str, Any] = {}
    for name, value in row.items():
        if value is None:
            continue
        home = next((outer for outer, inner in NESTED.items() if name in inner), None)
        if home:
            made.setdefault(home, {})[name] = value
        elif name == "penalties":
            made[name] = [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
        elif name == "related_to":
            made[name] = [{"document_no": part.strip()} for part in value.replace("；", ";").split(";") if part.strip()]
        elif name == "of":
            made[name] = int(value) if value.isdecimal() else value
        else:
            made[name] = value
    return made


def _rejected(
    line: int, row: dict[str, Any], column: str, told: str, error: RegisterError | None = None
) -> dict[str, Any]:
    mends = error.extra.get("suggestions") if error else None
    return {
        "line": line,
        "column": column,
        "code": row.get("code"),
        "name": row.get("document_no"),
        "reason": error.code if error else "invalid",
        "suggestion": told + (f" {' / '.join(mends)}?" if mends else ""),
    }
