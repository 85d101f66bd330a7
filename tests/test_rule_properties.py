"""Rules of the grading that no history may break, whatever the policy's numbers are."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.policy import load_policy
from credit.rules.outcomes import RANKS
from credit.rules.sentences import told
from credit.terms import EnterpriseKind, InspectionType, Result, Role, Status
from tests.grading_frames import by_enterprise, facts_of, graded
from tests.makers import notices
from tests.strategies import MERITS, histories, inspection, random_history, violation

GRADES = [*RANKS, "D"]
History = dict[str, Any]
Found = dict[str, Any]


def judge(*many: History) -> list[Found]:
    """The gradings of several histories, in one call, with findings as tuples."""
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in many])
    found = by_enterprise(graded(facts, [(n, one["day"]) for n, one in enumerate(many)]))
    return [found[number] for number in range(len(many))]


def without_number(found: Found) -> Found:
    """A grading apart from its place in the call."""
    findings = sorted(found["findings"], key=str)
    return {**found, "ask": None, "enterprise": None, "findings": findings}


def not_better(worse: Found, better: Found) -> bool:
    """Whether neither grade nor score is higher; not rated is neither good nor bad."""
    if worse["grade"] not in GRADES or better["grade"] not in GRADES:
        return True
    lower = GRADES.index(worse["grade"]) >= GRADES.index(better["grade"])
    return lower and worse["score"] <= better["score"]


@settings(max_examples=50, deadline=None)
@given(histories(), st.permutations(range(24)))
def test_the_order_of_reports_does_not_matter(one: History, order: list[int]) -> None:
    shuffled = [one["events"][place] for place in order if place < len(one["events"])]
    first, second = judge(one, {**one, "events": shuffled})
    assert without_number(first) == without_number(second)


def one_more(chance: Random, one: History) -> dict[str, Any]:
    """A violation of the last two months that rests on no other's facts."""
    event = violation(chance, lambda: one["day"] - timedelta(days=chance.randrange(60)))
    return event | {
        "id": 500, "document_no": "丙1", "related_to": [],
        "penalties": ["fine"], "procedure": "ordinary", "publication_basis": "district rules",
        "fine": chance.choice([10_000, 80_000, 3_000_000]), "proceedings": False,
        "notices": notices(event["decided_on"]),
    }  # fmt: skip


def rated(one: History) -> History:
    """The same history of a firm that is graded: alive, of age, with a pass on file that nothing undoes.

    Of histories left to chance nearly half have no grade, and of these the rule says nothing.
    """
    firm = {"registered_on": date(2015, 5, 5), "kind": EnterpriseKind.ENTERPRISE, "wants_grade": True}
    passed = inspection(Random(1), lambda: one["day"] - timedelta(days=200)) | {
        "id": 600, "document_no": "丙2", "related_to": [], "cessations": [], "result": Result.PASS,
        "type": InspectionType.SUPERVISED_SAMPLING, "role": Role.PRODUCER, "producer_confirmed": True,
    }  # fmt: skip
    return {**one, "firm": {**firm, "status": Status.LIVING}, "events": [*one["events"], passed]}


@settings(max_examples=60, deadline=None)
@given(histories().map(rated), st.randoms(use_true_random=False))
def test_a_violation_more_never_raises_the_grade(one: History, chance: Random) -> None:
    event = one_more(chance, one)
    before, after = judge(one, {**one, "events": [*one["events"], event]})
    assert before["grade"] in GRADES and after["grade"] in GRADES
    counted = [f for f in after["findings"] if f[3] == 500 and f[0].startswith("violation-")]
    assert counted and counted[0][1] in ("counted", "no_data")
    assert not_better(after, before)


@settings(max_examples=40, deadline=None)
@given(histories().map(rated))
def test_a_violation_less_never_lowers_the_grade(one: History) -> None:
    named = {link["document_no"] for event in one["events"] for link in event["related_to"]}
    alone = [
        event
        for event in one["events"]
        if event["kind"] == "violation"
        and not event["related_to"]
        and event["document_no"] not in named
    ]
    fewer = [{**one, "events": [e for e in one["events"] if e is not event]} for event in alone]
    before, *after = judge(one, *fewer)
    assert all(found["grade"] in GRADES for found in (before, *after))
    assert all(not_better(before, found) for found in after)


def crowd(seed: int, size: int = 150) -> list[History]:
    """Many random histories, half of them with more merits than any ceiling should let through."""
    chance = Random(seed)
    many = [random_history(chance) for _ in range(size)]
    for number, one in enumerate(many[::2]):
        more = random_history(Random(f"{seed} {number}"), most=20, weights=MERITS)
        for place, event in enumerate(more["events"]):
            if event["kind"] != "violation" and event.get("of") is None:
                one["events"].append({**event, "id": 100 + place, "related_to": []})
    return many


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_a_ceiling_holds_whatever_the_score(seed: int) -> None:
    many, law = crowd(seed), load_policy()
    for one, found in zip(many, judge(*many), strict=True):
        ceilings = [
            law.value(f"ceilings.{rule}", one["day"])
            for rule, outcome, _, _ in found["findings"]
            if outcome == "counted" and f"ceilings.{rule}" in law.provisions
        ]
        if found["grade"] in RANKS and ceilings:
            assert RANKS.index(found["grade"]) >= max(map(RANKS.index, ceilings))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_findings_sum_to_the_score_within_its_bounds(seed: int) -> None:
    for found in judge(*crowd(seed)):
        points = [points for _, _, points, _ in found["findings"]]
        if found["score"] is None:
            assert not any(points)
            assert found["grade"] in ("N", None)
        else:
            assert sum(points) == found["score"]
            assert 0 <= found["score"] <= 100
            assert [rule for rule, *_ in found["findings"]].count("base") == 1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_every_finding_has_a_source_and_says_all_in_both_languages(seed: int) -> None:
    many, law = crowd(seed), load_policy()
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in many])
    gradings = graded(facts, [(number, one["day"]) for number, one in enumerate(many)])
    words = {"document_no": "甲1", "what_zh": "产品质量", "what_en": "product quality"}
    of_event = pl.col("event").is_not_null()
    findings = gradings.findings.with_columns(
        pl.when(of_event).then(pl.lit(word)).alias(name) for name, word in words.items()
    )
    sentences = told(findings, gradings.gradings, law)
    assert sentences.height == findings.height
    told_once = sentences.unique(["rule", "outcome", "because", "points", "number"])
    for row in told_once.iter_rows(named=True):
        assert row["source"]["title"] and row["source"]["number"] and row["source"]["certainty"]
        for text in row["sentence"].values():
            assert text and not any(hole in text for hole in ("{", "}", "（）", "()", "  ")), text
            if row["points"]:
                assert str(abs(row["points"])) in text, text
            if (row["points"] < 0 and row["event"]) or row["outcome"] == "ceiling":
                assert str(row["until"] or "") in text, text


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_an_enterprise_alone_is_graded_as_among_others(seed: int) -> None:
    many = crowd(seed, size=12)
    for one, among in zip(many, judge(*many), strict=True):
        (alone,) = judge(one)
        assert without_number(alone) == without_number(among)
