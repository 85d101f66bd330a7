"""Whether the log still tells what the register has on file: whoever edits a record or a leaf quietly is found out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select

from credit.db import db
from credit.models import LogHead, LogLeaf
from credit.rules import merkle
from credit.rules.leaves import check_head, leaf_of
from credit.services import signing
from credit.services.transparency import entries, tree
from credit.services.transparency.heads import told
from credit.terms import Leaf

BLOCK = 10_000


class Fault(NamedTuple):
    """Where log and register differ: the leaf's number or the head's size, and how."""

    place: str
    detail: str


class Proof(NamedTuple):
    """How many leaves were read, how many of them are forgotten (their records were deleted), and each fault."""

    size: int
    forgotten: int
    faults: list[Fault]


def verify() -> Proof:
    """Make every leaf anew from its record, every node from its leaves, and hold each signed head against them."""
    size = tree.size()
    forgotten = db.session.scalar(select(func.count()).where(LogLeaf.salt.is_(None))) or 0
    return Proof(size, forgotten, [*_leaves(size), *_nodes(size), *_heads(size)])


def _leaves(size: int) -> Iterator[Fault]:
    for start in range(0, size, BLOCK):
        end = min(start + BLOCK, size)
        rows = db.session.scalars(select(LogLeaf).where(LogLeaf.number >= start, LogLeaf.number < end)).all()
        hashes = tree.nodes_of(0, start, end)
        if len(rows) != end - start:
            yield Fault(f"leaf {start}", f"leaves are gone: {end - start - len(rows)} of the next {end - start}")
        said = {
            kind: entries.on_file(kind, [leaf.ref for leaf in rows if leaf.kind == kind and leaf.salt])
            for kind in Leaf
        }
        for leaf in rows:
            entry = said[Leaf(leaf.kind)].get(leaf.ref)
            if leaf.salt is None:
                continue
            if entry is None:
                yield Fault(f"leaf {leaf.number}", f"the {leaf.kind} {leaf.ref} that it was made of is gone")
            elif leaf_of(entry.content, leaf.salt) != hashes.get(leaf.number):
                yield Fault(f"leaf {leaf.number}", f"the {leaf.kind} {leaf.ref} is not what was entered")
        db.session.expunge_all()


def _nodes(size: int) -> Iterator[Fault]:
    """Nodes over the leaves, level by level: each has to be the hash of its two parts."""
    level = 0
    while size >> level + 1:
        yield from _level(level + 1, size >> level + 1)
        level += 1


def _level(level: int, count: int) -> Iterator[Fault]:
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        held, below = tree.nodes_of(level, start, end), tree.nodes_of(level - 1, 2 * start, 2 * end)
        for number in range(start, end):
            left, right = below.get(2 * number), below.get(2 * number + 1)
            if left is None or right is None or merkle.node_hash(left, right) != held.get(number):
                yield Fault(f"node {level}/{number}", "it is not the hash of its parts")


def _heads(size: int) -> Iterator[Fault]:
    keys = signing.key_set()
    for head in db.session.scalars(select(LogHead).order_by(LogHead.id)):
        checked = check_head(told(head), keys)
        if head.size > size or tree.root(head.size).hex() != head.root:
            yield Fault(f"head of {head.size}", "the tree doesn't have the root that was signed")
        if not checked.good and checked.word != "revoked_key":
            yield Fault(f"head of {head.size}", checked.en)
        elif checked.facts and any(checked.facts[name] != told(head)[name] for name in ("size", "root", "made_at")):
            yield Fault(f"head of {head.size}", "it tells something else than was signed")
