"""When a case of listing ended: by an act, or with its term, or because a plan was performed after a court's mask."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.models import Listing, ListingAct
from credit.rules.blacklist import ON_THE_LIST
from credit.services import listing_masks
from credit.services.reading import frame
from credit.terms import ListingState

OVER = ("REMOVED", "EXPIRED", "REVOKED", "DROPPED", "EXCUSED")
ENDED: dict[Any, Any] = {
    "event_id": pl.Int64, "enterprise_id": pl.Int64, "department_id": pl.Int64, "ended_on": pl.Date,
}  # fmt: skip


def ended(last: date) -> pl.DataFrame:
    """Cases that ended by `last`, in the shape ENDED; `event_id` is the listing's number.

    One on which nobody acted after its term was over, or late, ended with it all the same.
    """
    states = [str(getattr(ListingState, name)) for name in OVER]
    later = aliased(ListingAct)
    acts = frame(
        select(
            Listing.id.label("event_id"), Listing.enterprise_id, Listing.department_id, ListingAct.state,
            ListingAct.acted_on,
        )
        .join(ListingAct, ListingAct.listing_id == Listing.id)
        .where(
            ListingAct.state.in_([*states, *map(str, ON_THE_LIST)]),
            ~exists().where(later.listing_id == Listing.id, later.seq > ListingAct.seq),
        )
    )  # fmt: skip
    terms = frame(
        select(ListingAct.listing_id.label("event_id"), ListingAct.seq, ListingAct.fields).where(
            ListingAct.act == "publish", ListingAct.acted_on <= last
        )
    )
    published = (
        terms.sort("seq")
        .group_by("event_id", maintain_order=True)
        .last()
        .select("event_id", ends_on=pl.col("fields").str.json_path_match("$.ends_on").str.to_date())
    )
    masked = frame(listing_masks.performed(select(Listing.id.label("event_id"), listing_masks.PERFORMED[0])))
    of_term = pl.when(pl.col("state").is_in(states)).then(pl.min_horizontal("acted_on", "ends_on")).otherwise("ends_on")
    whole = (
        acts.join(published, on="event_id", how="left")
        .join(masked.unique("event_id"), on="event_id", how="left")
        .with_columns(ended_on=pl.min_horizontal(of_term, "ended_on"))
    )
    return whole.filter(pl.col("ended_on") <= last).select(*ENDED).cast(ENDED)
