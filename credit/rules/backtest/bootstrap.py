"""Back-test, chance: count tables of resampled enterprises, without touching the rows again."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np
import polars as pl

from credit.rules.backtest.ranks import Counts

ROOM = 2**44  # sums of hundreds of such numbers are exact as floats


class Tables(NamedTuple):
    """Of one mark: the counts as they are (days, levels, 2), and those of each resample (n, days, levels, 2)."""

    found: Counts
    resampled: Counts


class Profiles(NamedTuple):
    """The distinct sets of cells that enterprises have: how many firms each, and one row a cell.

    `cells` are the cells that there are; `place` says which of them a row of `profile` is.
    """

    firms: np.ndarray
    profile: np.ndarray
    place: np.ndarray
    cells: np.ndarray


def tables(rows: pl.DataFrame, marks: list[str], resamples: int, seed: int) -> dict[str, Tables]:
    """Counts of each mark's levels by day and outcome, and the same for resampled enterprises.

    `rows`: enterprise, day, outcome, and each mark as a level from 0 (best). Whole enterprises are drawn
    with replacement, for their half-years aren't independent (cluster bootstrap: Davison and
    Hinkley 1997, 3.8); all marks of one draw come from the same enterprises, so that differences
    are paired. Enterprises with equal rows are interchangeable: only how often each such profile
    was drawn matters, so the work is a million draws and a few counts, not a million rows.
    """
    sizes = [int(rows[mark].max() or 0) + 1 for mark in marks]  # type: ignore[arg-type]
    days = rows["day"].n_unique()
    firms, profile, place, cells = _profiles(rows["enterprise"], _cells(rows, marks, sizes, days))
    wheres = _levels(cells, sizes)

    def told(weights: Counts) -> list[Counts]:
        totals = _counted(place, weights[profile], len(cells))
        return [
            _counted(where, totals, days * size * 2).reshape(days, size, 2)
            for where, size in zip(wheres, sizes, strict=True)
        ]

    found = told(firms.astype(np.float64))
    owner = np.repeat(np.arange(len(firms), dtype=np.int32), firms)
    chance = np.random.default_rng(seed)
    resampled = [np.empty((resamples, days, size, 2)) for size in sizes]
    for number in range(resamples):
        draw = owner[chance.integers(0, len(owner), len(owner), dtype=np.int32)]
        weights = np.bincount(draw, minlength=len(firms)).astype(np.float64)
        for kept, table in zip(resampled, told(weights), strict=True):
            kept[number] = table
    made = zip(marks, found, resampled, strict=True)
    return {mark: Tables(table, others) for mark, table, others in made}


def _counted(places: np.ndarray, weights: Counts, size: int) -> Counts:
    return np.bincount(places, weights=weights, minlength=size).astype(np.float64, copy=False)


def _cells(rows: pl.DataFrame, marks: list[str], sizes: list[int], days: int) -> pl.Series:
    """The day's place, the outcome and the levels of all marks as one number."""
    number = pl.Int32 if prod(sizes) * days < 2**30 else pl.Int64
    cell = (pl.col("day").rank("dense").cast(number) - 1) * 2 + pl.col("outcome").cast(number)
    for mark, size in zip(marks, sizes, strict=True):
        cell = cell * size + pl.col(mark).cast(number)
    return rows.select(cell).to_series()


def _levels(cells: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    """Where each cell stands in the flat table of each mark: (day * size + level) * 2 + outcome."""
    levels, rest = [], cells
    for size in reversed(sizes):
        rest, level = np.divmod(rest, size)
        levels.append(level)
    day, outcome = np.divmod(rest, 2)
    return [(day * size + level) * 2 + outcome for size, level in zip(sizes, reversed(levels), strict=True)]


def _profiles(enterprises: pl.Series, found: pl.Series) -> Profiles:
    """The profiles of enterprises with these cells, in the order of their first enterprises.

    Each cell has two random numbers; sets with equal sums of both are one. Twenty million rows
    as sorted lists would take several times the memory.
    """
    cells, place = np.unique(found.to_numpy(), return_inverse=True)
    firms, owner = np.unique(enterprises.to_numpy(), return_inverse=True)
    chance = np.random.default_rng(0)
    sums = [np.bincount(owner, chance.integers(0, ROOM, len(cells))[place]) for _ in range(2)]
    sets = pl.DataFrame(sums, schema=["one", "two"]).with_row_index("first")
    distinct = sets.group_by("one", "two").agg(pl.col("first").min(), firms=pl.len()).sort("first")
    numbers = np.full(len(firms), -1, dtype=np.int32)
    numbers[distinct["first"].to_numpy()] = np.arange(distinct.height, dtype=np.int32)
    profile = numbers[owner]
    drawn = profile >= 0
    return Profiles(distinct["firms"].to_numpy(), profile[drawn], place[drawn], cells)
