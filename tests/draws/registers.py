"""A small register of every tier, and plans to draw from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from tests.makers import ago, award, inspection, make_enterprise, make_events, violation

TIERS = {"1": (1, 2, 3), "2": (4, 5, 6, 7), "3": tuple(range(8, 20)), "4": (20, 21)}
PLAN: dict[str, Any] = {
    "id": "2026-1", "title": "2026年产品质量双随机抽查", "months": [9, 10, 11], "starts_on": "2026-09-01",
    "ends_on": "2026-12-31", "shares": {"1": 34, "2": 50, "3": 50, "4": 100},
    "inspectors": [{"id": f"i{number}"} for number in range(5)],
}  # fmt: skip


def make_tiers() -> dict[str, list[str]]:
    """Enterprises of each tier: their codes. The grades that lead there: AA, A, N and C."""
    codes = {tier: [make_enterprise(number, industry="C1311") for number in numbers] for tier, numbers in TIERS.items()}
    sent = [inspection(code) for tier in "12" for code in codes[tier]] + [award(code) for code in codes["1"]]
    sent += [violation(code, penalties=["suspended_business"], fine="3000000.00") for code in codes["4"]]
    make_events(*sent)
    return codes


def sampled(code: str, days: int, **fields: Any) -> dict[str, Any]:
    """A passed supervised sampling so many days ago, with a sheet of its own."""
    return inspection(code, occurred_on=ago(days), document_no=f"示例抽〔2026〕{days}号", **fields)


def plan_file(folder: Path, **changed: Any) -> Path:
    """The plan as a file (JSON is YAML); None takes a field out."""
    path = folder / "plan.yaml"
    given = {name: value for name, value in (PLAN | changed).items() if value is not None}
    path.write_bytes(orjson.dumps(given))
    return path
