"""The numbers of the default policy, written down a second time: the oracle's own copy.

They stand here, apart from `credit/policy`, so that a slip in either place shows as a difference.
Months are calendar months, money is yuan, points are integers.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

# Later values of a key, and the day that chooses: {"law_of": "event_day", "later": [{from, value}]}.
Later = dict[str, dict[str, Any]]

POLICY: dict[str, Any] = {
    "points": {
        "base": 80,
        "violation-minor": -2,
        "violation-general": -10,
        "violation-serious": -30,
        "repeat": -10,
        "false-records": -10,
        "sampling-failed": -5,
        "sampling-failed-safety": -20,
        "inspection-refused": -10,
        "final-pass": 1,
        "clean-year": 2,
        "quality-prize-national": 10,
        "quality-prize-provincial": 8,
        "quality-prize-municipal": 5,
        "brand": 3,
        "excellent-works": 3,
        "certification": 2,
        "standard-national": 3,
        "standard-industry": 2,
        "pledge": 1,
    },
    # how many merits of one kind count
    "most": {
        "final-pass": 5, "prize": 1, "brand": 2, "certification": 2, "standard": 2, "pledge": 1,
    },
    "clean_years_most": 3,
    "merit_cap": 20,
    "lowest": 0,
    "highest": 100,
    # months for which a violation is shown, by the day from which the law holds
    "publication": [
        (date.min, {"minor": 3, "general": 36, "serious": 36}),
        (date(2025, 12, 25), {"minor": 3, "general": 12, "serious": 36}),
    ],
    # what must be told of a violation before it is shown, by its decision's day
    "notices": [
        (date(2021, 9, 1), ["served_on", "publication_notice_on", "proceedings"]),
        (date(2025, 12, 25), ["served_on", "publication_notice_on", "repair_notice_on", "proceedings"]),
    ],
    "starts_on_decision_from": date(2026, 4, 1),
    "serious_kinds": {
        "suspended_business", "restricted_business", "restricted_practice",
        "lowered_qualification", "revoked_licence", "closure",
    },
    "serious_fine": Decimal(2_000_000),
    "minor_fine_below": Decimal(50_000),
    "minor_fine_below_individual": Decimal(5_000),
    "objection_window": timedelta(days=15),
    "repeat_months": 12,
    "pass_merit_months": 24,
    "pass_merit_types": {"random_draw", "supervised_sampling", "special"},
    "on_file_months": 60,
    "award_months": 36,
    "pledge_months": 12,
    "young_months": 12,
    "bands": [("AAA", 95), ("AA", 88), ("A", 80), ("B", 60), ("C", 0)],
    "registered_months": 24,
    "clean_years_for_aa": 2,
    "ceilings": {
        "violation-minor": "A",
        "violation-general": "B",
        "violation-serious": "C",
        "sampling-failed": "B",
        "sampling-failed-safety": "B",
        "inspection-refused": "B",
    },
    "tiers": {"AAA": "1", "AA": "1", "A": "2", "B": "3", "N": "3", "C": "4", "D": "4"},
    "tier_unasked": "3",
}  # fmt: skip


def months_after(day: date, months: int) -> date:
    """The same day of the month so many calendar months on, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_force(key: str, first: Any, event_day: date, day: date, later: Later) -> Any:
    """The value of a key: the first, or the last one begun on the day that the policy goes by."""
    value = first
    change = later.get(key, {"later": []})
    by = event_day if change.get("law_of") == "event_day" else day
    for row in change["later"]:
        if row["from"] <= by:
            value = row["value"]
    return value
