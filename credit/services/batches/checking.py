"""A batch is read through before its first row is kept: what is cut off or can't be read is refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from credit.errors import FileRefused, TooManyRows
from credit.services.chunks import JSON_LINES, PARQUET, WORKBOOKS, Private, read_chunks
from credit.services.marks import BROKEN, CELLS
from credit.services.openings import opened

BLOCK = 2**20
NO_MARKS: list[dict[str, Any]] = [{}]


class Whole(NamedTuple):
    """A file that was read to its end: how many rows it has at most, and its headers (of a table)."""

    rows: int
    headers: list[str]


def read_through(path: Path, suffix: str, private: Private, most: int | None = None) -> Whole:
    """Count the rows. Raises FileRefused where the file is cut off or can't be read, TooManyRows."""
    rows, headers, last = 0, list[str](), dict[str, Any]()
    for names, marks in _parts(path, suffix, private):
        headers = headers or names
        rows += len(marks)
        last = marks[-1]
        if most is not None and rows > most:
            told = f"A batch has at most {most:,} rows: send it in parts."
            raise TooManyRows(told, zh=f"一批最多 {most:,} 行，请拆分后报送", most=most)
    if suffix not in WORKBOOKS + PARQUET and (BROKEN in last or last.get(CELLS, 0) < 0) and _ends_within(path):
        told = f"{path.name} is cut off: its last row is not whole. Send it again."
        raise FileRefused(told, zh="文件不完整：最后一行被截断，请重新发送")
    return Whole(rows, headers)


def _parts(path: Path, suffix: str, private: Private) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """Some rows at a time: the headers of a table, and the marks of each row."""
    if suffix in JSON_LINES:
        yield from _lines(path)
        return
    for chunk in read_chunks(path, suffix, cache(private)):
        yield [] if suffix in PARQUET else chunk.headers, chunk.marks


def _lines(path: Path) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """The lines of a file of JSON: only the first ones and the last are looked into."""
    first, last = next(read_chunks(path, ".jsonl", rows=1)), b""
    yield [], first.marks
    with opened(path) as file:
        for line in file:
            if line.strip():
                if last:
                    yield [], NO_MARKS
                last = line
    try:
        orjson.loads(last)
    except orjson.JSONDecodeError as problem:
        yield [], [{BROKEN: str(problem)}]


def _ends_within(path: Path) -> bool:
    """Whether the last line has no end."""
    tail = b""
    with opened(path) as file:
        while block := file.read(BLOCK):
            tail = block[-2:]
    return b"\n" not in tail and b"\r" not in tail
