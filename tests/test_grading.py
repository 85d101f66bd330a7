"""The kernel: every case of the policy, and agreement with the naive oracle on random histories."""

from __future__ import annotations

import os
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest

from tests.cases import Case, load_cases
from tests.graded_cases import all_found
from tests.grading_frames import agree, facts_of, graded
from tests.strategies import random_history

CASES = load_cases()
HISTORIES = int(os.environ.get("CREDIT_HISTORIES", "1500"))


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return all_found(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_kernel_grades_the_case_and_gives_its_reasons(
    case: Case, found: dict[str, dict[str, Any]]
) -> None:
    assert case.differences(found[case.name]) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_agrees_with_the_oracle_on_random_histories_graded_together(seed: int) -> None:
    chance = Random(seed)
    agree([random_history(chance, ceased_second_looks=seed % 2 == 1) for _ in range(HISTORIES)])


def test_one_enterprise_on_many_days_is_the_same_call_as_many_enterprises_on_one() -> None:
    case = next(case for case in CASES if len(case.events) > 3)
    facts = facts_of([(case.firm, case.events, case.listings)])
    days = [date(2026, month, 15) for month in range(1, 13)]
    together = graded(facts, [(0, day) for day in days]).gradings.sort("day")
    alone = pl.concat([graded(facts, [(0, day)]).gradings for day in days])
    assert together.drop("ask").equals(alone.drop("ask"))
