"""Numbers of the day for the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from flask import current_app

from credit.db import is_sqlite
from credit.reader import reader
from credit.services import blacklist
from credit.services.policies import law_on

# What may not be shown is not counted: a number that moves would tell of it.
SHOWN = """
SELECT count(*) FROM classification c JOIN event e ON e.seq = c.seq
WHERE c.digest = :digest AND c.public AND c.in_force_on <= :day
  AND (c.shown_until IS NULL OR c.shown_until > :day)
  AND NOT EXISTS (SELECT 1 FROM event n WHERE n.replaces = e.seq)
  AND NOT EXISTS (SELECT 1 FROM cessation x WHERE x.event_id = e.event_id AND x.ceased_on <= :day)
"""


QUICK = 0.05  # seconds: what counts faster is counted at every visit
SHARE = 100  # else counting may take one hundredth of the time
_counted: dict[str, Counted] = {}


@dataclass(frozen=True)
class Counted:
    """Numbers of a day as known at a change number, when they were counted and how long it took."""

    day: date
    seq: int
    at: float
    took: float
    numbers: dict[str, Any]

    def serves(self, day: date, seq: int) -> bool:
        """Whether they may be told on `day` when the register is at `seq`."""
        soon = self.took > QUICK and monotonic() - self.at < SHARE * self.took
        return self.day == day and (self.seq == seq or soon)


def numbers(day: date) -> dict[str, Any]:
    """enterprises, graded {grade: count} on `day`, events, listings in force, data_as_of.

    A large register is counted now and then, not at every visit; `data_as_of` says of when.
    """
    where = current_app.config["DATABASE_URL"]
    seq, known = reader().one("SELECT last_seq, last_instant FROM register") or (0, None)
    held = _counted.get(where)
    if held is None or not held.serves(day, seq):
        start = monotonic()
        found = _count(day) | {"data_as_of": str(known)[:19].replace(" ", "T") + "Z" if known else None}
        held = _counted[where] = Counted(day, seq, monotonic(), monotonic() - start, found)
    return held.numbers


def _count(day: date) -> dict[str, Any]:
    on = day.isoformat() if is_sqlite() else day
    found = reader()
    grades = found.all(
        "SELECT grade, count(*) FROM span WHERE since <= :day AND (until IS NULL OR until > :day) "
        "AND grade IS NOT NULL GROUP BY grade",
        day=on,
    )
    (enterprises,) = found.one("SELECT count(*) FROM enterprise") or (0,)
    (events,) = found.one(SHOWN, day=on, digest=law_on(day).digest) or (0,)
    return {
        "enterprises": enterprises,
        "graded": dict(grades),
        "events": events,
        "listings": blacklist.count(day),
    }
