"""Public answers as the tests compare them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

API = "/api/v1"
OWN = ("code", "org_code", "name", "seq", "data_as_of", "graded_on")


def get(client: FlaskClient, path: str) -> Any:
    """The document at a path of the API; anything but 200 is an error."""
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.text
    return answer.json


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """A record without what may differ, and with its events numbered by their places."""
    kept = {name: value for name, value in record.items() if name not in names}
    return {name: _unnumbered(value) for name, value in kept.items()}


def _unnumbered(value: Any) -> Any:
    if isinstance(value, list):
        return [_unnumbered(one) for one in value]
    if isinstance(value, dict):
        return {name: 0 if name in ("id", "event", "report") and one else _unnumbered(one) for name, one in value.items()}
    return value
