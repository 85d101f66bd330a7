"""What comes with an objection: told by content, stored by random names, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from credit.db import db
from credit.models import Filing, FilingFile
from tests.objections.conftest import Send, files, mark
from tests.objections.filings import JPEG, PDF, PNG, attached, objection


def test_attachments_are_told_by_content_and_stored_under_random_names(
    app: Flask, send: Send, code: str, fined: int
) -> None:
    sent = [attached(PDF, "..\\秘密/检验\u202e\x00报告.exe"), attached(PNG, "a.txt"), attached(JPEG, "x" * 300 + ".jpg")]
    assert send(objection(code, fined, attachments=sent)).status_code == 200
    kept = db.session.scalars(select(FilingFile).order_by(FilingFile.seq)).all()
    assert [one.type for one in kept] == ["application/pdf", "image/png", "image/jpeg"]
    assert [one.name for one in kept] == ["检验报告.exe", "a.txt", "x" * 116 + ".jpg"]
    assert [path.name for path in files(app)] == sorted(one.stored for one in kept)
    assert {path.stat().st_mode & 0o777 for path in files(app)} == {0o600}


@pytest.mark.parametrize(
    "sent",
    [[attached(b"MZ\x90", "report.pdf")], [attached(PDF + b"x" * 5_242_880 + b"%%EOF")], [attached()] * 4,
     [attached(), attached(b"<html>", "b.png")], [attached(b"", "leer.pdf")]],
    ids=["wrong type", "too large", "too many", "one of two", "empty"],
)  # fmt: skip
def test_a_wrong_attachment_is_refused_with_nothing_kept(
    app: Flask, send: Send, record: Any, code: str, fined: int, sent: Any
) -> None:
    refused = send(objection(code, fined, attachments=sent))
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"attachments"})
    assert files(app) == []
    assert db.session.scalar(select(func.count(Filing.seq))) == 0
    assert mark(record()) is None


def test_a_second_submission_is_told_of_the_first_and_keeps_nothing(
    app: Flask, send: Send, code: str, fined: int
) -> None:
    sent = objection(code, fined, attachments=[attached()])
    assert [send(sent).status_code for _ in range(3)] == [200, 409, 409]
    assert db.session.scalar(select(func.count(Filing.seq))) == 1
    assert len(files(app)) == 1
