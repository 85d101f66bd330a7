"""How many facts the public may see on a day: the one count behind the home page and the model card.

A fact that may not be shown is not counted: a number that moves would tell of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from credit.db import is_sqlite
from credit.reader import reader
from credit.rules.law import Law
from credit.services.ages import public_facts
from credit.services.known import Known
from credit.services.policy_trials import department_names, on_file

CHUNK = 5_000  # in a web process: a few at a time
# How long a fact is shown is otherwise than its classification says where it ended early, shares a
# case, or was inspected again (a re-check ends what it counts for, not its publication): only
# rules/dossier.py tells that. Enterprises with such facts go through it; the many others are counted here.
ENTANGLED = """
SELECT enterprise_id FROM cessation UNION SELECT enterprise_id FROM event_link
UNION SELECT enterprise_id FROM event WHERE stage = 'reinspection'
"""
PLAIN = f"""
SELECT e.kind, e.department_id, count(*), min(c.in_force_on), max(c.in_force_on)
FROM classification c JOIN event e ON e.seq = c.seq
WHERE c.digest = :digest AND c.public AND c.in_force_on <= :day
  AND coalesce(e.decided_on, e.occurred_on) <= :day
  AND (c.shown_until IS NULL OR c.shown_until > :day)
  AND NOT EXISTS (SELECT 1 FROM event later WHERE later.replaces = e.seq)
  AND e.enterprise_id NOT IN ({ENTANGLED})
GROUP BY e.kind, e.department_id
"""
BY = ["kind", "department_id"]
TOTALS: dict[Any, Any] = {
    "kind": pl.String, "department_id": pl.Int64, "events": pl.Int64, "first": pl.Date, "last": pl.Date,
}  # fmt: skip


class Total(NamedTuple):
    """How many facts of a kind a department has on show, and the days on which the first and last began."""

    kind: str
    department: str
    events: int
    first: date
    last: date


def shown_totals(law: Law, day: date) -> list[Total]:
    """What may be shown on `day`, the reader's, under the law of that day, by kind and department."""
    parts = [_plain(law, day), *_entangled(law, day)]
    whole = pl.concat(parts).group_by(BY).agg(
        pl.col("events").sum(), pl.col("first").min(), pl.col("last").max()
    )  # fmt: skip
    named = whole.join(department_names(), on="department_id").sort(*BY)
    return [Total(*row) for row in named.select("kind", "department", "events", "first", "last").iter_rows()]


def _plain(law: Law, day: date) -> pl.DataFrame:
    on = day.isoformat() if is_sqlite() else day
    rows = [tuple(row) for row in reader().all(PLAIN, digest=law.digest, day=on)]
    days = {"first": pl.String, "last": pl.String} if is_sqlite() else {}
    return pl.DataFrame(rows, schema=TOTALS | days, orient="row").with_columns(
        pl.col(name).str.to_date("%Y-%m-%d") for name in days
    )


def _entangled(law: Law, day: date) -> Iterator[pl.DataFrame]:
    """The same from the dossiers of the few, CHUNK of them at a time."""
    ids = sorted(number for (number,) in reader().all(ENTANGLED))
    for start in range(0, len(ids), CHUNK):
        file = on_file(ids[start : start + CHUNK], law, Known(committed=True))
        seen = public_facts(file.under(law), day).events
        reported = file.events.select("department_id", event="event_id")
        yield seen.join(reported, on="event").group_by(BY).agg(
            events=pl.len().cast(pl.Int64), first=pl.col("in_force").min(), last=pl.col("in_force").max()
        )  # fmt: skip
