"""Near texts among a million, by sums: names that differ by a slip or by a run of characters.

Each character has a random number; a text's key is the sum of them, so that texts with the same
characters in any order have one key, and taking characters out is a subtraction. Two texts are near
if their keys agree whole, after one character is taken out of each, or after a short run is taken
out of one: a place moved or left out, two characters swapped, one wrong, missing or too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.rules.matching.slips import POINTS, slip_pairs

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

LONGEST_RUN = 5
# Behind so many characters any one may be wrong, before them only by a slip.
AFTER_BRAND = 4
BLOCK = 1 << 15
BITS = 23  # of the table that tells quickly which keys nobody asked for


@dataclass(frozen=True)
class Texts:
    """Texts one behind the other: their characters (low 16 bits), and where each begins, and the end."""

    points: npt.NDArray[np.uint16]
    starts: Places

    def __len__(self) -> int:
        return len(self.starts) - 1

    def part(self, first: int, last: int) -> Texts:
        begin, end = self.starts[first], self.starts[last]
        return Texts(self.points[begin:end], self.starts[first : last + 1] - begin)

    def followed_by(self, other: Texts) -> Texts:
        return Texts(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
        )


def texts_of(texts: pl.Series) -> Texts:
    """The texts of a column without nulls."""
    joined: str = texts.str.join("").item() if len(texts) else ""
    points = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.uint16)
    ends = np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64))
    return Texts(points, np.concatenate([np.zeros(1, dtype=np.int64), ends]))


def near_pairs(asked: Texts, known: Texts) -> tuple[Places, Places]:
    """The numbers of asked texts and of known ones that are near; each pair once."""
    whole, one_out, runs_out = _asked_keys(asked)
    pairs = []
    for first in range(0, len(known), BLOCK):
        part = known.part(first, min(first + BLOCK, len(known)))
        keys = _Sums(part)
        full = np.arange(len(part)), keys.full
        single = keys.without(1)
        found = [each.owners_of(*full) for each in (whole, one_out, runs_out)]
        for run in range(1, LONGEST_RUN + 1):
            places, left = single if run == 1 else keys.without(run)
            found.append(whole.owners_of(keys.owner[places], left))
        found.append(_substituted(one_out, keys, single))
        pairs += [(mine, theirs + first) for mine, theirs in found]
    both = np.concatenate([mine * len(known) + theirs for mine, theirs in pairs]) if pairs else np.zeros(0, np.int64)
    return np.divmod(np.unique(both), max(len(known), 1))


class _Sums:
    """The keys of texts: whole, and with a run taken out at each place."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        values = _numbers()[texts.points]
        self.sums: Keys = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
        self.full: Keys = self.sums[texts.starts[1:]] - self.sums[texts.starts[:-1]]
        self.owner: Places = np.repeat(np.arange(len(texts)), np.diff(texts.starts))

    def without(self, run: int) -> tuple[Places, Keys]:
        """Where a run of that length can be taken out, leaving something, and the key that is left."""
        places = np.arange(max(len(self.owner) - run + 1, 0))
        owner = self.owner[places]
        begin, end = self.texts.starts[owner], self.texts.starts[owner + 1]
        places = places[(places + run <= end) & (end - begin > run)]
        return places, self.full[self.owner[places]] - (self.sums[places + run] - self.sums[places])


class _Asked:
    """Keys that are looked for, each with the number of its text and its place in it."""

    def __init__(self, owners: Places, keys: Keys, points: npt.NDArray[np.uint16], places: Places) -> None:
        order = np.argsort(keys, kind="stable")
        self.keys, self.owners = keys[order], owners[order]
        self.points, self.places = points[order], places[order]
        self.wanted = np.zeros(1 << BITS, dtype=np.bool_)
        self.wanted[self.keys >> np.uint64(64 - BITS)] = True

    def rows_of(self, keys: Keys) -> tuple[Places, Places]:
        """Which of the asked rows and which of these keys are equal."""
        (maybe,) = self.wanted[keys >> np.uint64(64 - BITS)].nonzero()
        left = np.searchsorted(self.keys, keys[maybe], "left")
        count = np.searchsorted(self.keys, keys[maybe], "right") - left
        offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(left, count) + offsets, np.repeat(maybe, count)

    def owners_of(self, numbers: Places, keys: Keys) -> tuple[Places, Places]:
        rows, places = self.rows_of(keys)
        return self.owners[rows], numbers[places]


def _asked_keys(asked: Texts) -> Iterator[_Asked]:
    """The keys of the asked texts: whole, with one character out, and with a longer run out."""
    sums = _Sums(asked)
    nothing = np.zeros(len(asked), dtype=np.int64)
    yield _Asked(np.arange(len(asked)), sums.full, nothing.astype(np.uint16), nothing)
    yield _taken_out(sums, range(1, 2))
    yield _taken_out(sums, range(2, LONGEST_RUN + 1))


def _taken_out(sums: _Sums, runs: range) -> _Asked:
    made = [sums.without(run) for run in runs]
    places = np.concatenate([place for place, _ in made])
    owner = sums.owner[places]
    keys = np.concatenate([key for _, key in made])
    return _Asked(owner, keys, sums.texts.points[places], places - sums.texts.starts[owner])


def _substituted(one_out: _Asked, known: _Sums, single: tuple[Places, Keys]) -> tuple[Places, Places]:
    """Texts that agree but for one character, which is like the other one or stands far behind."""
    places, keys = single
    rows, found = one_out.rows_of(keys)
    at = places[found]
    owner = known.owner[at]
    far = (one_out.places[rows] >= AFTER_BRAND) & (at - known.texts.starts[owner] >= AFTER_BRAND)
    codes = one_out.points[rows].astype(np.int64) * POINTS + known.texts.points[at]
    slips = slip_pairs()
    like = slips[np.minimum(np.searchsorted(slips, codes), len(slips) - 1)] == codes
    kept = far | like
    return one_out.owners[rows[kept]], owner[kept]


@cache
def _numbers() -> Keys:
    return np.random.default_rng(6).integers(1 << 63, size=POINTS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
