"""The states of a listing as a picture, drawn from the table of acts: the way down the left, leaps beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from credit.rules.blacklist import ACTS, Edge, edges
from credit.terms import ListingState

Words = dict[str, str]
Picture = dict[str, Any]
BOX, ROW, TOP, LANE, FIRST_LANE, HEIGHT = 190, 62, 4, 200, 30, 34
# What a case ends in: told in words, not drawn, since nearly every state may lead there.
ENDS = {ListingState.DROPPED, ListingState.REVOKED, ListingState.EXPIRED, ListingState.EXCUSED}


def drawn(asked: Iterable[str]) -> Picture:
    """The picture where a list asks for these steps.

    nodes {y, name, edges: [{act, role, after: Words}]}; steps {y, acts: [Words]} between neighbours;
    leaps {path, x, y, acts}; width, height.
    """
    steps = set(asked)
    found = [edge for state in ListingState for edge in edges(state, steps)]
    states = [state for state in ListingState if state not in ENDS]
    place = {state: number for number, state in enumerate(states)}
    inner = [edge for edge in found if edge.after in place and edge.before != edge.after]
    leaps = _leaps([edge for edge in inner if place[edge.after] != place[edge.before] + 1], place)
    return {
        "nodes": [{"y": _y(place[state]), "name": _words(state), "edges": _edges(found, state)} for state in states],
        "steps": [
            {"y": _y(place[state]) + HEIGHT, "acts": acts}
            for state, after in itertools.pairwise(states)
            if (acts := _acts(edge for edge in inner if edge.before == state and edge.after == after))
        ],
        "leaps": leaps,
        "width": BOX + FIRST_LANE + LANE * (max((leap["lane"] for leap in leaps), default=0) + 1),
        "height": _y(len(states) - 1) + HEIGHT + TOP,
    }


def _edges(found: list[Edge], state: ListingState) -> list[dict[str, Words]]:
    of_state = [edge for edge in found if edge.before == state]
    return [
        {"act": _words(ACTS[edge.act]), "role": _words(ACTS[edge.act].role), "after": _words(edge.after)}
        for edge in of_state
    ]


def _words(term: Any) -> Words:
    return {"zh": term.zh, "en": term.en}


def _leaps(some: list[Edge], place: dict[ListingState, int]) -> list[Picture]:
    """Edges that pass states by, those between the same two as one, each in the first lane that is free."""
    pairs = dict.fromkeys((edge.before, edge.after) for edge in some)
    lanes: list[list[range]] = []
    found = []
    for before, after in sorted(pairs, key=lambda pair: abs(place[pair[0]] - place[pair[1]])):
        span = range(min(place[before], place[after]), max(place[before], place[after]) + 1)
        lane = next((n for n, taken in enumerate(lanes) if all(_apart(span, other) for other in taken)), len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(span)
        x, start, end = BOX + FIRST_LANE + LANE * lane, _y(place[before]) + HEIGHT - 8, _y(place[after]) + 10
        found.append(
            {
                "path": f"M{BOX} {start}H{x - 8}Q{x} {start} {x} {start + (8 if end > start else -8)}"
                f"V{end + (-8 if end > start else 8)}Q{x} {end} {x - 8} {end}H{BOX + 3}",
                "x": x + 6, "y": (start + end) // 2, "lane": lane,
                "acts": _acts(edge for edge in some if (edge.before, edge.after) == (before, after)),
            }
        )  # fmt: skip
    return found


def _apart(one: range, other: range) -> bool:
    return one[-1] <= other[0] or other[-1] <= one[0]


def _y(number: int) -> int:
    return TOP + ROW * number


def _acts(some: Iterable[Edge]) -> list[Words]:
    names = dict.fromkeys(edge.act for edge in some)
    return [_words(ACTS[name]) for name in names]
