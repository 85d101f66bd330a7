"""Applications with other settings on the same register, and keys to call them with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from credit import create_app
from credit.db import db, transaction
from credit.rules.permissions import OF_DEPARTMENTS
from credit.services import departments, keys
from tests.conftest import QUIET

Make = Callable[..., Flask]


@pytest.fixture
def make(database_url: str) -> Iterator[Make]:
    """Makes an application with other settings on the same register."""
    made: list[Flask] = []

    def with_settings(**settings: Any) -> Flask:
        made.append(create_app({**QUIET, "DATABASE_URL": database_url, **settings}))
        return made[-1]

    yield with_settings
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def new_key(app: Flask) -> str:
    """A key of a new department."""
    with app.app_context(), transaction("key", "test") as change:
        department = departments.add("示范市市场监督管理局")
        return keys.new(change, department, "test", list(OF_DEPARTMENTS)).key


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
