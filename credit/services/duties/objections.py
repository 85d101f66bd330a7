"""Clocks of what enterprises file. Objections: 5 working days; another department that is asked: 5, and 20 in all.

Asking in time ends the first clock and begins the two others: whoever asks late is late. A statement is checked
before it is shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from credit.models import Filing, FilingAct
from credit.rules.law import Law
from credit.services.duties.terms import with_clock
from credit.services.objections.cases import CLOSING
from credit.services.objections.told import ACCEPTANCE, ANSWER, DECISION, REPAIR, STATEMENT, WHOLE
from credit.services.reading import frame


def objections(law: Law, day: date) -> pl.DataFrame:
    """Duties from the filings that had come in by `day`, in the shape DUTY."""
    filed = frame(
        select(
            Filing.kind.label("what"), Filing.enterprise_id, Filing.event_id, Filing.department_id,
            Filing.filed_on.label("began_on"), _first(*CLOSING).label("decided_on"), _first("ask").label("asked_on"),
            _first("accept").label("accepted_on"), Filing.listing_id.label("listing"),
        ).where(Filing.filed_on <= day)
    )  # fmt: skip
    contested = filed.filter(pl.col("what") == "objection")
    asked = pl.col("asked_on") <= day
    parts = [
        contested.with_columns(
            kind=pl.lit("objection"), basis=pl.lit(DECISION), done_on=pl.min_horizontal("decided_on", "asked_on")
        ),
        contested.filter(asked).with_columns(
            kind=pl.lit("objection-whole"), basis=pl.lit(WHOLE), done_on="decided_on"
        ),
        filed.filter(pl.col("what") == "statement").with_columns(
            kind=pl.lit("statement"), basis=pl.lit(STATEMENT), done_on="decided_on"
        ),
        *_repairs(filed, day),
        _answers(day),
    ]
    whole = pl.concat(parts, how="diagonal_relaxed")
    done = pl.when(pl.col("done_on") <= day).then("done_on")
    return with_clock(whole.with_columns(done_on=done), law)


def _repairs(filed: pl.DataFrame, day: date) -> list[pl.DataFrame]:
    """Applications for repair: accepted or not in 2 working days, then decided in 7 (15 before 2025-12-25).

    That of a listing is decided as early removal, whose own clock runs (duties.listing).
    """
    applied = filed.filter(pl.col("what") == "repair")
    answered = pl.min_horizontal("accepted_on", "decided_on")
    acceptance = applied.with_columns(
        kind=pl.lit("repair-acceptance"), basis=pl.lit(ACCEPTANCE), done_on=answered
    )
    accepted = applied.filter(pl.col("accepted_on") <= day, pl.col("listing").is_null())
    decision = accepted.with_columns(
        kind=pl.lit("repair-decision"), basis=pl.lit(REPAIR), began_on="accepted_on", done_on="decided_on"
    )
    return [acceptance, decision]


def _first(*acts: str) -> Any:
    found = select(func.min(FilingAct.acted_on)).where(FilingAct.filing == Filing.seq, FilingAct.act.in_(acts))
    return found.correlate(Filing).scalar_subquery()


def _answers(day: date) -> pl.DataFrame:
    """What other departments were asked; a decision without their answer leaves them nothing to do."""
    asked, later = aliased(FilingAct), aliased(FilingAct)
    ended = select(func.min(later.acted_on)).where(
        later.filing == asked.filing,
        later.seq > asked.seq,
        (later.act == "decide") | ((later.act == "answer") & (later.department_id == asked.asked_id)),
    )
    rows = frame(
        select(
            Filing.enterprise_id, Filing.event_id, asked.asked_id.label("department_id"),
            asked.acted_on.label("began_on"), ended.correlate(asked).scalar_subquery().label("done_on"),
        )
        .join(asked, asked.filing == Filing.seq)
        .where(asked.act == "ask", asked.acted_on <= day)
    )  # fmt: skip
    return rows.with_columns(kind=pl.lit("objection-answer"), basis=pl.lit(ANSWER))
