"""Credit repair (信用修复): what still stands against ending a publication before its time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from credit.rules.law import Law

Words = tuple[str, str]


class Repairable(NamedTuple):
    """How a fact stands that repair is asked for.

    shown: whether the public sees it on the day; repair_from: when its shortest publication is over (null:
    nothing can be applied for); performed_on: when the duties of its decision were performed, as proved;
    penalty: the document number of the penalty that a failure belongs to, while that one is shown;
    heavier: document numbers of heavier penalties decided since;
    listed: whether a listing that rests on it is in force.
    """

    kind: str
    decided_on: date
    severity: str | None
    penalties: Collection[str]
    shown: bool
    repair_from: date | None
    restricted_until: date | None
    performed_on: date | None
    penalty: str | None
    heavier: tuple[str, ...]
    listed: bool


def obstacles(fact: Repairable, law: Law, day: date) -> list[Words]:
    """Each condition that isn't met on a day, in Chinese and English; none: repair may be granted.

    SAMR Order 107, NDRC Order 36: shortest publication over, duties performed, no heavier penalty since, no
    restriction running; under SAMR Order 45 article 14 some penalties stay on show to their end.
    """
    if not fact.shown:
        return [("这条信息现在没有公示，无需修复", "it isn't shown: there is nothing to repair")]
    return [*_never(fact, law, day), *_not_yet(fact, day), *_not_done(fact)]


def _never(fact: Repairable, law: Law, day: date) -> list[Words]:
    found: list[Words] = []
    if fact.kind not in law.value("repairs.kinds", max(day, law.first_day)):
        found.append(("这类信息不适用信用修复", "information of this kind isn't repaired"))
    elif fact.severity == "minor":
        found.append(("轻微违法信息到期自动停止公示，无需申请", "a minor entry ends by itself: nothing to apply for"))
    excluded = set(law.value("repairs.excluded-penalties", max(day, law.first_day)))
    if not excluded.isdisjoint(fact.penalties):
        found.append(("这类处罚不得提前停止公示", "the publication of such a penalty can't end early"))
    if fact.penalty is not None:
        number = fact.penalty
        found.append((f"随处罚决定{number}一并停止公示，请就其申请", f"it ends with the penalty {number}: repair that"))
    return found


def _not_yet(fact: Repairable, day: date) -> list[Words]:
    found: list[Words] = []
    if fact.repair_from is None:
        if fact.severity != "minor":
            found.append(("公示期内不能提前停止公示", "its publication can't end early"))
    elif day < fact.repair_from:
        found.append(
            (f"最短公示期至{fact.repair_from}届满", f"its shortest publication ends on {fact.repair_from}")
        )
    if fact.restricted_until is not None and day < fact.restricted_until:
        until = fact.restricted_until
        found.append((f"法定限制期限至{until}", f"a restriction by law runs until {until}"))
    return found


def _not_done(fact: Repairable) -> list[Words]:
    found: list[Words] = []
    if fact.performed_on is None:
        found.append(("处罚决定的义务尚未证明履行完毕", "that the duties of the decision are performed isn't proved"))
    if fact.heavier:
        numbers = "、".join(fact.heavier)
        found.append((f"此后又受到较重行政处罚：{numbers}", f"heavier penalties since: {numbers}"))
    if fact.listed:
        found.append(("据此作出的列入尚未移出，请先申请提前移出", "a listing rests on it: have that removed first"))
    return found
