"""The seed of a day in the shapes that a grading takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from credit.rules.months import months_after
from schemas.event import load_event
from seed import Seed, load
from tests.grading_frames import facts_of, graded
from tests.oracle import grade_one

Known = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]
Graded = tuple[str | None, int | None]


@cache
def seeded(day: date) -> Seed:
    return load(day)


def known_of(seed: Seed, day: date, codes: Iterable[str]) -> list[Known]:
    """What a grading takes of each enterprise with these codes: firm, events, listings."""
    firms = {firm["code"]: firm for firm in seed.enterprises}
    return [(_firm(firms[code]), _events(seed, day, code), _terms(seed, code)) for code in codes]


def _firm(firm: dict[str, Any]) -> dict[str, Any]:
    known = {"kind": "enterprise", "wants_grade": False, "status": "living"} | firm
    registered = date.fromisoformat(firm["registered_on"])
    return {name: known[name] for name in ("kind", "wants_grade", "status")} | {
        "registered_on": registered
    }


def _events(seed: Seed, day: date, code: str) -> list[dict[str, Any]]:
    """Loaded events with ids, what ended them, and what second looks examine."""
    found: list[dict[str, Any]] = []
    for given_ in (event for event in seed.events if event["code"] == code):
        loaded = reported(given_, day)
        examined = [link["document_no"] for link in loaded.get("related_to") or []]
        firsts = [event["id"] for event in found if event["document_no"] in examined]
        if loaded.get("stage") in ("reinspection", "recheck"):
            loaded["of"] = firsts[0]
        loaded["cessations"] = [
            {"ground": ended["ground"], "on": date.fromisoformat(ended["on"])}
            for ended in seed.cessations
            if (ended["code"], ended["event"]) == (code, loaded["document_no"])
        ]
        loaded["occurred_on"] = loaded.get("occurred_on") or loaded["valid_from"]
        found.append({**loaded, "id": len(found) + 1})
    return found


def _terms(seed: Seed, code: str) -> list[dict[str, Any]]:
    """The days [since, until) for which the enterprise is or was on a list."""
    found = []
    for listing in (one for one in seed.listings if one["code"] == code):
        days = {act["act"]: date.fromisoformat(act["on"]) for act in listing["acts"]}
        if "publish" in days:
            until = days.get("expire", months_after(days["publish"], 36))
            found.append({"since": days["publish"], "until": until})
    return found


def reported(event: dict[str, Any], day: date) -> dict[str, Any]:
    """The event as the register loads it when its department reports it."""
    return load_event({name: value for name, value in event.items() if name != "department"}, day)


def codes_of(seed: Seed) -> list[str]:
    return [firm["code"] for firm in seed.enterprises]


def by_kernel(seed: Seed, day: date, codes: list[str]) -> dict[str, Graded]:
    """Grade and score of each enterprise by the columnar kernel."""
    facts = facts_of(known_of(seed, day, codes))
    rows = graded(facts, [(number, day) for number in range(len(codes))]).gradings
    return {
        codes[row["enterprise"]]: (row["grade"], row["score"]) for row in rows.iter_rows(named=True)
    }


def by_oracle(seed: Seed, day: date, codes: list[str]) -> dict[str, Graded]:
    """Grade and score of each enterprise by the naive grading, one at a time."""
    found = [grade_one(*known, day) for known in known_of(seed, day, codes)]
    return {code: (one["grade"], one["score"]) for code, one in zip(codes, found, strict=True)}
