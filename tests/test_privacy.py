"""Nothing private leaves by a public door: a marker in every private field, looked for in every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from credit.db import db, transaction
from credit.models import Event, Grading
from credit.services import blacklist, departments, enterprises, way
from credit.terms import Kind, OfficerRole, Tier
from schemas.enterprise import EnterpriseIn
from tests.conftest import TODAY
from tests.makers import (
    DECISION,
    ago,
    award,
    code_of,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_officers,
    violation,
)  # fmt: skip

MARK = "密玥"
NUMBER = "770077"
"""Of what holds only digits; no code, day or amount of this register has it."""
DEPARTMENT = "示例市场监督管理局"
PRIVATE = {"facts": f"{MARK}事实", "source_ref": f"{MARK}来源", "publication_basis": f"{MARK}依据", "proceedings": True}
DAYS = {"restricted_until": "2027-09-09", "performed_on": ago(17), "notices": {"served_on": ago(57)}}
HIDDEN_DAYS = (ago(17), ago(57))
ALL = f"{MARK}全部"


@pytest.fixture
def code(app: Flask) -> str:
    """A fully filled enterprise. What the public may not see bears the mark."""
    found = make_enterprise(short_name="示例一", industry="C1512", legacy_id=f"{NUMBER}{MARK}", quality_officer=True)
    make_event(inspection(found, campaign="春季", level="municipal", laboratory="示例检验中心", source_ref=f"{MARK}抽样单"))
    make_event(award(found, category="brand", source_ref=f"{MARK}来源"))
    make_event(violation(found, basis="《产品质量法》第四十九条", **PRIVATE, **DAYS, confiscated=f"{NUMBER}.00", heavier=True))
    for event in _not_public(found):
        make_event(event)
    make_cessation(found, f"{MARK}已修复", TODAY - timedelta(days=9))
    _listings(found)
    return found


def _not_public(code: str) -> Iterator[dict[str, Any]]:
    """Events of which nothing at all may be seen."""
    whole = {"document_no": "", "authority": f"{MARK}机关", "item": {"product": ALL, "model": ALL, "lot": ALL}, "source_ref": ALL}
    tested = {"laboratory": ALL, "campaign": ALL, "failed_items": [{"item": ALL, "limit": ALL, "value": ALL}], "result": "fail"}
    minor = {"basis": ALL, "facts": ALL, "fine": f"{NUMBER[:4]}.00"}
    yield violation(code, **whole | minor | {"document_no": f"{MARK}轻微"})
    yield violation(code, **whole | {"document_no": f"{MARK}警告", "penalties": ["warning"], "fine": None, "publication_basis": ALL})
    yield violation(code, **whole | minor | {"document_no": f"{MARK}当场", "procedure": "simple", "publication_basis": ALL})
    yield violation(code, **whole | {"document_no": f"{MARK}已过期", "occurred_on": ago(2100), "decided_on": ago(2000), "facts": ALL})
    yield violation(code, **whole | {"document_no": f"{MARK}已修复", "occurred_on": ago(210), "decided_on": ago(200), "facts": ALL})
    yield inspection(code, **whole | tested | {"document_no": f"{MARK}未终局", "role": "seller", "occurred_on": ago(4)})
    yield inspection(code, **whole | tested | {"document_no": f"{MARK}未确认", "occurred_on": ago(44)})
    yield inspection(code, **whole | tested | {"document_no": f"{MARK}无效", "result": "invalid"})
    yield award(code, **whole | {"document_no": f"{MARK}将来", "valid_from": "2027-01-01"})


def _listings(code: str) -> None:
    """One published long ago and ended, one at notice stage, one decided and not confirmed."""
    officers = make_officers()
    given = {"code": code, "list": "samr-44", "ground": "art-7", "facts": f"{MARK}列入事实"}
    decision = DECISION | {"document_no": f"{MARK}列决", "basis": ALL, "facts": ALL, "consent_authority": ALL}
    acts = [
        ("notify", "supervisor", {"document_no": f"{MARK}告知"}), ("decide", "decider", decision),
        ("confirm", "confirmer", {"remark": ALL}), ("publish", "supervisor", {}),
    ]  # fmt: skip
    for done, on in ((4, TODAY - timedelta(days=1200)), (1, TODAY), (2, TODAY)):
        with transaction("test") as change:
            listing = blacklist.propose(change, officers["supervisor"], given, on)
            for name, officer, fields in acts[:done]:
                blacklist.act(change, listing, name, officers[officer], on, fields)
    with transaction("test") as change:
        department = departments.add(DEPARTMENT)
        departments.add_officer(department, f"{MARK}张三", OfficerRole.AUDITOR)
        departments.new_key(department, f"{MARK}密钥", list(departments.SCOPES), change.recorded_at)
        verified = EnterpriseIn(day=TODAY).load({"code": code_of(2), "name": "铜都示例二有限公司"})
        other, _ = enterprises.put(change, verified | {"accepted_because": ALL}, TODAY)
        way.advance(change, [enterprises.find(code), other], TODAY)


def every_question(app: Flask, code: str) -> Iterator[str]:
    """Each GET route that anybody may ask, with each of its parameters, in both languages, right and wrong."""
    questions = {
        "/enterprises": ["q=示例", "q=sl", f"q={MARK}", f"q={code[:8]}", f"q={code}x", "grade=B", "region=34", "industry=C15", "limit=1"],
        "/blacklist": ["q=示例", f"q={MARK}", "region=34", "ground=art-7", f"as_of={ago(1100)}", "limit=1"],
        "/policy": [f"on={ago(300)}"],
        "/rulebook": [f"on={ago(300)}"],
        "/enterprises/CODE": [f"as_of={ago(n)}" for n in (5, 20, 43, 199, 1100, 1999)] + [f"kind={kind}" for kind in Kind],
        "/enterprises/CODE/grades": [f"as_of={ago(n)}" for n in (5, 199)],
    }  # fmt: skip
    wrong = ["as_of=2027-01-01", "as_of=x", "on=x", "limit=0", "cursor=x", "known_at=2026-01-01T00:00:00Z", "colour=red"]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static") or rule.rule == "/metrics":
            continue
        place = re.sub(r"<[^>]+>", "CODE", rule.rule)
        asked = questions.get(place.removeprefix("/api/v1"), [])
        for spelling in [code, code[8:17], code_of(2), code[:-1] + "?"] if "CODE" in place else [""]:
            path = place.replace("CODE", spelling)
            for query in ["", *asked, *wrong]:
                yield f"{path}?{query}"
                if not path.startswith("/api"):
                    yield f"{path}?lang=en&{query}"


@pytest.mark.slow
def test_no_public_answer_holds_what_is_private(app: Flask, client: FlaskClient, code: str, database: str) -> None:
    told, asked = "", 0
    private = (MARK, NUMBER, *HIDDEN_DAYS)
    for question in every_question(app, code):
        if database == "postgresql" and asked > 60 and "as_of" in question:
            continue
        answer = client.get(question)
        assert answer.status_code < 500, question
        text = re.sub(f'(value|href|content)="[^"]*{MARK}[^"]*"', "", answer.text) if f"q={MARK}" in question else answer.text
        told, asked = told + text, asked + 1
        for word in private:
            if word == MARK and f"q={MARK}" in question:
                assert not re.search(f"{MARK}[^“”」\"<&\\s]", text), question
            else:
                assert word not in text + str(answer.headers), (question, word)
    assert asked > 120
    for public in ("示例罚〔2026〕1号", "《产品质量法》第四十九条", "示例检验中心", "春季", "示例诺〔2026〕1号"):
        assert public in told, public


def test_the_tier_is_in_no_public_door_but_the_rulebook(app: Flask, client: FlaskClient, code: str) -> None:
    assert db.session.scalar(select(Grading.tier).where(Grading.code == code).limit(1)) == Tier.ORDINARY
    words = {word for tier in Tier for word in (tier.zh, tier.en)}
    for question in every_question(app, code):
        if not question.startswith(("/rulebook", "/help", "/api/v1/policy")) and "=" not in question.replace("lang=en", ""):
            text = client.get(question).text
            assert not [word for word in words if word in text], question
            assert '"tier"' not in text, question


def test_an_answer_to_a_department_shows_it_its_own_event_only(client: FlaskClient, code: str) -> None:
    """The one answer with private fields: to the department that reported, when two contents clash."""
    kept = db.session.scalars(select(Event).where(Event.code == code, Event.document_no == "示例罚〔2026〕1号")).one()
    with transaction("test") as change:
        keys = [
            departments.new_key(departments.add(name), "", list(departments.SCOPES), change.recorded_at)
            for name in (DEPARTMENT, "示例农业农村局")
        ]
    sent = violation(code, source_ref=kept.source_ref, fine="80000")
    answers = [client.post("/api/v1/events", json=sent, headers={"Authorization": f"Bearer {key}"}) for key in keys]
    assert [answer.status_code for answer in answers] == [409, 201]
    assert f"{MARK}事实" in answers[0].text
    assert MARK not in answers[1].text


def test_no_log_line_holds_what_was_asked_or_answered(
    client: FlaskClient, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    key = "qc_" + MARK
    client.get(f"/api/v1/enterprises/{code}")
    client.get(f"/api/v1/enterprises?q={MARK}")
    client.get(f"/enterprises/{code}?as_of={ago(5)}&lang=en")
    sent = violation(code, **PRIVATE)
    client.post("/api/v1/events", json=sent, headers={"Authorization": f"Bearer {key}".encode().decode("latin-1")})
    lines = capfd.readouterr().err
    assert lines.count('"event":"request"') == 4
    for word in (MARK, NUMBER, code, code[8:17], "示例", ago(5), "qc_"):
        assert word not in lines
