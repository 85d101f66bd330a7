"""Many committed rows as a frame, without making Python objects of them.

SQLite is read by an Arrow driver on a connection of its own, PostgreSQL by COPY. The first sees
only what is committed: the caller has written none of these rows in its transaction.
"""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

import adbc_driver_sqlite.dbapi
import polars as pl
from flask import current_app
from sqlalchemy import Boolean, Date, Integer, LargeBinary, Numeric, Select

from credit.db import db, is_sqlite

# One batch holds all rows of a call, so that a column's type is that of all its values.
ALL_ROWS = "10000000"
NULL = "\\N"


def committed(statement: Select[*tuple[Any, ...]]) -> pl.DataFrame:
    """The rows of a select of plain columns, with the types of the columns."""
    compiled = statement.compile(
        db.engine, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    # Literals are written for a driver that reads % as a hole; no hole is left here.
    sql = str(compiled).replace("%%", "%")
    columns = list(statement.selected_columns)
    found = _arrow(sql) if is_sqlite() else _copied(sql, [c.name for c in columns])
    return found.select(_typed(column) for column in columns)


def _arrow(sql: str) -> pl.DataFrame:
    path = current_app.config["DATABASE_URL"].removeprefix("sqlite:///")
    with (
        adbc_driver_sqlite.dbapi.connect(f"file:{quote(path)}?mode=ro") as connection,
        connection.cursor() as cursor,
    ):
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": ALL_ROWS})
        cursor.execute(sql)
        return pl.DataFrame(cursor.fetch_arrow())


def _copied(sql: str, names: list[str]) -> pl.DataFrame:
    text = io.BytesIO()
    cursor = db.session.connection().connection.cursor()
    with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, NULL '{NULL}')") as copy:
        for block in copy:
            text.write(block)
    cursor.close()
    text.seek(0)
    schema = dict.fromkeys(names, pl.String)
    if not text.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    # An empty text is a text: only \N is none.
    return pl.read_csv(
        text, has_header=False, schema=schema, null_values=[NULL], missing_utf8_is_empty_string=True
    )


def _typed(column: Any) -> pl.Expr:
    """A column as SQLite's Arrow or PostgreSQL's text has it, in the type that the model says."""
    found, kind = pl.col(column.name), column.type
    if isinstance(kind, Boolean):
        return found.cast(pl.Int8).cast(pl.Boolean) if is_sqlite() else found == "t"
    if isinstance(kind, Integer):
        return found.cast(pl.Int64)
    if isinstance(kind, Date):
        return found.cast(pl.String).str.to_date("%Y-%m-%d")
    if isinstance(kind, Numeric):
        return found.cast(pl.Float64)
    if isinstance(kind, LargeBinary):
        return found.cast(pl.Binary)
    return found.cast(pl.String)
