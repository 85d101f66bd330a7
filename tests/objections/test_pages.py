"""The pages of objections: the form and its receipt, the follow-up, and the desk where cases are dealt with."""

from __future__ import annotations

import io
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from credit.db import db
from credit.models import Filing
from tests.conftest import TODAY
from tests.desk import make_login, send, sign_in
from tests.makers import (
    ago,
    make_department,
    make_event,
    make_listing,
    make_officers,
    violation,
)
from tests.objections.filings import CONTACT, PDF

OTHER = "示例农业农村局"
WORDS = "罚款金额与决定书不符。"
WITHDRAWN = {"decide-mend": "withdraw", "decide-ground": "reported_by_mistake", "decide-revoked_on": ago(0)}


def filled(code: str, event: int | None, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    given = {
        "kind": "objection", "code": code, "event": str(event or ""), "document_no": "示例罚 [2026] 1号",
        "words": WORDS, **CONTACT, "attachments": (io.BytesIO(PDF), "报告.pdf"),
    }  # fmt: skip
    return given | fields


def file(client: FlaskClient, code: str, event: int | None, **fields: Any) -> TestResponse:
    return client.post("/objections/new", data=filled(code, event, **fields))


def told(page: TestResponse) -> list[str]:
    """Number and secret of a receipt."""
    return re.findall(r'class="secret">([^<]+)<', page.text)


def number_of(page: TestResponse) -> int:
    return int(told(page)[0])


def test_the_entry_leads_to_its_form_and_the_receipt_shows_number_and_secret_once(
    client: FlaskClient, code: str, fined: int
) -> None:
    assert f"/objections/new?code={code}&amp;event={fined}" in client.get(f"/enterprises/{code}").text
    form = client.get(f"/objections/new?code={code}&event={fined}").text
    assert "铜都示例1有限公司" in form and "示例罚〔2026〕1号" not in form  # whoever files has the document
    receipt = file(client, code, fined)
    assert receipt.status_code == 200, receipt.text
    number, secret = told(receipt)
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){4}[A-HJ-NP-Z2-9]{4}", secret)
    assert receipt.headers["Cache-Control"] == "no-store"
    followed = client.post("/objections", data={"number": number, "secret": secret})
    assert "2026年11月27日" in followed.text and secret not in followed.text and WORDS not in followed.text
    wrong = client.post("/objections", data={"number": number, "secret": "A" * 20})
    unknown = client.post("/objections", data={"number": "999999", "secret": secret})
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.text.replace(f'value="{number}"', 'value="999999"') == unknown.text


def test_what_was_typed_stays_and_each_mistake_leads_to_its_field(client: FlaskClient, code: str, fined: int) -> None:
    page = file(client, code, fined, words="", phone="abc", name="")
    assert page.status_code == 422
    for field in ("words", "phone", "name"):
        assert f'href="#{field}"' in page.text and f'id="{field}-mistake"' in page.text
    assert "示例罚 [2026] 1号" in page.text
    assert 'href="#document_no"' in file(client, code, fined, document_no="别的号").text
    wrong_file = file(client, code, fined, attachments=(io.BytesIO(b"MZ"), "a.pdf"))
    assert 'href="#attachments"' in wrong_file.text and "不是 PDF" in wrong_file.text
    assert db.session.scalar(select(func.count(Filing.seq))) == 0


def test_sending_the_form_twice_files_once(client: FlaskClient, code: str, fined: int) -> None:
    assert [file(client, code, fined).status_code for _ in range(2)] == [200, 409]


def test_the_department_reads_downloads_and_decides(client: FlaskClient, code: str, fined: int) -> None:
    number = number_of(file(client, code, fined))
    sign_in(client)
    assert f"/desk/objections/{number}" in client.get("/desk/objections").text
    page = client.get(f"/desk/objections/{number}")
    for words in (WORDS, CONTACT["name"], CONTACT["phone"], "报告.pdf"):
        assert words in page.text
    (link,) = re.findall(r'href="(/desk/objections/\d+/attachments/\d+)"', page.text)
    download = client.get(link, buffered=True)
    assert (download.data, download.mimetype) == (PDF, "application/pdf")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    path = f"/desk/objections/{number}"
    unsure = send(client, path, act="decide", **{"decide-outcome": "rejected", "decide-reason": "一致"})
    assert unsure.status_code == 422 and "decide-sure" in unsure.text
    early = send(client, path, act="decide", sure="yes", **{"decide-outcome": "upheld", "decide-reason": "属实"})
    assert early.status_code == 409
    upheld = {"decide-outcome": "upheld", "decide-reason": "系误报", **WITHDRAWN}
    assert send(client, path, act="decide", sure="yes", **upheld).status_code == 303
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["violations"] == []
    assert "已撤回" in client.get(path).text
    again = send(client, path, act="decide", sure="yes", **upheld)
    assert again.status_code == 409


def test_who_is_asked_reads_the_grounds_but_not_whom_to_call(client: FlaskClient, code: str, fined: int) -> None:
    number, _ = number_of(file(client, code, fined)), make_department(OTHER)
    path = f"/desk/objections/{number}"
    sign_in(client, make_login("supervisor", OTHER))
    assert client.get(path).status_code == 403
    client.post("/desk/sign-out", data={})
    own = make_login("supervisor")
    sign_in(client, own)
    asked = {"ask-department": OTHER, "ask-reason": "请核实"}
    assert send(client, path, act="ask", sure="yes", **asked).status_code == 303
    sign_in(client, make_login("supervisor", OTHER))
    page = client.get(path).text
    assert WORDS in page and CONTACT["phone"] not in page and CONTACT["email"] not in page
    answered = send(client, path, act="answer", sure="yes", **{"answer-reason": "检验无误"})
    assert answered.status_code == 303
    assert send(client, path, act="decide", sure="yes", **{"decide-outcome": "rejected", "decide-reason": "x"}).status_code == 403


def test_the_desk_enters_what_was_brought_there(client: FlaskClient, code: str) -> None:
    hidden = make_event(violation(code, notices={}, proceedings=None))
    sign_in(client)
    given = filled(code, hidden, received_on=ago(2))
    receipt = send(client, "/desk/objections/new", **given)
    assert receipt.status_code == 200, receipt.text
    kept = db.session.get_one(Filing, number_of(receipt))
    assert (str(kept.filed_on), kept.entered_by[:8]) == (ago(2), "officer:")
    assert send(client, "/desk/objections/new", **filled(code, hidden, received_on=ago(-1))).status_code == 422


def test_what_is_suspended_is_shown_again_from_its_case(client: FlaskClient, code: str, fined: int) -> None:
    path = f"/desk/objections/{number_of(file(client, code, fined))}"
    sign_in(client)
    missing = {"decide-outcome": "unverifiable", "decide-reason": "案卷缺失"}
    assert send(client, path, act="decide", sure="yes", **missing).status_code == 303
    assert "恢复公示" in client.get(path).text
    assert send(client, path, act="resume", sure="yes", **{"resume-reason": "已找到"}).status_code == 303
    assert len(client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]) == 1
    assert send(client, path, act="resume", sure="yes", **{"resume-reason": "再次"}).status_code == 409


def test_an_officer_who_decides_revokes_a_listing(client: FlaskClient, code: str) -> None:
    make_listing(code, officers=make_officers())
    number = number_of(file(client, code, None, document_no="示例列〔2026〕1号"))
    assert "异议处理中</strong>" in client.get(f"/enterprises/{code}").text
    sign_in(client, "decider")
    upheld = {"decide-outcome": "upheld", "decide-reason": "依据已撤销", "decide-document_no": "示例撤〔2026〕1号"}
    decided = send(client, f"/desk/objections/{number}", act="decide", sure="yes", **upheld)
    assert decided.status_code == 303, decided.text
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["listings"] == []


def test_a_statement_is_sent_checked_and_shown(client: FlaskClient, code: str, fined: int) -> None:
    sent = filled(code, fined, kind="statement", words="已全部召回。<b>", attachments=(io.BytesIO(b""), ""))
    number = number_of(client.post("/objections/new", data=sent))
    assert "已全部召回" not in client.get(f"/enterprises/{code}").text
    sign_in(client)
    accepted = {"decide-outcome": "accepted", "decide-reason": "没有个人信息"}
    assert send(client, f"/desk/objections/{number}", act="decide", sure="yes", **accepted).status_code == 303
    page = client.get(f"/enterprises/{code}").text
    assert "已全部召回。&lt;b&gt;" in page and str(TODAY) in page
