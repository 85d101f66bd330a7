"""Random histories of one enterprise, crowded at the boundaries where the law turns.

`random_history(chance)` gives the arguments of a grading: firm, events, listings, day. The events
have the shape of `load_event` with `id` and `cessations`; some lie after the day. Thousands are
made in a second, so a columnar kernel can grade them in one call. `histories()` is the same as a
hypothesis strategy that drops events one by one when it shrinks a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from credit.services.policy_cases import CODE
from credit.terms import (
    Award,
    Category,
    Cessation,
    EnterpriseKind,
    InspectionType,
    Kind,
    Level,
    Penalty,
    Procedure,
    Result,
    Role,
    Severity,
    Stage,
    Status,
)  # fmt: skip
from tests.oracle_policy import months_after

LAW_DAYS = [date(2021, 9, 1), date(2025, 12, 25), date(2026, 4, 1)]
MONTH_ENDS = [
    date(2024, 2, 29),
    date(2025, 8, 31),
    date(2026, 1, 31),
    date(2027, 2, 28),
    date(2028, 2, 29),
]
ASKED = [*LAW_DAYS, *MONTH_ENDS, date(2026, 11, 22), date(2026, 12, 31), date(2029, 2, 28)]
MONTHS = [0, 1, 2, 3, 3, 4, 6, 8, 10, 11, 12, 12, 13, 18, 20, 24, 24, 30, 36, 36, 48, 60]
NUDGES = [-16, -15, -14, -1, 0, 0, 0, 1, 20]
FINES = ["0", "4999.99", "5000", "30000", "49999.99", "50000", "600000", "1999999.99", "2000000"]
NOTICES = ["served_on", "publication_notice_on", "repair_notice_on"]
DOCUMENTS = ["甲1", "甲2", "甲3", "甲4"]
PRODUCTS = [None, {"product": "gasket"}, {"product": "pump"}, {"product": "valve"},
            {"gtin": "06936983800013", "product": "gasket"}, {"gtin": "", "product": "bolt"}]  # fmt: skip
RANDOM_TESTS = [
    InspectionType.RANDOM_DRAW,
    InspectionType.SUPERVISED_SAMPLING,
    InspectionType.SPECIAL,
]
MIXED, MERITS, OFFENCES, SAMPLES = (3, 3, 4), (1, 5, 8), (8, 1, 1), (2, 8, 1)

Event = dict[str, Any]
Near = Callable[[], date]


@st.composite
def histories(draw: st.DrawFn, most: int = 12, ceased_second_looks: bool = False) -> dict[str, Any]:
    """A random history as a strategy; `most` counts the events before second looks."""
    chance = Random(draw(st.integers(0, 2**32)))
    history = random_history(chance, most, ceased_second_looks)
    kept = [
        e for e in history["events"] if draw(st.sampled_from([False, True, True, True, True, True]))
    ]
    ids = {event["id"] for event in kept}
    history["events"] = [e for e in kept if e.get("of") is None or e["of"] in ids]
    return history


def random_history(
    chance: Random,
    most: int = 12,
    ceased_second_looks: bool = False,
    weights: tuple[int, int, int] | None = None,
) -> dict[str, Any]:
    """One enterprise, its events and listings, and the day that is asked.

    `ceased_second_looks` also revokes re-inspections and re-checks, which the policy leaves open.
    """
    day = chance.choice(ASKED) + timedelta(days=chance.choice([0, 0, 0, -1, 1]))
    if chance.random() < 0.3:
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(4000))

    def near() -> date:
        """A whole number of months before the asked day or a day of the law, or a little beside."""
        anchor = day if chance.random() < 0.8 else chance.choice(LAW_DAYS + MONTH_ENDS)
        return months_after(anchor, -chance.choice(MONTHS)) + timedelta(days=chance.choice(NUDGES))

    weights = weights or chance.choice([MIXED, MERITS, OFFENCES, SAMPLES])
    makers = chance.choices([violation, inspection, award], weights, k=chance.randint(0, most))
    events = [maker(chance, near) for maker in makers]
    failed = [e for e in events if e.get("result") == Result.FAIL]
    number = len(events) + len(failed)
    ids = chance.sample(range(1, 2 * number + 1), number)
    for event in events:
        event["id"] = ids.pop()
    looks = [second_look(chance, near, first) for first in failed if chance.random() < 0.6]
    for event in looks:
        event["id"] = ids.pop()
    for event in events + looks if ceased_second_looks else events:
        event["cessations"] = cessations(chance, near, event)
    return {
        "firm": firm(chance, near),
        "events": chance.sample(events + looks, len(events + looks)),
        "listings": listings(chance, near),
        "day": day,
    }


def firm(chance: Random, near: Near) -> dict[str, Any]:
    return {
        "registered_on": chance.choice([date(2015, 5, 5), date(2015, 5, 5), near(), near(), None]),
        "kind": chance.choice([EnterpriseKind.ENTERPRISE] * 4 + list(EnterpriseKind)),
        "wants_grade": chance.random() < 0.6,
        "status": chance.choice([Status.LIVING] * 20 + list(Status)),
    }


def listings(chance: Random, near: Near) -> list[dict[str, Any]]:
    found = []
    while chance.random() < 0.12:
        since = near()
        found.append(
            {
                "since": since,
                "until": chance.choice([None, months_after(since, 36), months_after(since, 12)]),
            }
        )
    return found


def cessations(chance: Random, near: Near, event: Event) -> list[dict[str, Any]]:
    """Rarely one or two, on different days, not before what they end."""
    first = event.get("decided_on") or event.get("valid_from") or event["occurred_on"]
    days = {max(near(), first) for _ in range(chance.choice([0] * 8 + [1, 1, 2]))}
    return [{"ground": chance.choice(list(Cessation)), "on": day} for day in days]


def common(chance: Random, kind: Kind) -> Event:
    linked = chance.random() < 0.3
    return {
        "kind": kind,
        "code": CODE,
        "document_no": chance.choice(
            [*DOCUMENTS, *(f"乙{chance.randrange(10**9)}" for _ in range(6))]
        ),
        "source_ref": "",
        "related_to": [{"document_no": chance.choice([*DOCUMENTS, "elsewhere"])}] if linked else [],
        "cessations": [],
    }


def violation(chance: Random, near: Near) -> Event:
    decided = near()
    penalties = [Penalty.FINE]
    if chance.random() < 0.4:
        penalties = chance.sample(list(Penalty), chance.randint(1, 3))
    restricted = chance.choice([None] * 8 + [3, 12, 18, 48])
    published = chance.choice([None, 0, 5, 30])
    return common(chance, Kind.VIOLATION) | {
        "occurred_on": decided - timedelta(days=chance.randrange(60)),
        "decided_on": decided,
        "published_on": None if published is None else decided + timedelta(days=published),
        "category": chance.choice(
            [Category.PRODUCT_QUALITY] * 12 + [Category.LABELLING] * 4 + list(Category)
        ),
        "penalties": penalties,
        "fine": Decimal(chance.choice(FINES)) if Penalty.FINE in penalties else None,
        "procedure": chance.choice([Procedure.ORDINARY] * 9 + [Procedure.SIMPLE]),
        "severity": chance.choice([None] * 6 + list(Severity)),
        "publication_basis": chance.choice([None, "", "district rules", "district rules"]),
        "criminal": chance.random() < 0.04,
        "restricted_until": None if restricted is None else months_after(decided, restricted),
        "notices": notices(chance, decided),
        "proceedings": chance.choice([False] * 12 + [True, True, None]),
    }


def notices(chance: Random, decided: date) -> Event | None:
    """Mostly all of them, on the day of the decision or some days later; rarely one is missing, or all."""
    days = {name: decided + timedelta(days=chance.choice([0, 0, 0, 3, 40])) for name in NOTICES}
    if chance.random() < 0.08:
        del days[chance.choice(list(days))]
    return None if chance.random() < 0.05 else days


def inspection(chance: Random, near: Near) -> Event:
    occurred = near()
    final = chance.choice([None, None, 0, 10, 15, 30])
    result = chance.choice([Result.PASS, Result.PASS, Result.PASS, Result.FAIL, Result.FAIL, *Result])
    objected = result == Result.FAIL and chance.random() < 0.2
    return common(chance, Kind.INSPECTION) | {
        "occurred_on": occurred,
        "stage": Stage.FIRST,
        "of": None,
        "type": chance.choice(RANDOM_TESTS * 4 + list(InspectionType)),
        "result": result,
        "objected_on": occurred if objected else None,
        "campaign": chance.choice(["", "", "spring", "autumn"]),
        "item": chance.choice(PRODUCTS),
        "safety_item": chance.random() < 0.3,
        "final_on": None if final is None else occurred + timedelta(days=final),
        "role": chance.choice(
            [None, None, Role.SELLER, Role.CONSIGNOR, Role.PRODUCER, Role.PRODUCER]
        ),
        "producer_confirmed": chance.choice([None, True, True, True, False]),
    }


def second_look(chance: Random, near: Near, first: Event) -> Event:
    """One look again at a failure: a second re-inspection doesn't exist, the first is final."""
    return inspection(chance, near) | {
        "stage": chance.choice([Stage.REINSPECTION, Stage.RECHECK, Stage.RECHECK]),
        "of": first["id"],
        "result": chance.choice([Result.PASS, Result.PASS, Result.FAIL, *Result]),
        "occurred_on": max(near(), first["occurred_on"]),
        "final_on": None,
        "objected_on": None,
        "role": first["role"],
        "producer_confirmed": first["producer_confirmed"],
    }


def award(chance: Random, near: Near) -> Event:
    start, category = near(), chance.choice(list(Award))
    months = chance.choice([None, None, None, 6, 12, 36, 48])
    tiers = {
        Award.QUALITY_PRIZE: [Level.NATIONAL, Level.PROVINCIAL, Level.MUNICIPAL, Level.COUNTY],
        Award.STANDARD: [Level.NATIONAL, Level.INDUSTRY, Level.INDUSTRY, Level.PROVINCIAL],
    }
    return common(chance, Kind.AWARD) | {
        "occurred_on": None,
        "category": category,
        "level": chance.choice(tiers.get(category, [None, *Level])),
        "valid_from": start,
        "valid_until": None if months is None else months_after(start, months),
    }
