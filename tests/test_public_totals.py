"""The totals of home page and model card: what the public records show on the reader's day, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.services import statistics, tallies
from credit.terms import Cessation
from tests.conftest import TODAY, Clock
from tests.makers import (
    ago,
    award,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    violation,
)
from tests.public_answers import get, without

CARD = "/policy/model-card"
KINDS = ("violation", "inspection", "award")
Past = Callable[[str], None]
FAILED = {"result": "fail", "producer_confirmed": True}


def related(*documents: str) -> dict[str, Any]:
    return {"related_to": [{"document_no": document} for document in documents]}


def ordinary(code: str) -> None:
    """What anybody may see of an enterprise."""
    make_events(
        inspection(code, occurred_on=ago(700)),
        award(code),
        violation(code, document_no="罚9", occurred_on=ago(99), decided_on=ago(90)),
    )


def repaired(code: str) -> None:
    make_event(violation(code, document_no="罚1", occurred_on=ago(510), decided_on=ago(500)))
    make_cessation(code, "罚1", TODAY - timedelta(days=30))


def repaired_with_its_failure(code: str) -> None:
    """A failed sample, and the fine for it, which was repaired: the failure is shown no longer than the fine."""
    make_event(inspection(code, document_no="抽1", occurred_on=ago(220), **FAILED))
    make_event(violation(code, document_no="罚1", occurred_on=ago(210), decided_on=ago(200), **related("抽1")))
    make_cessation(code, "罚1", TODAY - timedelta(days=30))


def never_for_the_public(code: str) -> None:
    make_events(
        violation(code, document_no="罚1", penalties=["warning"], fine=None),
        inspection(code, document_no="抽1", result="fail", role="seller", occurred_on=ago(3)),
        inspection(code, document_no="抽2", occurred_on=ago(40), **FAILED),
    )
    make_cessation(code, "抽2", TODAY - timedelta(days=3), Cessation.REVOKED)


HIDDEN = (repaired, repaired_with_its_failure, never_for_the_public)


def overturned(code: str) -> None:
    make_event(inspection(code, document_no="抽3", occurred_on=ago(100), **FAILED))
    again = {"stage": "reinspection", "result": "pass", "occurred_on": ago(80)}
    make_event(inspection(code, document_no="复3", **again, **related("抽3")))


def upheld(code: str) -> None:
    make_event(inspection(code, document_no="抽4", occurred_on=ago(100), **FAILED))
    again = {"stage": "reinspection", "result": "fail", "producer_confirmed": True, "occurred_on": ago(80)}
    make_event(inspection(code, document_no="复4", **again, **related("抽4")))


def mended(code: str) -> None:
    make_event(inspection(code, document_no="抽5", occurred_on=ago(100), **FAILED))
    make_event(inspection(code, document_no="查5", stage="recheck", occurred_on=ago(9), **related("抽5")))


def fined_for_its_failure(code: str) -> None:
    """The fine ends in time, and the failure with it."""
    make_event(inspection(code, document_no="抽6", occurred_on=ago(330), **FAILED))
    make_event(violation(code, document_no="罚6", occurred_on=ago(330), decided_on=ago(300), **related("抽6")))


def home_numbers(client: FlaskClient) -> list[int]:
    """Enterprises, events, listings and the counts by grade, as the home page prints them."""
    text = client.get("/").text
    told = re.search(r'<dl class="numbers">.*?</dl>', text, re.S)
    assert told
    legend = re.findall(r'<span class="hint">([0-9,]+) 家</span>', text)
    return [int(n.replace(",", "")) for n in [*re.findall(r">([0-9,]+)<", told[0]), *legend]]


def card_data(client: FlaskClient) -> dict[str, Any]:
    return without(get(client, CARD)["data"], "as_of", "data_as_of")


@pytest.mark.parametrize("hide", HIDDEN)
def test_a_hidden_past_moves_no_number_of_either_page(app: Flask, client: FlaskClient, hide: Past) -> None:
    """Its twin never had one: the same enterprise before the past was reported."""
    code = make_enterprise(1)
    ordinary(code)
    home, card = home_numbers(client), card_data(client)
    assert home[:3] == [1, 3, 0] and card["events"] == dict.fromkeys(KINDS, 1)
    hide(code)
    assert (home_numbers(client), card_data(client)) == (home, card)


def test_both_pages_count_what_the_records_show_on_every_day_that_no_job_ran(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    entangling = (*HIDDEN, overturned, upheld, mended, fined_for_its_failure)
    codes = [make_enterprise(number) for number in range(1, len(entangling) + 2)]
    for code, happened in zip(codes[1:], entangling, strict=True):
        happened(code)
    for code in codes[:3]:
        ordinary(code)
    seen = set()
    for days in (0, 33, 60, 66, 276, 305, 700, 1100):
        clock.day = TODAY + timedelta(days=days)
        home, card = home_numbers(client), card_data(client)
        records = [get(client, f"/enterprises/{code}") for code in codes]
        shown = {kind: sum(len(record[f"{kind}s"]) for record in records) for kind in KINDS}
        assert card["events"] == shown, days
        assert home[1] == sum(shown.values()) == sum(row["events"] for row in card["departments"]), days
        grades = [record["grade"] for record in records]
        assert card["graded"] == {grade: grades.count(grade) for grade in card["graded"]}, days
        assert sum(card["graded"].values()) == len(codes) == card["enterprises"]
        seen.add(tuple(shown.values()))
    assert len(seen) > 4


def test_a_failure_that_was_overturned_is_not_told_of_by_the_first_or_last_day(client: FlaskClient) -> None:
    code = make_enterprise(1)
    overturned(code)
    (again,) = get(client, f"/enterprises/{code}")["inspections"]
    data = card_data(client)
    assert again["document_no"] == "复3" and data["events"]["inspection"] == 1
    assert data["first_day"] == data["last_day"] >= ago(80)


def test_the_card_of_a_large_register_is_not_counted_anew_at_every_report(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "SMALL", -1)
    monkeypatch.setattr(tallies, "SHARE", 1e9)
    code = make_enterprise(1)
    before = get(client, CARD)["data"]
    make_event(violation(code))
    assert get(client, CARD)["data"] == before
    assert home_numbers(client)[1] == 0


def test_while_one_visitor_counts_the_others_are_told_the_last_count_of_the_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make_enterprise(1)
    before = statistics.numbers(TODAY)
    make_event(violation(code))
    with statistics._tally.counting:
        assert statistics.numbers(TODAY) == before
    assert statistics.numbers(TODAY)["events"] == 1
    assert statistics.numbers(date(2026, 11, 23))["events"] == 1
