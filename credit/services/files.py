"""Tables as people send them: CSV, XLSX, JSONL or Parquet, encoding and delimiter found out."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from credit.errors import FileRefused
from credit.services import delimited, documents, workbooks
from credit.services.marks import LONGEST_CELL, MARKS, TOO_LONG

WORKBOOKS, JSON_LINES, PARQUET = (
    (".xlsx", ".xlsm", ".xls", ".ods"),
    (".jsonl", ".ndjson"),
    (".parquet",),
)
BLANK = " \t\r\n\u3000\ufeff"
SHOWN = 100


def read_table(path: Path) -> pl.DataFrame:
    """Every cell as text (null where empty), a column `line` (where the row starts in the file).

    Marks beside it, where they have something to say: `#cells` (how many more cells than the
    header), `#number_typed` (headers of the cells that were typed as numbers), `#too_long` (the
    header of a cell that no person wrote, cut). Raises FileRefused when the file can't be read.
    """
    _there(path)
    table = _reader(path)(path)
    text = [name for name, kind in table.schema.items() if kind == pl.String]
    trimmed = table.with_columns(pl.col(text).str.strip_chars(BLANK))
    empty = trimmed.with_columns(pl.when(pl.col(text) != "").then(pl.col(text)).name.keep())
    kept = empty.filter(pl.any_horizontal(pl.col(text).is_not_null())) if text else empty.clear()
    if kept.is_empty():
        raise FileRefused(f"{path.name} has a header but no rows.", zh="文件只有表头，没有数据")
    return _bounded(kept, text)


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Each row as its line, its cells by header and its marks; what a document nests stays nested."""
    if path.suffix.lower() in JSON_LINES + PARQUET:
        _there(path)
        nested = (
            documents.json_rows if path.suffix.lower() in JSON_LINES else documents.parquet_rows
        )
        for line, row in nested(path):
            yield line, row, {}
        return
    for row in read_table(path).iter_rows(named=True):
        line = row.pop("line")
        marks = {mark: row.pop(mark) for mark in MARKS if mark in row}
        yield line, row, marks


def _there(path: Path) -> None:
    if not path.exists():
        raise FileRefused(f"{path.name}: no such file.", zh="没有这个文件")
    if path.stat().st_size == 0:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")


def _reader(path: Path) -> Any:
    kind = path.suffix.lower()
    if kind in WORKBOOKS:
        return workbooks.table
    if kind in JSON_LINES:
        return documents.json_table
    return documents.parquet_table if kind in PARQUET else delimited.table


def _bounded(table: pl.DataFrame, text: list[str]) -> pl.DataFrame:
    """Cells too long to be meant are cut and marked: mostly a quote that was never closed."""
    longest = table.select(pl.col(text).str.len_bytes().max())
    long = [name for name in text if (longest[name].item() or 0) > LONGEST_CELL]
    if not long:
        return table
    over = [
        pl.when(pl.col(name).str.len_bytes() > LONGEST_CELL).then(pl.lit(name)) for name in long
    ]
    return table.with_columns(pl.coalesce(over).alias(TOO_LONG)).with_columns(
        pl.when(pl.col(name).str.len_bytes() > LONGEST_CELL)
        .then(pl.col(name).str.slice(0, SHOWN))
        .otherwise(pl.col(name))
        .alias(name)
        for name in long
    )


def write_report(path: Path, rows: Iterable[dict[str, Any]] | pl.DataFrame) -> None:
    """A CSV that Excel opens: UTF-8 with mark; a cell that would be a formula is quoted."""
    table = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows))
    text = [name for name, kind in table.schema.items() if kind == pl.String]
    plain = pl.col(text).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd")
    formula = pl.col(text).str.contains(r"^\s*[=+\-@＝＋－＠\t\r]")
    safe = pl.when(formula).then("'" + pl.col(text)).otherwise(pl.col(text)).name.keep()
    told = table.with_columns(plain).with_columns(safe) if text else table
    path.write_bytes(codecs.BOM_UTF8 + told.write_csv().encode())
