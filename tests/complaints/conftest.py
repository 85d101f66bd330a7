"""A department whose officer handles complaints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.complaints.sent import PATH
from tests.makers import DEPARTMENT, make_key


@pytest.fixture
def key(app: Flask, tmp_path: Path) -> dict[str, str]:
    app.config |= {
        "CREDIT_ATTACHMENTS": str(tmp_path / "attachments"),
        "CREDIT_KEYS": str(tmp_path / "keys"),
    }
    return make_key(DEPARTMENT, ("complaints",))


@pytest.fixture
def act(client: FlaskClient, key: dict[str, str]) -> Callable[..., Any]:
    """One act of the department on a case."""

    def done(number: int, name: str, reason: str = "已核对", **more: Any) -> Any:
        return client.post(
            f"{PATH}/{number}/acts", json={"act": name, "reason": reason} | more, headers=key
        )

    return done
