"""Files of any size, some rows at a time: what is read stays in memory only until the next chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.services import delimited, documents, workbooks
from credit.services.marks import BLANK, LONGEST_CELL, NUMBERED, SHOWN, TOO_LONG
from credit.services.openings import PACKED, check_there, kind_of

WORKBOOKS, JSON_LINES, PARQUET = (
    (".xlsx", ".xlsm", ".xls", ".ods"),
    (".jsonl", ".ndjson"),
    (".parquet",),
)
ROWS = 5_000
# A chunk ends early where its rows are long: this many characters at once, and one row more.
CHARACTERS = 8_000_000
Row = tuple[int, dict[str, Any], dict[str, Any]]
Private = Callable[[str], bool]


@dataclass
class Chunk:
    """Rows that follow each other in a file, as it has them.

    `rows`: cells by header, trimmed, empty ones left out; texts where the format has only texts, in
    JSON and Parquet whatever stands there, nested too. `lines`: where each row starts in the file.
    `marks`: of each row what the reading noted (marks.py), mostly nothing. `headers`: every header,
    in order; in JSON those seen in this chunk. Columns that hold personal data are not in it.
    """

    headers: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def frame(self) -> pl.DataFrame:
        """The cells as a table of texts with `line`; what nests stands there as JSON."""
        columns = {
            header: pl.Series([_told(row.get(header)) for row in self.rows], dtype=pl.String) for header in self.headers
        }
        return pl.DataFrame({**columns, "line": pl.Series(self.lines, dtype=pl.Int64)})


def read_chunks(
    path: Path, kind: str | None = None, private: Private = lambda header: False, rows: int = ROWS
) -> Iterator[Chunk]:
    """The rows of a CSV, XLSX, JSONL or Parquet file (text also as .gz), at most `rows` at a time.

    `kind`: the format's suffix, where the file's name doesn't tell. `private`: headers whose cells
    are dropped as they are read. One bad row is marked and stops nothing; FileRefused tells what
    nobody can read, mostly before the first chunk, else with the line.
    """
    check_there(path)
    found = False
    for chunk in _grouped(_rows(path, kind or kind_of(path), private), rows):
        found = True
        yield chunk
    if not found:
        raise FileRefused(f"{path.name} has a header but no rows.", zh="文件只有表头，没有数据")


def _rows(path: Path, kind: str, private: Private) -> Iterator[tuple[list[str] | None, Row]]:
    if kind in WORKBOOKS + PARQUET and path.suffix.lower() == PACKED:
        raise FileRefused(f"{path.name}: send it without gzip.", zh="该格式无需再压缩，请直接发送")
    if kind in JSON_LINES + PARQUET:
        nested = documents.json_lines if kind in JSON_LINES else documents.parquet_lines
        for line, row, marks in nested(path):
            kept = row
            if None in row.values() or any(map(private, row)):
                kept = {name: value for name, value in row.items() if value is not None and not private(name)}
            if kept or marks:
                yield None, (line, kept, marks)
        return
    numbered = ((line, names, row, {NUMBERED: typed} if typed else {}) for line, names, row, typed in
                (workbooks.rows(path) if kind in WORKBOOKS else ()))  # fmt: skip
    yield from _cells(numbered if kind in WORKBOOKS else delimited.rows(path), private)


def _cells(
    told: Iterable[tuple[int, list[str], list[str], dict[str, Any]]], private: Private
) -> Iterator[tuple[list[str], Row]]:
    """Rows of texts under their headers; rows without a text are none, cells without end are cut and marked."""
    known: list[str] = []
    kept: list[tuple[int, str]] = []
    headers: list[str] = []
    for line, names, row, marks in told:
        if names is not known:
            known = names
            kept = [(place, name) for place, name in enumerate(names) if name and not private(name)]
            headers = [name for _, name in kept]
        cells = {name: text for place, name in kept if (text := row[place].strip(BLANK))}
        if not any(cell.strip(BLANK) for cell in row):
            continue
        if sum(map(len, cells.values())) > LONGEST_CELL:
            for name, text in cells.items():
                if len(text.encode(errors="replace")) > LONGEST_CELL:
                    cells[name], marks[TOO_LONG] = text[:SHOWN], name
        yield headers, (line, cells, marks)


def _grouped(told: Iterable[tuple[list[str] | None, Row]], most: int) -> Iterator[Chunk]:
    chunk, size = Chunk([]), 0
    for headers, (line, row, marks) in told:
        if headers is not None:
            chunk.headers = headers
        chunk.rows.append(row)
        chunk.lines.append(line)
        chunk.marks.append(marks)
        size += len(orjson.dumps(row, default=str))
        if len(chunk) >= most or size > CHARACTERS:
            yield _named(chunk, headers)
            chunk, size = Chunk([]), 0
    if len(chunk):
        yield _named(chunk, chunk.headers or None)


def _named(chunk: Chunk, headers: list[str] | None) -> Chunk:
    if headers is None:
        chunk.headers = list(dict.fromkeys(name for row in chunk.rows for name in row))
    return chunk


def _told(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value, default=str).decode()
