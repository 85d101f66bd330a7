"""Back-test, rates: what followed on each grade, with its interval."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

import polars as pl

from credit.rules.backtest.estimates import number
from credit.rules.backtest.moves import RATED

Z95 = 1.959963984540054


def calibration(rows: pl.DataFrame, column: str) -> list[dict[str, Any]]:
    """What followed on each grade, AAA to D and N: grade, n, outcomes, rate with Wilson's low, high.

    `rows`: the grade in `column`, and `outcome`. The interval takes each half-year as independent;
    a grade that nobody has is without rate.
    """
    counts = rows.group_by(grade=column).agg(n=pl.len(), outcomes=pl.col("outcome").sum())
    found = {row["grade"]: row for row in counts.iter_rows(named=True)}
    made = []
    for grade in [*RATED, "N"]:
        size, outcome = (found.get(grade, {}).get(name, 0) for name in ("n", "outcomes"))
        low, high = wilson(outcome, size) if size else (nan, nan)
        rate = outcome / size if size else nan
        told = {"rate": number(rate), "low": number(low), "high": number(high)}
        made.append({"grade": grade, "n": size, "outcomes": outcome} | told)
    return made


def wilson(outcomes: int, size: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927); `size` at least 1."""
    share, extra = outcomes / size, Z95**2 / size
    middle = (share + extra / 2) / (1 + extra)
    half = Z95 * sqrt(share * (1 - share) / size + extra / size / 4) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)
