"""Change of a failure share: a binomial CUSUM by month (Page 1954), with its limit set for a stated false-alarm rate.

Each month adds the log likelihood ratio of the share that is to be found early against the usual one; the sum never
falls below zero. The limit is the quantile of the highest sum of a year without any change, over simulated years with
the series' own numbers of lots; the draws come from a fixed seed, so that equal series have equal limits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

YEARS, SEED, BURN_IN = 2_000, 20_26, 24


class Path(NamedTuple):
    """The sums by month, the limit, and the months (places) in which the limit was crossed."""

    sums: list[float]
    limit: float
    alarms: list[int]


def weights(usual: float, odds: float) -> tuple[float, float]:
    """What a failed and a passed lot add, where `odds` times the odds of `usual` are to be found."""
    worse = odds * usual / (1 - usual + odds * usual)
    return float(np.log(worse / usual)), float(np.log((1 - worse) / (1 - usual)))


def sums(tested: np.ndarray, failed: np.ndarray, usual: float, odds: float) -> np.ndarray:
    """The sum after each month; the last axis is time."""
    up, down = weights(usual, odds)
    steps = failed * up + (tested - failed) * down
    total = np.zeros(steps.shape[:-1])
    found = np.empty(steps.shape)
    for month in range(steps.shape[-1]):
        total = np.maximum(0.0, total + steps[..., month])
        found[..., month] = total
    return found


def limit(tested: np.ndarray, usual: float, odds: float, false_alarms: float) -> float:
    """The sum that at most the part `false_alarms` of years without change reaches. `tested`: lots by month."""
    luck = np.random.default_rng(SEED)
    months = np.resize(tested, BURN_IN + 12)
    failed = luck.binomial(months.astype(int), usual, size=(YEARS, months.size))
    highest = sums(np.broadcast_to(months, failed.shape), failed, usual, odds)[:, BURN_IN:].max(axis=1)
    return float(np.quantile(highest, 1 - false_alarms, method="higher")) + 1e-9


def path(tested: np.ndarray, failed: np.ndarray, usual: float, odds: float, false_alarms: float) -> Path:
    """A series followed month by month."""
    bound = limit(tested[-12:], usual, odds, false_alarms)
    told = sums(tested, failed, usual, odds)
    alarms = [int(at) for at in np.flatnonzero(told > bound)]
    return Path([round(float(one), 3) for one in told], round(bound, 3), alarms)
