"""Listings whose basis was withdrawn: none falls by itself, each awaits a decision in time."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from credit.models import Amendment, CessationRow, Listing, ListingAct
from credit.services.reading import frame
from credit.terms import DemandAnswer, ListingState

REVIEW = "demands.listing-review-days"
DISPOSED = ("revoke", "drop", "expire", "grant_removal")
ENDED = (str(ListingState.REMOVED), str(ListingState.EXPIRED), str(ListingState.REVOKED), str(ListingState.DROPPED))


def reviews(day: date, event_id: int | None = None) -> pl.DataFrame:
    """Listings that rested on an event when it was withdrawn: done by the next act that ends the listing.

    Columns as services.demands.OPEN but for `days`, and `listing`. A withdrawal that was taken back
    asks for nothing.
    """
    later, earlier, back = aliased(ListingAct), aliased(ListingAct), aliased(CessationRow)
    acted = select(func.min(later.acted_on)).where(
        later.listing_id == Listing.id, later.seq > Amendment.seq, later.act.in_(DISPOSED)
    )
    before = select(func.max(earlier.seq)).where(earlier.listing_id == Listing.id, earlier.seq < Amendment.seq)
    rows = frame(
        select(
            Amendment.seq.label("demand"), Listing.department_id, Listing.enterprise_id, Amendment.event_id,
            Amendment.made_on.label("began_on"),
            acted.correlate(Listing, Amendment).scalar_subquery().label("done_on"),
            Listing.id.label("listing"),
        )
        .join(Listing, Listing.event_id == Amendment.event_id)
        .join(ListingAct, ListingAct.seq == before.correlate(Listing, Amendment).scalar_subquery())
        .where(
            Amendment.event_id == event_id if event_id else true(),
            Amendment.act == str(DemandAnswer.WITHDRAWN),
            Amendment.made_on <= day,
            ListingAct.state.not_in(ENDED),
            ~select(back.seq).where(back.replaces == Amendment.seq).correlate(Amendment).exists(),
        )
    )  # fmt: skip
    return rows.with_columns(kind=pl.lit("review-listing"), basis=pl.lit(REVIEW))


def awaiting(event_id: int, day: date) -> list[int]:
    """The listings that rest on this withdrawn event and on which nobody has decided since."""
    found = reviews(day, event_id)
    return found.filter(pl.col("done_on").is_null())["listing"].sort().to_list()
