"""CSV files: UTF-8, UTF-16 or GB18030; comma, tab, semicolon or bar; each row with its line."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import polars as pl

from credit.errors import FileRefused
from credit.services.marks import CELLS, headers

DELIMITERS = ",\t;|"
LONGEST_FILE_CELL = 100_000_000
LONGEST_HEADER = 200_000


def decoded(data: bytes, name: str) -> str:
    """Text of a file in UTF-8, UTF-16 or GB18030; anything else is refused, not guessed."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") * 8 > len(text) or (encoding == "gb18030" and not _is_chinese(text)):
            break
        return text if "\n" in text else text.replace("\r", "\n")
    raise FileRefused(
        f"{name}: neither UTF-8 nor GB18030. Save it as UTF-8 and send it again.",
        zh="文件编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入",
    )


def _is_chinese(text: str) -> bool:
    """Nearly any bytes are some GB18030; of Chinese text at least half is in everyday GB 2312."""
    letters = len(text) - len(text.encode("ascii", "ignore"))
    everyday = (len(text.encode("gb2312", "ignore")) - len(text.encode("ascii", "ignore"))) // 2
    return everyday * 2 >= letters


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
    if found.width != len(names) or _has_short_rows(found, body, delimiter):
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
    before = csv.field_size_limit(LONGEST_FILE_CELL)
    lines, rows, ragged = [], [], []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(reader)
        end = reader.line_num
        for row in reader:
            start, end = end + 1, reader.line_num
            if any(row):
                lines.append(start + skipped)
                ragged.append(len(row) - len(names))
                rows.append((row + [""] * len(names))[: len(names)])
    except csv.Error as problem:
        line = end + 1 + skipped
        raise FileRefused(f"{name}, line {line}: {problem}.", zh=f"第{line}行无法读取") from problem
    finally:
        csv.field_size_limit(before)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    cells = {
        given: pl.Series(column, dtype=pl.String)
        for given, column in zip(names, columns, strict=True)
        if given
    }
    marks = {CELLS: pl.Series(ragged, dtype=pl.Int32), "line": pl.Series(lines, dtype=pl.Int64)}
    return pl.DataFrame(cells | marks)


def _numbered(found: pl.DataFrame, first: int) -> pl.DataFrame:
    """The line on which each row starts: a line end inside a cell makes its row longer."""
    inside = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))
    return found.with_columns(
        line=(pl.int_range(pl.len()) + first + inside.cum_sum() - inside).cast(pl.Int64)
    )
