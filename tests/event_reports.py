"""Events reported through the HTTP door in tests, and what the register holds before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit.db import Base, db
from tests.makers import ago, make_key
from tests.register_files import last_seq

URL = "/api/v1/events"
FAILURE = {
    "result": "fail",
    "producer_confirmed": True,
    "occurred_on": ago(100),
    "document_no": "抽1",
}
Send = Callable[..., Any]


def sender(client: FlaskClient) -> Send:
    """Reports a document with the key of one department."""
    headers = make_key()

    def report(sent: Any, **more: Any) -> Any:
        return client.post(URL, **({"json": sent, "headers": headers} | more))

    return report


def counts() -> dict[str, int]:
    """Rows of every table, and the last change number. The audit tells of refusals too: it isn't counted."""
    found = {"seq": last_seq()}
    for name, table in Base.metadata.tables.items():
        if name == "audit":
            continue
        found[name] = int(db.session.scalar(select(func.count()).select_from(table)) or 0)
    db.session.rollback()
    return found
