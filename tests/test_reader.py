"""The public reader can't write, belongs to one thread of one process, and holds nothing between reads."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from credit import create_app, reader
from credit.db import db, is_sqlite, transaction
from credit.models import Department
from credit.reader import PostgresReader, SqliteReader
from credit.services import departments
from tests.conftest import QUIET

WRITES = [
    "INSERT INTO department (id, name) VALUES (9, 'x')", "UPDATE register SET last_seq = 9", "DELETE FROM register",
    "CREATE TABLE mine (id INTEGER)", "DROP TABLE register",
]  # fmt: skip
COUNT = "SELECT count(*) FROM department"


def put(name: str) -> None:
    with transaction("test"):
        departments.add(name)


def in_thread(app: Flask, work: Callable[[], object]) -> object:
    """What the work gives in another thread, with a context of its own."""
    found: list[object] = []

    def run() -> None:
        with app.app_context():
            found.append(work())
            reader.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


def in_child(work: Callable[[], bool]) -> bool:
    """Whether the work gives true in a forked process, which ends without any farewell."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if work() else 2
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_reader_cannot_write(app: Flask) -> None:
    for write in WRITES:
        with pytest.raises((sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)):
            reader.reader().all(write)
    assert tuple(reader.reader().one("SELECT last_seq FROM register") or ()) == (0,)


def test_the_reader_sees_what_was_committed_and_nothing_else(app: Flask) -> None:
    put("甲局")
    with transaction("test"):
        departments.add("乙局")
        assert reader.reader().one(COUNT) == (1,)
    assert reader.reader().one(COUNT) == (2,)
    assert reader.reader().one("SELECT name FROM department WHERE name = :name", name="丙局") is None
    named = reader.reader().all("SELECT name FROM department WHERE id > :after ORDER BY name", after=0)
    assert sorted(map(tuple, named)) == [("乙局",), ("甲局",)]


def test_each_thread_has_one_connection_of_its_own(app: Flask) -> None:
    mine = reader.reader()
    assert reader.reader() is mine

    def other() -> tuple[bool, bool]:
        return reader.reader() is mine, reader.reader() is reader.reader()

    assert in_thread(app, other) == (False, True)
    assert reader.reader() is mine and mine.one(COUNT) == (0,)


def test_another_database_is_read_by_another_connection(app: Flask, tmp_path: Path) -> None:
    reader.reader()
    file = tmp_path / "weird ? name # 100%.db"
    sqlite3.connect(file).executescript("CREATE TABLE department (id); INSERT INTO department VALUES (1)").close()
    other = create_app({**QUIET, "DATABASE_URL": f"sqlite:///{file}"})
    with other.app_context():
        assert reader.reader().one(COUNT) == (1,)
    assert reader.reader().one(COUNT) == (0,)


def test_a_forked_process_reads_by_a_connection_of_its_own(app: Flask) -> None:
    mine = reader.reader()
    before = mine.one(COUNT)

    def child() -> bool:
        theirs = reader.reader()
        alike = theirs.one(COUNT) == before and theirs is not mine
        reader.close()
        reader.close()
        return alike and reader.reader().one(COUNT) == before

    for _ in range(3):
        assert in_child(child)
    assert reader.reader() is mine and mine.one(COUNT) == before
    put("甲局")
    assert mine.one(COUNT) == (1,)


def test_nothing_is_held_between_reads(app: Flask) -> None:
    """No old snapshot: the WAL can be emptied, or vacuum may go on."""
    for number in range(3):
        put(f"{number}局")
    found = reader.reader()
    assert found.one("SELECT name FROM department") and len(found.all("SELECT name FROM department")) == 3
    if is_sqlite():
        put("丁局")
        db.session.rollback()
        checkpoint = sqlite3.connect(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
        busy, left, _ = checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        checkpoint.close()
        assert (busy, left) == (0, 0)
        return
    backend = found.connection.info.backend_pid
    state = "SELECT state, backend_xmin FROM pg_stat_activity WHERE pid = :pid"
    assert tuple(db.session.execute(text(state), {"pid": backend}).one()) == ("idle", None)


def terminate(backend: int) -> None:
    db.session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    deadline = time.monotonic() + 10
    alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
    while db.session.scalar(alive, {"pid": backend}) and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.01)


@pytest.mark.parametrize("database", ["postgresql"])
def test_reading_goes_on_after_the_server_ended_the_connection(app: Flask, database: str) -> None:
    found = reader.reader()
    assert isinstance(found, PostgresReader)
    for _ in range(3):
        before = found.connection
        terminate(before.info.backend_pid)
        assert found.one(COUNT) == (0,) and found.connection is not before
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            found.all(WRITES[0])
    assert reader.reader() is found


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_read_that_fails_for_its_own_reasons_is_not_tried_again(app: Flask, database: str) -> None:
    found = reader.reader()
    before = found.connection
    before.execute("SET statement_timeout = '20ms'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        found.one("SELECT pg_sleep(2)")
    with pytest.raises(psycopg.errors.UndefinedTable):
        found.one("SELECT 1 FROM nowhere")
    assert found.connection is before and found.one(COUNT) == (0,)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_register_that_is_not_there_is_not_made_by_reading(tmp_path: Path, database: str) -> None:
    with pytest.raises(sqlite3.OperationalError):
        SqliteReader(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


def test_writing_goes_on_after_the_server_ended_the_writers_connection(app: Flask) -> None:
    if is_sqlite():
        return
    put("甲局")
    db.session.rollback()
    pids = [row[0] for row in reader.reader().all(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")]  # fmt: skip
    with psycopg.connect(app.config["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as other:
        for pid in pids:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
    time.sleep(0.1)
    put("乙局")
    assert db.session.scalar(db.select(db.func.count()).select_from(Department)) == 2
