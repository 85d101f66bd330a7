"""Duties with clocks: who must report, show, correct or re-check what, by which day, judged when asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from credit.rules.working_days import add_working_days
from credit.services.duties.desk import duties
from tests.conftest import TODAY, Clock
from tests.desk import sign_in
from tests.makers import (
    ago,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)

FAILED_ON = TODAY - timedelta(days=100)
FAILURE = {"result": "fail", "producer_confirmed": True, "occurred_on": FAILED_ON.isoformat(), "document_no": "抽1"}


def owed(kind: str, day: date = TODAY) -> dict[str, Any]:
    """The one duty of a kind."""
    (found,) = [row for row in duties(day).to_dicts() if row["kind"] == kind]
    return found


def kinds(day: date = TODAY) -> list[str]:
    return sorted(duties(day)["kind"])


def look_again(code: str, days_ago: int, result: str = "fail", **more: Any) -> int:
    sent = {"stage": "recheck", "related_to": [{"document_no": "抽1"}], "result": result}
    return make_event(inspection(code, document_no=f"复查{days_ago}", occurred_on=ago(days_ago), **sent | more))


@pytest.mark.parametrize(("reported_after", "state"), [(7, "in_time"), (8, "late")])
def test_a_penalty_is_reported_within_seven_working_days_of_its_decision(
    client: FlaskClient, clock: Clock, reported_after: int, state: str
) -> None:
    decided = TODAY - timedelta(days=60)
    received = clock.day = add_working_days(decided, reported_after)[0]
    known = {"occurred_on": decided.isoformat(), "decided_on": decided.isoformat()}
    make_event(violation(make_enterprise(1, day=received), **known, notices=None), day=received)
    duty = owed("report")
    assert (duty["due_on"], duty["done_on"], duty["state"]) == (add_working_days(decided, 7)[0], received, state)


def test_a_penalty_that_lacks_a_notice_stays_to_be_published_and_becomes_overdue(client: FlaskClient) -> None:
    code, decided = make_enterprise(1), TODAY - timedelta(days=10)
    make_event(violation(code, decided_on=decided.isoformat(), notices=None))
    due = add_working_days(decided, 20)[0]
    assert (owed("publish")["due_on"], owed("publish")["state"]) == (due, "open")
    assert owed("publish", due)["state"] == "open"
    assert owed("publish", due + timedelta(days=1))["state"] == "overdue"


def test_what_is_never_published_has_no_day_by_which_to_publish_it(client: FlaskClient) -> None:
    make_event(violation(make_enterprise(1), penalties=["warning"], fine=None, notices=None))
    assert kinds() == ["report"]


def test_a_final_failure_is_corrected_in_60_days_and_re_checked_in_75_from_the_order(client: FlaskClient) -> None:
    ordered = FAILED_ON + timedelta(days=20)
    make_event(inspection(make_enterprise(1), **FAILURE, ordered_on=ordered.isoformat()))
    assert [owed(kind)["due_on"] - ordered for kind in ("product-correction", "recheck")] == [
        timedelta(days=60), timedelta(days=75),
    ]  # fmt: skip
    assert owed("recheck")["state"] == ("overdue" if ordered + timedelta(days=75) < TODAY else "open")


def test_without_an_order_the_terms_run_from_the_day_on_which_the_failure_was_final(client: FlaskClient) -> None:
    make_event(inspection(make_enterprise(1), **FAILURE))
    assert owed("recheck")["began_on"] == FAILED_ON + timedelta(days=15)
    assert kinds(FAILED_ON + timedelta(days=14)) == []


def test_a_failure_that_was_objected_to_owes_nothing_before_it_is_final(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE, objected_on=FAILED_ON.isoformat()))
    assert kinds() == []
    again = {"stage": "reinspection", "related_to": [{"document_no": "抽1"}], "result": "fail"}
    make_event(inspection(code, document_no="复检1", occurred_on=ago(70), **again))
    assert owed("recheck")["began_on"] == TODAY - timedelta(days=70)


def test_a_passed_re_inspection_leaves_nothing_to_do(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE))
    again = {"stage": "reinspection", "related_to": [{"document_no": "抽1"}], "result": "pass"}
    make_event(inspection(code, document_no="复检1", occurred_on=ago(95), **again))
    assert kinds() == []


def test_what_the_producer_did_not_confirm_owes_nothing(client: FlaskClient) -> None:
    make_event(inspection(make_enterprise(1), **FAILURE | {"producer_confirmed": False}))
    assert kinds() == []


@pytest.mark.parametrize("result", ["pass", "fail"])
def test_a_re_check_ends_the_terms_whichever_way_it_went(client: FlaskClient, result: str) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE))
    look_again(code, 30, result)
    assert [owed(kind)["state"] for kind in ("product-correction", "recheck")] == ["in_time", "in_time"]


def test_after_an_announced_failed_re_check_the_second_is_due_between_day_60_and_90(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE))
    look_again(code, 80, announced_on=ago(70))
    duty, announced = owed("second-recheck"), TODAY - timedelta(days=70)
    assert (duty["opens_on"] - announced, duty["due_on"] - announced) == (timedelta(days=60), timedelta(days=90))
    assert duty["state"] == "open"
    look_again(code, 5, "pass")
    assert owed("second-recheck")["state"] == "in_time"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"objected_on": ago(50), "result": "pass"}, "objected_on"),
        ({"ordered_on": ago(400)}, "ordered_on"),
        ({"announced_on": ago(50)}, "announced_on"),
        ({"objected_on": "2999-01-01"}, "objected_on"),
    ],
)
def test_what_follows_a_failure_is_refused_elsewhere(client: FlaskClient, wrong: dict[str, Any], field: str) -> None:
    sent = inspection(make_enterprise(1), **FAILURE) | wrong
    refused = client.post("/api/v1/events", json=sent, headers=make_key())
    assert refused.status_code == 422 and field in refused.json["errors"]


def test_an_objected_failure_is_neither_shown_nor_counted_until_it_is_final(client: FlaskClient) -> None:
    code, key = make_enterprise(1), make_key()
    told = client.post("/api/v1/events", json=inspection(code, **FAILURE, objected_on=ago(90)), headers=key).json
    record = client.get(f"/api/v1/enterprises/{code}").json
    assert record["inspections"] == [] and "objection-pending" in str(told)
    again = {"stage": "reinspection", "of": told["id"], "result": "fail"}
    client.post("/api/v1/events", json=inspection(code, document_no="复检1", occurred_on=ago(70), **again), headers=key)
    shown = client.get(f"/api/v1/enterprises/{code}").json
    assert {event["document_no"] for event in shown["inspections"]} >= {"抽1"}
    assert sum(finding["points"] for finding in shown["findings"] if finding["event"] == told["id"]) < 0


def test_alerts_are_those_of_the_department_by_deadline_with_counts(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE))
    make_event(violation(code), department="别的局")
    ours = client.get("/api/v1/alerts", headers=make_key()).json
    assert {item["kind"] for item in ours["items"]} == {"product-correction", "recheck"}
    assert [item["due_on"] for item in ours["items"]] == sorted(item["due_on"] for item in ours["items"])
    assert sum(ours["counts"].values()) == 2 and ours["items"][0]["code"] == code
    every = client.get("/api/v1/alerts?department=*&limit=1", headers=make_key()).json
    assert sum(every["counts"].values()) == 4 and every["next"] == "1"
    assert client.get("/api/v1/alerts", headers=make_key(scopes=("events:write",))).status_code == 403
    assert client.get("/api/v1/alerts?department=没有的局", headers=make_key()).status_code == 404


def test_the_desk_lists_what_is_not_done(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(inspection(code, **FAILURE))
    sign_in(client)
    page = client.get("/desk/alerts").text
    assert "组织复查" in page and code in page
    assert "re-check the product" in client.get("/desk/alerts?lang=en&kind=recheck").text


def test_measurements_tell_how_many_duties_of_each_kind_are_open_and_overdue(client: FlaskClient, clock: Clock) -> None:
    code = make_enterprise(77)
    make_listing(code, TODAY, until="confirm")

    def measured(kind: str, state: str) -> float:
        told = client.get("/metrics").text
        (line,) = [one for one in told.splitlines() if one.startswith(f'credit_duties{{kind="{kind}",state="{state}"}}')]
        return float(line.rpartition(" ")[2])

    assert (measured("listing-publication", "open"), measured("listing-publication", "overdue")) == (1, 0)
    clock.day = TODAY + timedelta(days=60)
    assert (measured("listing-publication", "open"), measured("listing-publication", "overdue")) == (0, 1)
