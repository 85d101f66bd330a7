"""Listings that a court's ruling masks (屏蔽): out of force while it holds, as if never masked once it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import Listing, ListingAct, Mask, MaskEnd
from credit.services.known import Known
from credit.services.reading import among

# Acts that end a publication before its term.
ENDS = ("revoke", "expire", "grant_removal")
# A mask is of the listings that its own department had published of the enterprise before it.
OF_THE_LISTING = and_(Mask.enterprise_id == Listing.enterprise_id, Mask.department_id == Listing.department_id)


def hides(day: date, seq: int | None) -> ColumnElement[bool]:
    """For services.listed.published: whether a mask hides the listing on `day`, as known at a change number or now."""
    failed = exists().where(MaskEnd.mask == Mask.seq, MaskEnd.how == "failed", _known(MaskEnd.seq, seq))
    return exists().where(
        OF_THE_LISTING, Mask.seq > ListingAct.seq, Mask.masked_on <= day, _known(Mask.seq, seq), ~failed
    )


def _known(column: Any, seq: int | None) -> Any:
    return column.is_not(None) if seq is None else column <= seq


def masked(ids: Sequence[int] | None, known: Known) -> list[tuple[int, int, date]]:
    """listing, number of the mask and its day: the masks of these enterprises' listings that didn't fail."""
    end = aliased(MaskEnd)
    found = (
        select(Listing.id, Listing.enterprise_id, Mask.seq, Mask.masked_on, end.seq.label("failed"))
        .join(Mask, OF_THE_LISTING)
        .outerjoin(end, and_(end.mask == Mask.seq, end.how == "failed"))
        .where(among(Mask.enterprise_id, ids))
    )
    rows = []
    for row in db.session.execute(found):
        limit = known.limit(row.enterprise_id)
        failed = row.failed is not None and (limit is None or row.failed <= limit)
        if not failed and (limit is None or row.seq <= limit):
            rows.append((row.id, row.seq, row.masked_on))
    return rows


def of_masks(masks: Sequence[Mask]) -> dict[int, list[int]]:
    """By mask, the listings that it hides or hid: those that were on the list when it began."""
    ended = aliased(ListingAct)
    before = and_(ended.listing_id == Listing.id, ended.seq > ListingAct.seq, ended.seq < Mask.seq)
    found = (
        select(Mask.seq, Mask.masked_on, Listing.id, ListingAct.fields)
        .select_from(Mask)
        .join(Listing, OF_THE_LISTING)
        .join(ListingAct, and_(ListingAct.listing_id == Listing.id, ListingAct.seq < Mask.seq))
        .where(
            Mask.seq.in_([one.seq for one in masks]), ListingAct.act == "publish",
            ~exists().where(before, ended.act.in_(ENDS)),
        )
    )  # fmt: skip
    hidden: dict[int, list[int]] = {one.seq: [] for one in masks}
    for mask, masked_on, listing, fields in db.session.execute(found.order_by(Listing.id)):
        if fields["ends_on"] > masked_on.isoformat():
            hidden[mask].append(listing)
    return hidden


PERFORMED = (MaskEnd.ended_on, MaskEnd.document_no.label("ended_by"))


def performed(listings: Any) -> Any:
    """Of a statement about listings, those that are repaired because a plan was performed; PERFORMED tells how."""
    act = aliased(ListingAct)
    return (
        listings.join(Mask, OF_THE_LISTING)
        .join(MaskEnd, and_(MaskEnd.mask == Mask.seq, MaskEnd.how == "performed"))
        .where(exists().where(act.listing_id == Listing.id, act.act == "publish", act.seq < Mask.seq))
    )
