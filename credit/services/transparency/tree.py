"""The tree on file: it only grows, and gives the proofs of any size that it had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from secrets import token_hex

from sqlalchemy import func, insert, select, tuple_, update

from credit.db import db
from credit.models import LogLeaf, LogNode
from credit.rules import merkle
from credit.rules.leaves import leaf_of
from credit.rules.merkle import Nodes, Range
from credit.services.reading import among_words
from credit.services.transparency.entries import Entry
from credit.terms import Leaf

OF_ACTS = (Leaf.LISTING, Leaf.DECISION, Leaf.CORRECTION)


def size() -> int:
    """How many leaves the tree has."""
    last = db.session.scalar(select(func.max(LogLeaf.number)))
    return 0 if last is None else last + 1


def grow(entries: Sequence[Entry], start: int) -> int:
    """Enter these after `start` leaves, each with a salt of its own. Returns the new size."""
    salts = [token_hex(16) for _ in entries]
    hashes = [leaf_of(entry.content, salt) for entry, salt in zip(entries, salts, strict=True)]
    made = merkle.grown(start, nodes(merkle.cover(0, start)), hashes)
    leaves = [
        {"number": start + place, "kind": str(entry.kind), "ref": entry.ref, "salt": salt}
        for place, (entry, salt) in enumerate(zip(entries, salts, strict=True))
    ]
    db.session.execute(insert(LogLeaf), leaves)
    db.session.execute(
        insert(LogNode), [{"level": level, "number": number, "hash": one} for (level, number), one in made.items()]
    )
    return start + len(entries)


def nodes(asked: Iterable[merkle.Node]) -> Nodes:
    """These nodes, in one statement."""
    wanted = list(asked)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(LogNode.level, LogNode.number, LogNode.hash).where(tuple_(LogNode.level, LogNode.number).in_(wanted))
    )
    return {(row.level, row.number): row.hash for row in rows}


def nodes_of(level: int, start: int, end: int) -> dict[int, bytes]:
    """The nodes of one level from `start` to before `end`, by their numbers."""
    held = select(LogNode.number, LogNode.hash).where(
        LogNode.level == level, LogNode.number >= start, LogNode.number < end
    )
    return {row.number: row.hash for row in db.session.execute(held)}


def hashes(ranges: Sequence[Range]) -> list[bytes]:
    """The hash over each of these ranges of leaves."""
    held = nodes(node for one in ranges for node in merkle.cover(*one))
    return [merkle.root(held, *one) for one in ranges]


def root(of: int) -> bytes:
    """The root over the first `of` leaves."""
    return hashes([(0, of)])[0]


def forget(acts: Sequence[int]) -> None:
    """Drop the salts of acts that are deleted: what is left of them tells nothing, and the tree stands."""
    kinds, refs = [str(kind) for kind in OF_ACTS], [str(number) for number in acts]
    about = LogLeaf.kind.in_(kinds) & among_words(LogLeaf.ref, refs)
    db.session.execute(update(LogLeaf).where(about).values(salt=None))
