"""Public reads: one read-only connection for each thread, opened after the fork and held."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
from flask import current_app

_held = threading.local()
HOLE = re.compile(r"(?<!:):(\w+)")


class Reader(Protocol):
    """Runs a SELECT with named parameters (`:name`)."""

    connection: Any

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        """The first row or None."""

    def all(self, sql: str, **values: Any) -> list[Any]:
        """Every row."""


class SqliteReader:
    """A connection that can't write. Cursors are emptied, so that no snapshot is held."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self.connection.execute("PRAGMA query_only=ON").close()
        self.connection.execute("PRAGMA busy_timeout=30000").close()
        self.connection.execute("PRAGMA mmap_size=1073741824").close()

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        rows = self.connection.execute(sql, values).fetchmany(2)
        return rows[0] if rows else None

    def all(self, sql: str, **values: Any) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()


class PostgresReader:
    """A read-only session; statements are prepared by psycopg when they come again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = self._connect()
        self.texts: dict[str, Any] = {}

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url, autocommit=True, prepare_threshold=1)
        connection.execute("SET default_transaction_read_only = on")
        return connection

    def _execute(self, sql: str, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        text = self.texts.setdefault(sql, HOLE.sub(r"%(\1)s", sql))
        try:
            return self.connection.execute(text, values)
        except psycopg.OperationalError:
            self.connection = self._connect()
            return self.connection.execute(text, values)

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._execute(sql, values).fetchone()
        return row

    def all(self, sql: str, **values: Any) -> list[Any]:
        return self._execute(sql, values).fetchall()


def reader() -> Reader:
    """This thread's reader of the application's database."""
    url = current_app.config["DATABASE_URL"]
    key = (os.getpid(), url)
    if getattr(_held, "key", None) != key:
        close()
        _held.reader = _open(url)
        _held.key = key
    found: Reader = _held.reader
    return found


def close() -> None:
    """Close this thread's reader, if it has one of this process."""
    held = getattr(_held, "key", None)
    if held is not None and held[0] == os.getpid():
        _held.reader.connection.close()
    _held.key = None


def _open(url: str) -> Reader:
    if url.startswith("sqlite:///"):
        return SqliteReader(url.removeprefix("sqlite:///"))
    return PostgresReader(url.replace("postgresql+psycopg://", "postgresql://", 1))
