"""Registers and drafts that back-tests are tried on."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.policy import read_policy
from credit.rules.law import Law
from credit.services.backtest import backtest
from tests.conftest import TODAY
from tests.makers import (
    inspection,
    make_enterprise,
    make_event,
    make_events,
    violation,
)
from tests.policy_versions import STRICTER, files

GENERAL_LEAVES_A = (
    "while a general violation counts}\n  law_of: grading_day\n  values:\n    - {from: 2000-01-01, value: B",
    "while a general violation counts}\n  law_of: grading_day\n  values:\n    - {from: 2000-01-01, value: A",
)
# Who moves, by hand: 80 + 1 for the pass + 3 clean years of 2 is 87 (A); 80 + 1 - 10 is 71 (B).
# The draft takes 15 for the violation, 66, and asks for 70: C.
HARSH = STRICTER | {"grades.yaml": ("value: 60, source: own", "value: 70, source: own")}


def draft(changes: dict[str, tuple[str, str]]) -> Law:
    """The policy that the program brings with some of its text changed."""
    return read_policy(files(changes))


def tried(law: Law, first: date = TODAY, last: date = TODAY, **more: Any) -> dict[str, Any]:
    """The report of a back-test that is asked for on TODAY."""
    return backtest(law, TODAY, first, last, **more)


def four_firms() -> list[str]:
    """A firm with a pass, one with a violation too, one about which nothing is known, a closed one."""
    codes = [make_enterprise(1), make_enterprise(2), make_enterprise(3), make_enterprise(4, status="deregistered")]
    make_events(inspection(codes[0], item={"product": "甲"}), inspection(codes[1], item={"product": "乙"}))
    make_event(violation(codes[1]), department="示例城管局")
    return codes


def planted_past() -> None:
    """20 firms of 2020 that pass a test each year; the last ten are fined in 2024 and fail in 2025."""
    born = date(2020, 1, 1)
    sent = []
    for number in range(1, 21):
        code = make_enterprise(number, day=born)
        for year in (2024, 2025):
            document = {"document_no": f"示例抽〔{year}〕{number}号", "occurred_on": f"{year}-03-{number:02}"}
            failed = {"result": "fail", "producer_confirmed": True} if year == 2025 and number > 10 else {}
            sent.append(inspection(code, **document, **failed, item={"product": f"粳米{number}"}))
        if number > 10:
            days = {"occurred_on": "2024-05-01", "decided_on": "2024-06-01"}
            sent.append(violation(code, document_no=f"示例罚〔2024〕{number}号", **days))
    make_events(*sent)
