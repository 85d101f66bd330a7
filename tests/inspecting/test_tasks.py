"""Inspection tasks through the API: a draw gives them, inspectors visit, results become events, clocks run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit.db import db
from credit.models import Event, InspectionAct
from tests import inspection_cases as cases
from tests.conftest import TODAY, Clock, Once
from tests.draws.registers import make_tiers
from tests.makers import (
    ago,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_person,
)

URL = "/api/v1/inspection-tasks"
GTIN = "6901234567892"


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def do(client: FlaskClient, person: dict[str, str], number: int, act: str, **fields: Any) -> Any:
    """One act on a task."""
    return client.post(f"{URL}/{number}/acts", json={"act": act, act: fields}, headers=person)


def test_a_draw_gives_each_drawn_enterprise_a_task_and_its_result_is_an_inspection_event(
    client: FlaskClient, codes: Any
) -> None:
    person = make_person()
    draw, tasks = cases.drawn(1, items=["酒精度", "标签"])
    assert len(tasks) == 14
    one = client.get(f"{URL}/{tasks[0].id}", headers=person).json
    assert one["subject"] == "酒精度, 标签" and one["draw"] == draw and one["due_on"] == "2026-12-31"
    assert len(one["inspectors"]) == 2 and one["allowed"] == ["reassign", "visit", "cancel"]
    people = [inspector["number"] for inspector in one["inspectors"]]
    samples = [{"gtin": GTIN, "lot": "L1", "product": "白酒"}, {"gtin": GTIN, "lot": "L2", "product": "白酒"}]
    answers = cases.ANSWERS | {"4-marking": "no"}
    sent = cases.visit(people, answers=answers, notes={"4-marking": "批号模糊"}, samples=samples)
    visited = do(client, person, one["number"], "visit", **sent)
    assert visited.status_code == 200 and visited.json["state"] == "visited"
    results = [{"result": "pass"}, {"result": "fail", "failed_items": [{"item": "酒精度"}], "safety_item": True}]
    done = do(client, person, one["number"], "result", results=results)
    assert done.status_code == 200 and done.json["state"] == "done", done.json
    events = done.json["acts"][-1]["fields"]["events"]
    shown = client.get(f"/api/v1/enterprises/{one['code']}").json["inspections"]
    # The failure isn't shown before it is final.
    assert [(found["id"], found["type"]) for found in shown if found["id"] in events] == [(events[0], "random_draw")]
    kept = db.session.scalars(select(Event).where(Event.event_id.in_(events)).order_by(Event.seq)).all()
    assert [(event.result, event.lot, event.document_no) for event in kept] == [
        ("pass", "L1", "计划1-0001"), ("fail", "L2", "计划1-0001"),
    ]  # fmt: skip


def test_a_task_of_a_draw_counts_once_against_the_yearly_cap(client: FlaskClient, codes: Any) -> None:
    person = make_person()
    _, tasks = cases.drawn(2)
    people = [one["number"] for one in client.get(f"{URL}/{tasks[0].id}", headers=person).json["inspectors"]]
    do(client, person, tasks[0].id, "visit", **cases.visit(people))
    assert do(client, person, tasks[0].id, "result", results=[{"result": "pass"}]).status_code == 200
    kept = db.session.scalar(select(func.count()).where(Event.enterprise_id == tasks[0].enterprise_id, Event.type == "random_draw"))
    assert kept == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"inspected_on": ago(1)}, "inspected_on"),
        ({"inspected_on": str(TODAY + timedelta(days=1))}, "inspected_on"),
        ({"inspectors": [999]}, "inspectors"),
        ({"inspectors": "one"}, "inspectors"),
        ({"answers": {}}, "answers.1-licence"),
        ({"answers": cases.ANSWERS | {"9-else": "yes"}}, "answers.9-else"),
        ({"answers": cases.ANSWERS | {"5-test": "no"}}, "notes.5-test"),
        ({"samples": [{"gtin": "6901234567890"}]}, "visit"),
        ({"found": "x" * 10_001}, "visit"),
    ],
)
def test_a_visit_that_lacks_something_names_it_and_keeps_nothing(
    client: FlaskClient, changed: dict[str, Any], field: str
) -> None:
    person, code = make_person(), make_enterprise(31)
    number = cases.given(code)
    people = [one["number"] for one in client.get(f"{URL}/{number}", headers=person).json["inspectors"]]
    if changed.get("inspectors") == "one":
        changed = {"inspectors": people[:1]}
    refused = do(client, person, number, "visit", **cases.visit(people, **changed))
    assert refused.status_code == 422 and any(name.startswith(field) for name in refused.json["errors"]), refused.json
    assert client.get(f"{URL}/{number}", headers=person).json["state"] == "open"


def test_no_act_comes_out_of_its_turn_or_twice(client: FlaskClient) -> None:
    person, code = make_person(), make_enterprise(32)
    number = cases.given(code)
    early = do(client, person, number, "result", results=[{"result": "pass"}])
    assert early.status_code == 409 and early.json["allowed"] == ["reassign", "visit", "cancel"]
    people = [one["number"] for one in client.get(f"{URL}/{number}", headers=person).json["inspectors"]]
    assert do(client, person, number, "visit", **cases.visit(people)).status_code == 200
    assert do(client, person, number, "visit", **cases.visit(people)).status_code == 409
    two = do(client, person, number, "result", results=[{"result": "pass"}] * 2)
    assert two.status_code == 422 and "results" in two.json["errors"]
    assert do(client, person, number, "result", results=[{"result": "pass"}]).status_code == 200
    assert do(client, person, number, "result", results=[{"result": "fail"}]).status_code == 409
    assert do(client, person, number, "cancel", reason="重复").status_code == 409
    assert db.session.scalar(select(func.count()).where(InspectionAct.task_id == number)) == 3


def test_a_task_passes_to_others_for_a_reason_but_to_nobody_who_must_stay_away(client: FlaskClient) -> None:
    person, code = make_person(), make_enterprise(33)
    number, others = cases.given(code), cases.inspectors(3)
    headers = person
    client.post(f"/api/v1/draws/inspectors/{others[0]}/recusals", json={"code": code, "reason": "亲属"}, headers=headers)
    refused = do(client, person, number, "reassign", inspectors=others[:2], reason="病假")
    assert refused.status_code == 422 and "stay away" in refused.json["errors"]["inspectors"][0]
    assert do(client, person, number, "reassign", inspectors=others[1:2], reason="病假").status_code == 422
    moved = do(client, person, number, "reassign", inspectors=others[1:], reason="病假")
    assert [one["number"] for one in moved.json["inspectors"]] == others[1:]
    assert do(client, person, number, "reassign", inspectors=others[1:], reason="病假").status_code == 422
    assert do(client, person, number, "cancel", reason="企业已注销").json["state"] == "cancelled"


def test_another_department_and_a_key_of_no_person_do_nothing(client: FlaskClient) -> None:
    code = make_enterprise(34)
    number = cases.given(code)
    stranger = make_person(department="示例农业农村局")
    assert do(client, stranger, number, "cancel", reason="x").status_code == 403
    assert do(client, make_key(), number, "cancel", reason="x").status_code == 403
    assert client.get(f"{URL}/{number}", headers=make_key(scopes=("events:write",))).status_code == 403
    assert client.get(f"{URL}/999999", headers=stranger).status_code == 404


def test_a_task_by_hand_is_checked_before_it_is_given(client: FlaskClient) -> None:
    person, code = make_person(), make_enterprise(35)
    for changed, field in (
        ({"due_on": ago(1)}, "due_on"), ({"checklist": "none"}, "checklist"), ({"inspectors": [999, 998]}, "inspectors"),
        ({"type": "random_draw"}, "type"), ({"of": 999}, "of"), ({"subject": ""}, "subject"),
    ):  # fmt: skip
        refused = client.post(URL, json=cases.task(code, **changed), headers=person)
        assert refused.status_code == 422 and field in refused.json["errors"], (field, refused.json)
    assert client.post(URL, json=cases.task("x"), headers=person).status_code == 400
    assert client.post(URL, json=cases.task(code, type="complaint", lead=7), headers=person).json["lead"] == 7


def test_a_recheck_comes_up_by_itself_once_the_failure_is_final_and_goes_when_a_task_takes_it_up(
    client: FlaskClient, clock: Clock
) -> None:
    person, code = make_person(), make_enterprise(36)
    failed = make_event(
        inspection(code, result="fail", role="producer", producer_confirmed=True, occurred_on=ago(40), ordered_on=ago(20))
    )
    waiting = client.get(f"{URL}/follow-ups", headers=person).json["items"]
    assert [(one["of"], one["follows"], one["late"]) for one in waiting] == [(failed, "recheck", False)]
    assert waiting[0]["due_on"] == str(TODAY + timedelta(days=55))
    clock.day = TODAY + timedelta(days=56)
    assert client.get(f"{URL}/follow-ups", headers=person).json["items"][0]["late"] is True
    clock.day = TODAY
    sent = cases.task(code, of=failed, type="supervised_sampling")
    given = client.post(URL, json=sent, headers=person)
    assert given.status_code == 200 and given.json["of"] == failed
    assert client.get(f"{URL}/follow-ups", headers=person).json["items"] == []
    assert client.post(URL, json=sent, headers=person).status_code == 409
    people = [one["number"] for one in given.json["inspectors"]]
    do(client, person, given.json["number"], "visit", **cases.visit(people))
    done = do(client, person, given.json["number"], "result", results=[{"result": "pass"}])
    kept = db.session.get(Event, done.json["acts"][-1]["fields"]["events"][0])
    assert kept is not None and (kept.stage, kept.of) == ("recheck", failed)


def test_clocks_of_tasks_stand_among_the_duties(client: FlaskClient, clock: Clock) -> None:
    person, code = make_person(), make_enterprise(37)
    number = cases.given(code)
    first = client.get("/api/v1/alerts?kind=inspection", headers=person).json["items"]
    assert [(one["state"], one["due_on"]) for one in first] == [("open", str(TODAY + timedelta(days=30)))]
    clock.day = TODAY + timedelta(days=31)
    late = client.get("/api/v1/alerts?kind=inspection", headers=person).json["items"]
    assert [one["state"] for one in late] == ["overdue"]
    assert [one["number"] for one in client.get(f"{URL}?overdue=true", headers=person).json["items"]] == [number]
    clock.day = TODAY
    people = [one["number"] for one in client.get(f"{URL}/{number}", headers=person).json["inspectors"]]
    do(client, person, number, "visit", **cases.visit(people))
    owed = client.get("/api/v1/alerts?kind=inspection-result", headers=person).json["items"]
    # 20 working days after Sunday 2026-11-22.
    assert [(one["state"], one["due_on"], one["basis"]) for one in owed] == [("open", "2026-12-18", "tasks.result-days")]
    do(client, person, number, "result", results=[{"result": "pass"}])
    assert client.get("/api/v1/alerts?kind=inspection-result", headers=person).json["counts"]["in_time"] == 1


def test_lists_are_paged_by_deadline_and_filtered(client: FlaskClient) -> None:
    person = make_person()
    make_events()
    numbers = [cases.given(make_enterprise(40 + place)) for place in range(3)]
    first = client.get(f"{URL}?limit=2", headers=person).json
    rest = client.get(f"{URL}?limit=2&cursor={first['next']}", headers=person).json
    assert [one["number"] for one in first["items"] + rest["items"]] == numbers and rest["next"] is None
    mine = first["items"][0]["inspectors"][0]["number"]
    assert [one["number"] for one in client.get(f"{URL}?inspector={mine}", headers=person).json["items"]] == numbers[:1]
    assert client.get(f"{URL}?state=done", headers=person).json["items"] == []
    for wrong in ("state=lost", "cursor=x", "cursor=2026-99-99.1", "inspector=me", "colour=red"):
        assert client.get(f"{URL}?{wrong}", headers=person).status_code == 422, wrong
