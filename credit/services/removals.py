"""What became of an enterprise since it was listed, as far as early removal asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.models import CessationRow, Event, Listing
from credit.rules.listing_grounds import is_heavier
from credit.rules.removal import Since
from credit.services.known import NOW
from credit.services.reading import frame

COLUMNS = (
    "seq", "event_id", "replaces", "enterprise_id", "document_no", "penalties", "heavier", "decided_on", "performed_on",
    "restricted_until",
)  # fmt: skip
ENDS = ("seq", "replaces", "event_id", "enterprise_id", "ground")
FELL = ("withdrawn", "revoked")


def since(listing: Listing, listed_on: date, terms: Mapping[str, Any]) -> Since:
    """Heavier penalties since the listing, whether its own penalty is performed, and how long restrictions run."""
    current = standing(listing.enterprise_id)
    later = current.filter(pl.col("decided_on") > listed_on, pl.col("event_id") != (listing.event_id or 0))
    heavier = tuple(
        row["document_no"]
        for row in later.iter_rows(named=True)
        if is_heavier(terms, row["penalties"] or (), bool(row["heavier"]))
    )
    own = current.filter(pl.col("event_id") == (listing.event_id or 0))
    performed = None if own.is_empty() else own["performed_on"][0] is not None
    return Since(heavier, performed, None if own.is_empty() else own["restricted_until"][0])


def standing(enterprise_id: int) -> pl.DataFrame:
    """The violations of an enterprise as they count now: what was withdrawn or revoked is left out."""
    columns = (getattr(Event, name) for name in COLUMNS)
    found = frame(select(*columns).where(Event.enterprise_id == enterprise_id, Event.kind == "violation"))
    found = found.with_columns(pl.col("penalties").cast(pl.String).str.json_decode(pl.List(pl.String)))
    ends = (getattr(CessationRow, name) for name in ENDS)
    ended = frame(select(*ends).where(CessationRow.enterprise_id == enterprise_id))
    fell = NOW.current(ended).filter(pl.col("ground").is_in(FELL))
    return NOW.current(found).join(fell, on="event_id", how="anti").sort("decided_on", "event_id")
