"""Strata and quotas: how many of each tier and product risk are due, rounded so that the total stays true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from credit.rules.draws.refusals import QuotaAboveStratum


@dataclass(frozen=True)
class Stratum:
    """Candidates of one tier and product risk: how many there are, how many are due, how many will be drawn."""

    name: str
    candidates: int
    due: Fraction
    quota: int


def share(percent: Fraction, factor: Fraction) -> Fraction:
    """The part of a stratum that is drawn: the tier's percentage times the factor of the risk, at most all."""
    return min(percent * factor / 100, Fraction(1))


def strata(
    counts: Mapping[str, int], shares: Mapping[str, Fraction], size: int | None = None,
    quotas: Mapping[str, int] | None = None,
) -> list[Stratum]:
    """The strata by name. `counts`: candidates; `shares`: the part of each stratum that is due.

    `size`: so many in all instead, spread in proportion to what would be due. `quotas`: so many of each stratum
    that is named instead, none of the others. Raises QuotaAboveStratum that names every stratum with fewer candidates.
    """
    names = sorted({*counts, *(quotas or {})})
    dues = {name: counts.get(name, 0) * shares.get(name, Fraction(0)) for name in names}
    if quotas is not None:
        dues = {name: Fraction(quotas.get(name, 0)) for name in names}
    elif size is not None:
        whole = sum(dues.values(), Fraction(0))
        if not whole and size:
            raise QuotaAboveStratum(strata=[{"stratum": "*", "candidates": 0, "quota": size}])
        dues = {name: due * size / whole for name, due in dues.items()} if whole else dues
    found = rounded(dues)
    above = [
        {"stratum": name, "candidates": counts.get(name, 0), "quota": found[name]}
        for name in names
        if found[name] > counts.get(name, 0)
    ]
    if above:
        told = "; ".join(f"{one['stratum']}: {one['quota']} of {one['candidates']}" for one in above)
        zh = f"抽取数量超过候选对象数量：{told}"
        raise QuotaAboveStratum(f"More are to be drawn than there are candidates in {told}.", zh=zh, strata=above)
    return [Stratum(name, counts.get(name, 0), dues[name], found[name]) for name in names]


def rounded(dues: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers whose sum is the sum of all dues, rounded half up: by largest remainder, then by name."""
    floors = {name: due.numerator // due.denominator for name, due in dues.items()}
    total = sum(dues.values(), Fraction(0)) + Fraction(1, 2)
    missing = total.numerator // total.denominator - sum(floors.values())
    by_remainder = sorted(dues, key=lambda name: (floors[name] - dues[name], name))
    return {name: floors[name] + (name in by_remainder[:missing]) for name in dues}


def by_month(total: int, months: list[int]) -> dict[int, int]:
    """The load of each month of a plan: the total spread evenly, the rest to the earliest."""
    each, more = divmod(total, len(months)) if months else (0, 0)
    return {month: each + (place < more) for place, month in enumerate(sorted(months))}
