"""Provenance (来源): which department reported a fact, when it was received and changed, by which report."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from credit.models import Department
from credit.services.reading import frame

BATCH, SINGLE = "B", "E"


def with_provenance(current: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Current versions of events with department (its name), received_on, changed_on and report.

    Both have seq, event_id, department_id, received_on, report_id. `received_on` becomes the day of
    the first version, `changed_on` that of the current one where it is another. `report` is opaque:
    the batch that the fact came with, or the fact's own number.
    """
    first = versions.filter(pl.col("seq") == pl.col("event_id")).select("event_id", first_on="received_on")
    names = frame(select(Department.id.label("department_id"), Department.name.label("department")))
    joined = current.join(first, on="event_id", how="left", maintain_order="left").join(
        names, on="department_id", how="left", maintain_order="left"
    )
    return joined.with_columns(
        changed_on=pl.when(pl.col("seq") != pl.col("event_id")).then("received_on"),
        received_on=pl.coalesce("first_on", "received_on"),
        report=report_name(),
    ).drop("first_on")


def report_name() -> pl.Expr:
    """How a report is called in public, from the columns report_id and event_id."""
    batch = pl.lit(BATCH) + pl.col("report_id").cast(pl.String)
    return pl.coalesce(batch, pl.lit(SINGLE) + pl.col("event_id").cast(pl.String))
