"""One listing as the staff see it: its acts, what may be done next and by whom, and why nothing else may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import Department, Listing, ListingAct, Officer, Record
from credit.rules.blacklist import ACTS, allowed
from credit.services import listings
from credit.services.listing_terms import list_terms, steps_asked
from credit.services.listing_texts import proposed_facts
from credit.services.paging import Page, number_of
from credit.services.policies import law_on
from credit.terms import ListingState


def story(listing_id: int, day: date) -> dict[str, Any]:
    """A listing in the shape of schemas.listing_case.ListingStory. Raises UnknownListing."""
    listing = listings.find(listing_id)
    acts = listings.acts_of(listing_id)
    outline = db.session.execute(_outlines().where(Listing.id == listing_id)).one()
    persons = {person for act in acts for person in (act.officer_id, act.fields.get(listings.IN_STEAD))}
    officers = select(Officer.id, Officer.name).where(Officer.id.in_(persons - {None}))
    names = {row.id: row.name for row in db.session.execute(officers)}
    return _outline(*outline) | {
        "facts": listing.facts,
        "proposed_facts": proposed_facts(listing),
        "event": listing.event_id,
        "acts": [_told(act, names) for act in acts],
        "next": _next(listing, acts[-1], day),
    }


def outlines(numbers: list[int]) -> dict[int, dict[str, Any]]:
    """Listings in outline by their number, each with `last`: the number of its last act."""
    rows = db.session.execute(_outlines().where(Listing.id.in_(numbers)).order_by(Listing.id)).all()
    return {row[0].id: _outline(*row) | {"last": row[1].seq} for row in rows}


def _next(listing: Listing, last: ListingAct, day: date) -> list[dict[str, Any]]:
    """What the table allows now: the act, its role, the fields of its document."""
    steps = steps_asked(list_terms(law_on(day), listing.list, day), listing.department_id)
    acts = [ACTS[name] for name in allowed(ListingState(last.state), steps)]
    return [
        {
            "act": act.name, "name": {"zh": act.zh, "en": act.en}, "role": str(act.roles(steps)[0]),
            "document": list(act.fields),
        }
        for act in acts
    ]  # fmt: skip


def _told(act: ListingAct, names: dict[int, str]) -> dict[str, Any]:
    known = ACTS.get(act.act)
    return {
        "seq": act.seq,
        "act": act.act,
        "name": {"zh": known.zh, "en": known.en} if known else {"zh": "提出", "en": "propose"},
        "state": act.state,
        "on": act.acted_on,
        "officer": names.get(act.officer_id or 0),
        "in_stead_of": names.get(act.fields.get(listings.IN_STEAD) or 0),
        "document_no": act.document_no,
        "document": {name: value for name, value in act.fields.items() if name != listings.IN_STEAD},
    }


def page(
    department_id: int | None,
    state: str | None,
    cursor: str | None,
    limit: int,
    narrowed: Callable[[Select[Any]], Select[Any]] = lambda found: found,
) -> Page:
    """Listings by number, of a department or of all, in one state or in any, `narrowed` further; each in outline."""
    found = _outlines().where(Listing.id > number_of(cursor)).order_by(Listing.id).limit(limit + 1)
    if department_id is not None:
        found = found.where(Listing.department_id == department_id)
    if state:
        found = found.where(ListingAct.state == state)
    rows = db.session.execute(narrowed(found)).all()
    items = [_outline(*row) for row in rows[:limit]]
    return Page(items, str(items[-1]["id"]) if len(rows) > limit else None)


def _outlines() -> Any:
    """Each listing with its last act, the enterprise's name and the department's."""
    later = aliased(ListingAct)
    return (
        select(Listing, ListingAct, Record.name, Department.name)
        .join(ListingAct, ListingAct.listing_id == Listing.id)
        .join(Department, Department.id == Listing.department_id)
        .outerjoin(Record, Record.enterprise_id == Listing.enterprise_id)
        .where(~exists().where(later.listing_id == Listing.id, later.seq > ListingAct.seq))
    )


def _outline(listing: Listing, last: ListingAct, name: str | None, department: str) -> dict[str, Any]:
    state = ListingState(last.state)
    return {
        "id": listing.id,
        "code": listing.code,
        "name": name,
        "department": department,
        "list": listing.list,
        "ground": listing.ground,
        "state": str(state),
        "state_name": {"zh": state.zh, "en": state.en},
        "since": last.acted_on,
    }
