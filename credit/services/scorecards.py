"""How fresh and how good each department's reports are, by month; the public is told the outline."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from credit.models import Batch, CessationRow, Department, Event
from credit.rules.working_days import working_days_passed
from credit.services.demands import open_demands
from credit.services.duties.terms import with_clock
from credit.services.policies import law_on
from credit.services.reading import frame
from credit.services.tallies import Tally

MONTHS = 12
FEW = 5  # of fewer reports the public is told no share and no median: they would tell of one enterprise
COUNTS = ("reports", "penalties", "late", "rejected", "corrections", "withdrawn", "overturned", "demands_late")
WHOSE = ("department_id", "month")


def freshness(day: date) -> list[dict[str, Any]]:
    """Each department and the day of its latest report: department, last_report_on (null: none yet)."""
    latest = (
        select(Event.department_id, func.max(Event.received_on).label("last"))
        .where(Event.received_on <= day)
        .group_by(Event.department_id)
        .subquery()
    )
    found = select(Department.id, Department.name.label("department"), latest.c.last.label("last_report_on"))
    return frame(found.outerjoin(latest, latest.c.department_id == Department.id).order_by(Department.id)).to_dicts()


def scorecards(day: date) -> pl.DataFrame:
    """One row a department and month with anything in it, of the last twelve months.

    department, month (its first day), reports, median_lag (working days from decision or inspection
    to report), penalties, late (after the term of their decision), rejected (rows of batches),
    corrections, withdrawn, overturned (by re-inspection), demands_late (answered late or overdue).
    What a department brought with it, from before its first report, has neither lag nor term.
    """
    return _by_month(day).drop("lagged")


def _by_month(day: date) -> pl.DataFrame:
    """The scorecards with `lagged`: of how many reports the lag is the median."""
    since = _months_before(day)
    events = _received(since, day)
    law, month = law_on(day), pl.col("received_on").dt.truncate("1mo").alias("month")
    first = events.filter(pl.col("replaces").is_null()).with_columns(month)
    lived = first.join(_joined(day), on="department_id").filter(pl.col("happened_on") >= pl.col("joined_on"))
    penalties = lived.filter(pl.col("kind") == "violation").with_columns(
        began_on="decided_on", done_on="received_on", basis=pl.lit("duties.report-days")
    )
    timed = with_clock(penalties.drop("kind").with_columns(kind=pl.lit("report")), law).with_columns(
        pl.col("done_on").dt.truncate("1mo").alias("month")
    )
    lag = working_days_passed(lived.select(*WHOSE, first="happened_on", last="received_on"))
    parts = [
        first.group_by(WHOSE).agg(reports=pl.len()),
        lag.group_by(WHOSE).agg(median_lag=pl.col("passed").median(), lagged=pl.len()),
        timed.group_by(WHOSE).agg(penalties=pl.len(), late=(pl.col("done_on") > pl.col("due_on")).sum()),
        _rejected(since, day),
        events.filter(pl.col("replaces").is_not_null()).with_columns(month).group_by(WHOSE).agg(corrections=pl.len()),
        _withdrawn(since, day),
        first.filter(pl.col("stage") == "reinspection", pl.col("result") == "pass")
        .group_by(WHOSE).agg(overturned=pl.len()),
        _late_demands(day, since),
    ]  # fmt: skip
    whole = parts[0].select(WHOSE).clear()
    for part in parts:
        whole = whole.join(part, on=WHOSE, how="full", coalesce=True)
    named = frame(select(Department.id.label("department_id"), Department.name.label("department")))
    return (
        whole.join(named, on="department_id")
        .with_columns(pl.col("lagged", *COUNTS).fill_null(0))
        .select("department", "month", "median_lag", *COUNTS, "lagged")
        .sort("department", "month", descending=[False, True])
    )


def outline(day: date) -> list[dict[str, Any]]:
    """What the public is told of each department: department, last_report_on, reports, on_time, median_lag.

    Counts are of what came in, whether it may still be shown or not, so that none moves when a record
    is repaired. Of few reports no share and no median is told. Of a large register, counted now and then.
    """
    return list(_outlines.of(day))


def _outlined(day: date, _known: str | None) -> list[dict[str, Any]]:
    whole = _by_month(day).group_by("department").agg(
        pl.col("reports", "penalties", "late", "lagged").sum(),
        median_lag=(pl.col("median_lag") * pl.col("lagged")).sum() / pl.col("lagged").sum(),
    )  # fmt: skip
    counted = {row["department"]: row for row in whole.to_dicts()}
    return [_outline(row, counted.get(row["department"], {})) for row in freshness(day)]


def _outline(fresh: dict[str, Any], counted: dict[str, Any]) -> dict[str, Any]:
    reports, penalties = counted.get("reports", 0), counted.get("penalties", 0)
    on_time = 1 - counted["late"] / penalties if penalties >= FEW else None
    lag = counted.get("median_lag") if counted.get("lagged", 0) >= FEW else None
    return {
        "id": fresh["id"],
        "department": fresh["department"],
        "last_report_on": fresh["last_report_on"],
        "reports": reports if reports >= FEW or not reports else None,
        "on_time": None if on_time is None else round(on_time, 3),
        "median_lag": None if lag is None else round(lag, 1),
    }


def _months_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=1)


def _joined(day: date) -> pl.DataFrame:
    """The day of each department's first report."""
    joined = func.min(Event.received_on).label("joined_on")
    return frame(select(Event.department_id, joined).where(Event.received_on <= day).group_by(Event.department_id))


def _received(since: date, day: date) -> pl.DataFrame:
    names = (
        "event_id", "replaces", "department_id", "enterprise_id", "kind", "decided_on", "occurred_on", "received_on",
        "stage", "result",
    )  # fmt: skip
    found = frame(
        select(*(getattr(Event, name) for name in names)).where(Event.received_on >= since, Event.received_on <= day)
    )
    return found.with_columns(happened_on=pl.coalesce("decided_on", "occurred_on"))


def _rejected(since: date, day: date) -> pl.DataFrame:
    found = frame(
        select(Batch.department_id, Batch.received_on, Batch.rejected).where(
            Batch.received_on >= since, Batch.received_on <= day
        )
    )
    month = pl.col("received_on").dt.truncate("1mo").alias("month")
    return found.with_columns(month).group_by(WHOSE).agg(pl.col("rejected").sum())


def _withdrawn(since: date, day: date) -> pl.DataFrame:
    found = frame(
        select(CessationRow.event_id, Event.department_id, CessationRow.ceased_on).join(
            Event, Event.seq == CessationRow.event_id
        ).where(CessationRow.ground.in_(["withdrawn", "revoked"]), CessationRow.ceased_on.between(since, day))
    )  # fmt: skip
    month = pl.col("ceased_on").dt.truncate("1mo").alias("month")
    return found.with_columns(month).group_by(WHOSE).agg(withdrawn=pl.col("event_id").n_unique())


def _late_demands(day: date, since: date) -> pl.DataFrame:
    asked = with_clock(open_demands(day).drop("days"), law_on(day)).filter(pl.col("began_on") >= since)
    month = pl.col("began_on").dt.truncate("1mo").alias("month")
    late = pl.col("done_on").fill_null(day) > pl.col("due_on")
    return asked.filter(late).with_columns(month).group_by(WHOSE).agg(demands_late=pl.len())


_outlines = Tally(_outlined)
