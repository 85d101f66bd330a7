"""JSON lines and Parquet: rows that may nest, as rows for events and as tables of text for registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.services.delimited import decoded
from credit.services.marks import NUMBERED, headers

EXACT = 2**53


def json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object; empty lines are passed over."""
    found = False
    for line, text in enumerate(decoded(path.read_bytes(), path.name).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError as problem:
            told = f"{path.name}, line {line}: no JSON ({problem})."
            raise FileRefused(told, zh=f"第{line}行不是有效的 JSON") from problem
        if not isinstance(row, dict):
            told = f"{path.name}, line {line}: each line must be one JSON object."
            raise FileRefused(told, zh=f"第{line}行不是 JSON 对象")
        found = True
        yield line, row
    if not found:
        raise FileRefused(f"{path.name} has no rows.", zh="文件没有数据")


def json_table(path: Path) -> pl.DataFrame:
    """The flat values of JSON lines as text; numbers beyond 2^53 are marked, for no program keeps them."""
    lines, rows = zip(*json_rows(path), strict=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {
        given: pl.Series([_text(row.get(name)) for row in rows], dtype=pl.String)
        for name, given in zip(names, headers(names, path.name), strict=True)
        if given
    }
    numbers = [[name for name, value in row.items() if _beyond(value)] for row in rows]
    marks = {
        NUMBERED: pl.Series(numbers, dtype=pl.List(pl.String)),
        "line": pl.Series(lines, dtype=pl.Int64),
    }
    return pl.DataFrame(columns | marks)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _beyond(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) >= EXACT


def parquet_table(path: Path) -> pl.DataFrame:
    """The flat columns of a Parquet file as text."""
    found = _parquet(path)
    flat = [
        name for name, kind in found.schema.items() if not kind.is_nested() and kind != pl.Binary
    ]
    wide = [name for name in flat if found.schema[name].is_float()]
    typed = found.select(pl.col(flat).cast(pl.String)).rename(
        dict(zip(flat, headers(flat, path.name), strict=True))
    )
    if wide:
        listed = pl.concat_list(
            [pl.when(found[name].is_not_null()).then(pl.lit(name)) for name in wide]
        )
        typed = typed.with_columns(listed.list.drop_nulls().alias(NUMBERED))
    return typed.with_columns(line=pl.int_range(pl.len(), dtype=pl.Int64) + 1)


def parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row's number and object, as JSON would carry it."""
    for line, row in enumerate(_parquet(path).iter_rows(named=True), start=1):
        yield line, {name: _plain(value) for name, value in row.items()}


def _parquet(path: Path) -> pl.DataFrame:
    try:
        found = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise FileRefused(
            f"{path.name} is no Parquet file ({problem}).", zh="不是 Parquet 文件"
        ) from problem
    if found.is_empty():
        raise FileRefused(f"{path.name} has no rows.", zh="文件没有数据")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value
