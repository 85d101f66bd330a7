"""Batches at the desk: tried first, then confirmed; progress, refusals and results without script."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from credit.db import db
from credit.models import Event
from credit.services.batches import work
from tests.desk import send, sign_in, token
from tests.makers import make_enterprise

PAGE = "/desk/batches"
HEAD = "统一社会信用代码,发生日期,处罚决定日期,文书号,类别,处罚种类,罚款金额\n"


@pytest.fixture(autouse=True)
def spool(app: Flask, tmp_path: Path) -> Path:
    """Uploads wait in a folder of their own."""
    app.config["CREDIT_SPOOL"] = str(tmp_path / "spool")
    return tmp_path / "spool"


def table(code: str, *fines: str) -> bytes:
    rows = (f"{code},2026-05-01,2026-06-01,罚{number},产品质量,罚款,{fine}\n" for number, fine in enumerate(fines))
    return (HEAD + "".join(rows)).encode()


def upload(client: FlaskClient, content: bytes, name: str = "处罚.csv", **fields: str) -> TestResponse:
    data = {"token": token(client.get("/desk")), "file": (io.BytesIO(content), name), "kind": "violation"} | fields
    return client.post(PAGE, data=data)


def settled(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page of a batch once the work in the background is over."""
    assert answer.status_code == 303, answer.text
    for thread in threading.enumerate():
        if thread.name.startswith("batch-"):
            thread.join()
    db.session.rollback()  # what the thread did is seen from now on
    return client.get(answer.headers["Location"])


def documents() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Event.document_no).order_by(Event.seq)))


def test_a_file_is_tried_explained_confirmed_and_its_results_downloaded(client: FlaskClient, spool: Path) -> None:
    code = make_enterprise()
    sign_in(client, "reporter")
    trial = settled(client, upload(client, table(code, "60000", "-1", "70000")))
    assert "什么都没有写入" in trial.text and "确认后录入 2 条" in trial.text
    assert "Must be between 0" in trial.text and documents() == []
    path = trial.request.path
    done = settled(client, send(client, path, do="confirm"))
    assert "已办完：1 家企业" in done.text and documents() == ["罚0", "罚2"]
    assert list(spool.iterdir()) == []
    again = client.post(path, data={"token": token(client.get("/desk")), "do": "confirm"})
    assert again.status_code == 409
    found = client.get(f"{done.request.path}/results")
    assert found.headers["Content-Disposition"].endswith('.csv"')
    lines = found.data.decode("utf-8-sig").splitlines()
    assert [re.search("recorded|rejected", line)[0] for line in lines[1:]] == ["recorded", "rejected", "recorded"]  # type: ignore[index]
    assert [f"{PAGE}/{number}" in client.get(PAGE).text for number in (1, 2, 3)] == [True, True, False]


def test_progress_survives_a_reload_and_work_that_stands_still_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "reporter")
    with monkeypatch.context() as stopped:
        stopped.setattr(work, "run", lambda number, *_, **__: work._now(number))  # as if the process were killed
        page = settled(client, upload(client, table(make_enterprise(), "60000")))
    assert "正在办理" in page.text and page.headers["Refresh"] == "3"
    assert client.get(page.request.path).text.count("<progress") == 1
    done = settled(client, send(client, page.request.path, do="go-on"))
    assert "确认报送" in done.text and "Refresh" not in done.headers


def test_what_is_declared_and_strict_is_asked_for_in_the_form(client: FlaskClient) -> None:
    code = make_enterprise()
    sign_in(client, "reporter")
    days = dict.fromkeys(("served_on", "publication_notice_on", "repair_notice_on"), "2026-06-02")
    trial = settled(client, upload(client, table(code, "60000"), proceedings="false", **days))
    settled(client, send(client, trial.request.path, do="confirm"))
    (event,) = db.session.scalars(select(Event))
    assert (str(event.served_on), event.proceedings) == ("2026-06-02", "none")
    refused = settled(client, upload(client, table(code, "1", "-1"), strict="true"))
    assert "整批未保留" in refused.text and "确认报送" not in refused.text


def test_a_file_that_cant_be_taken_is_told_on_the_page(client: FlaskClient) -> None:
    sign_in(client, "reporter")
    for content, name, fields, told in (
        (b"", "", {}, "请选择文件"), (b"x", "a.docx", {}, "请发送 JSONL"), (b"", "a.csv", {}, "文件是空的"),
        (table("x", "1")[:-9], "a.csv", {}, "被截断"), (table("x", "1"), "a.csv", {"served_on": "morgen"}, "served_on"),
        (table("x", "1"), "a.csv", {"kind": ""}, "请说明"),
    ):  # fmt: skip
        answer = upload(client, content, name, **fields)
        assert (400 <= answer.status_code < 500, told in answer.text) == (True, True), (told, answer.status_code)


def test_only_who_may_report_sees_the_batches_of_the_own_department(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 303
    sign_in(client, "reporter")
    page = settled(client, upload(client, table(make_enterprise(), "60000")))
    assert upload(client, b"x", token="wrong").status_code == 403
    client.post("/desk/sign-out", data={"token": token(client.get("/desk"))})
    sign_in(client, "auditor")
    assert client.get(PAGE).status_code == 403
    assert client.get(page.request.path).status_code == 403
    assert client.get("/desk/batches/99").status_code == 403
