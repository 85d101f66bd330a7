"""Numbers of the day for the home page."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import is_sqlite
from credit.reader import reader
from credit.services import blacklist
from credit.services.policies import law_on

# What may not be shown is not counted: a number that moves would tell of it.
SHOWN = """
SELECT count(*) FROM classification c JOIN event e ON e.seq = c.seq
WHERE c.digest = :digest AND c.public AND c.in_force_on <= :day
  AND (c.shown_until IS NULL OR c.shown_until > :day)
  AND NOT EXISTS (SELECT 1 FROM cessation x WHERE x.event_id = e.event_id AND x.ceased_on <= :day)
"""


def numbers(day: date) -> dict[str, Any]:
    """enterprises, graded {grade: count} on `day`, events, listings in force, data_as_of."""
    on = day.isoformat() if is_sqlite() else day
    found = reader()
    grades = found.all(
        "SELECT grade, count(*) FROM span WHERE since <= :day AND (until IS NULL OR until > :day) "
        "AND grade IS NOT NULL GROUP BY grade",
        day=on,
    )
    (enterprises,) = found.one("SELECT count(*) FROM enterprise") or (0,)
    (events,) = found.one(SHOWN, day=on, digest=law_on(day).digest) or (0,)
    (known,) = found.one("SELECT last_instant FROM register") or (None,)
    return {
        "enterprises": enterprises,
        "graded": dict(grades),
        "events": events,
        "listings": blacklist.count(day),
        "data_as_of": str(known)[:19].replace(" ", "T") + "Z" if known else None,
    }
