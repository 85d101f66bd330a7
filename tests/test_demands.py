"""Demands: whoever finds a fact wrong says so, and its department answers in time, or is told late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.policy import load_policy
from credit.services import demands
from tests.conftest import TODAY, Clock
from tests.makers import (
    ago,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)

EVENTS = "/api/v1/events"
OTHER = "示例农业农村局"
WRONG = {"ground": "inaccurate", "wrong": "罚款金额与决定书不符", "document_no": "示例核〔2026〕1号"}
WHY = {"reason": "金额录入有误", "document": {"no": "示例更〔2026〕1号", "day": ago(0)}}
REVOKED = {"reason": "basis_revoked", "document_no": "示例撤〔2026〕1号", "revoked_on": ago(3)}
Send = Callable[..., Any]


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    return make_event(violation(code))


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Posts about an event, as its own department or with other headers."""
    own = make_key()

    def post(path: str, sent: Any, headers: dict[str, str] | None = None) -> Any:
        return client.post(f"{EVENTS}/{path}", json=sent, headers=headers or own)

    return post


@pytest.fixture
def other(app: Flask) -> dict[str, str]:
    return make_key(OTHER, scopes=("events:write",))


def duties(day: date = TODAY) -> list[tuple[Any, ...]]:
    rows = demands.open_demands(day).sort("began_on", "kind")
    return rows.select("kind", "event_id", "began_on", "days", "done_on", "basis").rows()


def test_another_department_demands_and_the_clock_starts(send: Send, fined: int, other: dict[str, str]) -> None:
    answer = send(f"{fined}/demands", WRONG | {"received_on": "2026-11-19"}, other)
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert (told["event"], told["demanded_by"], told["answer"]) == (fined, OTHER, None)
    # Thursday the 19th and five working days: Thursday the 26th.
    assert (told["due_on"], told["late"]) == ("2026-11-26", False)
    assert duties() == [("correct", fined, date(2026, 11, 19), 5, None, "demands.correction-days")]


def test_a_revoked_decision_is_to_be_withdrawn_within_three_working_days(
    send: Send, fined: int, other: dict[str, str]
) -> None:
    told = send(f"{fined}/demands", WRONG | {"ground": "revoked", "received_on": "2026-11-19"}, other).get_json()
    assert told["due_on"] == "2026-11-24"
    assert load_policy().value("demands.withdrawal-days", TODAY) == 3
    assert [row[0] for row in duties()] == ["withdraw"]


@pytest.mark.parametrize(
    ("ground", "corrected", "withdrawn"),
    [("inaccurate", "corrected", "withdrawn"), ("changed", "corrected", "withdrawn"),
     ("revoked", None, "withdrawn"), ("illegal", None, "withdrawn")],
)  # fmt: skip
def test_a_correction_or_withdrawal_answers_what_it_mends(
    client: FlaskClient, send: Send, code: str, other: dict[str, str], ground: str, corrected: str | None, withdrawn: str
) -> None:
    for number, (act, sent, answer) in enumerate(
        [("corrections", violation(code, document_no="罚0", fine="70000.00") | WHY, corrected),
         ("withdrawal", REVOKED, withdrawn)]
    ):  # fmt: skip
        event = make_event(violation(code, document_no=f"罚{number}"))
        assert send(f"{event}/demands", WRONG | {"ground": ground}, other).status_code == 201
        assert send(f"{event}/{act}", sent).status_code == 201
        (told,) = client.get(f"{EVENTS}/{event}", headers=make_key()).get_json()["demands"]
        assert told["answer"] == answer
        assert told["answered_on"] == (str(TODAY) if answer else None)


def test_a_refusal_needs_reasons_and_answers_once(send: Send, fined: int, other: dict[str, str]) -> None:
    number = send(f"{fined}/demands", WRONG, other).get_json()["id"]
    path = f"{fined}/demands/{number}/refusal"
    assert set(send(path, {}).get_json()["errors"]) == {"reason"}
    assert send(path, {"reason": "x"}, other).status_code == 403
    refused = send(path, {"reason": "决定书金额与报送一致"})
    assert (refused.status_code, refused.get_json()["answer"]) == (200, "refused")
    assert send(path, {"reason": "再次答复"}).status_code == 409
    assert send(f"{fined}/demands/999999/refusal", {"reason": "x"}).status_code == 404
    assert [row[4] for row in duties()] == [TODAY]


def test_the_same_demand_again_is_no_new_one_while_it_is_open(
    send: Send, fined: int, other: dict[str, str]
) -> None:
    first = send(f"{fined}/demands", WRONG, other)
    again = send(f"{fined}/demands", WRONG, other)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    send(f"{fined}/demands/{first.get_json()['id']}/refusal", {"reason": "核对无误"})
    assert send(f"{fined}/demands", WRONG, other).status_code == 201


def test_who_answers_late_is_told_so_and_so_is_the_answer(
    client: FlaskClient, clock: Clock, send: Send, code: str, fined: int, other: dict[str, str]
) -> None:
    send(f"{fined}/demands", WRONG, other)
    clock.day = TODAY + timedelta(days=30)
    (late,) = client.get(f"{EVENTS}/{fined}", headers=make_key()).get_json()["demands"]
    assert late["late"] and late["answer"] is None
    assert send(f"{fined}/corrections", violation(code, fine="70000.00") | WHY).status_code == 201
    (answered,) = client.get(f"{EVENTS}/{fined}", headers=make_key()).get_json()["demands"]
    assert answered["late"] and answered["answer"] == "corrected"
    assert [row[4] for row in duties(TODAY)] == [None]  # on that day it was still open
    assert [row[4] for row in duties(clock.day)] == [clock.day]


def test_a_department_that_only_reports_corrects_its_own_facts(send: Send, fined: int) -> None:
    own = make_key(scopes=("events:write",))
    assert send(f"{fined}/demands", WRONG, own).status_code == 403
    assert send(f"{fined}/demands", WRONG, make_key(scopes=("supervise",))).status_code == 201
    assert send("999999/demands", WRONG).status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"wrong": ""}, "wrong"), ({"document_no": ""}, "document_no"), ({"ground": "ugly"}, "ground"),
     ({"received_on": ago(-1)}, "received_on")],
)  # fmt: skip
def test_a_demand_that_is_not_whole_is_refused_by_field(
    send: Send, fined: int, other: dict[str, str], fields: dict[str, str], wrong: str
) -> None:
    refused = send(f"{fined}/demands", WRONG | fields, other)
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {wrong})


def test_a_withdrawn_basis_makes_its_listing_a_duty_until_it_is_taken_back(
    send: Send, code: str, fined: int
) -> None:
    make_listing(code)  # another listing, which doesn't rest on it
    make_listing(code, event=fined)
    assert duties() == []
    send(f"{fined}/withdrawal", REVOKED)
    assert duties() == [("review-listing", fined, TODAY, 3, None, "demands.listing-review-days")]
    send(f"{fined}/restoration", WHY)
    assert duties() == []
