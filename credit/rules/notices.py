"""Notices (告知) gate publication: what the law of a decision's day asks for before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from credit.rules.law import Law
from credit.terms import Notice

KEY = "publication.notices"


def all_told(law: Law, day: pl.Expr) -> pl.Expr:
    """Whether every required fact of notice is there (SAMR Order 45 article 8)."""

    def told(names: list[str]) -> pl.Expr:
        return pl.all_horizontal(pl.lit(True), *(pl.col(name).is_not_null() for name in names))

    return _by_law(law, day, told)


def open_from(law: Law, day: pl.Expr) -> pl.Expr:
    """The first day on which a decision may show and count: served, and everything required announced."""

    def last(names: list[str]) -> pl.Expr:
        return pl.max_horizontal(day, "served_on", *(name for name in names if name != Notice.PROCEEDINGS))

    return _by_law(law, day, last)


def _by_law(law: Law, day: pl.Expr, make: Any) -> pl.Expr:
    if KEY not in law.provisions:  # a policy of before this key asks for nothing
        found: pl.Expr = make([])
        return found
    return law.choose(KEY, day, make)


def missing(event: Mapping[str, Any], law: Law) -> list[Notice]:
    """The facts of notice that one violation still lacks, by the law of its decision's day."""
    if KEY not in law.provisions:
        return []
    decided: date = event["decided_on"]
    provision = law.provisions[KEY]
    held = provision.on(max(decided, provision.values[0].start)).value
    return [Notice(name) for name in held if event.get(name) is None]
