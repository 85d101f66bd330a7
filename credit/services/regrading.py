"""Regrading of the whole register: every grade from its facts, to see who stands otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from sqlalchemy import select

from credit.models import Standing
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.services.dossiers import load
from credit.services.grading import public_facts
from credit.services.known import Known
from credit.services.reading import among, frame

STOOD = ("facts_seq", "score", "grade", "tier", "expires_on")


def moved(ids: Sequence[int], law: Law, day: date, known: Known) -> pl.Series:
    """The enterprises whose record must be made anew on `day`, in the order of their ids.

    One that stands with the same score, grade and tier, from the same last fact, before the day
    on which it changes by itself, has the record that it would get.
    """
    dossiers = load(ids, law, known, to_show=False)
    asks = dossiers.facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    now = grades(asks, public_facts(dossiers.facts, day), law)
    columns = (getattr(Standing, name) for name in STOOD)
    chosen = select(Standing.enterprise_id.label("enterprise"), *columns)
    stood = frame(chosen.where(among(Standing.enterprise_id, ids)), bulk=known.committed)
    stands = now.join(dossiers.latest, on="enterprise").join(
        stood, on="enterprise", how="left", suffix="_before"
    )
    same = (
        pl.col("expires_on").is_not_null()
        & (pl.col("expires_on") > day)
        & (pl.col("facts_seq") == pl.col("facts_seq_before"))
        & pl.all_horizontal(
            pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("score", "grade", "tier")
        )
    )
    return stands.filter(~same)["enterprise"].sort()
