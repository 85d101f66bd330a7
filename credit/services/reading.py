"""Rows of the database as frames, column by column, for set-wise work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import polars as pl
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    Integer,
    LargeBinary,
    Numeric,
    Select,
    String,
    bindparam,
    func,
    select,
    true,
)

from credit.db import db, is_sqlite
from credit.services.bulk_reading import committed

FEW = 500
BLOCK = 20_000


def frame(statement: Select[*tuple[Any, ...]], bulk: bool = False) -> pl.DataFrame:
    """The rows of a select of plain columns, with the types of the columns.

    `bulk`: there are many of them, and all are committed: they are read past Python's own rows.
    """
    if bulk:
        return committed(statement)
    compiled = statement.compile(db.engine, compile_kwargs={"render_postcompile": True})
    result = db.session.connection().exec_driver_sql(str(compiled), _parameters(compiled))
    cursor, columns = result.cursor, list(statement.selected_columns)
    parts = [_part(columns, [])]
    while rows := cursor.fetchmany(BLOCK):
        parts.append(_part(columns, rows))
    return pl.concat(parts)


def _part(columns: list[Any], rows: Sequence[Any]) -> pl.DataFrame:
    """Some rows, column by column. In blocks, so that the collector never has millions to look at."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pl.DataFrame([_series(c.name, c.type, v) for c, v in zip(columns, values, strict=True)])


def _parameters(compiled: Any) -> Any:
    if compiled.positional:
        return tuple(compiled.params[name] for name in compiled.positiontup)
    return compiled.params


def _series(name: str, kind: Any, values: Sequence[Any]) -> pl.Series:
    if isinstance(kind, Boolean):
        return pl.Series(name, values, dtype=pl.Int8 if is_sqlite() else pl.Boolean).cast(
            pl.Boolean
        )
    if isinstance(kind, Integer):
        return pl.Series(name, values, dtype=pl.Int64)
    if isinstance(kind, Date):
        return _days(name, values)
    if isinstance(kind, Numeric):
        return pl.Series(name, [None if v is None else float(v) for v in values], dtype=pl.Float64)
    if isinstance(kind, LargeBinary):
        return pl.Series(name, values, dtype=pl.Binary)
    if isinstance(kind, String):
        return pl.Series(name, values, dtype=pl.String)
    return _documents(name, values)


def _days(name: str, values: Sequence[Any]) -> pl.Series:
    if is_sqlite():
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
    return pl.Series(name, values, dtype=pl.Date)


def _documents(name: str, values: Sequence[Any]) -> pl.Series:
    """A JSON column as its text, whichever way the driver gave it."""
    texts = [v if v is None or isinstance(v, str) else orjson.dumps(v).decode() for v in values]
    return pl.Series(name, texts, dtype=pl.String)


def among(column: Any, ids: Sequence[int] | None) -> Any:
    """A condition that keeps the given ids, or everything.

    Many ids are a range where they are one, else a list in a single parameter.
    """
    if ids is None:
        return true()
    if len(ids) <= FEW:
        return column.in_(ids)
    if max(ids) - min(ids) + 1 == len(set(ids)):
        return column.between(min(ids), max(ids))
    if is_sqlite():
        listed = func.json_each(orjson.dumps(sorted(ids)).decode()).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == func.any(bindparam(None, sorted(ids), ARRAY(BigInteger)))


def among_words(column: Any, words: Sequence[str]) -> Any:
    """A condition that keeps the given texts; many are a list in a single parameter."""
    if len(words) <= FEW:
        return column.in_(words)
    if is_sqlite():
        listed = func.json_each(orjson.dumps(sorted(words)).decode()).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == func.any(bindparam(None, sorted(words), ARRAY(String)))
