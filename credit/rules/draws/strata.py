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
        dues = spread(size, dues, counts)
    found = rounded(dues)
    _refuse_above(found, counts)
    return [Stratum(name, counts.get(name, 0), dues[name], found[name]) for name in names]


def spread(size: int, dues: Mapping[str, Fraction], counts: Mapping[str, int]) -> dict[str, Fraction]:
    """`size` in proportion to what would be due; a stratum that has fewer is taken whole, the others share the rest.

    Raises QuotaAboveStratum ("*": all strata together) where there are not so many candidates.
    """
    found, open_ones = dict.fromkeys(dues, Fraction(0)), {name for name, due in dues.items() if due}
    if sum(counts.get(name, 0) for name in open_ones) < size:
        _refuse_above({"*": size}, {"*": sum(counts.get(name, 0) for name in open_ones)})
    while open_ones:
        rest = size - sum((found[name] for name in found.keys() - open_ones), Fraction(0))
        whole = sum((dues[name] for name in open_ones), Fraction(0))
        found |= {name: dues[name] * rest / whole for name in open_ones}
        full = {name for name in open_ones if found[name] > counts[name]}
        if not full:
            break
        found |= {name: Fraction(counts[name]) for name in full}
        open_ones -= full
    return found


def _refuse_above(found: Mapping[str, int], counts: Mapping[str, int]) -> None:
    above = [
        {"stratum": name, "candidates": counts.get(name, 0), "quota": found[name]}
        for name in sorted(found)
        if found[name] > counts.get(name, 0)
    ]
    if above:
        told = "; ".join(f"{one['stratum']}: {one['quota']} of {one['candidates']}" for one in above)
        zh = f"抽取数量超过候选对象数量：{told}"
        raise QuotaAboveStratum(f"More are to be drawn than there are candidates in {told}.", zh=zh, strata=above)


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
