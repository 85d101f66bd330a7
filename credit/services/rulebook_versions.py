"""The versions of the policy: the days on which each is in force, and what each says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.services.policies import Era, eras
from credit.services.policy_differences import told
from credit.services.rulebook_grades import Rows, words


def versions() -> Rows:
    """Each version in force once, now or later, the first one first.

    digest, id, name: Words, force_on, until (None: open), enacted_on, differences: how many to the
    one before. The first version is in force from the first day that it answers for.
    """
    return [
        {
            "digest": era.law.digest,
            "id": era.law.id,
            "name": words(era.law.zh, era.law.en),
            "force_on": str(_first_day(era)),
            "until": era.until and str(era.until),
            "enacted_on": era.enacted_on and str(era.enacted_on),
            "differences": len(told(before.law, era.law)) if before else 0,
        }
        for before, era in _pairs(eras())
    ]


def changes(day: date) -> dict[str, Any] | None:
    """What the version of a day says otherwise than the one before it; None for the first version.

    previous (its digest), force_on, values: rows as policy_differences.told has them, and wording.
    """
    found = _pairs(eras())
    before, era = next(pair for pair in reversed(found) if pair[1].since <= day)
    if before is None:
        return None
    rows = told(before.law, era.law)
    return {
        "previous": before.law.digest,
        "force_on": str(era.since),
        "values": [row for row in rows if row["kind"] != "wording"],
        "wording": [row for row in rows if row["kind"] == "wording"],
    }


def _pairs(found: list[Era]) -> list[tuple[Era | None, Era]]:
    return list(zip([None, *found], found, strict=False))


def _first_day(era: Era) -> date:
    return max(era.since, era.law.first_day)
