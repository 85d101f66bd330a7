"""Tables written a part at a time, in each format that is asked for: CSV, JSON lines, Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.services.export_data import Column

FORMATS = ("csv", "jsonl", "parquet")
MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
TYPES = {"integer": pl.Int64, "boolean": pl.Boolean}
# What a spreadsheet would take for a formula.
FORMULA = r"^\s*[=+\-@＝＋－＠\t\r]"


class Table:
    """One data set, in its formats. `rows` counts what was written."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column], formats: Sequence[str]) -> None:
        self.folder, self.name, self.columns, self.formats = folder, name, columns, formats
        self.rows, self._parts = 0, folder / f".{name}"
        self.write([])

    def path(self, format_: str) -> Path:
        return self.folder / f"{self.name}.{format_}"

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Append some rows; a column that a row lacks is empty."""
        ordered = [{column.name: row.get(column.name) for column in self.columns} for row in rows]
        if "jsonl" in self.formats:
            with self.path("jsonl").open("ab") as file:
                file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in ordered)
        if set(self.formats) - {"jsonl"}:
            self._write_frame(self._frame(ordered))
        self.rows += len(rows)

    def _frame(self, rows: list[dict[str, Any]]) -> pl.DataFrame:
        """The rows as a frame; nested values are JSON texts."""
        found = []
        for name, kind in self.columns:
            values = [row[name] for row in rows]
            if kind == "any":
                values = [value if value is None else orjson.dumps(value).decode() for value in values]
            found.append(pl.Series(name, values, dtype=TYPES.get(kind, pl.String)))
        return pl.DataFrame(found)

    def _write_frame(self, frame: pl.DataFrame) -> None:
        if "csv" in self.formats:
            text = frame.select(pl.col(pl.String)).columns
            formula = pl.col(text).str.contains(FORMULA)
            safe = frame.with_columns(pl.when(formula).then("'" + pl.col(text)).otherwise(pl.col(text)).name.keep())
            first = not self.path("csv").exists()
            with self.path("csv").open("ab") as file:
                safe.write_csv(file, include_bom=first, include_header=first)
        if "parquet" in self.formats:
            self._parts.mkdir(exist_ok=True)
            days = [column.name for column in self.columns if column.type == "date"]
            frame = frame.with_columns(pl.col(days).str.to_date("%Y-%m-%d"))
            frame.write_parquet(self._parts / f"{self.rows:012}.parquet")

    def close(self) -> None:
        """Parquet has its table of contents at the end: the parts are joined, a piece at a time."""
        if "parquet" in self.formats:
            pl.scan_parquet(self._parts / "*.parquet").sink_parquet(self.path("parquet"), compression="zstd")
            shutil.rmtree(self._parts)
