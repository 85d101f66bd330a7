"""Clocks of objections: five working days, five for whoever is asked, twenty in all, over weekends and holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.policy import load_policy
from credit.policy.loader import FOLDER, policy_texts, read_policy
from credit.rules.working_days import add_working_days
from tests.conftest import Clock
from tests.makers import DEPARTMENT, make_enterprise, make_event, make_key, violation
from tests.objections.filings import PATH, objection, statement

OTHER = "示例农业农村局"
KEYS = {f"objections.{name}-days": days for name, days in
        {"decision": 5, "answer": 5, "whole": 20, "statement": 5}.items()}  # fmt: skip
Send = Callable[..., Any]


@pytest.fixture
def fined(app: Flask, tmp_path: Path) -> int:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_event(violation(make_enterprise()))


@pytest.fixture
def send(client: FlaskClient, fined: int) -> Send:
    own = make_key()

    def post(act: str, sent: Any, headers: dict[str, str] | None = None) -> Any:
        answer = client.post(f"{PATH}{act}", json=sent, headers=headers or own)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return post


@pytest.fixture
def duties(client: FlaskClient) -> Callable[[], dict[str, Any]]:
    """Duties about objections by kind: whose, until when, and in which state."""

    def told() -> dict[str, Any]:
        items = client.get("/api/v1/alerts?department=*&limit=200", headers=make_key()).get_json()["items"]
        wanted = [one for one in items if one["basis"].startswith("objections.")]
        return {one["kind"]: (one["department"], one["due_on"], one["state"]) for one in wanted}

    return told


def code_of(client: FlaskClient) -> str:
    return str(client.get("/api/v1/enterprises?q=示例1").get_json()["items"][0]["code"])


def test_the_policy_says_the_numbers_and_whence_they_are() -> None:
    law = load_policy()
    for key, days in KEYS.items():
        assert law.value(key, date(2026, 11, 22)) == days
        assert law.provisions[key].values[-1].source.certainty in ("V", "own")


def test_a_policy_of_before_knows_no_such_clock() -> None:
    texts = policy_texts(FOLDER)
    del texts["objections.yaml"]
    assert not set(KEYS) & set(read_policy(texts).provisions)


@pytest.mark.parametrize(
    ("filed", "due", "over"),
    [((2026, 11, 19), (2026, 11, 26), (2026, 11, 27)), ((2026, 9, 28), (2026, 10, 10), (2026, 10, 11))],
    ids=["a weekend", "the national holiday, with its working Saturday"],
)  # fmt: skip
def test_it_is_decided_on_the_fifth_working_day_and_late_on_the_day_after(
    client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int,
    filed: Any, due: Any, over: Any,
) -> None:  # fmt: skip
    clock.day = date(*filed)
    told = send("", objection(code_of(client), fined))
    assert told["due_on"] == str(date(*due))
    clock.day = date(*due)
    assert duties() == {"objection": (DEPARTMENT, str(date(*due)), "open")}
    clock.day = date(*over)
    assert duties()["objection"][2] == "overdue"
    decided = send(f"/{told['number']}/decide", {"outcome": "rejected", "reason": "一致"})
    assert decided["late"] and duties()["objection"][2] == "late"


def test_what_is_decided_on_the_last_day_is_in_time(
    client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int
) -> None:
    clock.day = date(2026, 11, 19)
    told = send("", objection(code_of(client), fined))
    clock.day = date(2026, 11, 26)
    assert not send(f"/{told['number']}/decide", {"outcome": "rejected", "reason": "一致"})["late"]
    assert duties()["objection"][2] == "in_time"


def test_who_is_asked_answers_in_five_days_and_all_is_done_in_twenty(
    client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int
) -> None:
    begun, asked = date(2026, 11, 2), date(2026, 11, 4)
    whole, answer = add_working_days(begun, 20)[0], add_working_days(asked, 5)[0]
    assert (whole, answer) == (date(2026, 11, 30), date(2026, 11, 11))
    clock.day = begun
    number = send("", objection(code_of(client), fined))["number"]
    clock.day = asked
    assert send(f"/{number}/ask", {"department": (make_key(OTHER), OTHER)[1], "reason": "请核实"})["due_on"] == str(whole)
    assert duties() == {
        "objection": (DEPARTMENT, "2026-11-09", "in_time"),
        "objection-answer": (OTHER, str(answer), "open"),
        "objection-whole": (DEPARTMENT, str(whole), "open"),
    }
    clock.day = date(2026, 11, 12)
    assert duties()["objection-answer"][2] == "overdue"
    send(f"/{number}/answer", {"reason": "无误"}, make_key(OTHER))
    clock.day = whole
    assert (duties()["objection-answer"][2], duties()["objection-whole"][2]) == ("late", "open")
    clock.day = date(2026, 12, 1)
    assert duties()["objection-whole"][2] == "overdue"


def test_who_asks_late_is_late(client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int) -> None:
    clock.day = date(2026, 11, 2)
    number = send("", objection(code_of(client), fined))["number"]
    clock.day = date(2026, 11, 10)
    send(f"/{number}/ask", {"department": (make_key(OTHER), OTHER)[1], "reason": "请核实"})
    assert duties()["objection"][2] == "late"


def test_a_decision_leaves_nobody_anything_to_answer(
    client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int
) -> None:
    clock.day = date(2026, 11, 2)
    number = send("", objection(code_of(client), fined))["number"]
    send(f"/{number}/ask", {"department": (make_key(OTHER), OTHER)[1], "reason": "请核实"})
    send(f"/{number}/decide", {"outcome": "rejected", "reason": "已查明"})
    assert {state for _, _, state in duties().values()} == {"in_time"}


def test_a_statement_is_checked_in_five_days(client: FlaskClient, clock: Clock, send: Send, duties: Any, fined: int) -> None:
    clock.day = date(2026, 11, 19)
    number = send("", statement(code_of(client), fined))["number"]
    assert duties() == {"statement": (DEPARTMENT, "2026-11-26", "open")}
    send(f"/{number}/decide", {"outcome": "accepted", "reason": "可"})
    assert duties()["statement"][2] == "in_time"
