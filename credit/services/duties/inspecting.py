"""Inspection tasks are visited by the plan's end, and their results shown within the days after (20 working days)."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import select

from credit.models import InspectionTask
from credit.rules.law import Law
from credit.services.duties.terms import DUTY, with_clock
from credit.services.reading import frame
from credit.terms import TaskState

KEY = "tasks.result-days"


def inspecting(law: Law, day: date, since: date) -> pl.DataFrame:
    """Duties to visit and to record results: open ones, and those that ended from `since` on, in the shape DUTY."""
    task = InspectionTask
    tasks = frame(
        select(
            task.department_id, task.enterprise_id, task.state, task.made_on, task.due_on, task.inspected_on,
            task.done_on,
        ).where(
            task.made_on <= day, task.state != str(TaskState.CANCELLED),
            task.done_on.is_(None) | (task.done_on >= since),
        )
    )  # fmt: skip
    visited = pl.col("inspected_on") <= day
    visits = tasks.select(
        "department_id", "enterprise_id", "due_on", kind=pl.lit("inspection"), basis=pl.lit("plan"),
        began_on="made_on", provisional=pl.lit(value=False),
        done_on=pl.when(visited).then("inspected_on"),
    )  # fmt: skip
    results = tasks.filter(visited).select(
        "department_id", "enterprise_id", kind=pl.lit("inspection-result"), basis=pl.lit(KEY), began_on="inspected_on",
        done_on=pl.when(pl.col("done_on") <= day).then("done_on"),
    )  # fmt: skip
    missing = [name for name in DUTY if name not in visits.columns]
    whole = visits.with_columns(pl.lit(None).alias(name) for name in missing).select(*DUTY).cast(DUTY)
    return pl.concat([whole, with_clock(results, law)])
