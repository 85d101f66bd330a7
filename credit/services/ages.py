"""The same facts under each law in turn: a day of the past is graded by the law that it had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from credit.rules.dossier import Facts
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.rules.record import shown
from credit.rules.spans import change_days
from credit.services.dossiers import Dossiers
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

    def lasts_beyond(self, day: date) -> bool:
        """Whether any day after `day` falls into the era."""
        return self.era.until is None or self.era.until > day


def ages(dossiers: Dossiers, eras: Sequence[Era]) -> list[Age]:
    """The facts of these dossiers under the law of every era, put there from the same rows."""
    under = {dossiers.law.digest: dossiers.facts}
    for era in eras:
        digest = era.law.digest
        if digest not in under:
            under[digest] = dossiers.file.under(era.law).facts
    return [Age(era, under[era.law.digest]) for era in eras]


def public_ages(over: Sequence[Age], day: date, law: Law) -> list[Age]:
    """The ages with the facts alone that the public may see on `day`, as the law of that day says.

    The same events and listings under each: what is left out stays out.
    """
    seen = public_facts(facts_under(over, law), day)
    made: dict[str, Facts] = {law.digest: seen}
    for age in over:
        if age.era.law.digest not in made:
            made[age.era.law.digest] = _alike(age.facts, seen, day)
    return [replace(age, facts=made[age.era.law.digest]) for age in over]


def public_facts(facts: Facts, day: date) -> Facts:
    """The facts that the public may see on `day`: its past is computed from these alone."""
    seen = facts.only(shown(facts.events.with_columns(day=pl.lit(day))).drop("day"), day)
    return replace(seen, listings=facts.listings.filter(pl.col("since") <= day, pl.col("until") > day))


def _alike(facts: Facts, seen: Facts, day: date) -> Facts:
    """Of these facts the events and listings that are seen."""
    events = facts.events.join(seen.events.select("event"), on="event", how="semi", maintain_order="left")
    listings = facts.listings.join(seen.listings.select("listing"), on="listing", how="semi")
    return replace(facts.only(events, day), listings=listings)


def facts_under(over: Sequence[Age], law: Law) -> Facts:
    """The facts as this law classifies them, which is that of an age."""
    return next(age.facts for age in over if age.era.law.digest == law.digest)


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
