"""Corrections and cessations: new facts about a fact on file. Nothing is overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import UnknownEvent
from credit.models import CessationRow, Event, EventLink
from credit.rules.law import Law
from credit.services import classification
from credit.services.events import event_row
from credit.terms import Cessation


def correct(change: Change, event_id: int, event: dict[str, Any], law: Law) -> int:
    """Keep another version of an event, in place of the one that counts now. Returns its enterprise's id.

    `event` is the whole document as schemas.event loads it. Raises UnknownEvent.
    """
    current = _current(event_id)
    row, related = event_row(event, current.enterprise_id, current.department_id)
    (seq,) = change.take()
    row |= {"seq": seq, "event_id": event_id, "replaces": current.seq, "of": current.of}
    db.session.add(Event(**row))
    db.session.flush()
    for document_no in related:
        link = EventLink(seq=seq, document_no=document_no, enterprise_id=current.enterprise_id)
        db.session.add(link)
    classification.keep([row], law)
    return current.enterprise_id


def cease(change: Change, event_id: int, ground: Cessation, on: date, document_no: str) -> int:
    """End what an event counts for from a day on: repaired, revoked, masked, withdrawn.

    Returns its enterprise's id. Raises UnknownEvent.
    """
    current = _current(event_id)
    (seq,) = change.take()
    db.session.add(
        CessationRow(
            seq=seq, event_id=event_id, enterprise_id=current.enterprise_id, ground=str(ground),
            ceased_on=on, document_no=document_no,
        )
    )  # fmt: skip
    db.session.flush()
    return current.enterprise_id


def _current(event_id: int) -> Event:
    """The version of an event that nothing replaced."""
    later = aliased(Event)
    found = db.session.scalars(
        select(Event).where(Event.event_id == event_id, ~exists().where(later.replaces == Event.seq))
    ).one_or_none()
    if found is None:
        raise UnknownEvent(f"No event {event_id} is on file.", zh=f"没有编号为 {event_id} 的记录")
    return found
