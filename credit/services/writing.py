"""Frames written as rows in one go: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.db import Base, db, is_sqlite


def insert(model: type[Base], rows: pl.DataFrame) -> None:
    """Append the rows of a frame, whose columns are the table's, inside the transaction."""
    if rows.is_empty():
        return
    db.session.flush()
    cursor = db.session.connection().connection.cursor()
    table = model.__table__.name  # type: ignore[attr-defined]
    names = ", ".join(f'"{name}"' for name in rows.columns)
    if is_sqlite():
        holes = ", ".join("?" * rows.width)
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', _plain(rows))
    else:
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows.iter_rows():
                copy.write_row(row)
    cursor.close()


def _plain(rows: pl.DataFrame) -> Any:
    """Days as ISO text, which is how SQLAlchemy keeps them in SQLite."""
    days = [name for name, kind in rows.schema.items() if kind == pl.Date]
    return rows.with_columns(pl.col(days).dt.to_string("iso")).rows() if days else rows.rows()
