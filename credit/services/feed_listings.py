"""Listings in the feed: when one becomes public, says something else, or is public no more, it gets a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import polars as pl
from sqlalchemy import delete, func, select

from credit.db import Change, ChangeRow, db, instant
from credit.models import FeedListing, Listing, ListingAct
from credit.rules.law import Law
from credit.services import listed
from credit.services.feed_ids import opaque
from credit.services.objections.marks import with_marks
from credit.services.policies import law_on
from credit.services.reading import among
from credit.services.writing import insert

# A listing, its enterprise, and what the public sees of it; None: nothing any more.
State = tuple[int, int, bytes | None]


def follow(change: Change, ids: Sequence[int], law: Law, day: date) -> None:
    """Number the listings of these enterprises whose public state on `day` is another than was told.

    Called after their records are published: a listing ends when its enterprise is graded anew.
    """
    told = {row.listing_id: row for row in _told(ids)}
    shown = {number: (owner, body) for number, owner, body in _shown(ids, law, day)}
    news: list[State] = [(number, *state) for number, state in shown.items() if _last(told, number) != state[1]]
    gone: list[State] = [
        (row.listing_id, row.enterprise_id, None)
        for row in told.values()
        if row.body is not None and row.listing_id not in shown
    ]
    _keep(change, news + gone)


def _last(told: dict[int, Any], number: int) -> bytes | None:
    return bytes(told[number].body) if number in told and told[number].body is not None else None


def _told(ids: Sequence[int]) -> Sequence[Any]:
    columns = (FeedListing.listing_id, FeedListing.enterprise_id, FeedListing.body)
    return db.session.execute(select(*columns).where(among(FeedListing.enterprise_id, ids))).all()


def _shown(ids: Sequence[int], law: Law, day: date) -> list[tuple[int, int, bytes]]:
    """listing, enterprise and what the public sees of it on `day`, in the order of the listings."""
    held = listed.published(law).where(listed.in_force(day, day), among(Listing.enterprise_id, ids))
    found = db.session.execute(held).all()
    told = with_marks((listed.public(act, listing, who, name, law) for act, listing, who, name in found), day)
    owners = [listing.enterprise_id for _, listing, *_ in found]
    return [(one["id"], owner, body_of(one)) for one, owner in zip(told, owners, strict=True)]


def body_of(public: dict[str, Any]) -> bytes:
    """A listing's public form as JSON, without its number."""
    return orjson.dumps({name: value for name, value in public.items() if name != "id"})


def _keep(change: Change, states: list[State], mixed: bool = False) -> None:
    """The states (listing, enterprise, body) instead of what was told before, each with a new number."""
    if not states:
        return
    listings = [number for number, *_ in states]
    db.session.execute(delete(FeedListing).where(among(FeedListing.listing_id, listings)))
    rows = pl.DataFrame(
        {
            "listing_id": listings,
            "enterprise_id": [owner for _, owner, _ in states],
            "seq": list(change.take(len(states))),
            "body": pl.Series([body for *_, body in states], dtype=pl.Binary),
            "mixed": [mixed] * len(states),
        }
    )
    insert(FeedListing, rows)


def mix(change: Change) -> int:
    """Number all removals anew, in the order of their opaque ids, once new ones have come. Returns how many.

    A removal stands right behind the record that changed with it; who reads the feed from 0 later must
    not see from the numbers whose listing it was.
    """
    gone = FeedListing.body.is_(None)
    fresh = select(FeedListing.listing_id).where(gone, FeedListing.mixed.is_(False)).limit(1)
    if db.session.scalar(fresh) is None:
        return 0
    rows = db.session.execute(select(FeedListing.listing_id, FeedListing.enterprise_id).where(gone)).all()
    ordered = sorted(rows, key=lambda row: opaque("listing", row.listing_id))
    _keep(change, [(row.listing_id, row.enterprise_id, None) for row in ordered], mixed=True)
    return len(rows)


@dataclass(frozen=True)
class Entry:
    """A listing in force, as a news feed tells it: its opaque id, what the public sees, since when known."""

    id: str
    listing: dict[str, Any]
    known_at: datetime


def newest(day: date, most: int) -> list[Entry]:
    """The listings in force on `day` that were published last, the newest first."""
    law = law_on(day)
    later = select(func.min(ChangeRow.recorded_at)).where(ChangeRow.last_seq >= ListingAct.seq)
    held = listed.published(law).where(listed.in_force(day, day)).order_by(None)
    last = held.order_by(ListingAct.acted_on.desc(), ListingAct.seq.desc()).limit(most)
    rows = db.session.execute(last.add_columns(later.correlate(ListingAct).scalar_subquery())).all()
    told = with_marks((listed.public(act, listing, who, name, law) for act, listing, who, name, _ in rows), day)
    return [Entry(opaque("listing", one["id"]), one, instant(row[4])) for one, row in zip(told, rows, strict=True)]
