"""The oracle's merits: passes, clean years and awards, each kind under its cap, all under one."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle_facts import Fact
from tests.oracle_policy import POLICY, Later, in_force, months_after

Finding = tuple[str, str, int, int | None]


def clean_years(firm: dict[str, Any], bad: list[Fact], on_file: bool, day: date) -> list[date]:
    """The anniversaries on which the full clean years that count were reached, the latest last."""
    if not on_file or firm.get("registered_on") is None:
        return []
    since = max([firm["registered_on"]] + [f.start for f in bad if f.rule != "violation-minor"])
    years = range(1, day.year - since.year + 1)
    full = [months_after(since, 12 * year) for year in years]
    return [anniversary for anniversary in full if anniversary <= day][: POLICY["clean_years_most"]]


def points_of(rule: str, event_day: date, day: date, later: Later) -> int:
    """What a rule of no single event costs or brings."""
    number: int = in_force(f"points.{rule}", POLICY["points"][rule], event_day, day, later)
    return number


def merits(
    facts: list[Fact], outcome: dict[int, str], clean: list[date], a_year: int
) -> list[Finding]:
    """Passes, clean years and awards: each kind under its own cap, all under the common one."""
    others = [fact for fact in facts if not fact.bad and not fact.second_look]
    for fact in others:
        if fact.event["kind"] == "inspection" and outcome[fact.id] == "counted":
            outcome[fact.id] = what_a_pass_is(fact)
    by_kind: dict[str, int] = {}
    years_and_products = set()
    worth: list[tuple[int, date, float, str, int | None]] = []
    for fact in sorted(others, key=lambda f: (-f.points, f.start, f.id)):
        if outcome[fact.id] != "counted" or fact.points == 0 or not adds(fact):
            continue
        key = (fact.start.year, fact.product)
        again = fact.rule == "final-pass" and key in years_and_products
        kind = kind_of(fact.rule)
        if again or by_kind.get(kind, 0) >= POLICY["most"][kind]:
            outcome[fact.id] = "capped"
            continue
        years_and_products |= {key} if fact.rule == "final-pass" else set()
        by_kind[kind] = by_kind.get(kind, 0) + 1
        worth.append((fact.points, fact.start, fact.id, fact.rule, fact.id))
    if clean:
        points = a_year * len(clean)
        worth.append((points, clean[-1], float("inf"), "clean-year", None))
    found, left = [], POLICY["merit_cap"]
    for points, _, _, rule, event in sorted(worth, key=lambda w: (-w[0], w[1], w[2])):
        given = min(points, left)
        left -= given
        found.append((rule, "counted" if given else "capped", given, event))
    added = {event for _, _, _, event in found}
    return found + [(f.rule, outcome[f.id], 0, f.id) for f in others if f.id not in added]


def what_a_pass_is(fact: Fact) -> str:
    """A requested test and a spoilt sample say nothing about the enterprise."""
    silent = fact.event["result"] == "invalid" or fact.event["type"] == "requested"
    return "no_data" if silent else "counted"


def adds(fact: Fact) -> bool:
    return fact.rule != "final-pass" or fact.event["type"] in POLICY["pass_merit_types"]


def kind_of(rule: str) -> str:
    if rule.startswith("quality-prize"):
        return "prize"
    if rule in ("brand", "excellent-works"):
        return "brand"
    return "standard" if rule.startswith("standard") else rule
