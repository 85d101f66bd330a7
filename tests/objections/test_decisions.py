"""Decisions on objections: upheld means mended, by those who may, once."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from credit import reader
from credit.db import db
from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.makers import (
    DEPARTMENT,
    ago,
    make_key,
    make_listing,
    make_officers,
    make_person,
    violation,
)
from tests.objections.conftest import Send, mark
from tests.objections.filings import PATH, objection

OTHER = "示例农业农村局"
WITHDRAWAL = {"reason": "reported_by_mistake", "explanation": "误报", "revoked_on": ago(0)}


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
    assert send(upheld, path, make_person(OfficerRole.SUPERVISOR)).status_code == 403
    assert mark(record(), "listings") == {"since": str(TODAY)}
    decided = send(upheld, path, make_person(OfficerRole.DECIDER))
    assert (decided.status_code, decided.get_json()["mended"]) == (200, "withdrawn")
    assert record()["listings"] == []


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
