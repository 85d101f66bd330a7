"""Policy versions for tests: the shipped files with something changed, drafted, checked and enacted."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import transaction
from credit.policy import FOLDER, policy_texts
from credit.rules.law import Law
from credit.services import enactment
from tests.conftest import TODAY
from tests.makers import make_officers

Changes = dict[str, tuple[str, str]]
GENERAL = "value: -10, source: own"
# From now on a general violation costs 15 points.
STRICTER: Changes = {"points.yaml": (GENERAL, "value: -15, source: own")}
# The same, and a grade A from 87 points on.
STRICTEST: Changes = STRICTER | {"grades.yaml": ("value: 80, source: own", "value: 87, source: own")}
CASES = {
    "own.yaml": """
cases:
- name: A general violation
  source: {policy: P}
  on: 2026-11-22
  firm: {registered_on: 2026-01-01}
  events: [{id: v, kind: violation, category: metrology, penalties: [fine], fine: 60000, decided_on: 2026-09-01}]
  expect:
    score: 65
    grade: B
    tier: 3
    findings: [{rule: base, points: 80}, {rule: violation-general, points: -15, event: v}]
"""
}
BACKTEST = {"enterprises": 1}


def tried(law: Law, **more: Any) -> dict[str, Any]:
    """What a back-test of a draft against the version that it replaces says, in short."""
    return BACKTEST | {"digest": law.digest, "against": enactment.replaced().digest} | more


def files(changes: Changes = STRICTER) -> dict[str, str]:
    """The program's policy files, each with one text replaced the first time that it stands there."""
    texts = policy_texts(FOLDER)
    for name, (old, new) in changes.items():
        assert old in texts[name], (name, old)
        texts[name] = texts[name].replace(old, new, 1)
    return texts


def drafted(changes: Changes = STRICTER, day: date = TODAY, **more: Any) -> Law:
    """A draft on file."""
    with transaction("test") as change:
        return enactment.draft(change, files(changes), day, **more)


def checked(changes: Changes = STRICTER, day: date = TODAY, backtest: Any = BACKTEST) -> Law:
    """A draft that was tried on a case and on the past."""
    law = drafted(changes, day)
    with transaction("test") as change:
        summary = backtest and tried(law, **backtest)
        enactment.check(change, law.digest, day, CASES, summary)
    return law


def enacted(changes: Changes = STRICTER, force_on: date = TODAY, day: date = TODAY) -> Law:
    """A version that two officers enacted, with the day on which it takes force."""
    law, who = checked(changes, day), make_officers()
    with transaction("test") as change:
        enactment.propose(change, law.digest, who["decider"], force_on, "示例理由", day)
        enactment.enact(change, law.digest, who["confirmer"], day)
    return law
