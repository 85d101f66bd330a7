"""What follows a final failure (SAMR Order 18 arts 46-48): correct, re-check, and re-check once more."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.models import CessationRow, Event
from credit.rules.classification import UNDECIDED
from credit.rules.law import Law
from credit.services.duties.terms import DUTY, with_clock
from credit.services.known import NOW
from credit.services.reading import among, frame

COLUMNS = (
    "seq", "event_id", "replaces", "department_id", "enterprise_id", "stage", "result", "of",
    "occurred_on", "final_on", "objected_on", "ordered_on", "announced_on", "role", "producer_confirmed",
)  # fmt: skip
KEY = "duties.{}-days"


def corrective(law: Law, day: date) -> pl.DataFrame:
    """Duties after the failures that were final by `day`, in the shape DUTY.

    The terms run from the order to correct; where none was reported, from the day the failure was
    final. A re-check, passed or failed, ends the first two. Failed, the province announces it, and
    the second re-check is due between the 60th and the 90th day after that.
    """
    failed = NOW.current(frame(_chosen().where(Event.result == "fail")))
    if failed.is_empty():
        return pl.DataFrame(schema=DUTY)
    firsts = failed.filter(pl.col("stage") == "first")
    looks = NOW.current(frame(_chosen().where(among(Event.of, firsts["event_id"].to_list()))))
    found = final(standing(firsts), looks, law, day)
    rechecks = looks.filter(pl.col("stage") == "recheck", pl.col("occurred_on") <= day).sort("occurred_on", "seq")
    done = rechecks.group_by("of", maintain_order=True).agg(done_on=pl.col("occurred_on").first())
    begun = found.join(done, left_on="event_id", right_on="of", how="left").with_columns(
        began_on=pl.coalesce("ordered_on", "final")
    )
    owed = [
        begun.with_columns(kind=pl.lit(kind), basis=pl.lit(KEY.format(kind)))
        for kind in ("product-correction", "recheck")
    ]
    owed.append(_second(rechecks, law, day))
    return with_clock(pl.concat(owed, how="diagonal_relaxed"), law)


def _chosen() -> Any:
    return select(*(getattr(Event, name) for name in COLUMNS))


def standing(firsts: pl.DataFrame) -> pl.DataFrame:
    """Failures that nothing ended: not withdrawn, not revoked, and not of a product that isn't the producer's."""
    ended = frame(
        select(CessationRow.seq, CessationRow.replaces, CessationRow.event_id, CessationRow.ground)
        .where(among(CessationRow.event_id, firsts["event_id"].to_list()))
    )  # fmt: skip
    over = NOW.current(ended).filter(pl.col("ground").is_in(["withdrawn", "revoked"]))
    others = (pl.col("role") == "producer") & ~pl.col("producer_confirmed").fill_null(value=False)
    return firsts.join(over, on="event_id", how="anti").filter(~others.fill_null(value=False))


def final(firsts: pl.DataFrame, looks: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """The failures that are final by `day`, with `final`: the day. A passed re-inspection leaves none."""
    again = (
        looks.filter(pl.col("stage") == "reinspection")
        .sort("occurred_on", "seq")
        .unique("of", keep="first", maintain_order=True)
        .select(event_id="of", again="result", again_on="occurred_on")
    )
    window = law.choose("finality.objection-days", pl.col("occurred_on")).cast(pl.Int64)
    default = pl.when(pl.col("objected_on").is_null()).then(pl.col("occurred_on") + pl.duration(days=window))
    return (
        firsts.join(again, on="event_id", how="left")
        .filter(pl.col("again").is_null() | (pl.col("again") == "fail"))
        .with_columns(final=pl.coalesce("again_on", "final_on", default, pl.lit(UNDECIDED)))
        .filter(pl.col("final") <= day)
    )


def _second(rechecks: pl.DataFrame, law: Law, day: date) -> pl.DataFrame:
    """The second re-check after a failed and announced one; done by a re-check later than that."""
    announced = rechecks.filter(pl.col("result") == "fail", pl.col("announced_on") <= day)
    later = rechecks.select("of", again="occurred_on")
    done = (
        announced.select("event_id", "of", "announced_on")
        .join(later, on="of")
        .filter(pl.col("again") > pl.col("announced_on"))
        .group_by("event_id")
        .agg(done_on=pl.col("again").min())
    )
    key = KEY.format("second-recheck-from")
    opens = law.choose(key, pl.col("began_on")).cast(pl.Int64) if key in law.provisions else pl.lit(0)
    return (
        announced.join(done, on="event_id", how="left")
        .with_columns(
            kind=pl.lit("second-recheck"), basis=pl.lit(KEY.format("second-recheck")), began_on="announced_on"
        )
        .with_columns(opens_on=pl.col("began_on") + pl.duration(days=opens))
    )
