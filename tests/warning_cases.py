"""Warnings that wait, for the tests of the API's description."""

from __future__ import annotations

from schemathesis import Case
from sqlalchemy import func, select

from credit.db import db, transaction
from credit.models import RiskWarning
from tests.conftest import TODAY

CALLS = {
    "GET /api/v1/warnings", "GET /api/v1/warnings/record", "GET /api/v1/warnings/{number}",
    "POST /api/v1/warnings/{number}/acts",
}  # fmt: skip


def known(case: Case) -> None:
    """Name a warning that nobody has in hand."""
    assert isinstance(case.path_parameters, dict)
    if "number" not in case.path_parameters:
        return
    evidence = {"region": "340705", "industry": "C29", "finals": 3, "enterprises": 3, "products": []}
    with transaction("test"):
        many = db.session.scalar(select(func.count(RiskWarning.id))) or 0
        one = RiskWarning(
            kind="meeting", subject=f"C29@{many}", level="high", state="raised", raised_on=TODAY, seen_on=TODAY,
            last_on=TODAY, evidence=evidence | {"since": str(TODAY), "until": str(TODAY)},
        )
        db.session.add(one)
        db.session.flush()
        case.path_parameters["number"] = one.id
