"""Workbooks: the first sheet, its first row that is not empty as header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from credit.errors import FileRefused
from credit.services.marks import NUMBERED, headers


def table(path: Path) -> pl.DataFrame:
    """Every cell as text, with `line`, and `#number_typed` with the headers of numeric cells."""
    rows = _rows(path)
    top = next(
        (place for place, row in enumerate(rows) if any(_cell(cell).strip() for cell in row)), None
    )
    if top is None:
        raise FileRefused(f"{path.name} is empty.", zh="文件是空的")
    names = headers([_cell(cell) for cell in rows[top]], path.name)
    body = rows[top + 1 :]
    named = [(place, name) for place, name in enumerate(names) if name]
    columns = {name: [_cell(row[place]) for row in body] for place, name in named}
    numbers = [[name for place, name in named if _is_number(row[place])] for row in body]
    found = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return found.with_columns(
        pl.Series(NUMBERED, numbers, dtype=pl.List(pl.String)),
        line=pl.int_range(pl.len(), dtype=pl.Int64) + top + 2,
    )


def _rows(path: Path) -> list[list[Any]]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as problem:
        told = f"{path.name} is no workbook that can be read: {problem}"
        raise FileRefused(told, zh="不是可读取的工作簿") from problem
    return rows


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value)
