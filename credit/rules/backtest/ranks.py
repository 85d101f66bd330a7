"""Measures of foresight on tables of counts, set-wise over any number of resamples.

A table has the shape (..., days, levels, 2): only what was graded on one day is compared, so that a
half-year with more failures, or another law, says nothing about the grades. Levels go from the best
mark to the worst; column 0 counts those without an outcome, column 1 those with one. What is
undefined is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def auc(table: Counts) -> Counts:
    """The chance that one with an outcome has a worse mark than one of its day without, a tie counting half.

    The area under the ROC curve, by mid-ranks (Mann and Whitney 1947; Hanley and McNeil 1982), pairs
    counted within each day and summed (stratified as in van Elteren 1960).
    """
    without, with_one = table[..., 0], table[..., 1]
    better = without.cumsum(axis=-1) - without
    wins = (with_one * (better + without / 2)).sum(axis=(-1, -2))
    return _ratio(wins, _pairs(table))


def tied_pairs(table: Counts) -> Counts:
    """The share of pairs of one day, one with an outcome and one without, that have the same mark."""
    return _ratio((table[..., 1] * table[..., 0]).sum(axis=(-1, -2)), _pairs(table))


def rank_correlation(table: Counts) -> Counts:
    """Spearman's correlation of a worse mark with the outcome: Pearson's of the mid-ranks, day by day.

    The mean of the days that have one, weighted by their gradings. The ranks of a yes or no are a
    straight line of it, so the outcome stands for its own ranks.
    """
    whole = table.sum(axis=-1)
    size = whole.sum(axis=-1)
    centred = whole.cumsum(axis=-1) - whole / 2 - size[..., None] / 2
    outcomes = table[..., 1].sum(axis=-1)
    spread = (whole * centred**2).sum(axis=-1) * outcomes * (size - outcomes)
    shared = (table[..., 1] * centred).sum(axis=-1)
    daily = _ratio(shared * np.sqrt(size), np.sqrt(spread))
    weight = np.where(np.isnan(daily), 0, size)
    return _ratio((np.nan_to_num(daily) * weight).sum(axis=-1), weight.sum(axis=-1))


def _pairs(table: Counts) -> Counts:
    """How many pairs there are, one with an outcome and one of the same day without."""
    found: Counts = table.sum(axis=-2).prod(axis=-1).sum(axis=-1)
    return found


def _ratio(part: Counts, whole: Counts) -> Counts:
    """part / whole, NaN where the whole is nothing."""
    none = np.full_like(np.asarray(part, dtype=np.float64), np.nan)
    return np.divide(part, whole, out=none, where=np.asarray(whole) > 0)
