"""Whether a draw was fair: what was drawn against what was due, with exact tests (SciPy)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from credit.rules.draws.strata import Stratum

LEVEL = 0.01


def of_strata(strata: Iterable[Stratum], drawn: pl.DataFrame) -> pl.DataFrame:
    """stratum, candidates, due, drawn, and `kept`: whether as many were drawn as the rounded quota says.

    `due` is a number of enterprises, not rounded.
    """
    got = dict(drawn.group_by("stratum").len().iter_rows())
    rows = [(one.name, one.candidates, float(one.due), got.get(one.name, 0), one.quota) for one in strata]
    schema = {"stratum": pl.String, "candidates": pl.Int64, "due": pl.Float64, "drawn": pl.Int64, "quota": pl.Int64}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.with_columns(kept=pl.col("drawn") == pl.col("quota")).drop("quota")


def within_strata(inputs: pl.DataFrame, drawn: pl.DataFrame, group: str) -> pl.DataFrame:
    """stratum, `group`, candidates, due, drawn, p: was any group (a region, an industry) favoured inside a stratum?

    Of N candidates n were drawn, K of them are of the group: the number drawn is hypergeometric. `p` is exact and
    two-sided: the chance of what is no likelier than what was seen.
    """
    keys = ["stratum", group]
    of = inputs.group_by(keys).len("candidates")
    got = drawn.group_by(keys).len("drawn")
    whole = of.join(got, on=keys, how="left", nulls_equal=True).with_columns(pl.col("drawn").fill_null(0))
    whole = whole.with_columns(
        all=pl.col("candidates").sum().over("stratum"), taken=pl.col("drawn").sum().over("stratum")
    ).sort(keys)
    chances = [_two_sided(*row) for row in whole.select("drawn", "all", "candidates", "taken").iter_rows()]
    due = pl.col("candidates") * pl.col("taken") / pl.col("all")
    return whole.select(*keys, "candidates", "drawn", due=due, p=pl.Series(chances, dtype=pl.Float64))


def _two_sided(drawn: int, whole: int, group: int, taken: int) -> float:
    from scipy.stats import hypergeom  # here, since loading it takes as long as a draw

    may = np.arange(max(0, taken + group - whole), min(group, taken) + 1)
    chances = hypergeom.pmf(may, whole, group, taken)
    seen = chances[drawn - may[0]]
    return float(min(1.0, chances[chances <= seen * (1 + 1e-7)].sum()))


def fair(tested: pl.DataFrame, level: float = LEVEL) -> bool:
    """Whether no `p` speaks against fairness at `level`, all tests taken together (Bonferroni, Holm's first step)."""
    return tested.is_empty() or bool((tested["p"] * len(tested) > level).all())


def evenly_drawn(times: Iterable[int], runs: int, quota: int) -> float:
    """The chance, by chi-square, of how often each candidate of one stratum was drawn, if all are even.

    A draw without replacement spreads less than one with it: hence the factor (N - 1) / (N - n).
    """
    from scipy.stats import chi2

    seen = np.fromiter(times, dtype=float)
    number = len(seen)
    due = runs * quota / number
    statistic = ((seen - due) ** 2).sum() / due * (number - 1) / (number - quota)
    return float(chi2.sf(statistic, number - 1))
