"""Many committed rows as a frame, without making Python objects of them.

SQLite is read by an Arrow driver in a process of its own (arrow_worker.py says why), PostgreSQL
by COPY. The first sees only what is committed: the caller has written none of these rows in its
transaction.
"""

from __future__ import annotations

import atexit
import io
import json
import os
import subprocess  # nosec B404: it runs our own script, without a shell
import sys
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl
from flask import current_app
from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, Numeric, Select

from credit.db import db, is_sqlite

NULL = "\\N"
WORKER = Path(__file__).with_name("arrow_worker.py")
_workers: dict[int, subprocess.Popen[bytes]] = {}
_one_at_a_time = Lock()


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
    with _one_at_a_time:
        worker = _worker()
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.write(json.dumps({"path": path, "sql": sql}).encode() + b"\n")
        worker.stdin.flush()
        letter, length = worker.stdout.read(1), int.from_bytes(worker.stdout.read(8), "big")
        body = worker.stdout.read(length)
    if letter != b"A" or len(body) < length:
        raise RuntimeError(f"The bulk reader failed: {body.decode(errors='replace') or 'it is gone'}")
    return pl.read_ipc_stream(io.BytesIO(body))


def _worker() -> subprocess.Popen[bytes]:
    """This process's reader; it ends when its input does."""
    found = _workers.get(os.getpid())
    if found is None or found.poll() is not None:
        pipe = subprocess.PIPE
        found = subprocess.Popen([sys.executable, "-P", str(WORKER)], stdin=pipe, stdout=pipe)  # nosec B603
        _workers[os.getpid()] = found
    return found


@atexit.register
def _end() -> None:
    worker = _workers.pop(os.getpid(), None)
    if worker is not None and worker.stdin is not None and worker.stdout is not None:
        worker.stdin.close()
        worker.wait(timeout=10)
        worker.stdout.close()


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
        text, has_header=False, schema=schema, null_values=[NULL], empty_string_is_null=False
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
    if isinstance(kind, JSON) and not is_sqlite():
        return pl.when(found != "null").then(found)  # as the driver reads a JSON null
    return found.cast(pl.String)
