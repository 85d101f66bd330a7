"""Numbers of the day for the home page and the model card: both tell the same ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import is_sqlite
from credit.reader import reader
from credit.services import blacklist
from credit.services.policies import law_on
from credit.services.shown_totals import Total, shown_totals
from credit.services.tallies import Tally
from credit.terms import Kind

GRADED = (
    "SELECT grade, count(*) FROM span WHERE since <= :day AND (until IS NULL OR until > :day) "
    "AND grade IS NOT NULL GROUP BY grade"
)


def numbers(day: date) -> dict[str, Any]:
    """What the public register holds on `day`, judged by that day whatever job ran or not.

    enterprises, graded {grade: count}, events, by_kind {kind: count}, departments [{name, events}]
    most first, first_day and last_day on which a fact began to be shown, listings in force,
    data_as_of. A large register is counted now and then, not at every visit, and by one visitor
    at a time; `data_as_of` says of when.
    """
    return dict(_tally.of(day))


def _count(day: date, known: str | None) -> dict[str, Any]:
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
        "data_as_of": known,
    }


def _departments(totals: list[Total]) -> list[dict[str, Any]]:
    """Each department with the number of its facts, most first."""
    events: dict[str, int] = {}
    for one in totals:
        events[one.department] = events.get(one.department, 0) + one.events
    ordered = sorted(events.items(), key=lambda row: (-row[1], row[0]))
    return [{"name": name, "events": count} for name, count in ordered]


_tally = Tally(_count)
