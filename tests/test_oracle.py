"""The oracle agrees with every example of the policy, and with itself on random histories."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from credit.services.policy_cases import RECEIVED
from schemas.event import load_event
from tests.cases import Case, load_cases
from tests.oracle import grade_one
from tests.oracle_policy import POLICY
from tests.strategies import histories, random_history

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_oracle_grades_as_the_case_expects(case: Case) -> None:
    found = grade_one(case.firm, case.events, case.listings, case.day, case.policy)
    assert case.differences(found) == []


def test_every_theme_of_the_policy_has_cases() -> None:
    by_file = Counter(case.file for case in CASES)
    assert len(CASES) >= 70
    assert by_file["worked_examples"] >= 17
    assert min(by_file.values()) >= 2


@settings(max_examples=300, deadline=None)
@given(histories())
def test_findings_sum_to_the_score_and_name_every_event(history: dict[str, Any]) -> None:
    found = grade_one(**history)
    points = sum(points for _, _, points, _ in found["findings"])
    assert points == (found["score"] or 0)
    assert {event["id"] for event in history["events"]} <= {f[3] for f in found["findings"]}


@settings(max_examples=300, deadline=None)
@given(histories())
def test_score_grade_and_tier_belong_together(history: dict[str, Any]) -> None:
    found = grade_one(**history)
    assert (found["score"] is None) == (found["grade"] in (None, "N"))
    if found["score"] is not None:
        assert 0 <= found["score"] <= 100
    if found["grade"] is None:
        assert found["tier"] in (None, "3")
    else:
        assert found["tier"] == POLICY["tiers"][found["grade"]]
    if found["grade"] in ("AAA", "AA", "A", "B"):
        assert found["score"] >= dict(POLICY["bands"])[found["grade"]]


@settings(max_examples=200, deadline=None)
@given(histories())
def test_the_order_of_the_events_changes_nothing(history: dict[str, Any]) -> None:
    turned = {**history, "events": history["events"][::-1]}
    once, twice = grade_one(**history), grade_one(**turned)
    assert sorted(once.pop("findings"), key=str) == sorted(twice.pop("findings"), key=str)
    assert sorted(once.pop("shown")) == sorted(twice.pop("shown"))
    assert once == twice


def test_random_events_have_the_shape_of_reported_ones() -> None:
    events = [event for number in range(200) for event in random_history(Random(number))["events"]]
    for event in events:
        given = {name: value for name, value in event.items() if name not in ("id", "cessations")}
        loaded = load_event({name: _as_json(value) for name, value in given.items()}, RECEIVED)
        assert {name: loaded[name] for name in given} == given


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(inner) for name, inner in value.items()}
    return str(value) if isinstance(value, date | Decimal) else value
