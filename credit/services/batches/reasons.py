"""Why a row is rejected, in the words of its fields: column, reason, what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from marshmallow import ValidationError

from credit.errors import DifferentDocument, InvalidInput, RegisterError
from credit.services.event_columns import places
from credit.services.marks import BROKEN, CELLS, DEEP, NUMBERED, TOO_LONG
from credit.services.registry_words import REASONS

NOT_COMPARED = ("enterprise_id", "department_id")
DEEP_TOLD = "嵌套过深 / nested too deep"


class Wrong(NamedTuple):
    """One thing that is wrong with a row: the column, a stable word, and a sentence that mends it."""

    column: str
    reason: str
    told: str


def spoilt(marks: dict[str, Any], kind: str | None) -> Wrong | None:
    """What the file itself did to a row: cells too many or too long, a code typed as a number, no JSON."""
    if BROKEN in marks:
        return Wrong("line", "invalid", str(marks[BROKEN]))
    if DEEP in marks:
        return Wrong("line", "invalid", DEEP_TOLD)
    if marks.get(CELLS):
        return Wrong("line", "invalid", REASONS["cells"])
    if marks.get(TOO_LONG):
        return Wrong(str(marks[TOO_LONG]), "invalid", REASONS["too_long"])
    headers = marks.get(NUMBERED) or ()
    if kind and any(places(kind).get(header.strip().lower()) == ("code",) for header in headers):
        return Wrong("code", "invalid", REASONS["number_typed"])
    return None


def of_fields(error: ValidationError, kind: str | None) -> list[Wrong]:
    """Each field that the shape refuses; a column that nobody knows with the one that is meant."""
    told = _flat(error.normalized_messages())  # type: ignore[no-untyped-call]
    return [Wrong(column, "invalid", _hint(kind, column, what)) for column, what in told]


def of_refusal(error: RegisterError) -> list[Wrong]:
    """Which field the register refuses, and how to mend it."""
    both = f"{error.detail_zh} / {error.detail}"
    if isinstance(error, DifferentDocument):
        old, new = error.extra["on_file"], error.extra["sent"]
        other = [name for name in old if name not in NOT_COMPARED and old[name] != new.get(name)]
        clash = "; ".join(f"{name}: {old[name]} / {new.get(name)}" for name in other)
        return [Wrong("document_no", error.code, f"{both} (on file / sent) {clash}")]
    if "errors" in error.extra:
        words = _flat(error.extra["errors"])
        if isinstance(error, InvalidInput):
            return [Wrong(column, error.code, what) for column, what in words]
        return [Wrong(column, error.code, both) for column, _ in words]
    choices = [choice["code"] for choice in error.extra.get("choices", ())]
    mends = " / ".join(error.extra.get("suggestions") or choices)
    return [Wrong("code", error.code, both + (f" {mends}?" if mends else ""))]


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each wrong field by its path, with what is wrong."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            outer = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, outer)
    else:
        yield path or "line", " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)


def _hint(kind: str | None, column: str, told: str) -> str:
    near = get_close_matches(column, places(kind), n=1) if kind and told == "Unknown field." else []
    return f"{told} Is it {near[0]}?" if near else told
