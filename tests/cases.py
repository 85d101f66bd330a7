"""The policy as examples: reads `cases/*.yaml`, strictly, into the shapes that a grading takes.

A case names its events by short keys. They become numbers in the order of the list, in `of`, in
cessations and in the expected findings alike. An expected finding is `counted` unless it says
otherwise, and one without points is matched by the keys that it names. `repair_from` gives the day
from which repair may be applied for, by event.

`policy` gives keys of the policy later values, and the day that chooses them, for one case:
`{points.violation-general: {law_of: event_day, later: [{from: 2026-07-01, value: -15}]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from credit.services.policy_cases import FINDING, CaseReader, Finding, case_event, case_finding

FOLDER = Path(__file__).parent / "cases"
OTHERS = {"screening.yaml"}  # pairs of names, read by tests/test_matching.py
FILE_KEYS = {"defaults", "shapes", "cases"}
CASE_KEYS = {"name", "source", "on", "firm", "events", "listings", "policy", "expect"}
SOURCE_KEYS = [{"policy"}, {"title", "number", "article", "certainty"}]
FIRM_KEYS = {"registered_on", "kind", "wants_grade", "status"}
EXPECT_KEYS = {"score", "grade", "tier", "findings", "shown", "repair_from"}
CHANGE_KEYS = {"law_of", "later"}


@dataclass(frozen=True)
class Case:
    """One example: what is known of one enterprise, the day, and the grading to expect."""

    file: str
    name: str
    source: dict[str, str]
    day: date
    firm: dict[str, Any]
    events: list[dict[str, Any]]
    listings: list[dict[str, Any]]
    score: int | None
    grade: str | None
    tier: str | None
    findings: list[dict[str, Any]]
    shown: list[int] | None
    repair_from: dict[int, date | None]
    policy: dict[str, dict[str, Any]]

    def differences(self, found: dict[str, Any]) -> list[str]:
        """Sentences on where a grading differs from this case; none when it agrees.

        `found` holds score, grade, tier, findings as (rule, outcome, points, event) and perhaps
        (until, number), shown: the ids of the violations, failures and refusals that the public
        sees, and perhaps repair_from by event.
        """
        wrong = [
            f"{name}: expected {getattr(self, name)!r}, found {found[name]!r}"
            for name in ("score", "grade", "tier")
            if getattr(self, name) != found[name]
        ]
        if self.shown is not None and sorted(self.shown) != sorted(found["shown"]):
            wrong.append(f"shown: expected {self.shown}, found {found['shown']}")
        days = found.get("repair_from", self.repair_from)
        for event, day in self.repair_from.items():
            if days[event] != day:
                wrong.append(f"repair_from of {event}: expected {day}, found {days[event]}")
        return wrong + list(self._different_findings(found["findings"]))

    def _different_findings(self, findings: list[Finding]) -> Iterator[str]:
        expected = {
            (f["rule"], f["outcome"], f["points"], f["event"]) for f in self.findings if f["points"]
        }
        with_points = {(f[0], f[1], f[2], f[3]) for f in findings if f[2]}
        for finding in sorted(expected - with_points, key=str):
            yield f"finding missing: {finding}"
        for finding in sorted(with_points - expected, key=str):
            yield f"finding not expected: {finding}"
        rows = [dict(zip(FINDING, row, strict=False)) for row in findings]
        for wanted in self.findings:
            if not any(all(row.get(k, v) == v for k, v in wanted.items()) for row in rows):
                yield f"reason missing: {wanted}"


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case of every file, in the order of file names; a file that isn't clear is refused."""
    cases = [case for path in sorted(folder.glob("*.yaml")) if path.name not in OTHERS for case in _file(path)]
    names = [case.name for case in cases]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Two cases bear one name: {sorted(twice)}")
    return cases


def _file(path: Path) -> Iterator[Case]:
    text = yaml.load(path.read_text(encoding="utf-8"), Loader=CaseReader)
    _only(FILE_KEYS, text, path.name)
    for number, given in enumerate(text["cases"], 1):
        where = f"{path.name}, case {number} ({given.get('name')})"
        case = {"listings": [], "events": [], **text.get("defaults", {}), **given}
        _only(CASE_KEYS, case, where)
        if set(case["source"]) not in SOURCE_KEYS:
            raise ValueError(f"{where}: a source has {SOURCE_KEYS[0]} or {SOURCE_KEYS[1]}")
        _only(FIRM_KEYS, case["firm"], where)
        for change in case.get("policy", {}).values():
            _only(CHANGE_KEYS, change, where)
        _only(EXPECT_KEYS, case["expect"], where)
        try:
            yield _case(path.stem, case)
        except Exception as error:
            raise ValueError(f"{where}: {error}") from error


def _case(file: str, case: dict[str, Any]) -> Case:
    expect = case["expect"]
    ids = {event["id"]: number for number, event in enumerate(case["events"], 1)}
    if len(ids) < len(case["events"]):
        raise ValueError("two events bear one id")
    shown, tier = expect.get("shown"), expect["tier"]
    return Case(
        file=file,
        name=case["name"],
        source={word: str(text) for word, text in case["source"].items()},
        day=case["on"],
        firm={"kind": "enterprise", "wants_grade": False, "status": "living", **case["firm"]},
        events=[case_event(event, ids) for event in case["events"]],
        listings=[{"until": None, **listing} for listing in case["listings"]],
        score=expect["score"],
        grade=expect["grade"],
        tier=None if tier is None else str(tier),
        findings=[case_finding(finding, ids) for finding in expect["findings"]],
        shown=None if shown is None else [ids[key] for key in shown],
        repair_from={ids[key]: day for key, day in expect.get("repair_from", {}).items()},
        policy=case.get("policy", {}),
    )


def _only(allowed: set[str], given: dict[str, Any], where: str) -> None:
    if unknown := set(given) - allowed:
        raise ValueError(f"{where}: unknown {sorted(unknown)}")
