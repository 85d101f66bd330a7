"""Public reads: one read-only connection for each thread, opened after the fork and held."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote

import psycopg
from flask import current_app

_held = threading.local()
# Readers that a fork copied. They are kept: closing one would speak for the parent.
_inherited: list[Any] = []
HOLE = re.compile(r"(?<!:):(\w+)")


class Reader(Protocol):
    """Runs a SELECT with named parameters (`:name`)."""

    connection: Any

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        """The first row or None."""

    def all(self, sql: str, **values: Any) -> list[Any]:
        """Every row."""


class SqliteReader:
    """A connection that can't write. Cursors are closed at once, so that no snapshot is held."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None)
        self.connection.execute("PRAGMA query_only=ON").close()
        self.connection.execute("PRAGMA busy_timeout=30000").close()
        self.connection.execute("PRAGMA mmap_size=1073741824").close()

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        cursor = self.connection.execute(sql, values)
        row: Sequence[Any] | None = cursor.fetchone()
        cursor.close()
        return row

    def all(self, sql: str, **values: Any) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()


class PostgresReader:
    """A read-only session; statements are prepared by psycopg when they come again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = self._connect()

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url, autocommit=True, prepare_threshold=1)
        connection.execute("SET default_transaction_read_only = on")
        return connection

    def _execute(self, sql: str, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        """Once more on a new connection if the server ended this one (restart, failover)."""
        text: Any = _with_percent_holes(sql)
        try:
            return self.connection.execute(text, values)
        except psycopg.OperationalError:
            if not self.connection.closed:
                raise
        self.connection = self._connect()
        return self.connection.execute(text, values)

    def one(self, sql: str, **values: Any) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._execute(sql, values).fetchone()
        return row

    def all(self, sql: str, **values: Any) -> list[Any]:
        return self._execute(sql, values).fetchall()


@lru_cache(maxsize=256)
def _with_percent_holes(sql: str) -> str:
    return HOLE.sub(r"%(\1)s", sql)


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
    """Let go of this thread's reader: closed if this process opened it."""
    held = getattr(_held, "key", None)
    if held is not None:
        if held[0] == os.getpid():
            _held.reader.connection.close()
        else:
            _inherited.append(_held.reader)
        del _held.reader
    _held.key = None


def _open(url: str) -> Reader:
    if url.startswith("sqlite:///"):
        return SqliteReader(url.removeprefix("sqlite:///"))
    return PostgresReader(url.replace("postgresql+psycopg://", "postgresql://", 1))
