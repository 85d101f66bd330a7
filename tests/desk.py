"""A browser's part at the desk, for tests: signing in, and forms with their token."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.makers import make_key


def token(page: TestResponse) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def sign_in(client: FlaskClient, key: str | None = None, goal: str = "/desk") -> TestResponse:
    """Open a session; without a key with a new one that may do everything."""
    known = key or make_key()["Authorization"].removeprefix("Bearer ")
    sent = {"token": token(client.get("/desk")), "key": known}
    return client.post(f"/desk/sign-in?next={goal}", data=sent)


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """A form of the desk, sent with its token."""
    return client.post(path, data={"token": token(client.get("/desk"))} | fields)
