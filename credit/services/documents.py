"""JSON lines and Parquet: rows that may nest, as rows for events and as tables of text for registers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.services.encodings import encoding_of
from credit.services.marks import BROKEN, DEEP, LONGEST_CELL, NUMBERED, SHOWN, TOO_LONG, headers
from credit.services.openings import opened

EXACT = 2**53
LONGEST_LINE = 16_000_000
DEEPEST = 16
# So many rows of Parquet are opened at once.
SLICE = 10_000
LONGEST_TOLD = 120
Row = tuple[int, dict[str, Any], dict[str, Any]]


def json_lines(path: Path) -> Iterator[Row]:
    """Each line's number, object and marks; empty lines are passed over, what is no object is marked.

    Raises FileRefused where no line holds an object.
    """
    found, waiting = False, []
    for line, text in _lines(path):
        row, marks = _parsed(text)
        if marks and not found:
            waiting.append((line, row, marks))
            if len(waiting) > DEEPEST:
                raise _no_rows(path, waiting)
            continue
        if not found:
            found = True
            yield from waiting
        yield line, row, marks
    if not found:
        raise _no_rows(path, waiting)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that aren't empty; of one too long the beginning, longer than any that is taken."""
    encoding = encoding_of(lambda: opened(path), path.name)
    with opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="\n") as file:
        line = 0
        while text := file.readline(LONGEST_LINE + 1):
            line += 1
            rest = text
            while rest and not rest.endswith("\n"):
                rest = file.readline(LONGEST_LINE)
            if text.strip():
                yield line, text


def _parsed(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(text) > LONGEST_LINE:
        return {}, {TOO_LONG: "line"}
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        return {}, {DEEP: True} if "depth" in str(problem) else {BROKEN: f"no JSON ({str(problem)[:LONGEST_TOLD]})"}
    if not isinstance(row, dict):
        return {}, {BROKEN: "each line must be one JSON object"}
    if text.count("{") + text.count("[") > DEEPEST and _depth(row) > DEEPEST:
        return {}, {DEEP: True}
    return shortened(row) if len(text) > LONGEST_CELL else (row, {})


def _depth(value: Any) -> int:
    """How deep lists and objects nest; told step by step, for what nests without end ends the stack."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def shortened(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row with values cut that no person wrote, and the mark that names one of them."""
    kept, marks = {}, {}
    for name, value in row.items():
        text = value if isinstance(value, str) else None
        if text is None and isinstance(value, (dict, list)):
            text = orjson.dumps(value, default=str).decode()
        if text is not None and len(text) > LONGEST_CELL:
            marks[TOO_LONG] = name[:LONGEST_TOLD]
            value = text[:SHOWN]
        kept[name[:LONGEST_CELL]] = value
    return kept, marks


def _no_rows(path: Path, waiting: list[Row]) -> FileRefused:
    if not waiting:
        return FileRefused(f"{path.name} has no rows.", zh="文件没有数据")
    line, _, marks = waiting[0]
    why = marks.get(BROKEN) or ("it nests too deep" if DEEP in marks else "it is too long")
    return FileRefused(
        f"{path.name}, line {line}: {why}. No other line at its top is a JSON object either.",
        zh=f"第{line}行不是有效的 JSON 对象，文件开头没有可用的行",
        line=line,
    )


def json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object; the first line that is none ends it. Raises FileRefused."""
    for line, row, marks in json_lines(path):
        if DEEP in marks:
            raise FileRefused(f"{path.name}, line {line}: nested too deep.", zh=f"第{line}行嵌套过深")
        if BROKEN in marks:
            told = f"{path.name}, line {line}: {marks[BROKEN]}."
            raise FileRefused(told, zh=f"第{line}行不是有效的 JSON")
        if marks and not row:
            raise FileRefused(f"{path.name}, line {line}: too long.", zh=f"第{line}行过长")
        yield line, row


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
    found = pl.concat(_slices(path))
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


def parquet_lines(path: Path) -> Iterator[Row]:
    """Each row's number, object as JSON would carry it, and marks; some rows are opened at a time."""
    line = 0
    for part in _slices(path):
        longest = _longest(part)
        for row in part.iter_rows(named=True):
            line += 1
            plain = {name: _plain(value) for name, value in row.items() if value is not None}
            yield (line, *(shortened(plain) if longest > LONGEST_CELL else (plain, {})))


def _longest(part: pl.DataFrame) -> int:
    text = [name for name, kind in part.schema.items() if kind == pl.String]
    lengths = part.select(pl.col(text).str.len_bytes().max()).row(0) if text else ()
    nested = any(kind.is_nested() for kind in part.schema.values())
    return LONGEST_CELL + 1 if nested else max((length or 0 for length in lengths), default=0)


def _slices(path: Path) -> Iterator[pl.DataFrame]:
    """Parts of a Parquet file, text too long to be meant cut a little beyond the bound before it is copied."""
    try:
        scan = pl.scan_parquet(path, glob=False)
        text = [name for name, kind in scan.collect_schema().items() if kind == pl.String]
        rows = scan.select(pl.len()).collect().item()
        cut = scan.with_columns(
            pl.when(pl.col(text).str.len_bytes() > 4 * LONGEST_CELL)
            .then(pl.col(text).str.head(LONGEST_CELL + 1))
            .otherwise(pl.col(text))
            .name.keep()
        ) if text else scan  # fmt: skip
        for first in range(0, rows, SLICE):
            yield cut.slice(first, SLICE).collect()
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise FileRefused(
            f"{path.name} is no Parquet file, or it is cut off ({str(problem)[:LONGEST_TOLD]}).",
            zh="不是 Parquet 文件，或文件不完整",
        ) from problem
    if not rows:
        raise FileRefused(f"{path.name} has no rows.", zh="文件没有数据")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value[:SHOWN].decode(errors="replace")
    return value.isoformat() if isinstance(value, date) else value
