"""Tables as people send them: CSV, XLSX, JSONL or Parquet, encoding and delimiter found out."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from credit.errors import FileRefused

DELIMITERS = ",\t;|"
LONGEST_CELL = 100_000
NUMBERED = "number_typed"


def read_table(path: Path) -> pl.DataFrame:
    """Every cell as text (null where empty), a column `line` (where the row starts in the file).

    A workbook's cells that were typed as numbers stand named in column `number_typed` (list of
    headers). Raises FileRefused when the file can't be read as a whole.
    """
    if not path.exists():
        raise FileRefused(f"{path.name}: no such file.")
    if path.stat().st_size == 0:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")
    kinds = {".xlsx": _workbook, ".xlsm": _workbook, ".jsonl": _json_lines, ".ndjson": _json_lines, ".parquet": _parquet}
    table = kinds.get(path.suffix.lower(), _delimited)(path)
    if table.is_empty():
        raise FileRefused(f"{path.name} has a header but no rows.", zh="文件只有表头，没有数据")
    text = [name for name, kind in table.schema.items() if kind == pl.String]
    trimmed = pl.col(text).str.strip_chars(" \t\r\n\u3000\ufeff")
    return table.with_columns(trimmed).with_columns(
        pl.when(pl.col(text) != "").then(pl.col(text)).name.keep()
    )


def decoded(data: bytes, name: str) -> str:
    """Text of a file in UTF-8, UTF-16 or GB18030; anything else is refused, not guessed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise FileRefused(f"{name}: neither UTF-8 nor GB18030. Save it as UTF-8 and send it again.", zh="文件编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入")


def _delimited(path: Path) -> pl.DataFrame:
    text = decoded(path.read_bytes(), path.name)
    first = text[:10_000].split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        table = pl.read_csv(
            io.BytesIO(text.encode()), separator=delimiter, infer_schema=False, quote_char='"', raise_if_empty=False
        )
        if '""' in first or len(set(table.columns)) != table.width:
            raise FileRefused(f"{path.name}: a header stands twice.")
    except pl.exceptions.PolarsError:
        table = _row_by_row(text, delimiter, path.name)
    return _numbered(table)


def _row_by_row(text: str, delimiter: str, name: str) -> pl.DataFrame:
    """Rows with more or fewer cells than the header: filled, and marked in `cells`."""
    csv.field_size_limit(30_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as problem:
        raise FileRefused(f"{name}: {problem}") from problem
    if not rows or not any(rows[0]):
        raise FileRefused(f"{name} has no header.")
    header, width = rows[0], len(rows[0])
    body = [row for row in rows[1:] if any(row)]
    table = pl.DataFrame(
        [(row + [""] * width)[:width] for row in body], schema=dict.fromkeys(header, pl.String), orient="row"
    )
    return table.with_columns(cells=pl.Series([len(row) - width for row in body], dtype=pl.Int32))


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    """The line on which each row starts: a line end inside a cell makes its row longer."""
    text = [name for name, kind in table.schema.items() if kind == pl.String]
    if not text:
        return table.with_columns(line=pl.int_range(pl.len()) + 2)
    inside = pl.sum_horizontal(pl.col(name).str.count_matches("\n", literal=True).fill_null(0) for name in text)
    return table.with_columns(line=(pl.int_range(pl.len()) + 2 + inside.cum_sum() - inside).cast(pl.Int64))


def _workbook(path: Path) -> pl.DataFrame:
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as problem:
        raise FileRefused(f"{path.name} is no workbook that can be read: {problem}") from problem
    if not rows:
        raise FileRefused(f"{path.name} is empty.")
    header = [str(cell).strip() for cell in rows[0]]
    body = rows[1:]
    columns = {
        name: [_cell(row[place]) for row in body] for place, name in enumerate(header) if name
    }
    numbers = [
        [name for place, name in enumerate(header) if isinstance(row[place], (int, float)) and not isinstance(row[place], bool)]
        for row in body
    ]
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return table.with_columns(
        pl.Series(NUMBERED, numbers, dtype=pl.List(pl.String)), line=pl.int_range(pl.len(), dtype=pl.Int64) + 2
    )


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value)


def _json_lines(path: Path) -> pl.DataFrame:
    text = decoded(path.read_bytes(), path.name)
    try:
        table = pl.read_ndjson(io.BytesIO(text.encode()), infer_schema_length=None)
    except pl.exceptions.PolarsError as problem:
        raise FileRefused(f"{path.name}: each line must be one JSON object ({problem}).") from problem
    return _as_text(table).with_columns(line=pl.int_range(pl.len(), dtype=pl.Int64) + 1)


def _parquet(path: Path) -> pl.DataFrame:
    try:
        table = pl.read_parquet(path)
    except pl.exceptions.PolarsError as problem:
        raise FileRefused(f"{path.name} is no Parquet file ({problem}).") from problem
    return _as_text(table).with_columns(line=pl.int_range(pl.len(), dtype=pl.Int64) + 1)


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    flat = [name for name, kind in table.schema.items() if not kind.is_nested()]
    return table.select(pl.col(flat).cast(pl.String))


def write_report(path: Path, rows: Iterable[dict[str, Any]] | pl.DataFrame) -> None:
    """A CSV that Excel opens: UTF-8 with mark; a cell that would be a formula is quoted."""
    table = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows))
    text = [name for name, kind in table.schema.items() if kind == pl.String]
    safe = pl.when(pl.col(text).str.contains(r"^[=+\-@\t\r]")).then("'" + pl.col(text)).otherwise(pl.col(text))
    path.write_bytes(codecs.BOM_UTF8 + table.with_columns(safe.name.keep()).write_csv().encode())
