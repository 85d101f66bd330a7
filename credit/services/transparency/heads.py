"""Signed heads of the log, and the evidence that hangs on them: that a leaf is in, that a head continues another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from credit.db import Change, ChangeRow, db, instant
from credit.errors import InvalidInput, UnknownLogEntry
from credit.models import LogHead, LogLeaf
from credit.rules import merkle
from credit.rules.receipts import signed
from credit.services import signing
from credit.services.paging import Page, checked_limit, number_of
from credit.services.publication import instant_text
from credit.services.transparency import entries, tree
from credit.terms import Leaf

Told = dict[str, Any]


def extend(change: Change, site: str) -> int:
    """Enter what is not in the log yet, and sign a head, on quiet days too. Returns how many leaves came.

    The caller holds the register's lock, so that no two extend it at once.
    """
    last = _latest()
    before = size = tree.size()
    seq = db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0
    for part in entries.pending(last.seq if last else 0):
        size = tree.grow(part, size)
    connection, now = db.session.connection(), change.recorded_at
    kid, private = signing.ready(connection, now)
    facts = {"size": size, "root": tree.root(size).hex(), "made_at": instant_text(now), "seq": seq, "site": site}
    db.session.execute(
        insert(LogHead).values(
            made_at=now, size=size, root=facts["root"], seq=seq, kid=kid, signature=signed(facts, private, kid)
        )
    )
    change.about |= {"leaves": size - before, "size": size, "root": facts["root"]}
    return size - before


def _latest() -> LogHead | None:
    return db.session.scalars(select(LogHead).order_by(LogHead.id.desc()).limit(1)).first()


def told(head: LogHead) -> Told:
    """A head as anybody may read it, in the shape of schemas.transparency.HeadTold."""
    return {
        "size": head.size, "root": head.root, "made_at": instant_text(instant(head.made_at)), "seq": head.seq,
        "kid": head.kid, "signature": head.signature,
    }  # fmt: skip


def latest() -> Told:
    """The last head. Raises UnknownLogEntry before the first one is signed."""
    head = _latest()
    if head is None:
        raise UnknownLogEntry("No head is signed yet: the daily run signs one.", zh="日志尚未签署，每日任务会签署")
    return told(head)


def newest(count: int) -> list[Told]:
    """The last heads, the newest first."""
    return [told(head) for head in db.session.scalars(select(LogHead).order_by(LogHead.id.desc()).limit(count))]


def made_at(head: Told) -> datetime:
    """When a head was signed."""
    return datetime.fromisoformat(head["made_at"])


def page(cursor: str | None, limit: int) -> Page:
    """Heads in the order of their signing."""
    limit = checked_limit(limit)
    rows = db.session.scalars(
        select(LogHead).where(LogHead.id > number_of(cursor)).order_by(LogHead.id).limit(limit + 1)
    ).all()
    return Page([told(head) for head in rows[:limit]], str(rows[limit - 1].id) if len(rows) > limit else None)


def leaves(cursor: str | None, limit: int) -> Page:
    """Hashes of leaves by their numbers, up to the last head: who mirrors them makes the same roots."""
    limit, last = checked_limit(limit), _latest()
    start, size = number_of(cursor), last.size if last else 0
    end = min(start + limit, size)
    held = tree.nodes((0, number) for number in range(start, end))
    found = [{"number": number, "hash": held[0, number].hex()} for number in range(start, end)]
    return Page(found, str(end) if end < size else None)


def inclusion(number: int, size: int | None) -> Told:
    """The proof that leaf `number` is in the tree of `size` (the last head's if None). Raises UnknownLogEntry."""
    head = _of_size(size) if size is not None else _latest()
    if head is None or number >= head.size:
        raise UnknownLogEntry(f"No head holds a leaf {number}.", zh=f"没有包含第{number}号的日志头")
    ranges = merkle.inclusion(number, head.size)
    first, *path = tree.hashes([(number, number + 1), *ranges])
    return {"number": number, "leaf": first.hex(), "path": [step.hex() for step in path], "head": told(head)}


def consistency(first: int, second: int) -> Told:
    """The proof that the head of size `second` holds all of `first`. Raises UnknownLogEntry, InvalidInput."""
    if first > second:
        wrong = {"first": ["The earlier head is the smaller one."]}
        raise InvalidInput("The earlier head is the smaller one.", zh="在先的日志头应较小", errors=wrong)
    before, after = _of_size(first), _of_size(second)
    path = tree.hashes(merkle.consistency(first, second))
    return {"first": told(before), "second": told(after), "path": [step.hex() for step in path]}


def _of_size(size: int) -> LogHead:
    held = select(LogHead).where(LogHead.size == size).order_by(LogHead.id).limit(1)
    head = db.session.scalars(held).first() if size < 2**63 else None
    if head is None:
        raise UnknownLogEntry(f"No head of size {size} was signed.", zh=f"没有签署过{size}条的日志头")
    return head


def evidence(kind: Leaf, refs: list[str]) -> dict[str, Told]:
    """By ref, what proves that a record is in the log: content, salt, number, path and head; none of those to come."""
    head = _latest()
    if head is None or not refs:
        return {}
    rows = db.session.execute(
        select(LogLeaf).where(LogLeaf.kind == str(kind), LogLeaf.ref.in_(refs), LogLeaf.salt.is_not(None))
    ).scalars()
    held, said = list(rows), entries.on_file(kind, refs)
    ranges = {leaf.number: merkle.inclusion(leaf.number, head.size) for leaf in held}
    nodes = tree.nodes({node for some in ranges.values() for one in some for node in merkle.cover(*one)})
    return {
        leaf.ref: {
            "content": said[leaf.ref].content, "salt": leaf.salt, "number": leaf.number,
            "path": [merkle.root(nodes, *one).hex() for one in ranges[leaf.number]], "head": told(head),
        }
        for leaf in held if leaf.ref in said
    }  # fmt: skip
