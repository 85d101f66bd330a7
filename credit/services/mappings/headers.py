"""The columns of a file as a mapping sees them: read, ignored on purpose, personal, or unknown to it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from credit.errors import FileRefused
from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import Mapping
from schemas.event import SHAPES

SHOWN = 60
NEAR = 0.85


def found(mapping: Mapping, headers: Iterable[str]) -> dict[str, str]:
    """The headers that may be read, by their plain names. Raises FileRefused where two mean the same."""
    there: dict[str, str] = {}
    for header in headers:
        if not mapping.is_private(header) and there.setdefault(plain(header), header) != header:
            raise FileRefused(
                f"The headers {there[plain(header)]} and {header} mean the same column. Remove one.",
                zh=f"表头“{there[plain(header)]}”与“{header}”是同一列，请删除其中一列",
            )
    return there


def unlisted(mapping: Mapping, there: dict[str, str]) -> list[str]:
    """The headers that the mapping neither reads nor ignores on purpose."""
    known = mapping.read
    return [header for name, header in there.items() if name not in known and name not in mapping.ignored]


def check(mapping: Mapping, headers: Iterable[str]) -> list[str]:
    """The columns that stay unread, of a file with these headers.

    Raises FileRefused: a column that is needed lacks, or one is there that the mapping doesn't know.
    """
    there = found(mapping, headers)
    unread = unlisted(mapping, there)
    for header in unread:
        _check_unlisted(mapping, header, there)
    _check_needed(mapping, there)
    return unread


def _check_unlisted(mapping: Mapping, header: str, there: dict[str, str]) -> None:
    """A column that is nearly one that lacks is a slip of the pen, whatever else the mapping ignores."""
    lacking = {name: column for name, column in mapping.read.items() if name not in there}
    near = get_close_matches(plain(header), lacking, n=1, cutoff=NEAR)
    if near:
        raise FileRefused(
            f"The mapping {mapping.name} has no column {header[:SHOWN]}: is it {lacking[near[0]]}?",
            zh=f"映射 {mapping.name} 没有“{header[:SHOWN]}”列，是否为“{lacking[near[0]]}”？",
        )
    if not mapping.ignores_unlisted:
        raise FileRefused(
            f"The mapping {mapping.name} has no column {header[:SHOWN]}. Map it, or name it under ignored.",
            zh=f"映射 {mapping.name} 没有“{header[:SHOWN]}”列，请映射该列或列入 ignored",
        )


def _check_needed(mapping: Mapping, there: dict[str, str]) -> None:
    shape = SHAPES[mapping.kind]().fields
    for place in mapping.places:
        needed = len(place.path) == 1 and shape[place.path[0]].required and place.or_place is None
        if needed and place.columns and not any(plain(column) in there for column in place.columns):
            raise FileRefused(
                f"No column for {place.name}: the mapping {mapping.name} takes {' or '.join(place.columns)}.",
                zh=f"缺少“{place.name}”对应的列：映射 {mapping.name} 需要 {' 或 '.join(place.columns)}",
            )
