"""Every dated value is exercised: whichever is changed, a case of the policy fails.

So no number of the law stands in the files without an example that holds it.
"""

from __future__ import annotations

import pytest

from credit.policy import load_policy
from tests.cases import load_cases
from tests.graded_cases import Graded
from tests.mutations import Mutation, mutations

# What no grading can show, with the reason.
ELSEWHERE = {
    "measures.": "words for supervisors, printed in the rulebook",
    "bounds.highest: 100 +1": "base and merits together reach 100 exactly, so more is never felt",
    "shares.": "how many are drawn a year, not how they are graded",
    "draws.": "how is drawn, not how one is graded: tests/draws",
    "warnings.": "what monitors watch, not how one is graded: tests/risk_warnings",
    "targets.": "what the statistics are held against: tests/statistics",
    "statistics.": "which cells are told: tests/statistics",
    "tasks.": "what inspectors ask and by when they tell it: tests/inspecting",
    "duties.": "clocks of the departments, not of grading: tests/test_duties.py",
    "objections.": "clocks of the departments, not of grading: tests/objections/test_clocks.py",
    "complaints.": "clocks of the departments, not of grading: tests/complaints",
    "falls.": "what the public is told, not how it is graded: tests/test_falls.py",
    "repairs.": "conditions and clocks of repair, not of grading: tests/test_repairs.py",
    "screening.": "verdicts on bidders, not grades: tests/test_screening.py",
    "demands.": "clocks of the departments, not of grading: tests/test_demands.py",
    "lists.samr-44: legal_basis": "words of the list's page",
    "lists.samr-44: term_months": "sets the end of a listing when it is made: tests/test_blacklist.py",
    "lists.samr-44: requires_upper_consent": "a step of the listing, not of grading",
    "lists.samr-44: objection_days": "a step of the listing, not of grading",
    "lists.samr-44: hearing_notice_days": "a step of the listing, not of grading",
    "lists.samr-44: authority": "who may list, not how one is graded",
    "lists.samr-44: no_honours": "which awards are taken in, not how they count: tests/test_award_blocks.py",
    "lists.samr-44: heavier": "what a rule proposes, not what it costs",
    "lists.samr-44: factor_test": "a step of the listing, not of grading",
    "lists.samr-44: grounds": "words of the list's page",
    "lists.samr-44: measures": "words of the list's page",
    "lists.samr-44: removal_conditions": "words of the list's page",
    "lists.samr-44: remedies": "words of the list's page",
}


def elsewhere(mutation: Mutation) -> str | None:
    """The entry of ELSEWHERE that a mutation falls under."""
    part = mutation.part.split(", ")[1]
    return next((known for known in ELSEWHERE if f"{mutation.key}: {part}".startswith(known)), None)


@pytest.fixture(scope="module")
def tried() -> list[tuple[Mutation, bool]]:
    """Each mutation, and whether a case notices it."""
    law = load_policy()
    cases = [case for case in load_cases() if not case.policy]
    graded = Graded(cases)
    usual = graded.classified(law)
    base = graded.under(law, usual)
    found = []
    for mutation in mutations(law):
        rows = graded.under(mutation.law, None if mutation.classifies else usual)
        changed = [n for n, (old, new) in enumerate(zip(base, rows, strict=True)) if old != new]
        noticed = any(cases[number].differences(rows[number]) for number in changed)
        found.append((mutation, noticed))
    return found


def test_a_case_fails_whichever_value_is_changed(tried: list[tuple[Mutation, bool]]) -> None:
    assert len(tried) > 200
    unnoticed = [m for m, noticed in tried if not noticed and not elsewhere(m)]
    assert [f"{mutation.key} {mutation.part}" for mutation in unnoticed] == []


def test_the_values_that_no_grading_shows_are_no_more_than_these(
    tried: list[tuple[Mutation, bool]],
) -> None:
    assert {elsewhere(m) for m, noticed in tried if not noticed} == set(ELSEWHERE)
    assert [f"{m.key} {m.part}" for m, noticed in tried if noticed and elsewhere(m)] == []
