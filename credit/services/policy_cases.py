"""Cases (案例) of a policy: examples in YAML, each an enterprise, its facts, a day and the grading to expect.

A file holds `cases` and perhaps `defaults` for all of them and `shapes` to name with anchors. A case
names its events by short keys, which become numbers in their order. An expected finding is
`counted` unless it says otherwise. A violation that doesn't speak of `notices` had them all on its
day, one with `notices: none` none. `policy` gives keys of the policy later values for one case:
`{points.violation-general: {law_of: event_day, later: [{from: 2026-07-01, value: -15}]}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from marshmallow import ValidationError

from credit.errors import InvalidInput
from credit.services import case_values
from schemas.event import Notices, load_event

# Any living code: a case is about no real enterprise.
CODE = "91340799MA00000010"
RECEIVED = date(2040, 1, 1)
CASE_KEYS = {"name", "source", "on", "firm", "events", "listings", "policy", "expect"}
# What tells a file of cases from others in the same folder (pairs of names, for one).
OF_CASES = re.compile("^(cases|defaults|shapes):", re.MULTILINE)
NOTICES = tuple(Notices().fields)
FINDING = ("rule", "outcome", "points", "event", "until", "number")
Finding = tuple[Any, ...]


class CaseReader(yaml.SafeLoader):
    """YAML in which `on` is a word and only true and false are truth values."""


CaseReader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CaseReader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Case:
    """One example. `expect` holds score, grade, tier, findings, perhaps shown and repair_from by event."""

    file: str
    name: str
    day: date
    firm: dict[str, Any]
    events: list[dict[str, Any]]
    listings: list[dict[str, Any]]
    policy: dict[str, dict[str, Any]]
    expect: dict[str, Any]

    def contradictions(self, found: dict[str, Any]) -> list[str]:
        """Sentences on where a grading differs from what this case expects; none when it agrees."""
        told = [
            f"{name}: expected {self.expect[name]}, found {found[name]}"
            for name in ("score", "grade", "tier")
            if self.expect[name] != found[name]
        ]
        shown = self.expect.get("shown")
        if shown is not None and sorted(shown) != sorted(found["shown"]):
            told.append(f"shown: expected {shown}, found {found['shown']}")
        for event, day in self.expect["repair_from"].items():
            if found["repair_from"].get(event) != day:
                told.append(f"repair_from of {event}: expected {day}, found {found['repair_from'].get(event)}")
        return told + list(self._other_findings(found["findings"]))

    def _other_findings(self, findings: list[Finding]) -> Iterator[str]:
        wanted = [(f["rule"], f["outcome"], f["points"], f["event"]) for f in self.expect["findings"] if f["points"]]
        with_points = [finding[:4] for finding in findings if finding[2]]
        yield from (f"finding missing: {one}" for one in wanted if one not in with_points)
        yield from (f"finding not expected: {one}" for one in with_points if one not in wanted)
        rows = [dict(zip(FINDING, row, strict=True)) for row in findings]
        for reason in self.expect["findings"]:
            if not any(all(row.get(k) == v for k, v in reason.items()) for row in rows):
                yield f"reason missing: {reason}"


def case_texts(folder: Path) -> dict[str, str]:
    """The files of cases in a folder by name; none where there is no such folder."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}
    return {name: text for name, text in texts.items() if OF_CASES.search(text)}


def read_cases(texts: dict[str, str]) -> list[Case]:
    """Every case of these files, by their names. Raises InvalidInput with file, case and mistake."""
    return [case for name, text in sorted(texts.items()) for case in _file(name, text)]


def _file(name: str, text: str) -> Iterator[Case]:
    where = name
    try:
        given = yaml.load(text, Loader=CaseReader)
        for number, one in enumerate(given["cases"], 1):
            where = f"{name}, case {number} ({one.get('name')})"
            yield _case(name, {"listings": [], "events": [], **given.get("defaults", {}), **one})
    except (yaml.YAMLError, ValidationError, KeyError, TypeError, ValueError, AttributeError) as problem:
        told = f"{where}: {type(problem).__name__} {problem}"
        raise InvalidInput(told, zh=f"案例有误：{where}", errors={where: [str(problem)]}) from problem


def _case(file: str, case: dict[str, Any]) -> Case:
    if unknown := set(case) - CASE_KEYS:
        raise ValueError(f"unknown {sorted(unknown)}, known: {sorted(CASE_KEYS)}")
    case_values.check(case)
    ids = {event["id"]: number for number, event in enumerate(case["events"], 1)}
    expect = case["expect"]
    tier, shown = expect["tier"], expect.get("shown")
    return Case(
        file=file,
        name=case["name"],
        day=case["on"],
        firm=case["firm"],
        events=[case_event(event, ids) for event in case["events"]],
        listings=[{"until": None, **listing} for listing in case["listings"]],
        policy=case.get("policy", {}),
        expect={
            "score": expect["score"],
            "grade": expect["grade"],
            "tier": None if tier is None else str(tier),
            "findings": [case_finding(finding, ids) for finding in expect["findings"]],
            "shown": None if shown is None else [ids[key] for key in shown],
            "repair_from": {ids[key]: day for key, day in expect.get("repair_from", {}).items()},
        },
    )


def case_event(given: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    """An event of a case as the schema loads it, with its number and its cessations. Raises ValidationError."""
    event = dict(given)
    key, cessations = event.pop("id"), event.pop("cessations", [])
    if "of" in event:
        event["of"] = ids[event["of"]]
    if event["kind"] == "violation":
        event.setdefault("occurred_on", event["decided_on"])
        event = _with_notices(event)
    loaded = load_event({"code": CODE, "document_no": key, **_as_sent(event)}, RECEIVED)
    return {**loaded, "id": ids[key], "cessations": cessations}


def _with_notices(event: dict[str, Any]) -> dict[str, Any]:
    """A violation that says nothing of notices had them all on its day; `notices: none` had none."""
    if event.get("notices") == "none":
        return {name: value for name, value in event.items() if name != "notices"}
    return {"notices": dict.fromkeys(NOTICES, event["decided_on"]), "proceedings": False} | event


def _as_sent(value: Any) -> Any:
    """A document of YAML as JSON would send it."""
    if isinstance(value, dict):
        return {name: _as_sent(inner) for name, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def case_finding(given: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    """An expected finding with its event's number. Raises ValueError for an unknown key."""
    if unknown := set(given) - set(FINDING):
        raise ValueError(f"{given}: unknown {sorted(unknown)}")
    finding = {"points": 0, **given}
    if "number" in finding:
        finding["number"] = str(finding["number"])
    if finding["points"]:
        finding = {"outcome": "counted", "event": None, **finding}
    if finding.get("event") is not None:
        finding["event"] = ids[finding["event"]]
    return finding
