"""Nothing private leaves by a public door: a marker in every private field, looked for in every answer."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from credit.db import AuditRow, db, transaction
from credit.models import Draw, Grading
from credit.rules.permissions import SCOPES
from credit.services import departments, enterprises, keys, listings, officers, redactions, way
from credit.services.departments import Bearer
from credit.terms import Kind, OfficerRole, Tier
from schemas.enterprise import EnterpriseIn
from tests import draw_cases
from tests.conftest import TODAY
from tests.makers import (
    DECISION,
    DEPARTMENT,
    WORKSHEET,
    ago,
    award,
    code_of,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_officers,
    notice,
    violation,
)  # fmt: skip
from tests.objections.filings import PDF
from tests.pdf import said

MARK = "密玥"
# Of what holds only digits: amounts that nothing public has, as data and as pages write them.
SMALL, LARGE = "7700.00", "770077.00"
AMOUNTS = {SMALL, LARGE, "7,700 ", "770,077 "}
ALL = f"{MARK}全部"
# A name and a number in a text: the first text waits, the second is shown masked.
SPOKEN, NUMBER = f"证人张{MARK}（电话13900139000）称：以次充好。", "13900139000"
MASKED = "证人张某（电话[电话号码已隐去]）称：以次充好。"
PRIVATE = {"facts": SPOKEN, "source_ref": ALL, "publication_basis": ALL, "proceedings": True, "heavier": True}
HIDDEN_DAYS = (ago(17),)
DAYS = {"restricted_until": "2027-09-09", "performed_on": ago(17)}
# The description of the API names the tier as a part of what supervisors are told.
RULES_OF_TIERS = ("/rulebook", "/help", "/docs", "/api/v1/policy", "/api/v1/openapi.json")


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    """A fully filled enterprise. What the public may not see bears the mark."""
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    found = make_enterprise(short_name="示例一", industry="C1512", legacy_id=MARK, quality_officer=True,
                            representative=f"{MARK}李四", address=f"{MARK}路1号")  # fmt: skip
    tested = {"campaign": "春季", "level": "municipal", "laboratory": "示例检验中心", "source_ref": ALL}
    make_events(
        inspection(found, **tested),
        award(found, category="brand", source_ref=ALL),
        violation(found, basis="《产品质量法》第四十九条", confiscated=LARGE, **PRIVATE, **DAYS),
        *_not_public(found),
    )
    _masked(make_event(violation(found, document_no="示例罚〔2026〕2号", **PRIVATE)))
    make_cessation(found, f"{MARK}已修复", TODAY - timedelta(days=9))
    _listings(found)
    _filings(app, found)
    draw_cases.private(ALL, found)
    watched = {"code": found, "reason": ALL, "document_no": ALL}
    assert app.test_client().post("/api/v1/watches", json=watched, headers=make_key()).status_code == 201
    return found


def _masked(event: int) -> None:
    """A text that an officer masked, whose reason is for staff."""
    with transaction("test") as change:
        bearer = Bearer(None, departments.add(DEPARTMENT), DEPARTMENT, "test", ())
        number, _ = redactions.redact(change, event, bearer, {"masked": MASKED, "reason": f"{MARK}理由"}, TODAY)
        way.advance(change, [number], TODAY)


def _not_public(code: str) -> Iterator[dict[str, Any]]:
    """Events of which nothing at all may be seen."""
    item = {"product": ALL, "model": ALL, "lot": ALL}
    whole = {"authority": ALL, "item": item, "source_ref": ALL}
    fined = whole | {"basis": ALL, "facts": ALL, "fine": LARGE}
    small = fined | {"fine": SMALL}
    failed_items = [{"item": ALL, "limit": ALL, "value": ALL}]
    failed = whole | {"result": "fail", "laboratory": ALL, "campaign": ALL, "failed_items": failed_items}
    published = {"publication_basis": ALL}
    violations = {
        "缺告知": fined | {"proceedings": None},
        "轻微": small,
        "警告": small | published | {"penalties": ["warning"]},
        "当场": small | published | {"procedure": "simple"},
        "已过期": fined | {"occurred_on": ago(2100), "decided_on": ago(2000)},
        "已修复": fined | {"occurred_on": ago(210), "decided_on": ago(200)},
    }
    inspections = {
        "未终局": failed | {"role": "seller", "occurred_on": ago(4)},
        "未确认": failed | {"occurred_on": ago(44)},
        "无效": failed | {"result": "invalid"},
    }
    for name, fields in violations.items():
        yield violation(code, document_no=MARK + name, **fields)
    for name, fields in inspections.items():
        yield inspection(code, document_no=MARK + name, **fields)
    yield award(code, document_no=f"{MARK}将来", valid_from="2027-01-01", **whole)


def _listings(code: str) -> None:
    """One published long ago and ended, one at notice stage, one decided and not confirmed."""
    who = make_officers()
    given = {"code": code, "list": "samr-44", "ground": "art-7", "facts": f"{MARK}列入事实"}
    decision = DECISION | {"document_no": f"{MARK}列决", "basis": ALL, "facts": ALL, "consent_authority": ALL}
    acts = [
        ("assess", "supervisor", dict.fromkeys(WORKSHEET, ALL)),
        ("notify", "supervisor", notice(TODAY - timedelta(days=1200)) | {"document_no": f"{MARK}告知", "facts": ALL}),
        ("waive", "supervisor", {"document_no": f"{MARK}弃"}), ("decide", "decider", decision),
        ("confirm", "confirmer", {"remark": ALL}), ("publish", "supervisor", {}),
    ]  # fmt: skip
    for done, on in ((6, TODAY - timedelta(days=1200)), (2, TODAY), (4, TODAY)):
        with transaction("test") as change:
            listing = listings.propose(change, who["supervisor"], given, on)
            for name, officer, fields in acts[:done]:
                fields = fields | ({"served_on": on.isoformat()} if name == "notify" else {})
                listings.act(change, listing, name, who[officer], on, fields)
    with transaction("test") as change:
        department = departments.add(DEPARTMENT)
        login = officers.credentials("private-login", f"{MARK}是很长很长很长很长的密码")
        officers.add(department, f"{MARK}张三", OfficerRole.AUDITOR, login)
        keys.new(change, department, f"{MARK}密钥", list(SCOPES))
        verified = EnterpriseIn(day=TODAY).load({"code": code_of(2), "name": "铜都示例二有限公司"})
        other, _ = enterprises.put(change, verified | {"accepted_because": ALL}, TODAY)
        way.advance(change, [enterprises.find(code), other], TODAY)


def _filings(app: Flask, code: str) -> None:
    """An open objection, one refused and one unread statement: nothing of them but the mark may be seen."""
    said = {"words": ALL, "contact": {"name": ALL, "phone": "0562-7700000", "email": f"{MARK}@example.org"}}
    client, staff = app.test_client(), make_key()
    kept = client.get(f"/api/v1/enterprises/{code}").get_json()["violations"][0]
    about = {"code": code, "event": kept["id"], "document_no": kept["document_no"]} | said
    file = {"name": f"{MARK}.pdf", "content": base64.b64encode(PDF + ALL.encode() + b"%%EOF").decode()}
    statement, again = about | {"kind": "statement"}, about | {"kind": "statement", "words": f"{ALL}再次"}
    filed = [client.post("/api/v1/objections", json=sent) for sent in (about | {"attachments": [file]}, statement)]
    refused = {"outcome": "refused", "reason": ALL, "document_no": ALL}
    decided = client.post(f"/api/v1/objections/{filed[1].get_json()['number']}/decide", json=refused, headers=staff)
    asked = {"department": "示例农业农村局", "reason": ALL}
    make_key("示例农业农村局")
    sent = client.post(f"/api/v1/objections/{filed[0].get_json()['number']}/ask", json=asked, headers=staff)
    statuses = [answer.status_code for answer in (*filed, decided, sent, client.post("/api/v1/objections", json=again))]
    assert statuses == [200] * 5
    for (about_it,) in db.session.execute(select(AuditRow.about)):
        assert MARK not in str(about_it) and "7700000" not in str(about_it)


def every_question(app: Flask, code: str) -> Iterator[str]:
    """Each GET route that anybody may ask, with each of its parameters, in both languages, right and wrong."""
    past = [f"as_of={ago(back)}" for back in (5, 20, 43, 199, 1100, 1999)]
    names = ["q=示例", "q=sl", f"q={code[:8]}", f"q={code}x", f"q={MARK[0]}甲", "q=7700"]
    questions = {
        "/enterprises": [*names, "grade=B", "region=34", "industry=C15", "limit=1"],
        "/blacklist": [*names, *past, "region=34", "ground=art-7", "limit=1"],
        "/policy": [f"on={ago(300)}"],
        "/rulebook": [f"on={ago(300)}"],
        "/enterprises/CODE": [*past, *(f"kind={kind}" for kind in Kind)],
        "/enterprises/CODE/grades": past,
    }
    wrong = ["as_of=2027-01-01", "as_of=x", "on=x", "limit=0", "cursor=x", "known_at=2026-01-01", "colour=red"]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static") or rule.rule == "/metrics":
            continue
        place = re.sub(r"<[^>]+>", "CODE", rule.rule)
        asked = questions.get(place.removeprefix("/api/v1"), [])
        for spelling in [code, code[8:17], code_of(2), f"{code[:-1]}x"] if "CODE" in place else [""]:
            path = place.replace("CODE", spelling)
            for query in ["", *(asked if spelling in (code, "") else []), *wrong]:
                yield f"{path}?{query}"
                if not path.startswith("/api"):
                    yield f"{path}?lang=en&{query}"
    for number in db.session.scalars(select(Draw.id)).all():
        yield from (f"/api/v1/draws/{number}/{part}" for part in ("proof", "inputs"))


@pytest.mark.slow
def test_no_public_answer_holds_what_is_private(app: Flask, client: FlaskClient, code: str) -> None:
    """The tier is private too: only the rules speak of tiers."""
    tiers = {word for tier in Tier for word in (tier.zh, tier.en)} | {'"tier"'}
    assert db.session.scalar(select(Grading.tier).where(Grading.code == code).limit(1)) == Tier.ORDINARY
    told, asked = "", 0
    for question in every_question(app, code):
        answer = client.get(question)
        assert answer.status_code < 500, question
        text = f"{answer.headers}{said(answer)}"
        private = {MARK, NUMBER, *AMOUNTS, *HIDDEN_DAYS} | (set() if question.startswith(RULES_OF_TIERS) else tiers)
        assert not [word for word in private if word in text], question
        told, asked = told + text, asked + 1
    assert asked > 120
    assert '"objection":{"since"' in told
    for public in ("示例罚〔2026〕1号", "《产品质量法》第四十九条", "示例检验中心", "春季", "示例诺〔2026〕1号", MASKED):
        assert public in told, public


def test_only_the_department_that_reported_is_shown_its_own_words(client: FlaskClient) -> None:
    code = make_enterprise()
    make_event(violation(code, facts=ALL))
    sent = violation(code, facts="另一事实")
    keys = [make_key(name) for name in (DEPARTMENT, "示例农业农村局")]
    answers = [client.post("/api/v1/events", json=sent, headers=key) for key in keys]
    assert [answer.status_code for answer in answers] == [409, 201]
    assert [ALL in answer.text for answer in answers] == [True, False]


def test_no_log_line_holds_what_was_asked_or_answered(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    code = make_enterprise()
    sent, key = violation(code, **PRIVATE), make_key()
    capfd.readouterr()
    client.get(f"/api/v1/enterprises/{code}")
    client.get(f"/api/v1/enterprises?q={MARK}")
    client.get(f"/enterprises/{code}?as_of={ago(5)}&lang=en")
    client.post("/api/v1/events", json=sent, headers=key)
    client.post("/api/v1/events", json=sent | {"facts": MARK}, headers=key)
    client.post("/api/v1/events", json=sent | {MARK: MARK}, headers={"Authorization": "Bearer qc_secret"})
    contact = {"name": MARK, "phone": "x", "email": f"{MARK}@example.org"}
    client.post("/api/v1/objections", json={"code": code, "document_no": MARK, "words": MARK, "contact": contact})
    client.post("/objections", data={"number": "1", "secret": MARK})
    client.get(f"/objections/new?code={code}&event=1")
    lines = capfd.readouterr().err
    assert lines.count('"event":"request"') == 9
    for word in (MARK, code, code[8:17], "示例", ago(5), "qc_", "Bearer"):
        assert word not in lines
