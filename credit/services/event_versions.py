"""The versions of events: the first has its event's number, the others name what they replace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from credit.db import db
from credit.models import Event
from credit.services.reading import among


def of_event(event_id: int) -> Any:
    """The condition that keeps the versions of one event, by indexes alone."""
    return or_(Event.seq == event_id, and_(Event.event_id == event_id, Event.replaces.is_not(None)))


def corrected(event_ids: Sequence[int]) -> set[tuple[int, str]]:
    """event_id and content_digest of each correction of these events."""
    if not event_ids:
        return set()
    found = select(Event.event_id, Event.content_digest).where(
        among(Event.event_id, event_ids), Event.replaces.is_not(None)
    )
    return {(event_id, digest) for event_id, digest in db.session.execute(found)}
