"""The seed: fictional enterprises of the fictional division 340799, told from the day of seeding.

`seed/stories/*.yaml` tells what a visitor can follow, `seed.background` makes the crowd around it, `seed.markets`
five years of samples.
All days are relative, so that a fine that ends this week does so whatever day it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from seed import background, markets
from seed.days import resolve

FOLDER = Path(__file__).parent
REGION = "340799"
DEPARTMENT = "示范市市场监督管理局"
YEAR = "〔年〕"
DAYS = {"until", "valid_from", "valid_until", "restricted_until", "status_since"}
OWN_DAY = ("decided_on", "occurred_on", "valid_from", "ceased_on", "acted_on", "opened_on")
NOTICES = ("served_on", "publication_notice_on", "repair_notice_on")
STATE = (
    "code", "name", "short_name", "status", "kind", "parent_code", "industry", "registered_on",
    "quality_officer", "wants_grade",
)  # fmt: skip
Given = dict[str, Any]


@dataclass(frozen=True)
class Seed:
    """Plain dicts with ISO dates, in the order in which they are to be recorded.

    departments: name, region?. officers: id, name, role, department (its name).
    enterprises: the shape of schemas.enterprise as it is now, with `valid_from`, and `former`:
    what was otherwise before, the earliest first, with its own `valid_from`.
    events: the shape of schemas.event and `department`, the name of the one that reports.
    cessations: code, event (document number of what ends), ground, on, document_no.
    listings: code, list, ground, facts, event (document number) and acts: act, on, officer (id)
    and the fields of the act's document; the one who confirms is not the one who decided.
    outside: list, and entries: name, code?, basis, document_no, authority, since_on, until_on?
    prefixes, recalls: the shapes of schemas.item, and `department`, the name of the one that reports.
    stories: code, key, story {zh, en}, expect {grade, score}.
    """

    departments: list[Given]
    officers: list[Given]
    enterprises: list[Given]
    events: list[Given]
    cessations: list[Given]
    listings: list[Given]
    prefixes: list[Given]
    recalls: list[Given]
    outside: list[Given]
    stories: list[Given]


def load(day: date) -> Seed:
    """Everything to record on `day`; nothing in it lies after that day but ends of validity."""
    authorities = _read(FOLDER / "authorities.yaml")
    firms = [_told(firm, day) for firm in _firms()]
    return Seed(
        departments=authorities["departments"],
        officers=authorities["officers"],
        enterprises=[_enterprise(firm) for firm in firms],
        events=[event for firm in firms for event in firm["events"]],
        cessations=[ended for firm in firms for ended in firm["cessations"]],
        listings=[listing for firm in firms for listing in firm["listings"]],
        prefixes=[held for firm in firms for held in firm["prefixes"]],
        recalls=[recall for firm in firms for recall in firm["recalls"]],
        outside=_dated(_read(FOLDER / "outside.yaml"), day),
        stories=[
            {name: firm[name] for name in ("code", "key", "story", "expect")}
            for firm in firms
            if "story" in firm
        ],
    )


@cache
def _firms() -> tuple[Given, ...]:
    """Every firm as it is written, before any day is known; shared, so never changed."""
    told = [_read(file) for file in sorted(FOLDER.glob("stories/*.yaml"))]
    return (*chain.from_iterable(told), *background.firms(), *markets.firms())


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _told(firm: Given, day: date) -> Given:
    """The firm with its days and document numbers as they are on `day`."""
    dated: Given = {"cessations": [], "listings": [], "prefixes": [], "recalls": [], **_dated(firm, day)}
    numbers = {event["document_no"]: _numbered(event)["document_no"] for event in dated["events"]}
    whose = {"code": firm["code"]}

    def event(given: Given) -> Given:
        related = [
            {"document_no": numbers[one["document_no"]]} for one in given.get("related_to", [])
        ]
        linked = {"related_to": related} if related else {}
        return {"department": DEPARTMENT, **whose, **_numbered(_announced(given)), **linked}

    def cessation(given: Given) -> Given:
        return {**whose, **_numbered(given), "event": numbers[given["event"]]}

    def listing(given: Given) -> Given:
        acts = [_numbered(act) for act in given["acts"]]
        return {**whose, **given, "event": numbers[given["event"]], "acts": acts}

    return dated | {
        "events": [event(given) for given in dated["events"]],
        "cessations": [cessation(given) for given in dated["cessations"]],
        "listings": [listing(given) for given in dated["listings"]],
        "prefixes": [{"department": DEPARTMENT, **whose, **given} for given in dated["prefixes"]],
        "recalls": [{"department": DEPARTMENT, **whose, **_numbered(given)} for given in dated["recalls"]],
    }


def _announced(given: Given) -> Given:
    """A violation that doesn't speak of notices had them all on its day; one with `notices: none` none."""
    if given["kind"] != "violation" or given.get("notices") == "none":
        return {name: value for name, value in given.items() if value != "none"}
    return {"notices": dict.fromkeys(NOTICES, given["decided_on"]), "proceedings": False} | given


def _dated(given: Any, day: date, name: str = "") -> Any:
    """The same shape with every relative day as an ISO date."""
    if isinstance(given, dict):
        return {key: _dated(value, day, key) for key, value in given.items()}
    if isinstance(given, list):
        return [_dated(value, day) for value in given]
    if isinstance(given, str) and (name in DAYS or name.endswith("_on")):
        return resolve(given, day).isoformat()
    return given


def _numbered(given: Given) -> Given:
    """Its document numbers with the year of its own day: 示市监罚〔2026〕301号."""
    own_day = next(given[name] for name in OWN_DAY if name in given)
    year = f"〔{own_day[:4]}〕"
    told = dict(given)
    for name in [key for key in given if key.endswith("document_no")]:
        told[name] = given[name].replace(YEAR, year)
    for name in ("ceased_on", "acted_on"):
        if name in told:
            told["on"] = told.pop(name)
    return told


def _enterprise(firm: Given) -> Given:
    """The firm as it is now and, under `former`, as it was before its name or status changed."""
    now = {name: firm[name] for name in STATE if name in firm} | {"region": REGION}
    since, former = firm["registered_on"], []
    for past in firm.get("former_names", []):
        former.append({"name": past["name"], "short_name": None, "valid_from": since})
        since = past["until"]
    if "status_since" in firm:
        former.append({"status": "living", "valid_from": since})
        since = firm["status_since"]
    return {**now, "valid_from": since, "former": former}
