"""Alembic runs inside the application: its engine, its models."""

from __future__ import annotations

from alembic import context
from flask import current_app

from credit.db import Base

INDEXES = ("name_index", "initials_index")


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The search index is made by hand for each database; its tables are no models."""
    return not (kind == "table" and (name or "").startswith(INDEXES))


def run() -> None:
    """Run the migrations in one transaction."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
