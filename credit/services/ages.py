"""The same facts under each law in turn: a day of the past is graded by the law that it had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.rules.spans import change_days
from credit.services.dossiers import load
from credit.services.known import Known
from credit.services.policies import Era


@dataclass(frozen=True)
class Age:
    """An era with the facts as its law classifies them."""

    era: Era
    facts: Facts

    def holds(self) -> pl.Expr:
        """Whether a column `day` falls into the era."""
        begun = pl.col("day") >= self.era.since
        return begun if self.era.until is None else begun & (pl.col("day") < self.era.until)


def ages(facts: Facts, law: Law, eras: Sequence[Era], known: Known) -> list[Age]:
    """These facts, which `law` classified, under the law of every era.

    The same events and listings under each: what is left out of `facts` stays out.
    """
    return [
        Age(era, facts if era.law.digest == law.digest else _under(era.law, facts, known))
        for era in eras
    ]


def _under(law: Law, facts: Facts, known: Known) -> Facts:
    ids = facts.firms["enterprise"].unique().to_list()
    other = load(ids, law, known, to_show=False).facts
    events = other.events.join(facts.events.select("event"), on="event", how="semi")
    listings = other.listings.join(facts.listings.select("listing"), on="listing", how="semi")
    return Facts(facts.firms, events, listings)


def graded(over: Sequence[Age], asks: pl.DataFrame) -> pl.DataFrame:
    """The gradings of many days (enterprise, day), each by the law and the facts of its era."""
    parts = [
        grades(asks if len(over) == 1 else asks.filter(age.holds()), age.facts, age.era.law)
        for age in over
    ]
    return pl.concat(parts)


def days_of_change(over: Sequence[Age]) -> pl.DataFrame:
    """Every (enterprise, day) on which anything that grading reads begins or ends, or the law changes."""
    if len(over) == 1:
        return change_days(over[0].facts, over[0].era.law)
    found = []
    for age in over:
        found.append(change_days(age.facts, age.era.law).filter(age.holds()))
        if age.era.since > date.min:
            firms = age.facts.firms.select("enterprise").unique()
            found.append(firms.with_columns(day=pl.lit(age.era.since)))
    return pl.concat(found).unique()
