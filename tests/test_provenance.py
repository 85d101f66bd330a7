"""Provenance: every published fact names department, document, received, changed, and its report; no person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.models import Event
from credit.services import enterprises, way
from tests.conftest import TODAY, Clock
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    violation,
)

EVENTS = "/api/v1/events"
WHY = {"reason": "金额录入有误", "document": {"no": "示例更〔2026〕1号", "day": ago(1)}}


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


def facts(client: FlaskClient, code: str) -> list[dict[str, Any]]:
    record = client.get(f"/api/v1/enterprises/{code}").get_json()
    return [*record["violations"], *record["inspections"], *record["awards"]]


def test_every_published_fact_names_where_it_comes_from(client: FlaskClient, code: str) -> None:
    ids = make_events(violation(code), inspection(code), award(code))
    told = facts(client, code)
    assert [one["id"] for one in told] == ids
    for one in told:
        assert (one["department"], one["received_on"], one["changed_on"]) == (DEPARTMENT, str(TODAY), None)
        assert one["report"] == f"E{one['id']}"
        assert one["document_no"]
    page = client.get(f"/enterprises/{code}").text
    assert page.count(f"{DEPARTMENT} 报送") == 3
    assert f"E{ids[0]}" in page


def test_a_correction_tells_when_it_changed_and_keeps_when_it_was_received(
    client: FlaskClient, clock: Clock, code: str
) -> None:
    event = make_event(violation(code))
    clock.day = TODAY + timedelta(days=9)
    sent = violation(code, fine="70000.00") | WHY
    assert client.post(f"{EVENTS}/{event}/corrections", json=sent, headers=make_key()).status_code == 201
    (told,) = facts(client, code)
    assert (told["received_on"], told["changed_on"]) == (str(TODAY), str(clock.day))
    assert told["report"] == f"E{event}"


def test_a_fact_of_a_batch_names_the_batch(client: FlaskClient, code: str) -> None:
    event = make_event(violation(code))
    with transaction("test") as change:
        db.session.execute(db.update(Event).where(Event.event_id == event).values(report_id=77))
        way.advance(change, [enterprises.find(code)], TODAY)
    assert [one["report"] for one in facts(client, code)] == ["B77"]


def test_staff_see_every_version_with_who_when_why_and_what_changed(
    client: FlaskClient, clock: Clock, code: str
) -> None:
    event, key = make_event(violation(code)), make_key()
    clock.day = TODAY + timedelta(days=9)
    changed = violation(code, fine="70000.00", basis="《产品质量法》第四十九条") | WHY
    client.post(f"{EVENTS}/{event}/corrections", json=changed, headers=key)
    told = client.get(f"{EVENTS}/{event}", headers=key).get_json()
    first, second = told["versions"]
    assert (first["version"], first["differences"], first["reason"]) == (event, [], None)
    assert second["differences"] == [
        {"field": "fine", "before": "60000.00", "after": "70000.00"},
        {"field": "basis", "before": None, "after": "《产品质量法》第四十九条"},
    ]
    assert (second["reason"], second["rests_on"]) == (WHY["reason"], WHY["document"])
    assert second["actor"].startswith("key:") and second["received_on"] == str(clock.day)
    assert second["recorded_at"] > first["recorded_at"]
    assert told["publication"]["shown"] and told["publication"]["withheld"] == []
    assert [one["present"] for one in told["classifications"]] == [True]


def test_a_version_is_told_as_the_document_that_reported_it(client: FlaskClient, code: str) -> None:
    failed = [{"item": "水分", "limit": "15", "value": "17"}]
    sent = inspection(code, result="fail", producer_confirmed=True, failed_items=failed, item={"product": "米", "lot": "L1"})
    event, key = make_event(sent), make_key()
    document = client.get(f"{EVENTS}/{event}", headers=key).get_json()["versions"][0]["document"]
    assert document | sent == document
    again = client.post(EVENTS, json=document, headers=key)
    assert (again.status_code, again.get_json()["id"]) == (200, event)


@pytest.mark.parametrize(
    ("act", "reason"), [(None, None), ("withdrawal", "revoked"), ("missing", "notice-missing")]
)
def test_staff_are_told_whether_it_is_shown_and_why_not(
    client: FlaskClient, code: str, act: str | None, reason: str | None
) -> None:
    event, key = make_event(violation(code, **({"proceedings": None} if act == "missing" else {}))), make_key()
    if act == "withdrawal":
        sent = {"reason": "other", "explanation": "重复报送", "revoked_on": ago(2)}
        client.post(f"{EVENTS}/{event}/withdrawal", json=sent, headers=key)
    told = client.get(f"{EVENTS}/{event}", headers=key).get_json()["publication"]
    assert told["shown"] is (reason is None)
    assert [one["reason"] for one in told["withheld"]] == ([reason] if reason else [])


def test_reporters_see_their_own_supervisors_see_all(client: FlaskClient, code: str) -> None:
    event, path = make_event(violation(code)), EVENTS
    other = "示例农业农村局"
    asked = {
        200: [make_key(scopes=("events:write",)), make_key(other, scopes=("supervise",))],
        403: [make_key(other, scopes=("events:write",)), make_key(scopes=("enterprises:write",))],
    }
    for status, keys in asked.items():
        for key in keys:
            assert client.get(f"{path}/{event}", headers=key).status_code == status
    assert client.get(f"{path}/{event}").status_code == 401
    assert client.get(f"{path}/999999", headers=make_key()).status_code == 404


def test_either_version_reported_again_is_on_file_and_changes_nothing(client: FlaskClient, code: str) -> None:
    event, key = make_event(violation(code)), make_key()
    corrected = violation(code, fine="70000.00")
    client.post(f"{EVENTS}/{event}/corrections", json=corrected | WHY, headers=key)
    before = facts(client, code)
    for sent in (violation(code), corrected):
        again = client.post(EVENTS, json=sent, headers=key)
        assert (again.status_code, again.get_json()["id"], again.get_json()["state"]) == (200, event, "on_file")
    assert client.post(EVENTS, json=violation(code, fine="1.00"), headers=key).status_code == 409
    assert facts(client, code) == before
