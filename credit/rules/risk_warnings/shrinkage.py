"""Failure shares of small groups, drawn towards the whole by how much is known of each (empirical Bayes).

Lots of a group fail by a binomial law whose share itself follows a beta law over all groups; its two numbers are those
under which the groups' counts are likeliest. What is told of a group is the posterior.
"""

from __future__ import annotations

import numpy as np
import polars as pl

MOST = 1e5  # a prior as strong as so many lots: groups that don't differ


def prior(tested: np.ndarray, failed: np.ndarray) -> tuple[float, float]:
    """The two numbers of the beta law by marginal likelihood; at least so weak that one lot tells something."""
    from scipy.optimize import minimize  # here, as in rules/intervals.py
    from scipy.special import betaln

    share = (failed.sum() + 0.5) / (tested.sum() + 1)

    def unlikely(logs: np.ndarray) -> float:
        a, b = np.exp(np.clip(logs, -8, np.log(MOST)))
        return -float((betaln(failed + a, tested - failed + b) - betaln(a, b)).sum())

    start = np.log([share * 10, (1 - share) * 10])
    found = minimize(unlikely, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 500})
    a, b = np.exp(np.clip(found.x, -8, np.log(MOST)))
    return float(a), float(b)


def shrunk(groups: pl.DataFrame, percent: float) -> pl.DataFrame:
    """Groups (tested, failed) with `rate`, `low`, `high` of the posterior; `whole`: the share of all. Of one."""
    if groups.is_empty():
        return groups.with_columns(pl.lit(0.0).alias(name) for name in ("rate", "low", "high", "whole"))
    from scipy.stats import beta

    tested, failed = groups["tested"].to_numpy().astype(float), groups["failed"].to_numpy().astype(float)
    a, b = prior(tested, failed)
    tail = (1 - percent / 100) / 2
    after, beyond = failed + a, tested - failed + b
    return groups.with_columns(
        rate=pl.Series(after / (after + beyond)), low=pl.Series(beta.ppf(tail, after, beyond)),
        high=pl.Series(beta.ppf(1 - tail, after, beyond)), whole=pl.lit(float(failed.sum() / tested.sum())),
    )  # fmt: skip
