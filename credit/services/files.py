"""Tables as people send them: CSV, XLSX, JSONL or Parquet, encoding and delimiter found out."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from credit.errors import FileRefused
from credit.services import delimited, documents, workbooks
from credit.services.chunks import JSON_LINES, PARQUET, WORKBOOKS, Chunk, read_chunks
from credit.services.marks import BLANK, LONGEST_CELL, MARKS, SHOWN, TOO_LONG
from credit.services.openings import check_there, kind_of

__all__ = ["Chunk", "read_chunks", "read_table", "write_report"]


def read_table(path: Path, sheet: int = 0, skip: int = 0) -> pl.DataFrame:
    """Every cell as text (null where empty), a column `line` (where the row starts in the file).

    Marks beside it, where they have something to say: `#cells` (how many more cells than the
    header), `#number_typed` (headers of the cells that were typed as numbers), `#too_long` (the
    header of a cell that no person wrote, cut). Of a workbook a sheet, without `skip` rows of title
    above the header. Raises FileRefused when the file can't be read.
    """
    check_there(path)
    table = workbooks.table(path, sheet, skip) if kind_of(path) in WORKBOOKS else _reader(path)(path)
    text = [name for name, kind in table.schema.items() if kind == pl.String and name not in MARKS]
    trimmed = table.with_columns(pl.col(text).str.strip_chars(BLANK))
    empty = trimmed.with_columns(pl.when(pl.col(text) != "").then(pl.col(text)).name.keep())
    kept = empty.filter(pl.any_horizontal(pl.col(text).is_not_null())) if text else empty.clear()
    if kept.is_empty():
        raise FileRefused(f"{path.name} has a header but no rows.", zh="文件只有表头，没有数据")
    return _bounded(kept, text)


def _reader(path: Path) -> Any:
    kind = kind_of(path)
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
    marked = [pl.col(TOO_LONG)] if TOO_LONG in table.columns else []
    return table.with_columns(pl.coalesce([*marked, *over]).alias(TOO_LONG)).with_columns(
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
