"""Objections: marked at once, decided with reasons, and the fact mended by the services that mend facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import reader
from credit.clock import now
from credit.db import db
from credit.models import Filing, FilingWords
from credit.services import feed
from tests.conftest import TODAY, Clock
from tests.makers import (
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)
from tests.objections.conftest import Send, mark
from tests.objections.filings import CONTACT, PATH, attached, objection

OTHER = "示例农业农村局"
MARK = "<strong>异议处理中"


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
