"""Files of events: each row through the same strict shape as the API, good rows in, bad rows named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl
from marshmallow import ValidationError

from credit.db import Change
from credit.errors import DifferentDocument, InvalidInput, RegisterError
from credit.services import events, way
from credit.services.event_columns import document, places
from credit.services.files import read_rows
from credit.services.imports import Imported
from credit.services.marks import CELLS, NUMBERED, TOO_LONG
from credit.services.policies import law_on
from credit.services.registry_rows import REJECTED
from credit.services.registry_words import REASONS
from credit.terms import Kind
from schemas.event import load_event

REJECTED_TYPES = {name: pl.Int64 if name == "line" else pl.String for name in REJECTED}
SHOWN = 300
TERMS = {str(term): term for term in Kind}
NOT_COMPARED = ("enterprise_id", "department_id")
Rejected = dict[str, Any]


def import_events(change: Change, department_id: int, kind: str, path: Path, day: date) -> Imported:
    """Take a file of one kind of events. Columns are the names of the API or their Chinese labels."""
    law = law_on(day)
    touched: list[int] = []
    rejected: list[Rejected] = []
    unchanged = 0
    for line, row, marks in read_rows(path):
        given = document(kind, row)
        try:
            _whole(kind, marks)
            given["kind"] = _same_kind(kind, given["kind"])
            _, enterprise_id, new = events.record(
                change, department_id, load_event(given, day), law
            )
        except ValidationError as error:
            told = _flat(error.normalized_messages())
            rejected += [
                _rejected(line, given, column, "invalid", _hint(kind, column, what))
                for column, what in told
            ]
            continue
        except RegisterError as error:
            rejected += [
                _rejected(line, given, column, error.code, what) for column, what in _refusal(error)
            ]
            continue
        if new:
            touched.append(enterprise_id)
        unchanged += not new
    way.advance(change, touched, day)
    return Imported(len(touched), 0, unchanged, pl.DataFrame(rejected, schema=REJECTED_TYPES))


def _whole(kind: str, marks: dict[str, Any]) -> None:
    """Refuse a row that the file itself spoilt."""
    if marks.get(CELLS):
        raise ValidationError(REASONS["cells"], "line")
    if marks.get(TOO_LONG):
        raise ValidationError(REASONS["too_long"], str(marks[TOO_LONG]))
    if any(
        places(kind).get(header.strip().lower()) == ("code",)
        for header in marks.get(NUMBERED) or ()
    ):
        raise ValidationError(REASONS["number_typed"], "code")


def _same_kind(kind: str, told: Any) -> str:
    """A column of kinds may say again what the file holds, and nothing else."""
    if str(told).casefold() not in (kind, TERMS[kind].zh, TERMS[kind].en.casefold()):
        raise ValidationError(f"This file holds events of the kind {kind}.", "kind")
    return kind


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each wrong field by its path, with what is wrong."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            outer = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, outer)
    else:
        yield (
            path or "line",
            " ".join(map(str, messages)) if isinstance(messages, list) else str(messages),
        )


def _hint(kind: str, column: str, told: str) -> str:
    near = get_close_matches(column, places(kind), n=1) if told == "Unknown field." else []
    return f"{told} Is it {near[0]}?" if near else told


def _refusal(error: RegisterError) -> Iterator[tuple[str, str]]:
    """Which field the register refuses, and how to mend it."""
    if isinstance(error, InvalidInput) and "errors" in error.extra:
        yield from _flat(error.extra["errors"])
    elif isinstance(error, DifferentDocument):
        old, new = error.extra["on_file"], error.extra["sent"]
        other = [name for name in old if name not in NOT_COMPARED and old[name] != new.get(name)]
        clash = "; ".join(f"{name}: {old[name]} / {new.get(name)}" for name in other)
        yield "document_no", f"{error.detail_zh} / {error.detail} (on file / sent) {clash}"
    else:
        choices = [choice["code"] for choice in error.extra.get("choices", ())]
        mends = " / ".join(error.extra.get("suggestions") or choices)
        yield "code", f"{error.detail_zh} / {error.detail}" + (f" {mends}?" if mends else "")


def _rejected(line: int, given: dict[str, Any], column: str, reason: str, told: str) -> Rejected:
    code, name = (
        str(given[key])[:SHOWN] if key in given else None for key in ("code", "document_no")
    )
    return {
        "line": line,
        "column": column,
        "code": code,
        "name": name,
        "reason": reason,
        "suggestion": told,
    }
