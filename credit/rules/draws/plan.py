"""The annual plan of a draw: whom it is about, how many are due of each tier and risk, in which months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from credit.rules.draws.refusals import NoRulesOfDraws
from credit.rules.draws.strata import share
from credit.rules.law import Law
from credit.rules.months import months_after
from credit.terms import Level, Risk, Tier

KEYS = tuple(
    f"draws.{key}" for key in ("risk-factor", "yearly-cap", "inspectors", "higher-level-months", "most-of-one-tier")
)
# Who stands above whom: a higher level's samples aren't repeated.
LEVELS = (Level.COUNTY, Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL)


@dataclass(frozen=True)
class Plan:
    """A plan as it was written. Empty regions and industries: all; regions are the first digits of a code.

    `products`: first digits of item codes (GTIN-13): who holds or was inspected for one of them. `items`: what is
    looked at (抽查事项), by the `checklist` of that name. `shares`: percent of each tier, or of a stratum ("3-II",
    to which no factor of risk is added), where they differ from the policy's. `size`: so many in all instead;
    `quotas`: so many of each stratum instead. `key_item`: a key item (重点检查事项) knows no yearly cap. `each`:
    inspectors for each enterprise, where more than the policy's.
    """

    id: str
    title: str
    months: tuple[int, ...]
    starts_on: date
    ends_on: date
    level: Level = Level.MUNICIPAL
    departments: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    checklist: str = "general"
    shares: Mapping[str, Fraction] | None = None
    size: int | None = None
    quotas: Mapping[str, int] | None = None
    key_item: bool = False
    qualification: str | None = None
    each: int | None = None

    def in_scope(self) -> pl.Expr:
        """Whether the columns region and industry lie within the plan."""
        return _begins("region", self.regions) & _begins("industry", self.industries)

    def shares_of(self, law: Law, day: date) -> dict[str, Fraction]:
        """The part of each stratum that is due, by the strata's names."""
        factors, own = law.value("draws.risk-factor", day), self.shares or {}
        percents = {tier: own.get(tier, Fraction(law.value(f"shares.{tier}", day))) for tier in map(str, Tier)}
        usual = {
            f"{tier}-{risk}": share(percent, Fraction(factors[str(risk)])) for tier, percent in percents.items()
            for risk in Risk
        }  # fmt: skip
        return usual | {stratum: share(percent, Fraction(1)) for stratum, percent in own.items() if stratum in usual}

    def cap(self, law: Law, day: date) -> int | None:
        """Planned inspections a year at which an enterprise is no candidate any more; None for key items."""
        return None if self.key_item else int(law.value("draws.yearly-cap", day))

    def team(self, law: Law, day: date) -> int:
        """Inspectors for each enterprise: never fewer than the policy says."""
        return max(int(law.value("draws.inspectors", day)), self.each or 0)

    def higher(self) -> tuple[Level, ...]:
        """The levels above the plan's."""
        return LEVELS[LEVELS.index(self.level) + 1 :] if self.level in LEVELS else ()

    def sampled_from(self, law: Law, day: date) -> date:
        """Since when a higher level's sample keeps an enterprise out."""
        return months_after(day, -int(law.value("draws.higher-level-months", day)))


def check_law(law: Law) -> None:
    """Raises NoRulesOfDraws where the policy lacks what a draw goes by."""
    if missing := [key for key in KEYS if key not in law.provisions]:
        raise NoRulesOfDraws(keys=missing)


def _begins(column: str, parts: tuple[str, ...]) -> pl.Expr:
    if not parts:
        return pl.lit(True)
    return pl.any_horizontal(pl.col(column).str.starts_with(part) for part in parts).fill_null(False)


def risk_of(law: Law, industry: str = "industry") -> pl.Expr:
    """The product risk class of a column of industries, by division; ordinary where none is known."""
    known = {division: told["risk"] for division, told in law.industries.items()}
    return pl.col(industry).str.slice(1, 2).replace_strict(known, default=str(Risk.ORDINARY), return_dtype=pl.String)
