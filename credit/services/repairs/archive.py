"""The archive: what was repaired. Nothing public tells of it; the deciding department and auditors alone read it.

A listing that was removed early is archived like a repaired event; their numbers come from one series, so one set
names both. What is past its term of keeping is told to nobody any more, whether or not it is deleted yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import CessationRow, Event, Listing, ListingAct
from credit.services import listed, listing_masks
from credit.services.departments import Bearer
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.services.repairs.terms import kept_until
from credit.terms import Cessation, ListingState

AUDIT = "audit"
ARCHIVED: dict[Any, Any] = {
    "number": pl.Int64, "what": pl.String, "enterprise_id": pl.Int64, "department_id": pl.Int64, "code": pl.String,
    "document_no": pl.String, "decided_on": pl.Date, "ended_on": pl.Date, "ended_by": pl.String,
}  # fmt: skip


def archived(ids: Sequence[int] | None = None) -> pl.DataFrame:
    """What was repaired or removed early, of these enterprises or of all, in the shape ARCHIVED."""
    return pl.concat([_events(ids), archived_listings(ids)]).sort("ended_on", "number", descending=True)


def _events(ids: Sequence[int] | None) -> pl.DataFrame:
    later, newer = aliased(CessationRow), aliased(Event)
    rows = frame(
        select(
            CessationRow.event_id.label("number"), Event.kind.label("what"), Event.enterprise_id, Event.department_id,
            Event.code, Event.document_no, Event.decided_on, Event.occurred_on,
            CessationRow.ceased_on.label("ended_on"), CessationRow.document_no.label("ended_by"),
        )
        .join(Event, Event.event_id == CessationRow.event_id)
        .where(
            among(CessationRow.enterprise_id, ids),
            CessationRow.ground == str(Cessation.REPAIRED),
            ~exists().where(later.replaces == CessationRow.seq),
            ~exists().where(newer.replaces == Event.seq),
        )
    )  # fmt: skip
    dated = rows.with_columns(decided_on=pl.coalesce("decided_on", "occurred_on"))
    return dated.select(*ARCHIVED).cast(ARCHIVED)


def archived_listings(ids: Sequence[int] | None = None) -> pl.DataFrame:
    """Listings that were removed early or repaired after a court's mask, in the shape ARCHIVED."""
    later = aliased(ListingAct)
    rows = frame(
        select(
            Listing.id.label("number"), Listing.enterprise_id, Listing.department_id, Listing.code,
            ListingAct.acted_on.label("ended_on"), ListingAct.document_no.label("ended_by"),
        )
        .join(ListingAct, ListingAct.listing_id == Listing.id)
        .where(
            among(Listing.enterprise_id, ids),
            ListingAct.state == str(ListingState.REMOVED),
            ~exists().where(later.listing_id == Listing.id, later.seq > ListingAct.seq),
        )
    )  # fmt: skip
    masked = select(
        Listing.id.label("number"), Listing.enterprise_id, Listing.department_id, Listing.code, *listing_masks.PERFORMED
    )
    rows = pl.concat([rows, frame(listing_masks.performed(masked).where(among(Listing.enterprise_id, ids)))])
    whole = rows.unique("number", keep="first", maintain_order=True).with_columns(
        what=pl.lit("listing"), document_no=pl.col("ended_by"), decided_on=pl.lit(None, dtype=pl.Date)
    )
    return whole.select(*ARCHIVED).cast(ARCHIVED)


def readable(found: pl.DataFrame, bearer: Bearer) -> pl.DataFrame:
    """Of what is archived, that which the bearer may read: its department's own, to auditors all."""
    return found if AUDIT in bearer.scopes else found.filter(pl.col("department_id") == bearer.department_id)


def told(enterprise_id: int, bearer: Bearer, day: date) -> list[dict[str, Any]]:
    """What the bearer may read of an enterprise's archive, with `keep_until`: when it is to be deleted."""
    law = law_on(day)
    rows = readable(archived([enterprise_id]), bearer)
    dated = rows.with_columns(keep_until=kept_until(pl.col("ended_on"), law))
    on_list: Any = listed.published(law).where(listed.in_force(day, day), Listing.enterprise_id == enterprise_id)
    kept = dated if db.session.execute(on_list.limit(1)).first() else dated.filter(pl.col("keep_until") > day)
    return kept.drop("enterprise_id", "department_id").to_dicts()


