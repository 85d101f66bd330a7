"""The versions of events: the first has its event's number, the others name what they replace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.errors import UnknownEvent
from credit.models import Event
from credit.services.reading import among
from schemas.fields import BEYOND


def of_event(event_id: int) -> Any:
    """The condition that keeps the versions of one event, by indexes alone."""
    return or_(Event.seq == event_id, and_(Event.event_id == event_id, Event.replaces.is_not(None)))


def current(event_id: int) -> Event:
    """The version of an event that nothing replaced. Raises UnknownEvent."""
    later = aliased(Event)
    newest = select(Event).where(of_event(event_id), ~exists().where(later.replaces == Event.seq))
    found = db.session.scalars(newest).one_or_none() if event_id < BEYOND else None
    if found is None:
        raise UnknownEvent(f"No event {event_id} is on file.", zh=f"没有编号为 {event_id} 的记录")
    return found


def corrected(event_ids: Sequence[int]) -> set[tuple[int, str]]:
    """event_id and content_digest of each correction of these events."""
    if not event_ids:
        return set()
    found = select(Event.event_id, Event.content_digest).where(
        among(Event.event_id, event_ids), Event.replaces.is_not(None)
    )
    return {(event_id, digest) for event_id, digest in db.session.execute(found)}
