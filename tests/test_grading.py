"""The kernel: every case of the policy, and agreement with the naive oracle on random histories."""

from __future__ import annotations

import os
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.grading import Gradings
from credit.rules.record import shown
from tests.cases import Case, load_cases
from tests.grading_frames import facts_of, findings_of, graded
from tests.oracle import grade_one
from tests.strategies import histories, random_history

CASES = load_cases()
HISTORIES = int(os.environ.get("CREDIT_HISTORIES", "1500"))
BAD = ("violation-", "sampling-failed", "inspection-refused")


def _found(gradings: Gradings, number: int) -> dict[str, Any]:
    (row,) = gradings.gradings.filter(pl.col("enterprise") == number).iter_rows(named=True)
    return {name: row[name] for name in ("score", "grade", "tier")} | {
        "findings": findings_of(gradings, row["ask"])
    }


@pytest.fixture(scope="module")
def all_at_once() -> tuple[Any, Gradings]:
    facts = facts_of([(case.firm, case.events, case.listings) for case in CASES])
    return facts, graded(facts, [(number, case.day) for number, case in enumerate(CASES)])


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{case.file}: {case.name}" for case in CASES]
)
def test_the_kernel_grades_the_case_and_gives_its_reasons(
    number: int, all_at_once: tuple[Any, Gradings]
) -> None:
    facts, gradings = all_at_once
    case: Case = CASES[number]
    seen = shown(
        facts.events.filter(pl.col("enterprise") == number).with_columns(day=pl.lit(case.day))
    )
    bad = seen.filter(pl.any_horizontal(pl.col("rule").str.starts_with(rule) for rule in BAD))
    found = _found(gradings, number) | {"shown": [event % 1000 for event in bad["event"]]}
    assert case.differences(found) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_agrees_with_the_oracle_on_random_histories_graded_together(seed: int) -> None:
    chance = Random(seed)
    many = [random_history(chance) for _ in range(HISTORIES)]
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in many])
    gradings = graded(facts, [(number, one["day"]) for number, one in enumerate(many)])
    found = _by_enterprise(gradings)
    for number, one in enumerate(many):
        expected = grade_one(one["firm"], one["events"], one["listings"], one["day"])
        wanted = {name: expected[name] for name in ("score", "grade", "tier")}
        assert {name: found[number][name] for name in wanted} == wanted, one
        assert _with_points(found[number]["findings"]) == _with_points(expected["findings"]), one


def _by_enterprise(gradings: Gradings) -> dict[int, dict[str, Any]]:
    """Every grading with its findings, by the number of its firm, in one pass."""
    found = {row["ask"]: row | {"findings": []} for row in gradings.gradings.iter_rows(named=True)}
    for row in gradings.findings.iter_rows(named=True):
        event = None if row["event"] is None else row["event"] % 1000
        found[row["ask"]]["findings"].append((row["rule"], row["outcome"], row["points"], event))
    return {row["enterprise"]: row for row in found.values()}


def _with_points(
    findings: list[tuple[str, str, int, int | None]],
) -> list[tuple[str, str, int, int | None]]:
    return sorted((finding for finding in findings if finding[2]), key=str)


@settings(max_examples=60, deadline=None)
@given(histories(), st.permutations(range(24)))
def test_the_order_of_reports_does_not_matter_and_findings_sum_to_the_score(
    one: dict[str, Any], order: list[int]
) -> None:
    shuffled = [one["events"][place] for place in order if place < len(one["events"])]
    facts = facts_of(
        [(one["firm"], one["events"], one["listings"]), (one["firm"], shuffled, one["listings"])]
    )
    gradings = graded(facts, [(0, one["day"]), (1, one["day"])])
    first, second = _found(gradings, 0), _found(gradings, 1)
    assert first["score"] == second["score"] and first["grade"] == second["grade"]
    assert sorted(first["findings"], key=str) == sorted(second["findings"], key=str)
    if first["score"] is not None:
        assert sum(points for _, _, points, _ in first["findings"]) == first["score"]


def test_one_enterprise_on_many_days_is_the_same_call_as_many_enterprises_on_one() -> None:
    case = next(case for case in CASES if len(case.events) > 3)
    facts = facts_of([(case.firm, case.events, case.listings)])
    days = [date(2026, month, 15) for month in range(1, 13)]
    together = graded(facts, [(0, day) for day in days]).gradings.sort("day")
    alone = pl.concat([graded(facts, [(0, day)]).gradings for day in days])
    assert together.drop("ask").equals(alone.drop("ask"))
