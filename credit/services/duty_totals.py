"""How many duties are open and overdue, of each kind: for those who watch the register from outside."""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.services.duties.desk import WORDS, duties
from credit.services.tallies import Tally

WAITING = ("open", "overdue")
Totals = dict[tuple[str, str], int]


def duty_totals(day: date) -> Totals:
    """By kind and state (open, overdue) the number of duties of all departments on `day`; every kind is told.

    Counted after each change of the register and each day, once; a large register is counted now and
    then: asking often costs no more than a hundredth of the time.
    """
    return dict(_tally.of(day))


def _count(day: date, _known: str | None) -> Totals:
    found = duties(day).filter(pl.col("state").is_in(WAITING))
    rows = found.group_by("kind", "state").len().iter_rows()
    return {(kind, state): 0 for kind in WORDS for state in WAITING} | {(kind, state): n for kind, state, n in rows}


_tally = Tally(_count)
