"""A naive grading of one enterprise, row by row in plain Python: the check on the columnar kernel.

It shares nothing with `credit.rules`: its numbers stand in `oracle_policy`, its reading of the
events in `oracle_facts`. It answers how the words of the policy are meant, not how to do it fast.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle_facts import Fact, cases_of, facts_of
from tests.oracle_merits import Finding, clean_years, merits, points_of
from tests.oracle_policy import POLICY, Later, in_force, months_after

GRADES = [grade for grade, _ in POLICY["bands"]]


def grade_one(
    firm: dict[str, Any],
    events: list[dict[str, Any]],
    listings: list[dict[str, Any]],
    day: date,
    later: Later | None = None,
) -> dict[str, Any]:
    """Score, grade, tier, findings (rule, outcome, points, event) and the bad records shown.

    `firm`: registered_on, kind, wants_grade, status. `events`: as loaded, with `id` and perhaps
    `cessations`. `listings`: since, until (None is open). `later`: what else the policy holds than
    `oracle_policy`. The findings sum to the score; without a score they carry no points.
    """
    later = later or {}
    facts = facts_of(firm, events, day, later)
    outcome = {fact.id: fact.standing(day) for fact in facts}
    count_campaigns_once(facts, outcome)
    count_cases_once(facts, outcome, day)
    bad = [fact for fact in facts if fact.bad and outcome[fact.id] == "counted"]
    on_file = any(is_on_file(fact, day) for fact in facts)
    clean = clean_years(firm, bad, on_file, day)
    findings: list[Finding] = [("base", "counted", points_of("base", day, day, later), None)]
    findings += [
        (fact.rule, outcome[fact.id], fact.points if fact in bad else 0, fact.id)
        for fact in facts
        if fact.bad or fact.second_look
    ]
    findings += repeats(bad, day, later) + false_records(bad, day, later)
    findings += merits(facts, outcome, clean, points_of("clean-year", day, day, later))
    findings += bounds(sum(points for _, _, points, _ in findings))
    score: int | None = sum(points for _, _, points, _ in findings)
    assert score is not None
    grade, reasons = choose(firm, facts, bad, listings, on_file, len(clean), score, day, later)
    findings += reasons
    if grade in (None, "N"):
        score = None
        kept = [finding for finding in findings if finding[3] or finding[0] == "no-data"]
        findings = [(rule, what, 0, event) for rule, what, _, event in kept]
    return {
        "score": score,
        "grade": grade,
        "tier": tier_of(firm, grade),
        "findings": findings,
        "shown": [
            fact.id for fact in facts if fact.bad and not fact.second_look and fact.shown(day)
        ],
    }


def count_campaigns_once(facts: list[Fact], outcome: dict[int, str]) -> None:
    """Of the failures of one product in one campaign the heaviest, then the earliest counts."""
    taken = set()
    standing = [fact for fact in facts if outcome[fact.id] == "counted"]
    failed = [fact for fact in standing if fact.rule.startswith("sampling-failed")]
    for fact in sorted(failed, key=lambda f: (f.points, f.start, f.id)):
        key = (fact.event.get("campaign"), fact.product)
        if key[0] and key in taken:
            outcome[fact.id] = "linked"
        taken.add(key)


def count_cases_once(facts: list[Fact], outcome: dict[int, str], day: date) -> None:
    """Of the bad records that rest on the same facts the heaviest, then the earliest counts."""
    case, taken = cases_of([fact.event for fact in facts if fact.visible(day)]), set()
    standing = [fact for fact in facts if fact.bad and outcome[fact.id] == "counted"]
    for fact in sorted(standing, key=lambda f: (f.points, f.start, f.id)):
        if case[fact.id] in taken:
            outcome[fact.id] = "linked"
        taken.add(case[fact.id])


def is_on_file(fact: Fact, day: date) -> bool:
    """A pass that no enterprise asked for, or a passed re-check, in the last 60 months."""
    event = fact.event
    if event["kind"] != "inspection" or event["result"] != "pass" or not fact.public:
        return False
    if event["stage"] == "reinspection" or (
        event["stage"] == "first" and event["type"] == "requested"
    ):
        return False
    ceased = any(cessation["on"] <= day for cessation in event.get("cessations") or [])
    occurred: date = event["occurred_on"]
    return not ceased and occurred <= day < months_after(occurred, POLICY["on_file_months"])


def repeats(bad: list[Fact], day: date, changes: Later) -> list[Finding]:
    """A general or serious violation within 12 months after another of its category."""
    found: list[Finding] = []
    heavy = [f for f in bad if f.rule in ("violation-general", "violation-serious")]
    heavy.sort(key=lambda f: (f.event["decided_on"], f.id))
    for number, later in enumerate(heavy):
        for earlier in heavy[:number]:
            own, first = later.event["decided_on"], POLICY["repeat_months"]
            months = in_force("windows.repeat", first, own, day, changes)
            end = months_after(earlier.event["decided_on"], months)
            alike = earlier.event["category"] == later.event["category"]
            if alike and own < end:
                found.append(
                    ("repeat", "counted", points_of("repeat", own, day, changes), later.id)
                )
                break
    return found


def false_records(bad: list[Fact], day: date, later: Later) -> list[Finding]:
    lied = [f for f in bad if f.event.get("category") in ("false_records", "obstruction")]
    return [
        ("false-records", "counted", points_of("false-records", f.event_day, day, later), f.id)
        for f in lied
        if f.event["kind"] == "violation"
    ]


def bounds(total: int) -> list[Finding]:
    held = min(max(total, POLICY["lowest"]), POLICY["highest"])
    return [("bounds", "bounded", held - total, None)] if held != total else []


def choose(
    firm: dict[str, Any], facts: list[Fact], bad: list[Fact], listings: list[dict[str, Any]],
    on_file: bool, clean: int, score: int, day: date, later: Later,
) -> tuple[str | None, list[Finding]]:  # fmt: skip
    """The grade, and the findings that say why it isn't a better one."""
    if firm.get("status", "living") != "living":
        return None, []
    if firm.get("kind") == "individual" and not firm.get("wants_grade"):
        return None, []
    grounds = d_grounds(facts, listings, day)
    if grounds:
        return "D", [(f"ground-{word}", "ceiling", 0, event) for word, event in grounds]
    registered = firm.get("registered_on")
    young = registered is not None and day < months_after(registered, POLICY["young_months"])
    if not bad and (young or not on_file):
        return "N", [("no-data", "no_data", 0, None)]
    high = ("quality-prize-national", "quality-prize-provincial")
    prize = any(fact.rule in high and fact.standing(day) == "counted" for fact in facts)
    old = registered is not None and months_after(registered, POLICY["registered_months"]) <= day
    conditions = {
        "AAA": {"prize": prize},
        "AA": {"registered": old, "clean-years": clean >= POLICY["clean_years_for_aa"]},
        "A": {"pass-on-file": on_file},
    }
    reasons: list[Finding] = []
    for grade, first in POLICY["bands"]:
        band = in_force(f"bands.{grade}", first, day, day, later)
        if score < band and grade != GRADES[-1]:
            continue
        beneath = GRADES[GRADES.index(grade) :]
        asked = [(lower, all(conditions.get(lower, {}).values())) for lower in beneath]
        missing = [lower for lower, holds in asked if not holds]
        over = [f for f in bad if GRADES.index(f.ceiling) > GRADES.index(grade)]
        if not missing and not over:
            return grade, list(dict.fromkeys(reasons))
        reasons += [(f"precondition-{lower}", "precondition", 0, None) for lower in missing]
        reasons += [(f"ceiling-{f.rule}", "ceiling", 0, f.id) for f in over]
    raise AssertionError("C has neither band nor precondition nor ceiling")


def d_grounds(
    facts: list[Fact], listings: list[dict[str, Any]], day: date
) -> list[tuple[str, int | None]]:
    """On the serious list, a quality crime, a grave quality accident: while it is shown."""
    found: list[tuple[str, int | None]] = [
        ("listed", None)
        for listing in listings
        if listing["since"] <= day and (listing["until"] is None or day < listing["until"])
    ]
    for fact in facts:
        if fact.event["kind"] == "violation" and fact.shown(day):
            if fact.event.get("criminal"):
                found.append(("crime", fact.id))
            if fact.event["category"] == "grave_accident":
                found.append(("grave-accident", fact.id))
    return found


def tier_of(firm: dict[str, Any], grade: str | None) -> str | None:
    if grade is not None:
        return str(POLICY["tiers"][grade])
    return POLICY["tier_unasked"] if firm.get("status", "living") == "living" else None
