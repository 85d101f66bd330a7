"""Back-test, chance: count tables of resampled enterprises, without touching the rows again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from credit.rules.backtest.ranks import Counts


class Tables(NamedTuple):
    """Of one mark: the counts as they are (levels, 2), and those of each resample (n, levels, 2)."""

    found: Counts
    resampled: Counts


def tables(rows: pl.DataFrame, marks: list[str], resamples: int, seed: int) -> dict[str, Tables]:
    """Counts of each mark's levels by outcome, and the same for resampled enterprises.

    `rows`: enterprise, outcome, and each mark as a level from 0 (best). Whole enterprises are drawn
    with replacement, for their half-years aren't independent (cluster bootstrap: Davison and
    Hinkley 1997, 3.8); all marks of one draw come from the same enterprises, so that differences
    are paired. Enterprises with equal rows are interchangeable: only how often each such profile
    was drawn matters, so the work is a million draws and a few counts, not a million rows.
    """
    sizes = [int(rows[mark].max() or 0) + 1 for mark in marks]  # type: ignore[arg-type]
    firms, drawn = _profiles(_with_cell(rows, marks, sizes))
    cells, place = np.unique(drawn["cell"].to_numpy(), return_inverse=True)
    profile, times = drawn["profile"].to_numpy(), drawn["times"].to_numpy().astype(np.float64)
    wheres = _levels(cells, sizes)

    def told(weights: Counts) -> list[Counts]:
        totals = _counted(place, weights[profile] * times, len(cells))
        return [
            _counted(where, totals, 2 * size).reshape(size, 2)
            for where, size in zip(wheres, sizes, strict=True)
        ]

    found = told(firms.astype(np.float64))
    owner = np.repeat(np.arange(len(firms), dtype=np.int32), firms)
    chance = np.random.default_rng(seed)
    resampled = [np.empty((resamples, size, 2)) for size in sizes]
    for number in range(resamples):
        draw = owner[chance.integers(0, len(owner), len(owner), dtype=np.int32)]
        weights = np.bincount(draw, minlength=len(firms)).astype(np.float64)
        for kept, table in zip(resampled, told(weights), strict=True):
            kept[number] = table
    made = zip(marks, found, resampled, strict=True)
    return {mark: Tables(table, others) for mark, table, others in made}


def _counted(places: np.ndarray, weights: Counts, size: int) -> Counts:
    return np.bincount(places, weights=weights, minlength=size).astype(np.float64, copy=False)


def _with_cell(rows: pl.DataFrame, marks: list[str], sizes: list[int]) -> pl.DataFrame:
    """enterprise, cell: the outcome and the levels of all marks as one number."""
    cell = pl.col("outcome").cast(pl.Int64)
    for mark, size in zip(marks, sizes, strict=True):
        cell = cell * size + pl.col(mark).cast(pl.Int64)
    return rows.select("enterprise", cell=cell)


def _levels(cells: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    """Where each cell stands in the flat table of each mark: level * 2 + outcome."""
    levels, rest = [], cells
    for size in reversed(sizes):
        rest, level = np.divmod(rest, size)
        levels.append(level)
    return [level * 2 + rest for level in reversed(levels)]


def _profiles(cells: pl.DataFrame) -> tuple[np.ndarray, pl.DataFrame]:
    """The distinct sets of cells that enterprises have: how many firms each, and profile, cell, times."""
    sets = cells.group_by("enterprise").agg(pl.col("cell").sort())
    distinct = sets.group_by("cell").agg(firms=pl.len()).sort("cell").with_row_index("profile")
    drawn = distinct.select("profile", "cell").explode("cell")
    counted = drawn.group_by("profile", "cell", maintain_order=True).agg(times=pl.len())
    return distinct["firms"].to_numpy(), counted
