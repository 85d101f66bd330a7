"""For how long what isn't shown any more is kept."""

from __future__ import annotations

import polars as pl

from credit.rules.classification import after
from credit.rules.law import Law

KEY = "repairs.retention-months"


def kept_until(ended_on: pl.Expr, law: Law) -> pl.Expr:
    """The first day on which a record that ended on a day is kept no longer; null where the policy sets no term."""
    if KEY not in law.provisions:
        return pl.lit(None, dtype=pl.Date)
    return after(ended_on, law.choose(KEY, ended_on))
