"""Objections: marked at once, decided with reasons, and the fact mended by the services that mend facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import reader
from credit.clock import now
from credit.db import db
from credit.models import Filing, FilingFile, FilingWords
from credit.services import feed
from tests.conftest import TODAY, Clock
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    make_officers,
    violation,
)
from tests.objection_filings import CONTACT, JPEG, PATH, PDF, PNG, attached, objection, statement

OTHER = "示例农业农村局"
MARK = "<strong>异议处理中"
WITHDRAWAL = {"reason": "reported_by_mistake", "explanation": "误报", "revoked_on": ago(0)}
Send = Callable[..., Any]


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    return make_event(violation(code))


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Files from outside; with a number and an act, acts as the department or with other headers."""
    own = make_key()

    def post(sent: Any, act: str = "", headers: dict[str, str] | None = None) -> Any:
        if not act:
            return client.post(PATH, json=sent, headers=headers)
        return client.post(f"{PATH}/{act}", json=sent, headers=headers or own)

    return post


@pytest.fixture
def record(client: FlaskClient, code: str) -> Callable[..., Any]:
    """The public record, today, of a past day, or to staff."""

    def told(query: str = "", headers: dict[str, str] | None = None) -> Any:
        answer = client.get(f"/api/v1/enterprises/{code}{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return told


def mark(record: Any, kind: str = "violations") -> Any:
    (entry,) = record[kind]
    return entry["objection"]


def files(app: Flask) -> list[Path]:
    folder = Path(app.config["CREDIT_ATTACHMENTS"])
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_mark_appears_at_once_and_goes_with_the_decision(
    client: FlaskClient, send: Send, record: Any, code: str, fined: int
) -> None:
    before = record()
    assert mark(before) is None
    filed = send(objection(code, fined))
    assert filed.status_code == 200, filed.text
    marked = record()
    assert mark(marked) == {"since": str(TODAY)}
    assert (marked["grade"], marked["score"]) == (before["grade"], before["score"])
    assert marked["seq"] > before["seq"]
    assert MARK in client.get(f"/enterprises/{code}").text
    assert "<strong>Under objection" in client.get(f"/enterprises/{code}?lang=en").text
    decided = send({"outcome": "rejected", "reason": "与决定书一致"}, f"{filed.get_json()['number']}/decide")
    assert decided.status_code == 200, decided.text
    assert mark(record()) is None
    assert MARK not in client.get(f"/enterprises/{code}").text


def test_a_failed_inspection_and_a_listing_are_marked_too_and_an_award_is_not(
    client: FlaskClient, send: Send, record: Any, code: str
) -> None:
    failed = make_event(inspection(code, document_no="抽2", result="fail", role="seller"))
    prize = make_event(award(code))
    make_listing(code)
    assert send(objection(code, failed, document_no="抽2")).status_code == 200
    assert send(objection(code, None, document_no="示例列[2026]1号")).status_code == 200
    assert send(objection(code, prize, document_no="示例诺〔2026〕1号")).status_code == 404
    assert mark(record(), "inspections") == {"since": str(TODAY)}
    assert mark(record(), "listings") == {"since": str(TODAY)}
    (listed,) = client.get("/api/v1/blacklist").get_json()["items"]
    assert listed["objection"] == {"since": str(TODAY)}
    assert MARK in client.get("/blacklist").text
    reader.close()
    stands = feed.place(TODAY)
    bodies = [item.body for item in feed.page(0, 100, TODAY, stands).items]
    assert sum(b'"objection":{"since":"%s"}' % str(TODAY).encode() in body for body in bodies) == 2


@pytest.mark.parametrize(
    "fields",
    [{"event": 999_999}, {"document_no": "示例罚〔2026〕2号"}, {"code": "OTHER"}, {"event": None}],
    ids=["unknown", "another number", "another enterprise", "no listing"],
)  # fmt: skip
def test_an_unknown_or_foreign_fact_is_refused_alike(
    send: Send, code: str, fined: int, fields: dict[str, Any]
) -> None:
    other = make_enterprise(2)
    refused = send(objection(code, fined) | ({"code": other} if "code" in fields else fields))
    assert (refused.status_code, refused.get_json()["code"]) == (404, "unknown-event")
    assert db.session.scalar(select(func.count(Filing.seq))) == 0


def test_what_is_not_shown_cant_be_contested_from_outside(send: Send, code: str) -> None:
    hidden = make_event(violation(code, notices={}, proceedings=None))
    assert send(objection(code, hidden)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"words": ""}, "words"), ({"contact": {"name": "张示例"}}, "contact"), ({"contact": {}}, "contact"),
     ({"document_no": ""}, "document_no"), ({"kind": "statement", "words": "字" * 1001}, "words"),
     ({"contact": CONTACT | {"email": "x"}}, "contact")],
)  # fmt: skip
def test_what_is_not_whole_is_refused_by_field(
    send: Send, code: str, fined: int, fields: dict[str, Any], wrong: str
) -> None:
    refused = send(objection(code, fined, **fields))
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {wrong})


def test_a_wrong_secret_is_answered_as_an_unknown_case(client: FlaskClient, send: Send, code: str, fined: int) -> None:
    filed = send(objection(code, fined)).get_json()
    number, secret = filed["number"], filed["secret"]
    told = client.get(f"{PATH}/{number}", headers={"Objection-Secret": secret.lower().replace("-", " ")})
    assert told.status_code == 200
    assert told.get_json() == {name: value for name, value in filed.items() if name != "secret"}
    wrong = client.get(f"{PATH}/{number}", headers={"Objection-Secret": "A" * 20})
    unknown = client.get(f"{PATH}/999999", headers={"Objection-Secret": secret})
    none = client.get(f"{PATH}/{number}")
    assert {answer.status_code for answer in (wrong, unknown, none)} == {404}
    assert wrong.get_json() == unknown.get_json() == none.get_json()


def test_who_guesses_secrets_must_wait(client: FlaskClient, send: Send, code: str, fined: int) -> None:
    number = send(objection(code, fined)).get_json()["number"]
    guesses = [client.get(f"{PATH}/{number}", headers={"Objection-Secret": str(n)}).status_code for n in range(12)]
    assert guesses == [404] * 10 + [429] * 2


def test_the_secret_is_kept_as_a_digest_alone(send: Send, code: str, fined: int) -> None:
    filed = send(objection(code, fined)).get_json()
    kept = db.session.get_one(Filing, filed["number"])
    assert filed["secret"] not in str(vars(kept)) and len(kept.secret) == 64


def test_a_second_submission_is_told_of_the_first_and_keeps_nothing(
    app: Flask, send: Send, code: str, fined: int
) -> None:
    sent = objection(code, fined, attachments=[attached()])
    assert [send(sent).status_code for _ in range(3)] == [200, 409, 409]
    assert db.session.scalar(select(func.count(Filing.seq))) == 1
    assert len(files(app)) == 1


def test_the_same_objection_comes_back_only_with_something_new_and_not_for_ever(
    send: Send, code: str, fined: int
) -> None:
    def decided(**fields: Any) -> int:
        filed = send(objection(code, fined, **fields))
        if filed.status_code == 200:
            number = filed.get_json()["number"]
            assert send({"outcome": "rejected", "reason": "一致"}, f"{number}/decide").status_code == 200
        return int(filed.status_code)

    assert decided() == 200
    assert decided(words="罚款金额，与决定书 不符") == 409  # another comma is no new ground
    assert decided(attachments=[attached()]) == 200
    assert decided(words="处罚对象有误。") == 409  # twice decided: at the desk


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


def test_an_upheld_objection_withdraws_the_fact_and_the_grade_follows(
    client: FlaskClient, send: Send, record: Any, code: str, fined: int
) -> None:
    before = record()
    filed = send(objection(code, fined)).get_json()
    path = f"{filed['number']}/decide"
    assert send({"outcome": "upheld", "reason": "属实"}, path).get_json()["state"] == "not mended"
    decided = send({"outcome": "upheld", "reason": "系误报", "withdrawal": WITHDRAWAL}, path)
    assert decided.status_code == 200, decided.text
    assert (decided.get_json()["outcome"], decided.get_json()["mended"]) == ("upheld", "withdrawn")
    after = record()
    assert after["violations"] == [] and after["grade"] != before["grade"]
    told = client.get(f"{PATH}/{filed['number']}", headers={"Objection-Secret": filed["secret"]}).get_json()
    assert (told["state"], told["reason"]) == ("decided", "系误报")


def test_an_upheld_objection_rests_on_a_correction_made_since(
    client: FlaskClient, send: Send, record: Any, code: str, fined: int
) -> None:
    number = send(objection(code, fined)).get_json()["number"]
    corrected = violation(code, fine="70000.00") | {"reason": "录入有误", "document": {"no": "更1", "day": ago(0)}}
    assert client.post(f"/api/v1/events/{fined}/corrections", json=corrected, headers=make_key()).status_code == 201
    assert mark(record()) == {"since": str(TODAY)}
    decided = send({"outcome": "upheld", "reason": "已更正"}, f"{number}/decide").get_json()
    assert (decided["mended"], mark(record()), record()["violations"][0]["fine"]) == ("corrected", None, "70000.00")


def test_what_cant_be_verified_is_no_longer_shown_until_it_is(send: Send, record: Any, code: str, fined: int) -> None:
    before = record()
    number = send(objection(code, fined)).get_json()["number"]
    assert send({"outcome": "unverifiable", "reason": "原始案卷缺失"}, f"{number}/decide").status_code == 200
    after = record()
    assert after["violations"] == [] and (after["score"], after["grade"]) != (before["score"], before["grade"])
    resumption = {"reason": "案卷已找到"}
    assert send(resumption, f"{number}/resume", make_key(OTHER)).status_code == 403
    assert send(resumption, f"{number}/resume").get_json()["resumed_on"] == str(TODAY)
    again = record()
    assert (again["grade"], again["score"], mark(again)) == (before["grade"], before["score"], None)
    assert send(resumption, f"{number}/resume").status_code == 409


def test_a_listing_is_revoked_by_an_officer_who_decides(app: Flask, send: Send, record: Any, code: str) -> None:
    who = make_officers()
    make_listing(code, officers=who)
    number = send(objection(code, None, document_no="示例列〔2026〕1号")).get_json()["number"]
    path = f"{number}/decide"
    upheld = {"outcome": "upheld", "reason": "依据已撤销", "document_no": "撤1"}
    assert send(upheld, path).status_code == 403  # a key is no officer
    assert send({"outcome": "unverifiable", "reason": "x"}, path).status_code == 422
    assert mark(record(), "listings") == {"since": str(TODAY)}


def test_only_the_department_that_reported_decides_and_only_who_was_asked_answers(
    send: Send, code: str, fined: int
) -> None:
    number = send(objection(code, fined)).get_json()["number"]
    other, third = make_key(OTHER), make_key("示例生态环境局")
    decision = {"outcome": "rejected", "reason": "x"}
    assert send(decision, f"{number}/decide", other).status_code == 403
    assert send({"reason": "x"}, f"{number}/answer", other).status_code == 403
    assert send({"department": DEPARTMENT, "reason": "请核"}, f"{number}/ask").status_code == 422
    asked = send({"department": OTHER, "reason": "请核实检验结果"}, f"{number}/ask")
    assert asked.get_json()["state"] == "asked"
    assert send({"department": OTHER, "reason": "再问"}, f"{number}/ask").status_code == 409
    assert send({"reason": "x"}, f"{number}/answer", third).status_code == 403
    assert send({"reason": "检验结果无误"}, f"{number}/answer", other).get_json()["state"] == "open"
    assert send({"reason": "再答"}, f"{number}/answer", other).status_code == 403
    assert send(decision, f"{number}/decide", make_key(scopes=("events:write",))).status_code == 403
    assert send(decision | {"outcome": "accepted"}, f"{number}/decide").status_code == 422
    assert send(decision, f"{number}/decide").status_code == 200
    assert send({"reason": "x", "department": OTHER}, f"{number}/ask").status_code == 409
    assert send(decision, "999999/decide").status_code == 404


def test_of_two_officers_who_decide_at_once_the_second_is_told(app: Flask, send: Send, code: str, fined: int) -> None:
    number, key = send(objection(code, fined)).get_json()["number"], make_key()
    barrier, answers = Barrier(2), []

    def decide(outcome: str) -> None:
        with app.app_context():
            sent = {"outcome": outcome, "reason": "同时"}
            barrier.wait(10)
            answers.append(app.test_client().post(f"{PATH}/{number}/decide", json=sent, headers=key).status_code)
            db.session.remove()
            reader.close()

    threads = [Thread(target=decide, args=(outcome,)) for outcome in ("rejected", "unverifiable")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 409]


def test_staff_get_the_mark_of_any_day_as_it_was_known(
    clock: Clock, send: Send, record: Any, code: str, fined: int
) -> None:
    number = send(objection(code, fined)).get_json()["number"]
    staff = make_key()
    known = now().isoformat().replace("+", "%2B")
    first = record(f"?as_of={TODAY}&known_at={known}", staff)
    assert mark(first) == {"since": str(TODAY)}
    clock.day = TODAY + timedelta(days=3)
    assert send({"outcome": "rejected", "reason": "一致"}, f"{number}/decide").status_code == 200
    assert record(f"?as_of={TODAY}&known_at={known}", staff) == first
    assert mark(record(f"?as_of={TODAY}", staff)) == {"since": str(TODAY)}
    assert mark(record(f"?as_of={clock.day}", staff)) is None
    assert mark(record(f"?as_of={ago(1)}", staff)) is None
    assert mark(record(f"?as_of={TODAY}")) is None  # what was decided is told of no day to the public


def test_no_public_day_tells_a_contested_fact_without_its_mark(send: Send, record: Any, code: str, fined: int) -> None:
    send(objection(code, fined))
    assert mark(record(f"?as_of={ago(5)}")) == {"since": str(TODAY)}


class TestStatement:
    def test_it_is_shown_only_after_an_officer_has_checked_it(
        self, client: FlaskClient, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined)).get_json()
        assert record()["violations"][0]["statement"] is None
        assert "更换了供应商" not in client.get(f"/enterprises/{code}").text
        accepted = send({"outcome": "accepted", "reason": "无个人信息"}, f"{filed['number']}/decide")
        assert accepted.status_code == 200, accepted.text
        shown = {"text": "本企业已召回全部产品，并更换了供应商。", "since": str(TODAY)}
        assert record()["violations"][0]["statement"] == shown
        assert "更换了供应商" in client.get(f"/enterprises/{code}").text

    def test_one_that_tells_of_people_is_accepted_only_with_the_reason(
        self, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined, words="本企业已处理，联系电话13800138000。")).get_json()
        decision = {"outcome": "accepted", "reason": "可"}
        refused = send(decision, f"{filed['number']}/decide")
        assert refused.status_code == 422 and "13800138000" not in refused.text
        assert send(decision | {"cleared": "企业自愿公开的客服电话"}, f"{filed['number']}/decide").status_code == 200
        assert "13800138000" in record()["violations"][0]["statement"]["text"]

    def test_a_refused_one_is_never_shown_and_its_filer_is_told_why(
        self, client: FlaskClient, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined)).get_json()
        assert send({"outcome": "refused", "reason": "含手机号码"}, f"{filed['number']}/decide").status_code == 200
        assert record()["violations"][0]["statement"] is None
        told = client.get(f"{PATH}/{filed['number']}", headers={"Objection-Secret": filed["secret"]}).get_json()
        assert (told["outcome"], told["reason"]) == ("refused", "含手机号码")

    def test_a_later_one_takes_its_place_and_each_goes_with_its_entry(
        self, clock: Clock, send: Send, record: Any, code: str, fined: int
    ) -> None:
        for words in ("第一份声明", "第二份声明"):
            number = send(statement(code, fined, words=words)).get_json()["number"]
            assert send({"outcome": "accepted", "reason": "可"}, f"{number}/decide").status_code == 200
        assert record()["violations"][0]["statement"]["text"] == "第二份声明"
        clock.day = date.fromisoformat(record()["violations"][0]["shown_until"])
        assert "第二份声明" not in str(record())

    def test_a_thousand_characters_are_taken_and_one_more_is_refused(self, send: Send, code: str, fined: int) -> None:
        refused = send(statement(code, fined, words="字" * 1001))
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"words"})
        assert send(statement(code, fined, words="字" * 1000)).status_code == 200

    def test_it_stands_beside_an_objection_and_waits_for_its_turn(self, send: Send, code: str, fined: int) -> None:
        assert send(objection(code, fined)).status_code == 200
        assert send(statement(code, fined)).status_code == 200
        assert send(statement(code, fined, words="又一份")).status_code == 409


def test_a_flood_from_one_address_is_stopped(app: Flask, send: Send, code: str, fined: int) -> None:
    app.config["CREDIT_LIMIT_OBJECTIONS"] = "3 per hour"
    assert [send(objection(code, fined)).status_code for _ in range(5)] == [200, 409, 409, 429, 429]


def test_staff_list_their_cases_without_personal_data(client: FlaskClient, send: Send, code: str, fined: int) -> None:
    number = send(objection(code, fined)).get_json()["number"]
    for key, seen in ((make_key(), [number]), (make_key(OTHER), [])):
        answer = client.get(PATH, headers=key)
        assert [one["number"] for one in answer.get_json()["items"]] == seen
        assert CONTACT["name"] not in answer.text and "不符" not in answer.text
    assert client.get(f"{PATH}?department=*&state=decided", headers=make_key(OTHER)).get_json()["items"] == []
    assert client.get(PATH).status_code == 401
    assert db.session.get_one(FilingWords, number).contact == CONTACT["name"]
