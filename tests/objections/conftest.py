"""An enterprise with a fact that is contested, and whoever files, asks, answers and decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.makers import make_enterprise, make_event, make_key, violation
from tests.objections.filings import PATH

Send = Callable[..., Any]


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    return make_event(violation(code))


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Files from outside; with a number and an act, acts as the department or with other headers."""
    own = make_key()

    def post(sent: Any, act: str = "", headers: dict[str, str] | None = None) -> Any:
        if not act:
            return client.post(PATH, json=sent, headers=headers)
        return client.post(f"{PATH}/{act}", json=sent, headers=headers or own)

    return post


@pytest.fixture
def record(client: FlaskClient, code: str) -> Callable[..., Any]:
    """The public record, today, of a past day, or to staff."""

    def told(query: str = "", headers: dict[str, str] | None = None) -> Any:
        answer = client.get(f"/api/v1/enterprises/{code}{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return told


def mark(record: Any, kind: str = "violations") -> Any:
    (entry,) = record[kind]
    return entry["objection"]


def files(app: Flask) -> list[Path]:
    folder = Path(app.config["CREDIT_ATTACHMENTS"])
    return sorted(folder.iterdir()) if folder.exists() else []
