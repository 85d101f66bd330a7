"""The digest of a document: SHA-256 over what it says, for a column of documents at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson

EMPTY = (str, list)


def digests(said: dict[str, Sequence[Any]], related: Sequence[list[str]]) -> list[str]:
    """Of each document over all that it says; what is left out and what is sent as null or empty are the same."""
    names, columns, gaps = [], [], False
    for name in sorted(said):
        values = said[name]
        if not all(values):
            empty = [_is_empty(value) for value in values]
            if all(empty):
                continue
            gaps = gaps or any(empty)
        names.append(name)
        columns.append([str(value) if type(value) is Decimal else value for value in values])
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    texts = _texts(_filled(rows) if gaps else rows, related)
    return [hashlib.sha256(text).hexdigest() for text in texts]


def _is_empty(value: Any) -> bool:
    return value is None or (type(value) in EMPTY and not value)


def _filled(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: value for name, value in row.items() if value or not _is_empty(value)}


def _texts(rows: Iterator[dict[str, Any]], related: Sequence[list[str]]) -> Iterator[bytes]:
    """The names stand in order already; those within lists are put so."""
    for row, documents in zip(rows, related, strict=True):
        yield orjson.dumps([row, documents], default=str, option=orjson.OPT_SORT_KEYS)


def as_json(values: Sequence[Any]) -> list[str | None]:
    """Lists as the text that tables keep; the same few come again and again."""
    return [None if value is None else orjson.dumps(value).decode() for value in values]
