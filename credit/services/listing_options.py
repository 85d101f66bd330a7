"""What an officer may do about a listing now, and why everything else isn't possible: asked of the rules themselves."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from credit.db import db
from credit.errors import InvalidInput, RegisterError
from credit.models import Listing, ListingAct
from credit.rules.blacklist import ACTS, Act, check
from credit.rules.listing_days import Done, check_days
from credit.rules.listing_opinions import AGREE, check_opinion
from credit.services import listings
from credit.services.listing_terms import list_terms, steps_asked
from credit.services.policies import law_on
from credit.terms import ListingState

Words = tuple[str, str]
# Acts that ask for more than the state, the person and the days: what listings.FOLLOWS checks without writing.
WEIGHED = ("grant_removal",)


class Option(NamedTuple):
    """An act of the table; `why_not` in Chinese and English where it isn't possible for this officer now."""

    act: Act
    why_not: Words | None


def options(listing_id: int, officer_id: int | None, day: date) -> list[Option]:
    """Every act of the table, in its order. Raises UnknownListing."""
    listing, acts = listings.find(listing_id), listings.acts_of(listing_id)
    return [Option(act, _why_not(act, listing, acts, officer_id, day)) for act in ACTS.values()]


def each_why_not(numbers: list[int], name: str, officer_id: int | None, day: date) -> dict[int, Words | None]:
    """Of each listing, why an act isn't possible for this officer now; None where it is. Unknown ones are left out.

    Two statements for all; for acts that nothing beyond the case weighs (TOGETHER at the desk).
    """
    cases = {one.id: one for one in db.session.scalars(select(Listing).where(Listing.id.in_(numbers)))}
    acts: dict[int, list[ListingAct]] = {number: [] for number in cases}
    for one in db.session.scalars(
        select(ListingAct).where(ListingAct.listing_id.in_(list(cases))).order_by(ListingAct.seq)
    ):
        acts[one.listing_id].append(one)
    return {number: _why_not(ACTS[name], cases[number], acts[number], officer_id, day) for number in cases}


def _why_not(act: Act, listing: Listing, acts: list[ListingAct], officer_id: int | None, day: date) -> Words | None:
    terms = list_terms(law_on(day), listing.list, day)
    whole = {field: day if field.endswith("_on") else "…" for field in act.fields}
    done = [Done(one.act, one.acted_on, one.fields) for one in acts]
    try:
        state = ListingState(acts[-1].state)
        asked = steps_asked(terms, listing.department_id)
        step, _ = check(act.name, state, whole | {"opinion": AGREE}, asked)
        if officer_id is None:
            return "须由经办人本人办理，请使用个人账号登录", "an officer does this: sign in personally"
        listings.check_person(step, officer_id, listing, acts, terms, day)
        check_days(act.name, day, whole, done, terms)
        check_opinion(act.name, whole | {"opinion": AGREE}, done, asked)
        if act.name in WEIGHED:
            listings.FOLLOWS[act.name](listing, whole, done, terms, day)
    except InvalidInput:
        return None  # the days of its document are still to be filled in
    except RegisterError as refused:
        return refused.detail_zh or refused.zh, refused.detail or refused.title
    return None
