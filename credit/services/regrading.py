"""Regrading of the whole register: every grade from its facts, to see who stands otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
from flask import Flask, current_app
from sqlalchemy import select

from credit.models import Standing
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.services.ages import public_facts
from credit.services.dossiers import load
from credit.services.known import Known
from credit.services.reading import among, frame

AT_ONCE = 2
STOOD = ("facts_seq", "score", "grade", "tier", "expires_on")


def moved_among(parts: Iterable[Sequence[int]], law: Law, day: date) -> list[int]:
    """Of enterprises in parts, those whose record must be made anew on `day`: one part is read while
    another is graded. Only what is committed is seen: nothing was written in this transaction.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def found(ids: Sequence[int]) -> list[int]:
        with app.app_context():
            return moved(ids, law, day, Known(committed=True)).to_list()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [one for part in pool.map(found, parts) for one in part]


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
