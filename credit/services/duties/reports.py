"""Penalties must be reported within 7 and shown within 20 working days of the decision (Order 45 arts 9-10)."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import select

from credit.models import Classification, Event
from credit.rules.law import Law
from credit.services.classification import as_if_told
from credit.services.duties.terms import with_clock
from credit.services.known import NOW
from credit.services.reading import frame

COLUMNS = ("seq", "event_id", "replaces", "department_id", "enterprise_id", "decided_on", "received_on")


def reports(law: Law, day: date, since: date) -> pl.DataFrame:
    """Duties to report and to show the penalties that were received from `since` on, in the shape DUTY.

    Reported is a penalty on the day its first version came in. Shown it can be from the version on
    that lacks no notice; until then the second clock runs on.
    """
    received = frame(
        select(*(getattr(Event, name) for name in COLUMNS)).where(
            Event.kind == "violation", Event.received_on >= since, Event.received_on <= day
        )
    )
    made = frame(
        select(Classification.seq, Classification.public, Classification.in_force_on)
        .join(Event, Event.seq == Classification.seq)
        .where(Classification.digest == law.digest, Event.kind == "violation", Event.received_on >= since)
    )
    whole = received.join(made, on="seq", how="left").with_columns(began_on="decided_on")
    first = whole.filter(pl.col("replaces").is_null())
    reported = first.with_columns(kind=pl.lit("report"), basis=pl.lit("duties.report-days"), done_on="received_on")
    may_show = (
        whole.filter(pl.col("public"))
        .group_by("event_id")
        .agg(done_on=pl.max_horizontal("received_on", "in_force_on").min())
    )
    # What is never shown (simple procedure, a warning alone, minor) has nothing to show in time.
    current = NOW.current(whole)
    withheld = as_if_told(current.filter(~pl.col("public"))["seq"].to_list(), law).filter(pl.col("public"))
    owed = current.filter(pl.col("public") | pl.col("seq").is_in(withheld["seq"].implode()))
    shown = owed.join(may_show, on="event_id", how="left").with_columns(
        kind=pl.lit("publish"), basis=pl.lit("duties.system-days"),
        done_on=pl.when(pl.col("done_on") <= day).then("done_on"),
    )  # fmt: skip
    return with_clock(pl.concat([reported, shown], how="diagonal_relaxed"), law)
