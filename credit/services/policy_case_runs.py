"""Cases under a policy, all of them in one call: what each grading finds, and where two policies differ."""

from __future__ import annotations

from typing import Any

import polars as pl
import yaml

from credit.errors import PolicyError
from credit.policy import read_policy
from credit.rules.grading import grade
from credit.rules.law import Law
from credit.rules.record import shown
from credit.services.policy_case_facts import MOST, facts_of
from credit.services.policy_cases import FINDING, Case

BAD = ("violation-", "sampling-failed", "inspection-refused")
Files = dict[str, str]
Found = dict[str, Any]


def found(cases: list[Case], files: Files) -> list[Found | None]:
    """What the policy in these files finds of each case, in their order.

    score, grade, tier, findings as tuples FINDING, shown, repair_from. None where the case gives
    the policy values that it can't take.
    """
    together: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        together.setdefault(str(case.policy), []).append(place)
    rows: list[Found | None] = [None] * len(cases)
    for places in together.values():
        alike = [cases[place] for place in places]
        law = _varied(files, alike[0].policy)
        for place, row in zip(places, _graded(alike, law) if law else [None] * len(alike), strict=True):
            rows[place] = row
    return rows


def changed(cases: list[Case], before: Files, after: Files) -> list[dict[str, Any]]:
    """The cases that another policy judges otherwise: case, file, before, after (what differs of each)."""
    rows = zip(cases, found(cases, before), found(cases, after), strict=True)
    return [
        {"case": case.name, "file": case.file, **_apart(old, new)}
        for case, old, new in rows
        if old is not None and old != new
    ]


def _apart(old: Found, new: Found | None) -> dict[str, Any]:
    if new is None:
        return {"before": {}, "after": {"refused": "The policy can't take the values of this case."}}
    keys = [key for key in old if old[key] != new[key]]
    sides = {"before": (old, new), "after": (new, old)}
    return {side: {key: _only(one, other, key) for key in keys} for side, (one, other) in sides.items()}


def _only(one: Found, other: Found, key: str) -> Any:
    """A value of one side; of findings and days of repair what the other side doesn't have, as text."""
    if key == "findings":
        apart = [finding for finding in one[key] if finding not in other[key]]
        return [" ".join(str(part) for part in finding if part is not None) for finding in apart]
    if key == "repair_from":
        return {str(event): str(day) for event, day in one[key].items() if other[key].get(event) != day}
    return one[key]


def _varied(files: Files, later: dict[str, dict[str, Any]]) -> Law | None:
    """The policy with later values of some keys, read again by the strict loader."""
    texts = dict(files)
    try:
        for key, change in later.items():
            name = next(name for name, text in texts.items() if f"\n{key}:" in f"\n{text}")
            whole = yaml.safe_load(texts[name])
            values = whole[key]["values"]
            whole[key]["law_of"] = change.get("law_of", whole[key]["law_of"])
            whole[key]["values"] = values + [
                {"source": values[0]["source"], **row} for row in change.get("later", [])
            ]
            texts[name] = yaml.safe_dump(whole, allow_unicode=True)
        return read_policy(texts)
    except (PolicyError, StopIteration):
        return None


def _graded(cases: list[Case], law: Law) -> list[Found]:
    facts, classified = facts_of(cases, law)
    days = [(number, case.day) for number, case in enumerate(cases)]
    asks = pl.DataFrame(days, schema={"enterprise": pl.Int64, "day": pl.Date}, orient="row")
    gradings = grade(asks, facts, law)
    rows: list[Found] = [{"findings": [], "shown": [], "repair_from": {}} for _ in cases]
    number = {}
    for row in gradings.gradings.iter_rows(named=True):
        number[row["ask"]] = row["enterprise"]
        rows[row["enterprise"]] |= {name: row[name] for name in ("score", "grade", "tier")}
    for ask, rule, outcome, points, event, until, told in gradings.findings.select("ask", *FINDING).iter_rows():
        rows[number[ask]]["findings"].append((rule, outcome, points, event and event % MOST, until, told))
    bad = pl.any_horizontal(pl.col("rule").str.starts_with(rule) for rule in BAD)
    seen = shown(facts.events.join(asks, on="enterprise")).filter(bad)
    for enterprise, event in seen.select("enterprise", "event").iter_rows():
        rows[enterprise]["shown"].append(event % MOST)
    for enterprise, event, day in classified.select("enterprise_id", "event_id", "repair_from").iter_rows():
        rows[enterprise]["repair_from"][event % MOST] = day
    for one in rows:
        one["findings"].sort(key=str)
        one["shown"].sort()
    return rows
