"""The change feed: the latest public state of each enterprise and each listing, in the order of seq.

Nothing stale is told. What the calendar alone has made stale (`due`) gets its new number before the
reader is told that the feed ends (credit/due.py); a page ends before the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from credit.errors import InvalidInput
from credit.reader import reader
from credit.services.feed_ids import Naming

LONGEST = 10_000
# Of one statement both halves are one snapshot, and each is read by its index on seq. The database cuts off the
# brace with which a body begins: the head of its item has one, and nothing is copied in Python.
CHANGES = """
SELECT r.seq AS seq, 1 AS firm, r.enterprise_id, r.enterprise_id, substr(r.body, 2), r.expires_on <= :day
FROM record r WHERE r.seq > :after
UNION ALL
SELECT f.seq, 0, f.listing_id, f.enterprise_id, substr(f.body, 2), o.expires_on <= :day
FROM feed_listing f JOIN record o ON o.enterprise_id = f.enterprise_id WHERE f.seq > :after
ORDER BY seq LIMIT :count
"""
OF_ONE = """
SELECT r.seq AS seq, 1 AS firm, r.enterprise_id, r.enterprise_id, substr(r.body, 2), r.expires_on <= :day
FROM record r WHERE r.enterprise_id = :enterprise AND r.seq >= :first AND r.seq <= :last
UNION ALL
SELECT f.seq, 0, f.listing_id, f.enterprise_id, substr(f.body, 2), o.expires_on <= :day
FROM feed_listing f JOIN record o ON o.enterprise_id = f.enterprise_id
WHERE f.enterprise_id = :enterprise AND f.seq >= :first AND f.seq <= :last
ORDER BY seq
"""
PLACE = """
SELECT (SELECT last_seq FROM register), (SELECT max(seq) FROM record), (SELECT max(seq) FROM feed_listing),
       EXISTS (SELECT 1 FROM record WHERE expires_on <= :day)
"""
DUE = "SELECT enterprise_id FROM record WHERE expires_on <= :day ORDER BY seq LIMIT :count"


class Place(NamedTuple):
    """Where the feed stands: the register's last number, the last one in the feed, whether any are due."""

    last_seq: int
    newest: int
    due: bool


class Item(NamedTuple):
    """One change, as the two halves of its JSON: a big page is put together without copying each body.

    The head begins with the comma that parts it from the one before. Whose it is stays inside.
    """

    seq: int
    enterprise_id: int
    head: bytes
    rest: bytes

    @property
    def body(self) -> bytes:
        """The change as JSON."""
        return self.head[1:] + self.rest


class Page(NamedTuple):
    """Changes in order. `seq`: who has applied them knows everything up to here; `more`: there is more now."""

    items: list[Item]
    seq: int
    more: bool


def place(day: date) -> Place:
    """Where the feed stands on `day`."""
    row = reader().one(PLACE, day=day.isoformat())
    assert row is not None
    return Place(row[0] or 0, max(row[1] or 0, row[2] or 0), bool(row[3]))


def due(day: date, most: int) -> list[int]:
    """The enterprises whose record is stale on `day`, those first that hold up the feed first."""
    return [row[0] for row in reader().all(DUE, day=day.isoformat(), count=most)]


def page(after: int, limit: int, day: date, stands: Place) -> Page:
    """Up to `limit` changes after a number, as they are on `day`; `stands` was read before.

    Raises InvalidInput for a number that this register hasn't reached: it was restored, or is another one.
    """
    if after > stands.last_seq:
        raise InvalidInput(
            f"This register has only reached {stands.last_seq}: it is another one, or was restored. Start anew from 0.",
            zh=f"本登记系统的变更序号只到 {stands.last_seq}，请从 0 重新开始",
            errors={"after": [f"at most {stands.last_seq}"]},
        )
    rows = reader().all(CHANGES, after=after, day=day.isoformat(), count=limit + 1)
    items = _items(rows[:limit])
    more = stands.due or len(items) < len(rows)
    return Page(items, items[-1].seq if items else after, more)


def of_enterprise(enterprise_id: int, first: int, last: int, day: date) -> list[Item] | None:
    """The changes of one enterprise numbered first..last; None while one of them is stale."""
    asked: dict[str, Any] = {"enterprise": enterprise_id, "first": first, "last": last, "day": day.isoformat()}
    rows = reader().all(OF_ONE, **asked)
    items = _items(rows)
    return items if len(items) == len(rows) else None


def _items(rows: Iterable[Any]) -> list[Item]:
    """The rows as items, up to the first that is due."""
    enterprise, listing = (Naming(kind) for kind in ("enterprise", "listing"))
    found = []
    for seq, firm, number, owner, body, stale in rows:
        if stale:
            break
        if firm:  # a record has its number in itself
            head = b',{"type":"enterprise","id":"%b",' % enterprise.id_of(number)
        elif body is None:
            head = b',{"seq":%d,"type":"removal","id":"%b"}' % (seq, listing.id_of(number))
        else:
            head = b',{"seq":%d,"type":"listing","id":"%b",' % (seq, listing.id_of(number))
        found.append(Item(seq, owner, head, body or b""))
    return found
