"""The values of one place for many rows: from columns, a template, a constant or the crosswalk."""

from __future__ import annotations

import re
from typing import Any

from credit.services.event_columns import Path, put
from credit.services.mappings.cells import Convert
from credit.services.mappings.privacy import plain
from credit.services.mappings.shapes import Crosswalk, Fault, Mapping, Place, Words

Row = dict[str, Any]
COLUMN = re.compile(r"\{([^{}]+)\}")
SHOWN = 60


def values(mapping: Mapping, place: Place, convert: Convert, rows: list[Row], there: dict[str, str]) -> list[Any]:
    """For each row the value, a Fault, or null. Cells that say the same are understood once."""
    if place.crosswalk and mapping.crosswalk:
        return _codes(mapping.crosswalk, rows, there)
    if place.template:
        return _templated(place.template, rows, there)
    if not place.columns:
        return [list(place.constant) if isinstance(place.constant, list) else place.constant for _ in rows]
    columns = [there[plain(column)] for column in place.columns if plain(column) in there]
    known: dict[str, Any] = {}
    found = []
    for cell in _first_filled(columns, rows):
        if type(cell) is not str:
            found.append(None if cell is None else convert(cell))
            continue
        if cell not in known:
            known[cell] = convert(cell)
        value = known[cell]
        found.append(value.copy() if type(value) is list else value)
    return found


def _first_filled(columns: list[str], rows: list[Row]) -> list[Any]:
    if len(columns) == 1:
        (column,) = columns
        return [row.get(column) for row in rows]
    return [next((row[column] for column in columns if column in row), None) for row in rows]


def _templated(lines: tuple[str, ...], rows: list[Row], there: dict[str, str]) -> list[Any]:
    """The lines of a template whose columns are all filled; null where none is."""
    # COLUMN splits a line into texts and, at the odd places, the columns between them.
    split = [COLUMN.split(line) for line in lines]
    made = [
        ([there[plain(column)] for column in parts[1::2]], parts)
        for parts in split
        if all(plain(column) in there for column in parts[1::2])
    ]
    return [
        "\n".join(_joined(parts, columns, row) for columns, parts in made if all(column in row for column in columns))
        or None
        for row in rows
    ]


def _joined(parts: list[str], columns: list[str], row: Row) -> str:
    cells = [str(row[column]) for column in columns]
    return "".join(text + cell for text, cell in zip(parts[::2], [*cells, ""], strict=True))


def _codes(crosswalk: Crosswalk, rows: list[Row], there: dict[str, str]) -> list[Any]:
    header = there.get(plain(crosswalk.column), crosswalk.column)
    numbers = [None if (cell := row.get(header)) is None else str(cell) for row in rows]
    codes = crosswalk.table
    return [number and (codes.get(number) or _missed(header, number)) for number in numbers]


def _missed(column: str, number: str) -> Fault:
    return Fault(column, "crosswalk", Words(
        f"对照表中没有“{number[:SHOWN]}”对应的企业代码，请补充对照表",
        f"the crosswalk has no code for {number[:SHOWN]}: add it",
    ))  # fmt: skip


def finish(places: list[Place], document: Row) -> None:
    """Let places take what another has, and drop what goes only with certain values of another."""
    for place in places:
        if place.or_place and at(document, place.path) is None:
            other = at(document, place.or_place)
            if other is not None:
                put(document, place.path, other)
        if place.only_with and at(document, place.path) is not None:
            there = at(document, place.only_with[0])
            if not place.only_with[1] & set(there if isinstance(there, list) else [there]):
                _remove(document, place.path)


def at(document: Row, path: Path) -> Any:
    """What stands at a place of a document; null for nothing."""
    outer = document.get(path[0])
    return outer if len(path) == 1 else outer.get(path[1]) if isinstance(outer, dict) else None


def _remove(document: Row, path: Path) -> None:
    if len(path) == 1:
        del document[path[0]]
    else:
        del document[path[0]][path[1]]
