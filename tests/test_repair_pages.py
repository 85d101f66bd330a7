"""The pages of repair: the form with its pledge, the desk where it is accepted and decided, the archive."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.desk import make_login, send, sign_in
from tests.makers import ago, make_department, make_enterprise, make_event
from tests.objections.filings import CONTACT, PDF
from tests.test_repairs import fine


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    return make_event(fine(code))


def filled(code: str, event: int, **fields: Any) -> dict[str, Any]:
    return {
        "code": code, "event": str(event), "document_no": "示例罚〔2026〕1号", "words": "罚款已缴清。", **CONTACT,
        "performed_on": ago(20), "pledge": "yes", "attachments": (io.BytesIO(PDF), "缴款凭证.pdf"),
    } | fields  # fmt: skip


def test_the_entry_leads_to_the_form_once_repair_may_be_applied_for(client: FlaskClient, code: str, fined: int) -> None:
    young = make_event(fine(code, 30, document_no="示例罚〔2026〕2号"))
    page = client.get(f"/enterprises/{code}").text
    assert f"/repairs/new?code={code}&amp;event={fined}" in page and f"/repairs/new?code={code}&amp;event={young}" not in page
    form = client.get(f"/repairs/new?code={code}&event={fined}").text
    assert "本企业承诺" in form and "铜都示例1有限公司" in form


def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(client: FlaskClient, code: str, fined: int) -> None:
    page = client.post("/repairs/new", data=filled(code, fined, pledge="", performed_on=ago(500)))
    assert page.status_code == 422 and 'href="#pledge"' in page.text and "罚款已缴清。" in page.text
    early = make_event(fine(code, 30, document_no="示例罚〔2026〕2号"))
    refused = client.post("/repairs/new", data=filled(code, early, document_no="示例罚〔2026〕2号"))
    assert refused.status_code == 409 and "最短公示期" in refused.text


def test_the_desk_accepts_decides_and_the_archive_keeps_it(client: FlaskClient, code: str, fined: int) -> None:
    receipt = client.post("/repairs/new", data=filled(code, fined))
    assert receipt.status_code == 200, receipt.text
    number, secret = re.findall(r'class="secret">([^<]+)<', receipt.text)
    make_department()
    sign_in(client, make_login(OfficerRole.SUPERVISOR))
    path = f"/desk/repairs/{number}"
    assert path in client.get("/desk/repairs").text and "缴款凭证.pdf" in client.get(path).text
    (link,) = re.findall(r'href="(/desk/repairs/\d+/attachments/\d+)"', client.get(path).text)
    with client.get(link) as download:
        assert download.data == PDF
    unsure = send(client, path, **{"act": "accept", "accept-document_no": "受理1"})
    assert unsure.status_code == 422 and "请勾选确认" in unsure.text
    accepted = send(client, path, **{"act": "accept", "accept-document_no": "受理1", "sure": "yes"})
    assert accepted.status_code == 303
    assert "信用修复办理中" in client.get(f"/enterprises/{code}").text
    decision = {"act": "decide", "decide-outcome": "granted", "decide-reason": "符合条件", "decide-document_no": "修1"}
    assert send(client, path, **decision, sure="yes").status_code == 303
    page = client.get(f"/enterprises/{code}").text
    assert "示例罚〔2026〕1号" not in page and "信用修复办理中" not in page
    followed = client.post("/objections", data={"number": number, "secret": secret}).text
    assert "准予信用修复" in followed and "符合条件" in followed
    archive = client.get(f"/desk/archive?code={code}").text
    assert "示例罚〔2026〕1号" in archive and str(TODAY.year + 5) in archive
    assert client.get("/desk/archive?code=xyz").status_code == 404
