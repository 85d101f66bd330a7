"""Complaints on pages: the public's form and receipt, and the officer's desk."""

from __future__ import annotations

import io
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit.db import db
from credit.models import AuditRow, Complaint
from tests.complaints.sent import complaint
from tests.desk import send, sign_in


def typed(**given: str) -> dict[str, str]:
    return {name: str(value) for name, value in complaint(**given).items()}


def test_the_form_the_receipt_and_the_way_back(app: Flask, client: FlaskClient, key: dict[str, str]) -> None:
    wrong = client.post("/complaints/new", data=typed(phone="", words="电缆裂"))
    assert wrong.status_code == 422 and 'href="#phone"' in wrong.text and "电缆裂" in wrong.text
    assert client.post("/complaints/new", data=typed() | {"website": "x"}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Complaint)) == 0
    receipt = client.post("/complaints/new", data=typed())
    assert receipt.status_code == 200 and receipt.headers["Cache-Control"] == "no-store"
    number, secret = re.findall(r'class="secret">([^<]+)<', receipt.text)
    about = {"number": number, "secret": secret}
    assert client.post("/complaints", data=about | {"secret": "WRONG"}).status_code == 404
    followed = client.post("/complaints?lang=en", data=about).text
    assert "received" in followed and "张示例" not in followed
    taken = client.post("/complaints", data=about | {"act": "withdraw", "sure": "yes"})
    assert taken.status_code == 200 and "已撤回" in taken.text


def test_the_desk_opens_with_a_reason_and_acts_with_a_tick(
    app: Flask, client: FlaskClient, key: dict[str, str]
) -> None:
    sign_in(client, "handler")
    assert "没有这样的事项" in client.get("/desk/complaints").text
    public = app.test_client()
    number = re.findall(r'class="secret">([^<]+)<', public.post("/complaints/new", data=typed()).text)[0]
    case = f"/desk/complaints/{number}"
    assert number in client.get("/desk/complaints?lang=en").text
    assert "张示例" not in client.get(case).text
    assert "张示例" in send(client, case, act="open", reason="联系投诉人").text
    acts = db.session.scalars(select(AuditRow.act))
    assert "complaint-opened" in list(acts)
    assert send(client, case, act="refuse", reason="不属本部门职责").status_code == 422
    assert send(client, case, act="accept", reason="受理").status_code == 303
    assert send(client, case, act="answer", reason="已退货", sure="yes").status_code == 303
    assert "已退货" in client.get(case).text


def test_an_attachment_is_downloaded_by_who_opened_the_case_and_each_time_audited(
    app: Flask, client: FlaskClient, key: dict[str, str]
) -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"
    sent = app.test_client().post("/complaints/new", data=typed() | {"attachments": (io.BytesIO(picture), "现场.jpg")})
    number = re.findall(r'class="secret">([^<]+)<', sent.text)[0]
    sign_in(client, "handler")
    case = f"/desk/complaints/{number}"
    assert "下载附件" not in client.get(case).text
    opened = send(client, case, act="open", reason="核实").text
    file = opened.split('name="file" value="')[1].split('"')[0]
    given = send(client, case, act="file", file=file, reason="核实")
    assert given.data == picture and given.headers["Content-Disposition"].startswith("attachment")
    assert list(db.session.scalars(select(AuditRow.act))).count("complaint-opened") == 2
    assert send(client, case, act="file", file=file, reason="").status_code == 422
    assert send(client, case, act="file", file="999999", reason="核实").status_code == 404


def test_other_roles_find_the_door_shut(app: Flask, client: FlaskClient, key: dict[str, str]) -> None:
    sign_in(client, "supervisor")
    assert client.get("/desk/complaints").status_code == 403
