"""Intervals of shares: how sure a share of few is (Wilson 1927; Newcombe 1998, method 3)."""

from __future__ import annotations

LEVEL = 0.95


def wilson(many: int, of: int) -> tuple[float, float]:
    """The 95% interval of `many` out of `of` (at least 1), as shares of one."""
    from scipy.stats import (
        binomtest,  # here, since loading it takes as long as starting all the rest
    )

    found = binomtest(many, of).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)
