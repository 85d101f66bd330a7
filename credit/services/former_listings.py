"""Listings that have come off the list, in full, for auditors: to the public they never were."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from credit import identifiers
from credit.db import db
from credit.models import Listing, ListingAct
from credit.rules.blacklist import ACTS
from credit.services import listed, listing_masks
from credit.services.known import NOW
from credit.services.listing_masks import ENDS
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on


def former(day: date, q: str | None, cursor: str | None, limit: int) -> Page:
    """Listings once published and not in force on `day`, by number, with how and when each ended.

    `q`: part of the code or of the decision's number.
    """
    limit, after, law = checked_limit(limit), number_of(cursor), law_on(day)
    later = aliased(ListingAct)
    again = exists().where(
        later.listing_id == Listing.id, later.act == "publish", later.seq > ListingAct.seq, later.acted_on <= day
    )
    held = listed.published(law).where(
        ListingAct.acted_on <= day, ~again, ~listed.in_force(day, day), Listing.id > after
    )
    if q:
        code = identifiers.normalise(q)
        fits = [ListingAct.document_no.contains(q, autoescape=True)]
        held = held.where(or_(*fits, *([Listing.code.contains(code, autoescape=True)] if code else [])))
    rows = db.session.execute(held.limit(limit + 1)).all()
    ends = _ends([row[1].id for row in rows[:limit]], day)
    masked = listing_masks.masked([row[1].enterprise_id for row in rows[:limit]], NOW)
    masks = {number: on.isoformat() for number, _, on in masked}
    items = [
        listed.public(act, listing, authority, name, law) | _ended(act, ends.get(listing.id, []), masks.get(listing.id))
        for act, listing, authority, name in rows[:limit]
    ]
    return Page(items, str(items[-1]["id"]) if len(rows) > limit else None)


def _ends(ids: list[int], day: date) -> dict[int, list[ListingAct]]:
    """The acts that ended these listings, in their order."""
    chosen = select(ListingAct).where(
        ListingAct.listing_id.in_(ids), ListingAct.act.in_(ENDS), ListingAct.acted_on <= day
    )
    found: dict[int, list[ListingAct]] = {}
    for act in db.session.scalars(chosen.order_by(ListingAct.seq)):
        found.setdefault(act.listing_id, []).append(act)
    return found


def _ended(act: ListingAct, ends: list[ListingAct], masked_on: str | None) -> dict[str, Any]:
    """How a publication ended: by an act, by a court's mask, or because its term was over."""
    if masked_on and act.acted_on.isoformat() <= masked_on < act.fields["ends_on"]:
        by_court = {"zh": "按法院裁定屏蔽", "en": "masked by ruling of a court"}
        return {"ended_on": masked_on, "ended_by": by_court, "ended_why": None, "end_document_no": None}
    end = next((one for one in ends if one.seq > act.seq), None)
    expired = end is None or end.acted_on.isoformat() > act.fields["ends_on"]
    by = ACTS["expire" if expired or end is None else end.act]
    return {
        "ended_on": act.fields["ends_on"] if expired or end is None else end.acted_on.isoformat(),
        "ended_by": {"zh": by.zh, "en": by.en},
        "ended_why": None if expired or end is None else end.fields.get("reason"),
        "end_document_no": None if expired or end is None else end.fields.get("document_no"),
    }
