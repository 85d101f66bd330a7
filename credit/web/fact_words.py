"""A fact's versions as a table, and what is wrong with a form about it, by the id of each field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from credit import terms
from credit.errors import InvalidInput
from credit.web.language import t

VOCABULARY = (
    terms.Kind, terms.Category, terms.Penalty, terms.Procedure, terms.Severity, terms.Award, terms.Level,
    terms.InspectionType, terms.Result, terms.Stage, terms.Role,
)  # fmt: skip
WORDS = {str(word): (word.zh, word.en) for words in VOCABULARY for word in words}
# Errors that a shape names without the part of the document that they stand in.
PLACES = {
    "served_on": "notices-served_on",
    "publication_notice_on": "notices-publication_notice_on",
    "repair_notice_on": "notices-repair_notice_on",
    "document-no": "rests-no",
    "document-day": "rests-day",
    "document": "rests-no",
}


def wrong_fields(error: ValidationError | InvalidInput) -> dict[str, str]:
    """The sentences of an error by the ids of their fields."""
    if isinstance(error, ValidationError):
        messages: Any = error.normalized_messages()  # type: ignore[no-untyped-call]
    else:
        messages = error.extra.get("errors", {"": [error.detail_zh]})
    found: dict[str, str] = {}
    for path, told in _flat(messages):
        found[PLACES.get(path, path)] = told
    return found


def named_fields(error: ValidationError | InvalidInput) -> dict[str, str]:
    """The same in the reader's language, where the error says in both what is wrong with all of its fields."""
    told = wrong_fields(error)
    if isinstance(error, ValidationError):
        return told
    return {field: t(error.detail_zh, text) for field, text in told.items()}


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(messages, dict):
        yield path, " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
        return
    for name, inner in messages.items():
        # A place in a list belongs to the field that holds the list.
        outer = path if name == "_schema" or isinstance(name, int) else f"{path}-{name}" if path else str(name)
        yield from _flat(inner, outer)


def side_by_side(versions: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """A row for each field that any version has, a cell for each version: text, and whether it changed."""
    flat = [_cells(version["document"]) for version in versions]
    names = list(dict.fromkeys(name for cells in flat for name in cells))
    return [
        (
            name,
            [
                {"text": cells.get(name), "changed": number > 0 and cells.get(name) != flat[number - 1].get(name)}
                for number, cells in enumerate(flat)
            ],
        )
        for name in names
    ]


def _cells(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": _told(held) for inner, held in value.items()}
        else:
            found[name] = _told(value)
    return found


def _told(value: Any) -> str:
    """A value as people read it: words of the vocabulary by their label."""
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if isinstance(value, list):
        return t("；", "; ").join(_told(one) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values())
    word = WORDS.get(str(value))
    return t(*word) if word else str(value)
