"""Clocks of complaints and reports (市场监督管理投诉举报处理暂行办法): accept, end mediation, decide, tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.models import Complaint, ComplaintAct
from credit.rules.law import Law
from credit.services.duties.terms import with_clock
from credit.services.reading import frame

ENDED = ("refuse", "withdraw", "close", "answer")


def complaints(law: Law, day: date) -> pl.DataFrame:
    """Duties from the cases that had come in by `day`, in the shape DUTY; whose they are now answers for them.

    A refusal is told with its reasons at once; an extension in time ends the first clock of a report and begins a
    longer one.
    """
    cases = frame(
        select(
            Complaint.kind.label("what"), Complaint.enterprise_id, Complaint.department_id, Complaint.person,
            Complaint.filed_on.label("filed_on"), _first("accept", "refuse", "withdraw").label("decided_on"),
            _first("accept").label("accepted_on"), _first("extend").label("extended_on"),
            _first(*ENDED).label("ended_on"), _first("tell", *ENDED).label("told_on"),
        ).where(Complaint.filed_on <= day)
    )  # fmt: skip
    complained, reported = (
        cases.filter(pl.col("what") == "complaint"),
        cases.filter(pl.col("what") == "report"),
    )
    accepted = pl.col("accepted_on") <= day
    longer = pl.col("extended_on") <= day
    first_end = pl.min_horizontal("decided_on", "extended_on")
    parts = [
        _duty(complained, "complaint-acceptance", "acceptance", "filed_on", "decided_on"),
        _duty(complained.filter(accepted), "complaint-mediation", "mediation", "accepted_on", "ended_on"),
        _duty(reported.with_columns(first_end=first_end), "report-decision", "decision", "filed_on", "first_end"),
        _duty(reported.filter(longer), "report-decision", "extended", "filed_on", "decided_on"),
        _duty(
            reported.filter(accepted, pl.col("person").is_not_null()), "report-telling", "telling", "accepted_on",
            "told_on",
        ),
    ]  # fmt: skip
    done = pl.when(pl.col("done_on") <= day).then("done_on")
    return with_clock(pl.concat(parts).with_columns(done_on=done), law)


def _duty(some: pl.DataFrame, kind: str, clock: str, began: str, done: str) -> pl.DataFrame:
    return some.select(
        "enterprise_id", "department_id", kind=pl.lit(kind), basis=pl.lit(f"complaints.{clock}-days"),
        began_on=pl.col(began).cast(pl.Date), done_on=pl.col(done).cast(pl.Date),
    )  # fmt: skip


def _first(*acts: str) -> Any:
    found = select(func.min(ComplaintAct.acted_on)).where(
        ComplaintAct.complaint == Complaint.seq, ComplaintAct.act.in_(acts)
    )
    return found.correlate(Complaint).scalar_subquery()
