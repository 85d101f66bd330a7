"""Counts for the monitors: cases by month, item, industry and region; nothing of persons or firms."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Select, func, select

from credit.models import Complaint, EnterpriseVersion
from credit.services.reading import frame

COUNTS: dict[Any, Any] = {
    "month": pl.Date,
    "item_code": pl.String,
    "industry": pl.String,
    "region": pl.String,
    "count": pl.Int64,
}


def by_month(first: date, last: date) -> pl.DataFrame:
    """Cases filed from `first` to `last` in the shape COUNTS; `month` is its first day.

    Industry and region are the firm's newest; null where no firm on file was named. Withdrawn ones and those joined to
    another case don't count.
    """
    newest = (
        select(
            EnterpriseVersion.enterprise_id, EnterpriseVersion.industry, EnterpriseVersion.region
        )
        .where(EnterpriseVersion.seq.in_(_newest()))
        .subquery()
    )
    rows = frame(
        select(Complaint.filed_on, Complaint.item_code, newest.c.industry, newest.c.region)
        .outerjoin(newest, newest.c.enterprise_id == Complaint.enterprise_id)
        .where(
            Complaint.filed_on.between(first, last),
            Complaint.state != "withdrawn",
            Complaint.joined.is_(None),
        )
    )
    counted = rows.with_columns(month=pl.col("filed_on").cast(pl.Date).dt.truncate("1mo"))
    by = [name for name in COUNTS if name != "count"]
    return (
        counted.group_by(by)
        .agg(count=pl.len())
        .select(*COUNTS)
        .cast(COUNTS)
        .sort(by, nulls_last=True)
    )


def _newest() -> Select[Any]:
    version = EnterpriseVersion
    concerned = select(Complaint.enterprise_id).where(Complaint.enterprise_id.is_not(None))
    return (
        select(func.max(version.seq))
        .where(version.enterprise_id.in_(concerned))
        .group_by(version.enterprise_id)
    )
