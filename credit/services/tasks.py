"""The tasks of an officer: duties of the department that the officer's roles may end, and cases that wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import ListingAct
from credit.rules.blacklist import ACTS, OPEN
from credit.rules.listing_days import Done
from credit.rules.listing_opinions import awaited
from credit.services import listing_story
from credit.services.duties import desk
from credit.services.listing_terms import list_terms, steps_asked
from credit.services.policies import law_on
from credit.terms import ListingState, OfficerRole

# Duties that only a decider ends; all others are the handlers' (and the credit unit's).
DECIDED = ("removal-decision", "repair-decision", "objection", "objection-whole", "review-listing")
HANDLERS = (OfficerRole.SUPERVISOR, OfficerRole.CREDIT)
LOOKED_AT = 500  # open cases of a department; more wait for nobody but time


def duties_of(department_id: int, roles: Collection[str], day: date, most: int) -> list[dict[str, Any]]:
    """What the department owes and these roles may end, the earliest deadline first, as schemas.duty.Alert."""
    handles = not set(HANDLERS).isdisjoint(roles)
    kinds = [
        kind for kind in desk.WORDS if (OfficerRole.DECIDER in roles if kind in DECIDED else handles)
    ]  # fmt: skip
    if not kinds:
        return []
    found = desk.duties(day, department_id)
    owed = found.filter(pl.col("done_on").is_null() & pl.col("kind").is_in(kinds))
    told: list[dict[str, Any]] = desk.page(owed, day, None, None, None, most)["items"]
    return told


def cases_of(department_id: int, roles: Collection[str], day: date, most: int) -> list[dict[str, Any]]:
    """Cases of listing that go on by an act of these roles, the longest waiting first: outlines with `awaits`
    (the act in words).
    """
    states = [*OPEN, ListingState.CONFIRMED, ListingState.REMOVAL_ASKED, ListingState.REMOVAL_ACCEPTED]
    found = listing_story.page(
        department_id, None, None, LOOKED_AT, lambda wanted: wanted.where(ListingAct.state.in_(map(str, states)))
    ).items
    acts = _acts([one["id"] for one in found])
    each = [one | {"awaits": _mine(one, acts[one["id"]], department_id, roles, day)} for one in found]
    waiting = [one for one in each if one["awaits"]]
    return sorted(waiting, key=lambda one: (one["since"], one["id"]))[:most]


def _acts(numbers: list[int]) -> dict[int, list[Done]]:
    chosen = select(ListingAct).where(ListingAct.listing_id.in_(numbers)).order_by(ListingAct.seq)
    acts: dict[int, list[Done]] = {number: [] for number in numbers}
    for act in db.session.scalars(chosen):
        acts[act.listing_id].append(Done(act.act, act.acted_on, act.fields))
    return acts


def _mine(
    case: dict[str, Any], done: list[Done], department_id: int, roles: Collection[str], day: date
) -> dict[str, str] | None:
    """The act by which these roles bring a case on, in words."""
    asked = steps_asked(list_terms(law_on(day), case["list"], day), department_id)
    ahead = [ACTS[name] for name in awaited(ListingState(case["state"]), done, asked) if name != "consent"]
    first = next((act for act in ahead if not set(act.roles(asked)).isdisjoint(roles)), None)
    return {"zh": first.zh, "en": first.en} if first else None
