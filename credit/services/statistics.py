"""Numbers of the day for the home page and the model card: both tell the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any

from flask import current_app

from credit.db import is_sqlite
from credit.reader import reader
from credit.services import blacklist
from credit.services.policies import law_on
from credit.services.shown_totals import Total, shown_totals
from credit.terms import Kind

GRADED = (
    "SELECT grade, count(*) FROM span WHERE since <= :day AND (until IS NULL OR until > :day) "
    "AND grade IS NOT NULL GROUP BY grade"
)
SMALL = 20_000  # a register with no more changes than that is counted after each
SHARE = 100  # else counting may take one hundredth of the time
_counted: dict[str, Counted] = {}
_counting = Lock()


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
        soon = seq > SMALL and monotonic() - self.at < SHARE * self.took
        return self.day == day and (self.seq == seq or soon)


def numbers(day: date) -> dict[str, Any]:
    """What the public register holds on `day`, judged by that day whatever job ran or not.

    enterprises, graded {grade: count}, events, by_kind {kind: count}, departments [{name, events}]
    most first, first_day and last_day on which a fact began to be shown, listings in force,
    data_as_of. A large register is counted now and then, not at every visit, and by one visitor
    at a time; `data_as_of` says of when.
    """
    where = current_app.config["DATABASE_URL"]
    seq, known = reader().one("SELECT last_seq, last_instant FROM register") or (0, None)
    held = _counted.get(where)
    if held is not None and held.serves(day, seq):
        return held.numbers
    of_today = held is not None and held.day == day
    if not _counting.acquire(blocking=not of_today):
        return held.numbers if held else {}
    try:
        held = _counted.get(where)
        if held is None or not held.serves(day, seq):
            start = monotonic()
            found = _count(day) | {"data_as_of": str(known)[:19].replace(" ", "T") + "Z" if known else None}
            held = _counted[where] = Counted(day, seq, monotonic(), monotonic() - start, found)
        return held.numbers
    finally:
        _counting.release()


def _count(day: date) -> dict[str, Any]:
    found, on = reader(), day.isoformat() if is_sqlite() else day
    (enterprises,) = found.one("SELECT count(*) FROM enterprise") or (0,)
    totals = shown_totals(law_on(day), day)
    return {
        "enterprises": enterprises,
        "graded": dict(found.all(GRADED, day=on)),
        "events": sum(one.events for one in totals),
        "by_kind": {str(kind): sum(one.events for one in totals if one.kind == kind) for kind in Kind},
        "departments": _departments(totals),
        "first_day": str(min(one.first for one in totals)) if totals else None,
        "last_day": str(max(one.last for one in totals)) if totals else None,
        "listings": blacklist.count(day),
    }


def _departments(totals: list[Total]) -> list[dict[str, Any]]:
    """Each department with the number of its facts, most first."""
    events: dict[str, int] = {}
    for one in totals:
        events[one.department] = events.get(one.department, 0) + one.events
    ordered = sorted(events.items(), key=lambda row: (-row[1], row[0]))
    return [{"name": name, "events": count} for name, count in ordered]
