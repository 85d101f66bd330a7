"""Copies of other bodies' lists at the desk: how fresh each is, taken in whole, a strange size asked about first."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.models import OutsideEntry, OutsideList
from tests.conftest import TODAY, Clock
from tests.desk import make_login, send, sign_in
from tests.makers import make_enterprise
from tests.screening import HEAD, fresh_lists, verdict

PATH = "/desk/lists"


@pytest.fixture
def desk(app: Flask, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    app.config["CREDIT_SPOOL"] = str(tmp_path / "spool")
    sign_in(client, make_login("administrator"))
    return client


def rows(count: int, day: str = "2026-01-05") -> bytes:
    lines = [f"某企业{n}有限公司,,示例事由,(2026)示执{n}号,示例法院,{day}," for n in range(count)]
    return "\n".join([HEAD, *lines]).encode()


def sent(client: FlaskClient, body: bytes, **form: str) -> Any:
    return send(client, PATH, list="tax", file=(io.BytesIO(body), "名单.csv"), **form)


def entries() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OutsideEntry)) or 0


def test_a_copy_is_taken_in_and_its_freshness_is_told(desk: FlaskClient, clock: Clock) -> None:
    page = desk.get(PATH).text
    assert page.count("没有副本") == 3 and page.count("需要更新") == 3
    done = sent(desk, rows(2))
    assert done.status_code == 303 and entries() == 2
    after = desk.get(done.headers["Location"]).text
    assert "已导入" in after and "2 条" in after and after.count("需要更新") == 2
    clock.day += timedelta(days=40)
    sign_in(desk, "administrator")
    assert desk.get(PATH).text.count("需要更新") == 3


def test_one_wrong_row_takes_nothing_in_and_is_named(desk: FlaskClient) -> None:
    refused = sent(desk, rows(2) + b"\n,,,,,2026-01-05,")
    assert refused.status_code == 400 and "4: 缺少名称" in refused.text and entries() == 0
    assert sent(desk, rows(1, "2027-01-05")).status_code == 400
    assert send(desk, PATH, list="tax").status_code == 422
    assert send(desk, PATH, list="lottery", file=(io.BytesIO(rows(1)), "a.csv")).status_code == 422
    assert entries() == 0


def test_a_copy_of_quite_another_size_is_asked_about_first(
    desk: FlaskClient, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    assert sent(desk, rows(60)).status_code == 303
    short = sent(desk, rows(12))
    assert short.status_code == 422 and "上一份有 60 条" in short.text and 'name="sure"' in short.text
    assert entries() == 60, "the list with holes isn't taken in"
    file = tmp_path / "short.csv"
    file.write_bytes(rows(12))
    told = runner.invoke(args=["credit", "import-list", "tax", str(file)])
    assert told.exit_code == 2 and "60 entries" in told.output
    assert sent(desk, rows(12), sure="yes").status_code == 303 and entries() == 72
    assert runner.invoke(args=["credit", "import-list", "tax", str(file), "--sure"]).exit_code == 0


def test_only_administrators_take_copies_in(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_login("supervisor"))
    assert client.get(PATH).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(OutsideList)) == 0


def test_screening_rests_on_the_copy_that_was_taken_in(desk: FlaskClient, tmp_path: Path) -> None:
    code = make_enterprise()
    fresh_lists(tmp_path)
    assert verdict(code=code) == "clear"
    body = "\n".join([HEAD, f"铜都示例1有限公司,{code},逃税,(2026)示税1号,示例税务局,2026-01-05,"]).encode()
    assert sent(desk, body, as_of=str(TODAY)).status_code == 303
    db.session.rollback()
    assert verdict(code=code) == "excluded"
