"""Whether repair may be applied for and granted: the facts as they stand, put before the rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.errors import InvalidInput, WrongState
from credit.models import Listing, ListingAct
from credit.rules.blacklist import ON_THE_LIST
from credit.rules.dossier import held_on
from credit.rules.law import Law
from credit.rules.listing_grounds import is_heavier
from credit.rules.record import shown
from credit.rules.repair import Repairable, Words, obstacles
from credit.services import dossiers, event_versions, listings, removals
from credit.services.objections.subjects import Subject
from credit.services.policies import law_on
from credit.terms import ListingState


def refuse_unmet(subject: Subject, performed_on: date | None, day: date) -> None:
    """Raises WrongState that tells each condition which isn't met on `day`, InvalidInput for a day that can't be."""
    if subject.event_id is None:
        _refuse_listing(subject.listing_id or 0, day)
        return
    law = law_on(day)
    fact = repairable(subject.event_id, performed_on, law, day)
    if performed_on is not None and not fact.decided_on <= performed_on <= day:
        told = f"It lies between the decision ({fact.decided_on}) and {day}."
        zh = f"履行日期应在{fact.decided_on}至{day}之间"
        raise InvalidInput(told, zh=zh, errors={"performed_on": [told]})
    against = obstacles(fact, law, day)
    if against:
        raise unmet(against)


def unmet(against: Iterable[Words]) -> WrongState:
    """The refusal that tells each condition which isn't met."""
    told = list(against)
    return WrongState(
        f"Repair can't be applied for or granted: {'; '.join(en for _, en in told)}.",
        zh=f"不符合信用修复条件：{'；'.join(zh for zh, _ in told)}",
        state="conditions not met",
    )


def repairable(event_id: int, performed_on: date | None, law: Law, day: date) -> Repairable:
    """How an event stands on `day`; `performed_on`: as the applicant proves, where no report says so."""
    event = event_versions.current(event_id)
    known = dossiers.load([event.enterprise_id], law, to_show=True)
    facts = known.facts.events.filter(held_on(pl.lit(day))).with_columns(day=pl.lit(day))
    visible = shown(facts)
    own = facts.filter(pl.col("event") == event_id)
    made = known.events.filter(pl.col("event") == event_id).row(0, named=True)
    return Repairable(
        kind=event.kind,
        decided_on=own["decided"][0],
        severity=made["severity"],
        penalties=event.penalties or (),
        shown=not visible.filter(pl.col("event") == event_id).is_empty(),
        repair_from=made["repair_from"],
        restricted_until=event.restricted_until,
        performed_on=event.performed_on or performed_on,
        penalty=_penalty(event_id, visible, known.events),
        heavier=_heavier(event.enterprise_id, event_id, own["decided"][0], law, day),
        listed=_listed(event_id),
    )


def _penalty(event_id: int, visible: pl.DataFrame, events: pl.DataFrame) -> str | None:
    """The document number of the penalty about the same facts that is shown, for a failure."""
    own = visible.filter(pl.col("event") == event_id, pl.col("kind") == "inspection")
    about = visible.filter(pl.col("kind") == "violation").join(own.select("case"), on="case", how="semi")
    numbers = events.join(about, on="event", how="semi")["document_no"]
    return str(numbers[0]) if len(numbers) else None


def _heavier(enterprise_id: int, event_id: int, decided_on: date, law: Law, day: date) -> tuple[str, ...]:
    """Heavier penalties (较重行政处罚) decided after it, by the terms of whichever list names them."""
    lists = [kind.on(max(day, kind.values[0].start)).value for kind in law.under("lists").values()]
    later = removals.standing(enterprise_id).filter(pl.col("decided_on") > decided_on, pl.col("event_id") != event_id)
    return tuple(
        row["document_no"]
        for row in later.iter_rows(named=True)
        if any(is_heavier(terms, row["penalties"] or (), bool(row["heavier"])) for terms in lists)
    )


def _listed(event_id: int) -> bool:
    """Whether a listing that rests on this event is on its list now."""
    return any(state_of(number) in ON_THE_LIST for number in _resting(event_id))


def _resting(event_id: int) -> list[int]:
    return list(db.session.scalars(select(Listing.id).where(Listing.event_id == event_id)))


def state_of(listing_id: int) -> ListingState:
    """The state of a listing by its last act."""
    last = select(ListingAct.state).where(ListingAct.listing_id == listing_id).order_by(ListingAct.seq.desc())
    return ListingState(db.session.scalars(last.limit(1)).one())


def _refuse_listing(listing_id: int, day: date) -> None:
    """Early removal may be applied for from its earliest day on, once; all else is asked when it is granted."""
    state = state_of(listing_id)
    if state != ListingState.PUBLISHED:
        raise unmet([("这条列入已在办理移出或已结束", "its removal is under way, or it has ended")])
    publication: Any = next(one for one in reversed(listings.acts_of(listing_id)) if one.act == "publish")
    earliest = date.fromisoformat(publication.fields["earliest_removal"])
    if day < earliest:
        raise unmet([(f"{earliest}起方可申请提前移出", f"early removal may be applied for from {earliest} on")])
