"""Migrations: sequential, equal to the models, up and down and up again on both databases."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect

from credit import create_app
from credit.db import db
from tests.conftest import QUIET

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def test_migrations_are_numbered_without_gap_and_named_by_what_they_do() -> None:
    files = sorted(file.stem for file in (MIGRATIONS / "versions").glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", name) for name in files), files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


def test_each_migration_follows_the_one_before() -> None:
    steps = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())[::-1]
    assert [step.revision for step in steps] == [f"{number + 1:04}" for number in range(len(steps))]
    assert [step.down_revision for step in steps] == [None, *(step.revision for step in steps[:-1])]
    assert all(step.doc for step in steps)


def test_the_migrated_database_equals_the_models(app: Flask) -> None:
    check()


def test_every_check_of_the_models_is_in_the_database(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        wanted = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        found = {str(one["name"]) for one in inspector.get_check_constraints(table.name)}
        assert found == wanted, table.name


def test_migrations_run_up_down_and_up_again(empty_database_url: str) -> None:
    app = create_app({**QUIET, "DATABASE_URL": empty_database_url})
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
        assert left == set()
        upgrade()
        check()
        db.engine.dispose()
