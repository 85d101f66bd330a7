"""CSV files: UTF-8, UTF-16 or GB18030; comma, tab, semicolon or bar; each row with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from credit.errors import FileRefused
from credit.services.encodings import encoding_of
from credit.services.marks import CELLS, TOO_LONG, headers
from credit.services.openings import opened

DELIMITERS = ",\t;|"
LONGEST_FILE_CELL = 32_000_000
LONGEST_HEADER = 200_000
# One bound for the whole program: raised and lowered in turn, it would be another thread's by chance.
csv.field_size_limit(LONGEST_FILE_CELL)
Marks = dict[str, Any]


def decoded(data: bytes, name: str) -> str:
    """Text of a file in UTF-8, UTF-16 or GB18030; anything else is refused, not guessed."""
    text = data.decode(encoding_of(lambda: io.BytesIO(data), name))
    return text if "\n" in text else text.replace("\r", "\n")


def rows(path: Path) -> Iterator[tuple[int, list[str], list[str], Marks]]:
    """Each row as its line, the headers, its cells in their order, and its marks; the file is streamed.

    Raises FileRefused; an encoding that fails later in the file is noticed before the first row.
    """
    encoding = encoding_of(lambda: opened(path), path.name)
    with opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        top = text.read(LONGEST_HEADER).lstrip("\r\n")
    delimiter, names, _ = _header(top if "\n" in top else top.replace("\r", "\n"), path.name)
    with opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        yield from _parsed(text, delimiter, names, path.name)


class _Lines:
    """Lines for the CSV reader, and whether it asked beyond the last: then a quote was still open."""

    def __init__(self, text: Iterable[str]) -> None:
        self.inner, self.ended = iter(text), False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self.inner)
        except StopIteration:
            self.ended = True
            raise


def _parsed(
    text: Iterable[str], delimiter: str, names: list[str], name: str
) -> Iterator[tuple[int, list[str], list[str], Marks]]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    width, end = len(names), 0
    try:
        while not next(reader):
            pass
        end = reader.line_num
        for row in reader:
            start, end = end + 1, reader.line_num
            if not any(row):
                continue
            marks: Marks = {}
            if len(row) != width:
                marks[CELLS] = len(row) - width
                row = (row + [""] * width)[:width]
            elif lines.ended:
                marks[TOO_LONG] = names[-1] or "line"
            yield start, names, row, marks
    except csv.Error as problem:
        line = end + 1
        raise FileRefused(
            f"{name}, line {line}: {problem}. Look for a quote that is not closed.",
            zh=f"第{line}行起无法读取，请检查是否缺少引号",
            line=line,
        ) from problem


def table(path: Path) -> pl.DataFrame:
    """Every cell of a CSV file as text, with `line`, and `#cells` where rows are ragged."""
    text = decoded(path.read_bytes(), path.name)
    body = text.lstrip("\r\n")
    skipped = text[: len(text) - len(body)].count("\n")
    delimiter, names, tall = _header(body, path.name)
    try:
        found = pl.read_csv(
            io.BytesIO(body.encode()),
            separator=delimiter,
            infer_schema=False,
            quote_char='"',
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return _row_by_row(body, delimiter, names, skipped, path.name)
    open_quote = body.count('"') % 2 == 1
    if found.width != len(names) or open_quote or _has_short_rows(found, body, delimiter):
        return _row_by_row(body, delimiter, names, skipped, path.name)
    given = [name or f"#{place}" for place, name in enumerate(names)]
    found.columns = given
    return _numbered(found, skipped + tall + 1).select(*(name for name in names if name), "line")


def _header(text: str, name: str) -> tuple[str, list[str], int]:
    """The delimiter, the header's names, and how many lines the header takes."""
    top = text[:LONGEST_HEADER]
    delimiter = max(DELIMITERS, key=top.split("\n", 1)[0].count)
    lines = csv.reader(io.StringIO(top), delimiter=delimiter)
    try:
        cells = next(lines, [])
    except csv.Error as problem:
        raise FileRefused(
            f"{name}: the first line is no header ({problem}).", zh="首行不是表头"
        ) from problem
    return delimiter, headers(cells, name), lines.line_num


def _has_short_rows(found: pl.DataFrame, text: str, delimiter: str) -> bool:
    """Whether a row ends early: the fast reader takes what is missing for empty."""
    if found.is_empty() or not found.to_series(-1).has_nulls():
        return False
    if '"' in text:
        return True
    lines = pl.Series(text.split("\n")).str.strip_chars("\r")
    missing = (lines.str.count_matches(delimiter, literal=True) < found.width - 1) & (lines != "")
    return bool(missing.any())


def _row_by_row(
    text: str, delimiter: str, names: list[str], skipped: int, name: str
) -> pl.DataFrame:
    """Rows with more or fewer cells than the header: filled or cut, and marked."""
    found = list(_parsed(io.StringIO(text, newline=""), delimiter, names, name))
    columns = list(zip(*(row for _, _, row, _ in found), strict=True)) or [()] * len(names)
    cells = {
        given: pl.Series(column, dtype=pl.String)
        for given, column in zip(names, columns, strict=True)
        if given
    }
    lines = [line + skipped for line, *_ in found]
    marks = {
        CELLS: pl.Series([marks.get(CELLS, 0) for *_, marks in found], dtype=pl.Int32),
        TOO_LONG: pl.Series([marks.get(TOO_LONG) for *_, marks in found], dtype=pl.String),
        "line": pl.Series(lines, dtype=pl.Int64),
    }
    return pl.DataFrame(cells | marks)


def _numbered(found: pl.DataFrame, first: int) -> pl.DataFrame:
    """The line on which each row starts: a line end inside a cell makes its row longer."""
    inside = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))
    return found.with_columns(
        line=(pl.int_range(pl.len()) + first + inside.cum_sum() - inside).cast(pl.Int64)
    )
