"""Uploads that break off at a real gunicorn, right where a row ends: nothing of them is kept."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from credit import create_app
from credit.db import AuditRow, db
from credit.models import Batch, Event
from tests.conftest import QUIET, ROOT
from tests.makers import award, make_enterprise, make_key
from tests.serving import Served, serve


@pytest.fixture(scope="module")
def register(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("cut") / "credit.db"
    shutil.copy(sqlite_template, path)
    environment = {**os.environ, **QUIET, "DATABASE_URL": f"sqlite:///{path}", "CREDIT_SPOOL": str(path.with_name("spool"))}
    yield from serve(environment, ROOT)


def post(base: str, headers: dict[str, str], sent: bytes) -> bytes:
    """The answer to a request whose sender says no more after these bytes."""
    host, _, port = base.removeprefix("http://").partition(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((host, int(port)), timeout=30) as link:
        link.sendall(f"POST /api/v1/events/batch HTTP/1.1\r\nHost: register\r\n{head}\r\n".encode() + sent)
        link.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: link.recv(65536), b""))


def test_a_body_shorter_than_it_was_announced_is_refused_whole_and_the_whole_one_taken(register: Served) -> None:
    app = create_app({**QUIET, "DATABASE_URL": register.database})
    with app.app_context():
        code = make_enterprise(1)
        key = make_key() | {"Content-Type": "application/x-ndjson", "Connection": "close", "Idempotency-Key": "one"}
    rows = [json.dumps(award(code, document_no=f"诺{number}")).encode() + b"\n" for number in range(3)]
    length, whole = {"Content-Length": str(len(b"".join(rows)))}, b"".join(rows)
    cut = post(register, key | length, b"".join(rows[:2]))
    assert b" 400 " in cut.partition(b"\r\n")[0]
    assert "file-refused" in cut.decode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(row), row) for row in rows[:2])
    assert b" 400 " in post(register, key | {"Transfer-Encoding": "chunked"}, chunks).partition(b"\r\n")[0]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == 0
        assert db.session.scalar(select(func.count()).select_from(Batch)) == 0
        refused = select(func.count()).select_from(AuditRow).where(AuditRow.outcome == "refused")
        assert db.session.scalar(refused) == 2
        db.session.rollback()
    assert b'"recorded":3' in post(register, key | length, whole).replace(b": ", b":")
