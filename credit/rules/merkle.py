"""A Merkle tree in the shape of RFC 9162, section 2.1: its root, and the proofs that a verifier needs. Pure.

The tree is kept as its complete subtrees alone: node (level, number) covers the 2**level leaves from number * 2**level
on. A range of leaves that the tree splits off is then a few nodes, so a proof over n leaves reads about log(n)**2 / 2.
Hashes are 32 bytes (SHA-256); leaves are counted from 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

Node = tuple[int, int]
Range = tuple[int, int]
Nodes = Mapping[Node, bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry; the 0 keeps it from being taken for a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two parts."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def cover(start: int, end: int) -> list[Node]:
    """The complete subtrees that make up the leaves [start, end), the largest first."""
    length = end - start
    levels = [level for level in reversed(range(length.bit_length())) if length >> level & 1]
    return [(level, (start >> level) + (length >> level) - 1) for level in levels]


def grown(size: int, frontier: Nodes, leaves: Sequence[bytes]) -> dict[Node, bytes]:
    """The nodes that a tree of `size` leaves gains with further leaf hashes; `frontier` holds cover(0, size)."""
    made: dict[Node, bytes] = {(0, size + place): one for place, one in enumerate(leaves)}
    end, level = size + len(leaves), 0
    while end >> level + 1:
        for number in range(size >> level + 1, end >> level + 1):
            parts = [made.get(node) or frontier[node] for node in ((level, 2 * number), (level, 2 * number + 1))]
            made[level + 1, number] = node_hash(*parts)
        level += 1
    return made


def root(nodes: Nodes, start: int, end: int) -> bytes:
    """The hash over the leaves [start, end), of the nodes that cover them."""
    parts = [nodes[node] for node in cover(start, end)]
    if not parts:
        return EMPTY
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def inclusion(number: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that a leaf is in a tree of `size`, from the leaf up (RFC 9162, 2.1.3.1)."""
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        found.append((middle, end) if number < middle else (start, middle))
        start, end = (start, middle) if number < middle else (middle, end)
    return found[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of size `first` begins the one of `second` (RFC 9162, 2.1.4.1)."""
    start, end, whole, found = 0, second, True, []
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + found[::-1]


def _split(length: int) -> int:
    return 1 << (length - 1).bit_length() - 1


def includes(leaf: bytes, number: int, size: int, path: Sequence[bytes], whole: bytes) -> bool:
    """Whether a path proves the leaf at its place in the tree of that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    place, last, found = number, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == whole


def continues(first: int, second: int, before: bytes, after: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path proves that the tree of root `after` holds all of `before`, unchanged (RFC 9162, 2.1.4.2)."""
    if first == second or not 0 < first < second:
        return first == second and before == after and not path
    steps = [before, *path] if first & (first - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == before and new == after
