"""Reads SQLite by Arrow for `bulk_reading`, as a process of its own: run as a script, it imports nothing of ours.

The Arrow driver brings a second SQLite. Two of them in one process undo each other's file locks
(POSIX locks belong to the process), and a writer would lose what it commits.

Each line of the input is JSON: path, sql. Each answer is a letter (A rows, E error), eight bytes
of length, and the rows as an Arrow stream or the error's text.
"""

from __future__ import annotations

import io
import json
import sys
from typing import BinaryIO
from urllib.parse import quote

import adbc_driver_sqlite.dbapi
import polars as pl

# One batch holds all rows of a call, so that a column's type is that of all its values.
ALL_ROWS = "10000000"


def rows(path: str, sql: str) -> bytes:
    """The rows of a statement as an Arrow stream, as last committed."""
    with (
        adbc_driver_sqlite.dbapi.connect(f"file:{quote(path)}?mode=ro") as connection,
        connection.cursor() as cursor,
    ):
        connection.execute("PRAGMA busy_timeout=30000").close()
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": ALL_ROWS})
        cursor.execute(sql)
        stream = io.BytesIO()
        pl.DataFrame(cursor.fetch_arrow()).write_ipc_stream(stream)
        return stream.getvalue()


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer every line until there are no more."""
    for line in asked:
        request = json.loads(line)
        try:
            letter, body = b"A", rows(request["path"], request["sql"])
        except Exception as problem:
            letter, body = b"E", str(problem).encode()
        answers.write(letter + len(body).to_bytes(8, "big"))
        answers.write(body)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
