"""The tree of the transparency log: RFC 9162 by its own definition, and proofs that fail where they should."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from credit.rules import merkle

# The roots of the certificate-transparency project's own test data, for the first 1 to 8 of these entries.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined(entries: list[bytes]) -> bytes:
    """The hash of a list of entries, as RFC 9162, 2.1.1 defines it."""
    if len(entries) < 2:
        return hashlib.sha256(b"\x00" + entries[0]).digest() if entries else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return hashlib.sha256(b"\x01" + defined(entries[:half]) + defined(entries[half:])).digest()


def tree(*steps: int) -> merkle.Nodes:
    """The nodes of a tree that grew by these numbers of leaves; leaf n is the text of n."""
    nodes: dict[merkle.Node, bytes] = {}
    size = 0
    for step in steps:
        frontier = {node: nodes[node] for node in merkle.cover(0, size)}
        nodes |= merkle.grown(size, frontier, [merkle.leaf_hash(entry(size + more)) for more in range(step)])
        size += step
    return nodes


def entry(number: int) -> bytes:
    return str(number).encode()


def hashes(nodes: merkle.Nodes, ranges: list[merkle.Range]) -> list[bytes]:
    return [merkle.root(nodes, *one) for one in ranges]


def test_roots_equal_those_that_the_certificate_transparency_project_published() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in ENTRIES]
    for size, root in ROOTS.items():
        assert merkle.root(merkle.grown(0, {}, leaves[:size]), 0, size).hex() == root
    assert merkle.root({}, 0, 0) == hashlib.sha256(b"").digest()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_a_tree_that_grew_in_steps_has_the_root_that_the_rfc_defines(steps: list[int]) -> None:
    size = sum(steps)
    assert merkle.root(tree(*steps), 0, size) == defined([entry(number) for number in range(size)])


@given(st.integers(1, 130), st.data())
def test_every_leaf_is_proved_at_its_own_place_and_at_no_other(size: int, data: st.DataObject) -> None:
    number, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    nodes = tree(size)
    path, root = hashes(nodes, merkle.inclusion(number, size)), merkle.root(nodes, 0, size)
    leaf = nodes[0, number]
    assert merkle.includes(leaf, number, size, path, root)
    assert merkle.includes(leaf, other, size, path, root) == (other == number)
    assert not merkle.includes(merkle.leaf_hash(b"other"), number, size, path, root)
    assert not merkle.includes(leaf, number, size, [*path, path[0] if path else leaf], root)
    assert not path or not merkle.includes(leaf, number, size, path[:-1], root)


@given(st.integers(1, 130), st.data())
def test_a_later_tree_is_proved_to_hold_the_earlier_one_unchanged(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    nodes = tree(second)
    path = hashes(nodes, merkle.consistency(first, second))
    before, after = merkle.root(nodes, 0, first), merkle.root(nodes, 0, second)
    assert merkle.continues(first, second, before, after, path)
    assert not merkle.continues(first, second, merkle.leaf_hash(b"quietly edited"), after, path)
    assert not merkle.continues(first, second, before, merkle.leaf_hash(b"quietly edited"), path)
    assert not path or not merkle.continues(first, second, before, after, path[:-1])
    assert not merkle.continues(first, second, before, after, [*path, before])


@given(st.integers(2, 60), st.data())
def test_an_edited_leaf_of_the_past_can_not_be_proved_consistent(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second - 1))
    edited = data.draw(st.integers(0, first - 1))
    before = merkle.root(tree(first), 0, first)
    leaves = [merkle.leaf_hash(b"edited" if number == edited else entry(number)) for number in range(second)]
    nodes = merkle.grown(0, {}, leaves)
    path = hashes(nodes, merkle.consistency(first, second))
    assert not merkle.continues(first, second, before, merkle.root(nodes, 0, second), path)
