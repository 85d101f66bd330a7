"""Back-test, estimates: each measure with its interval of chance, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from credit.rules.backtest import ranks
from credit.rules.backtest.bootstrap import Tables
from credit.rules.backtest.ranks import Counts

MEASURES: dict[str, Callable[[Counts], Counts]] = {
    "auc": ranks.auc,
    "rank_correlation": ranks.rank_correlation,
}
BOUNDS = [2.5, 97.5]
LEAST = 10  # enterprises with an outcome, and without: fewer, and their draws agree by accident
DEFINED = 0.9  # less than this share of resamples with a value, and an interval would mislead
DIGITS = 4


def measured(
    counts: dict[str, Tables | None], measure: Callable[[Counts], Counts], enough: bool
) -> dict[str, dict[str, Any]]:
    """One measure of the old and the new policy, and new - old where both have it.

    `enough`: whether there are LEAST enterprises on either side; without, nothing has an interval.
    """
    found, drawn, made = [], [], {}
    for policy, table in counts.items():
        if table is None:
            made[policy] = estimate(np.nan, np.empty(0), "nothing_rated", enough)
            continue
        found.append(float(measure(table.found)))
        drawn.append(measure(table.resampled))
        made[policy] = estimate(found[-1], drawn[-1], _why_none(table.found), enough)
    reasons = [one["reason"] for one in made.values() if one["value"] is None]
    both = len(found) == len(counts)
    made["difference"] = estimate(
        found[1] - found[0] if both else np.nan,
        drawn[1] - drawn[0] if both else np.empty(0),
        reasons[0] if reasons else "few_outcomes",
        enough,
    )
    return made


def _why_none(table: Counts) -> str:
    """Why a measure of this table has no value; what has a value may still lack its interval."""
    sides = table.sum(axis=-2)
    without, with_one = sides.sum(axis=0)
    if with_one == 0:
        return "no_outcomes"
    if without == 0:
        return "only_outcomes"
    compared = table[sides.all(axis=-1)].sum(axis=-1)
    return "one_level" if len(compared) and (np.count_nonzero(compared, axis=-1) == 1).all() else "few_outcomes"


def estimate(value: float, drawn: Counts, why_none: str, enough: bool) -> dict[str, Any]:
    """A value with its 95% percentile interval, or the reason why either is missing."""
    told = {"value": number(value), "low": None, "high": None, "reason": None}
    if told["value"] is None:
        return told | {"reason": why_none}
    defined = drawn[~np.isnan(drawn)]
    if not enough or not defined.size or defined.size < DEFINED * drawn.size:
        return told | {"reason": "few_outcomes"}
    low, high = np.percentile(defined, BOUNDS)
    return told | {"low": number(low), "high": number(high)}


def number(value: Any) -> float | None:
    """A number for JSON: rounded, and None for what isn't one."""
    return None if np.isnan(value) else round(float(value), DIGITS)


def ties(table: Tables) -> float | None:
    """The share of tied pairs as a number for JSON."""
    return number(ranks.tied_pairs(table.found))
