"""Measures of foresight on tables of counts, set-wise over any number of resamples.

A table has the shape (..., levels, 2): levels from the best mark to the worst; column 0 counts those
without an outcome, column 1 those with one. What is undefined is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def auc(table: Counts) -> Counts:
    """The chance that one with an outcome has a worse mark than one without, a tie counting half.

    The area under the ROC curve, by mid-ranks (Mann and Whitney 1947; Hanley and McNeil 1982).
    """
    without, with_one = table[..., 0], table[..., 1]
    better = without.cumsum(axis=-1) - without
    wins = (with_one * (better + without / 2)).sum(axis=-1)
    return _ratio(wins, without.sum(axis=-1) * with_one.sum(axis=-1))


def tied_pairs(table: Counts) -> Counts:
    """The share of pairs, one with an outcome and one without, that have the same mark."""
    without, with_one = table[..., 0], table[..., 1]
    tied = (with_one * without).sum(axis=-1)
    return _ratio(tied, without.sum(axis=-1) * with_one.sum(axis=-1))


def rank_correlation(table: Counts) -> Counts:
    """Spearman's correlation of a worse mark with the outcome: Pearson's of the mid-ranks.

    The ranks of a yes or no are a straight line of it, so the outcome stands for its own ranks.
    """
    both = table.sum(axis=-1)
    size = both.sum(axis=-1)
    centred = both.cumsum(axis=-1) - both / 2 - size[..., None] / 2
    outcomes = table[..., 1].sum(axis=-1)
    spread = (both * centred**2).sum(axis=-1) * outcomes * (size - outcomes)
    shared = (table[..., 1] * centred).sum(axis=-1)
    return _ratio(shared * np.sqrt(size), np.sqrt(spread))


def _ratio(part: Counts, whole: Counts) -> Counts:
    """part / whole, NaN where the whole is nothing."""
    none = np.full_like(np.asarray(part, dtype=np.float64), np.nan)
    return np.divide(part, whole, out=none, where=np.asarray(whole) > 0)
