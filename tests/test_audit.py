"""The audit: every act in its own transaction, refusals too, chained so that no change stays unseen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from credit.chain import GENESIS
from credit.db import AuditRow, Register, db, transaction
from credit.services import audit
from credit.web.audit_words import ACTS
from tests.conftest import ROOT
from tests.desk import sign_in
from tests.event_reports import URL, sender
from tests.makers import code_of, make_enterprise, make_key, violation


def newest() -> dict[str, Any]:
    return audit.entries(limit=1).items[0]


def some_acts(count: int = 5) -> None:
    for number in range(count):
        with transaction(f"act-{number}", "test") as change:
            change.take(number)


def kinds() -> set[str]:
    return {fault.kind for fault in audit.verify().faults}


def tamper(statement: Any) -> None:
    db.session.rollback()
    db.session.execute(statement)
    db.session.commit()


def test_an_act_is_told_with_who_for_whom_by_which_request_and_which_numbers(client: FlaskClient) -> None:
    make_enterprise(1)
    client.post(URL, json=violation(code_of(1)), headers=make_key() | {"X-Request-ID": "tender-7"})
    told = newest()
    assert (told["act"], told["outcome"], told["request_id"]) == ("event", "done", "tender-7")
    assert told["actor"].startswith("key:") and told["on_behalf"].startswith("department:")
    assert told["first_seq"] <= told["last_seq"]
    assert audit.verify().faults == []


def test_an_act_that_takes_no_number_is_told_too(app: Flask) -> None:
    make_key()
    assert newest()["first_seq"] is None and audit.verify().faults == []


def test_what_is_rolled_back_was_never_done(app: Flask) -> None:
    before = audit.verify()
    with pytest.raises(IntegrityError), transaction("test") as change:
        db.session.execute(insert(AuditRow).values(number=change.take()[0]))
    assert audit.verify() == before


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"fine": "much"}, "invalid-input"),
        ({"code": "91340799MA0000000X"}, None),
        ({"decided_on": "2999-01-01"}, "invalid-input"),
    ],
)
def test_a_refusal_is_told_by_code_and_field_but_not_by_content(
    client: FlaskClient, sent: dict[str, Any], code: str | None
) -> None:
    make_enterprise(1)
    refused = sender(client)(violation(code_of(1)) | sent)
    told = newest()
    assert (told["outcome"], told["act"]) == ("refused", "POST /api/v1/events")
    assert told["about"]["status"] == refused.status_code
    assert told["about"]["code"] == (code or refused.json["code"])
    assert all(str(value) not in str(told) for value in sent.values())
    assert told["first_seq"] is None


def test_a_key_without_the_scope_is_told_by_its_number(client: FlaskClient) -> None:
    client.post(URL, json=violation(code_of(1)), headers=make_key(scopes=("enterprises:write",)))
    told = newest()
    assert told["actor"].startswith("key:") and told["about"]["code"] == "not-allowed"


def test_wrong_keys_are_told_but_cant_fill_the_audit(client: FlaskClient) -> None:
    before = audit.verify().count
    for number in range(15):
        client.post(URL, json={}, headers={"Authorization": f"Bearer qc_{number}"})
    assert newest()["actor"] == "unknown key"
    assert audit.verify().count == before + 10


def test_a_reader_or_a_caller_without_a_name_leaves_no_entry(client: FlaskClient) -> None:
    before = audit.verify().count
    client.get("/api/v1/enterprises/nonsense")
    client.post(URL, json={})
    assert audit.verify().count == before


@pytest.mark.parametrize(
    "column", ["at", "act", "actor", "on_behalf", "request_id", "outcome", "first_seq", "last_seq", "about", "previous"]
)
def test_a_change_of_any_column_is_found(app: Flask, column: str) -> None:
    some_acts()
    third = db.session.execute(select(AuditRow).where(AuditRow.number == 3)).scalar_one()
    other = {
        "at": third.at.replace(year=2001), "act": "other", "actor": "officer:9", "on_behalf": "department:9",
        "request_id": "x", "outcome": "refused", "first_seq": 99, "last_seq": 99, "about": {"a": 1}, "previous": GENESIS,
    }[column]  # fmt: skip
    tamper(update(AuditRow).where(AuditRow.number == 3).values({column: other}))
    assert kinds() & {"changed", "moved"}


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_entry_that_was_removed_is_missed(app: Flask, number: int) -> None:
    some_acts()
    assert audit.verify().count == 5 and not kinds()
    tamper(delete(AuditRow).where(AuditRow.number == number))
    assert kinds() & {"missing", "moved", "head"}


def test_entries_that_changed_places_are_found(app: Flask) -> None:
    some_acts()
    for old, new in ((2, 100), (3, 2), (100, 3)):
        tamper(update(AuditRow).where(AuditRow.number == old).values(number=new))
    assert "moved" in kinds()


def test_a_chain_made_anew_shows_by_a_head_that_was_noted_elsewhere(app: Flask) -> None:
    some_acts()
    noted = audit.verify()
    assert audit.verify(noted.count, noted.head).faults == []
    tamper(delete(AuditRow))
    tamper(update(Register).values(audit_number=0, audit_head=GENESIS))
    some_acts(7)
    assert not {"changed", "moved", "missing"} & kinds()
    assert "head" in {fault.kind for fault in audit.verify(noted.count, noted.head).faults}


def test_a_change_without_its_entry_is_found(app: Flask) -> None:
    some_acts()
    tamper(db.text("UPDATE change SET actor = 'somebody else'"))
    assert kinds() == {"unaudited"}


def test_the_command_names_the_broken_place(app: Flask) -> None:
    some_acts()
    run = app.test_cli_runner().invoke
    whole = run(args=["credit", "audit", "verify"])
    assert whole.exit_code == 0 and "entries 5, broken places 0" in whole.output
    tamper(update(AuditRow).where(AuditRow.number == 4).values(actor="officer:9"))
    broken = run(args=["credit", "audit", "verify"])
    assert broken.exit_code == 1 and "4  changed" in broken.output


def test_auditors_filter_and_page_through_the_api(client: FlaskClient) -> None:
    with client.application.app_context():
        some_acts(30)
    auditor = make_key(scopes=("audit",))
    first = client.get("/api/v1/audit?actor=test&limit=20", headers=auditor).json
    rest = client.get(f"/api/v1/audit?actor=test&limit=20&cursor={first['next']}", headers=auditor).json
    assert [entry["act"] for entry in first["items"] + rest["items"]] == [f"act-{n}" for n in range(29, -1, -1)]
    assert rest["next"] is None
    assert client.get("/api/v1/audit?act=act-3", headers=auditor).json["items"][0]["act"] == "act-3"
    assert client.get("/api/v1/audit?outcome=refused&until=2001-01-01", headers=auditor).json["items"] == []


def test_nobody_else_reads_the_audit(client: FlaskClient) -> None:
    others = make_key(scopes=("events:write", "enterprises:write", "supervise"))
    assert client.get("/api/v1/audit", headers=others).status_code == 403
    assert client.get("/api/v1/audit").status_code == 401


def test_every_act_of_the_program_has_words() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "credit").rglob("*.py")]
    acts = {act for text in sources for act in re.findall(r'\btransaction\(\s*"([^"]+)"', text)}
    assert acts == set(ACTS)


def test_the_page_names_acts_in_words_and_proves_the_chain_when_asked(client: FlaskClient) -> None:
    sign_in(client, "auditor")
    page = client.get("/desk/audit?prove=1").text
    assert "登录" in page and "审计链完整" in page
    tamper(update(AuditRow).where(AuditRow.number == 1).values(actor="officer:9"))
    assert "审计链有 1 处不符" in client.get("/desk/audit?prove=1").text
