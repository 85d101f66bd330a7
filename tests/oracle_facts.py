"""The oracle's reading of reported events: what each is, from when, until when, and why not.

One event at a time, in plain Python, straight from the words of the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from tests.oracle_policy import POLICY, Later, in_force, months_after

GROUNDS = {
    "repaired": "repaired",
    "revoked": "revoked",
    "masked": "not_shown",
    "withdrawn": "revoked",
}


@dataclass(eq=False)
class Fact:
    """One event under one rule: it may count on the days [start, until)."""

    event: dict[str, Any]
    rule: str
    start: date
    until: date
    public: bool = True
    second_look: bool = False
    overturned: bool = False
    mended_on: date | None = None
    after_until: str = "expired"
    points: int = 0
    ceiling: str = ""
    second_look_until: date = date.max

    @property
    def id(self) -> int:
        number: int = self.event["id"]
        return number

    @property
    def bad(self) -> bool:
        return self.rule in POLICY["ceilings"]

    @property
    def event_day(self) -> date:
        """The day of its decision, test or award."""
        kinds = {"violation": "decided_on", "inspection": "occurred_on", "award": "valid_from"}
        found: date = self.event[kinds[self.event["kind"]]]
        return found

    @property
    def product(self) -> str:
        return product_of(self.event)

    def standing(self, day: date) -> str:
        """What becomes of the fact on the day, before it is compared with its neighbours."""
        if not self.public:
            return "not_shown"
        if self.overturned:
            return "overturned"
        if day < self.start:
            return "not_shown" if self.event["kind"] == "violation" else "not_final"
        if day >= self.until:
            return self.after_until
        if self.second_look:
            return "linked"
        if self.mended_on and day >= self.mended_on:
            return "mended"
        return "counted"

    def shown(self, day: date) -> bool:
        return self.public and not self.overturned and self.start <= day < self.until

    def visible(self, day: date) -> bool:
        """Whether the record may be shown; passes and awards are for good, whether they count or not."""
        if self.event.get("result") == "invalid":
            return False
        withdrawn = any(cessation["on"] <= day for cessation in self.event.get("cessations") or [])
        over = withdrawn or day >= self.hidden_from
        return self.public and not self.overturned and self.start <= day and not over

    @property
    def hidden_from(self) -> date:
        """The end of the publication of bad news; good news is shown for good."""
        shows_its_end = self.event["kind"] == "violation" or (self.bad and not self.second_look)
        return self.until if shows_its_end else self.second_look_until


def product_of(event: dict[str, Any]) -> str:
    item = event.get("item") or {}
    return item.get("gtin") or item.get("product") or ""


def facts_of(
    firm: dict[str, Any], events: list[dict[str, Any]], day: date, later: Later
) -> list[Fact]:
    """Every event as a fact, as its second looks and linked penalties on the day leave it."""
    facts = standing_facts(firm, events, day, later)
    for fact in facts:
        fact.points = worth("points", fact, 0, day, later)
        fact.ceiling = worth("ceilings", fact, "", day, later)
    if any(related(event) for event in events):
        for number, end in ends_with_penalty(firm, events, facts, day, later).items():
            fact = next(fact for fact in facts if fact.id == number)
            if end[0] < fact.until:
                fact.until, fact.after_until = end
    return facts


def standing_facts(firm: dict[str, Any], events: list[dict[str, Any]], day: date, later: Later) -> list[Fact]:
    """Every event as a fact, as its second looks on the day leave it."""
    facts = [read(event, firm, later) for event in events]
    for fact in facts:
        if fact.rule.startswith("sampling-failed") and not fact.second_look:
            look_again(fact, events, day, later)
    for fact in facts:
        end_by_cessation(fact)
    return facts


def worth(table: str, fact: Fact, none: Any, day: date, later: Later) -> Any:
    """What a fact's rule costs, brings or leaves by the law of its own day or of the asked one."""
    first = POLICY[table].get(fact.rule, none)
    return in_force(f"{table}.{fact.rule}", first, fact.event_day, day, later)


def read(event: dict[str, Any], firm: dict[str, Any], later: Later) -> Fact:
    if event["kind"] == "violation":
        return read_violation(event, firm, later)
    if event["kind"] == "inspection":
        return read_inspection(event, later)
    return read_award(event)


def read_violation(event: dict[str, Any], firm: dict[str, Any], later: Later) -> Fact:
    severity = severity_of(event, firm)
    decided = event["decided_on"]
    started = decided
    if decided < POLICY["starts_on_decision_from"]:
        started = event.get("published_on") or decided
    until = publication_end(severity, decided, started, later)
    if event.get("restricted_until"):
        until = max(until, event["restricted_until"])
    private = (
        set(event["penalties"]) == {"warning"}
        or event["procedure"] == "simple"
        or (severity == "minor" and not event.get("publication_basis"))
    )
    start, told = first_shown(event)
    return Fact(event, f"violation-{severity}", start, until, public=told and not private)


def first_shown(event: dict[str, Any]) -> tuple[date, bool]:
    """The day of the last notice that the law of the decision asks for, and whether all were told."""
    notices, decided = event.get("notices") or {}, event["decided_on"]
    asked: list[str] = []
    for since, names in POLICY["notices"]:
        if since <= decided:
            asked = names
    days = [notices.get(name) for name in asked if name != "proceedings"]
    told = None not in days and ("proceedings" not in asked or event.get("proceedings") is not None)
    return max([decided, *(day for day in [*days, notices.get("served_on")] if day)]), told


def severity_of(event: dict[str, Any], firm: dict[str, Any]) -> str:
    """As declared, else by the heaviest penalty."""
    if event.get("severity"):
        return str(event["severity"])
    kinds, fine = set(event["penalties"]), event.get("fine")
    if event.get("criminal") or kinds & POLICY["serious_kinds"]:
        return "serious"
    if fine is not None and fine >= POLICY["serious_fine"]:
        return "serious"
    if event["procedure"] == "simple" or kinds <= {"warning", "criticism"}:
        return "minor"
    individual = firm.get("kind") == "individual"
    below = POLICY["minor_fine_below_individual" if individual else "minor_fine_below"]
    if kinds <= {"warning", "criticism", "fine"} and fine is not None and fine < below:
        return "minor"
    return "general"


def publication_end(severity: str, event_day: date, started: date, later: Later) -> date:
    """The end by the law of the event's day, or sooner by a later law, not before its first day."""
    new = later.get("publication.months", {"later": []})["later"]
    laws = POLICY["publication"] + [(row["from"], row["value"]) for row in new]
    own = max(number for number, (since, _) in enumerate(laws) if since <= event_day)
    ends = [months_after(started, laws[own][1][severity])]
    for since, months in laws[own + 1 :]:
        ends.append(max(months_after(started, months[severity]), since))
    return min(ends)


def read_inspection(event: dict[str, Any], later: Later) -> Fact:
    result, occurred = event["result"], event["occurred_on"]
    unconfirmed = event.get("role") == "producer" and (
        (result == "fail" and event.get("producer_confirmed") is not True)
        or (result != "fail" and event.get("producer_confirmed") is False)
    )
    second_look = event["stage"] != "first"
    if result == "fail":
        rule = "sampling-failed-safety" if event.get("safety_item") else "sampling-failed"
        unanswered = date(2999, 12, 31) if event.get("objected_on") else occurred + POLICY["objection_window"]
        start = event.get("final_on") or unanswered
    else:
        rule = {"refused": "inspection-refused", "pass": "final-pass"}.get(result, "no-data")
        start = occurred
    if second_look:
        start, until = occurred, date.max
    elif result in ("fail", "refused"):
        until = publication_end("general", start, start, later)
    else:
        until = months_after(start, POLICY["pass_merit_months"])
    fact = Fact(event, rule, start, until, public=not unconfirmed, second_look=second_look)
    if second_look and result in ("fail", "refused"):
        fact.second_look_until = publication_end("general", start, start, later)
    return fact


def read_award(event: dict[str, Any]) -> Fact:
    category, level = event["category"], event.get("level")
    start, stated = event["valid_from"], event.get("valid_until")
    until = stated or months_after(start, POLICY["award_months"])
    if category == "standard":
        until = months_after(start, POLICY["award_months"])
    if category == "pledge":
        until = months_after(start, POLICY["pledge_months"])
        until = min(until, stated or until)
    rule = str(category).replace("_", "-")
    if category in ("quality_prize", "standard"):
        rule = f"{rule}-{level}"
    return Fact(event, rule, start, until)


def look_again(failure: Fact, events: list[dict[str, Any]], day: date, later: Later) -> None:
    """Re-inspection confirms or overturns a failure, a passed re-check mends it."""
    looks = [e for e in events if examines(e, failure.event) and stands(e, day)]
    disputed = [e for e in looks if e["stage"] == "reinspection"]
    confirmed = [e["occurred_on"] for e in disputed if e["result"] == "fail"]
    mended = [e["occurred_on"] for e in looks if e["stage"] == "recheck" and e["result"] == "pass"]
    failure.overturned = any(e["result"] == "pass" for e in disputed)
    if confirmed:
        failure.start = min(confirmed)
        failure.until = publication_end("general", failure.start, failure.start, later)
    failure.mended_on = min(mended, default=None)


def examines(look: dict[str, Any], first: dict[str, Any]) -> bool:
    if look["kind"] != "inspection" or look["stage"] == "first":
        return False
    if look.get("of") is not None:
        return bool(look["of"] == first["id"])
    return first["document_no"] in related(look)


def stands(look: dict[str, Any], day: date) -> bool:
    """A second look that was itself revoked, masked or withdrawn proves nothing from that day."""
    return not any(cessation["on"] <= day for cessation in look.get("cessations") or [])


def end_by_cessation(fact: Fact) -> None:
    for cessation in sorted(fact.event.get("cessations") or [], key=lambda c: c["on"]):
        if cessation["on"] < fact.until:
            fact.until, fact.after_until = cessation["on"], GROUNDS[cessation["ground"]]


def ends_with_penalty(
    firm: dict[str, Any], events: list[dict[str, Any]], facts: list[Fact], day: date, later: Later
) -> dict[int, tuple[date, str]]:
    """When and how each negative inspection result ends with the last public penalty for the same facts.

    One that ended so on an earlier day doesn't come back, though what linked them be hidden since.
    """
    ends: dict[int, tuple[date, str]] = {}
    every = [*facts, *standing_facts(firm, events, date.min, later), *(read(event, firm, later) for event in events)]
    turns = {turn for fact in every for turn in (fact.start, fact.until, fact.hidden_from)}
    turns |= {cessation["on"] for event in events for cessation in event.get("cessations") or []}
    past = sorted(turn for turn in turns if turn <= day)
    for before, after in pairwise([date.min, *past, day]):
        then = standing_facts(firm, events, before, later)
        for fact in then:
            end = penalty_end(fact, then, before)
            if end and end[0] < fact.until and end[0] <= after and fact.id not in ends:
                ends[fact.id] = end
    for fact in facts:
        end = penalty_end(fact, facts, day)
        if end and fact.id not in ends:
            ends[fact.id] = end
    return ends


def penalty_end(fact: Fact, facts: list[Fact], day: date) -> tuple[date, str] | None:
    """The end of the last penalty that a result is linked with on the day.

    Who can be seen on the day links; a penalty that was seen and has ended still ends the results
    that it, or one of their case, is linked with directly.
    """
    if fact.event["kind"] != "inspection" or not fact.bad or fact.second_look:
        return None
    seen = [one for one in facts if one.visible(day)]
    case = cases_of([one.event for one in seen])
    kin = [fact, *(other for other in seen if case[other.id] == case.get(fact.id))]
    penalties = [one for one in facts if one.event["kind"] == "violation" and one.public]
    alive = [one for one in penalties if one in kin]
    dead = [
        one
        for one in penalties
        if one.start < one.until <= day and any(linked(one.event, other.event) for other in kin)
    ]
    last = max([*alive, *dead], key=lambda penalty: penalty.until, default=None)
    return last and (last.until, last.after_until)


def linked(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one["document_no"] in related(other) or other["document_no"] in related(one)


def related(event: dict[str, Any]) -> set[str]:
    return {link["document_no"] for link in event.get("related_to") or []}


def cases_of(events: list[dict[str, Any]]) -> dict[int, int]:
    """The case of each event: the lowest id among all that are linked with it, however far."""
    case = {event["id"]: event["id"] for event in events}
    links = [(a["id"], b["id"]) for a in events for b in events if b["document_no"] in related(a)]
    moved = True
    while moved:
        moved = False
        for a, b in links:
            lower = min(case[a], case[b])
            moved = moved or case[a] != lower or case[b] != lower
            case[a] = case[b] = lower
    return case
