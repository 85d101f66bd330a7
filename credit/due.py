"""What the calendar has made stale gets its new state and number before anybody is told that the feed ends.

The daily run and the background do it for all; without either, whoever reads the feed sets it going, a
bounded number at a time and one thread at a time, so that reading stays quick.
"""

from __future__ import annotations

from datetime import date
from threading import Lock

from credit.db import transaction
from credit.errors import NotReady
from credit.services import feed, way
from credit.services.feed import Place

AT_ONCE = 200
one_at_a_time = Lock()


def up_to_date(day: date) -> Place:
    """Where the feed stands, once up to AT_ONCE records that are due on `day` are published."""
    stands = feed.place(day)
    if stands.due and one_at_a_time.acquire(blocking=False):
        try:
            publish_due(day, AT_ONCE)
        except NotReady:  # somebody writes: the page ends before what is stale, and says that there is more
            return stands
        finally:
            one_at_a_time.release()
        return feed.place(day)
    return stands


def publish_due(day: date, most: int) -> int:
    """Grade anew and publish up to `most` of those that are due. Returns how many were."""
    with transaction("due", "calendar") as change:
        ids = feed.due(day, most)
        way.advance(change, ids, day)
        change.about["due"] = len(ids)
    return len(ids)
