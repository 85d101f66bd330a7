"""Reads a workbook for `workbooks`, as a process of its own: run as a script, it imports nothing of ours.

A sheet is spread out in memory before its first row is told, and one cell in the last corner
spreads it without end. Here that costs this process alone, which may have so much and no more.

Each line of the answer is JSON: the cells of a row as texts, and the places of those typed as
numbers. The last line is `true`; where it lacks, the reading failed, and stderr says why.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from typing import Any

import orjson
from python_calamine import CalamineWorkbook

MOST_MEMORY, MOST_SECONDS = 2 * 2**30, 300


def names(path: str) -> list[str]:
    """What the sheets are called."""
    return list(CalamineWorkbook.from_path(path).sheet_names)


def rows(path: str, place: int) -> Iterator[tuple[list[str], list[int]]]:
    """Every row of a sheet, from its first line and column on."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(place)
    if sheet.start is None:
        return
    before = sheet.start[1]
    left = [""] * before
    for row in sheet.iter_rows():
        yield left + [text(cell) for cell in row], [before + place for place, cell in enumerate(row) if is_number(cell)]


def is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def text(value: Any) -> str:
    """A cell as a person reads it; of an instant the day."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat())[:10] if hasattr(value, "isoformat") else str(value)


def main() -> None:
    """Tell every row of a sheet by its place, or the names of all sheets; end with `true`."""
    path, place = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for row in [names(path)] if place == "names" else rows(path, int(place)):
            sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    except Exception as problem:
        sys.exit(f"{problem}"[:300])
    sys.stdout.buffer.write(b"true\n")


if __name__ == "__main__":
    main()
