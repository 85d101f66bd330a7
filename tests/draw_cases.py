"""Draws in whichever state a call asks for, for the tests of the API's description."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from schemathesis import Case
from sqlalchemy import func, select

from credit.db import db, transaction
from credit.models import Draw, DrawAct
from credit.services import departments, officers
from credit.services.departments import Bearer
from credit.services.draws import acts, directory
from credit.terms import OfficerRole
from schemas.draw import PlanIn
from tests.conftest import TODAY
from tests.makers import DEPARTMENT, make_enterprise

AFTER = TODAY + timedelta(days=100)


def plan(number: int) -> dict[str, Any]:
    """A good plan as it is sent."""
    found = {"id": f"计划{number}", "title": "年度双随机抽查", "months": [11, 12], "starts_on": "2026-11-01"}
    return found | {"ends_on": "2026-12-31", "shares": {"3": 100}}


def person() -> Bearer:
    """A new supervisor who acts."""
    number = departments.add(DEPARTMENT)
    officer = officers.add(number, "监管某", OfficerRole.SUPERVISOR)
    return Bearer(None, number, DEPARTMENT, "test", ("supervise",), officer)


def _inspector(change: Any, who: Bearer) -> int:
    return directory.add(change, who, {"name": "检查某", "regions": [], "qualifications": []})


def people(many: int) -> None:
    """So many inspectors of the usual department."""
    with transaction("test") as change:
        who = person()
        for _ in range(many):
            _inspector(change, who)


def planned(number: int, **changed: Any) -> int:
    """A new plan that somebody else than the caller made."""
    with transaction("test") as change:
        found, _ = acts.make(change, person(), PlanIn().load(plan(number) | changed), TODAY)
        return found


def _revealed() -> int:
    """A draw of firms of several tiers whose inspections are over."""
    done = db.session.scalar(select(func.max(DrawAct.draw_id)).where(DrawAct.act == "reveal"))
    if done is not None:
        return done
    make_enterprise(81)
    make_enterprise(82)
    return led(planned(10**6), "reveal")


def led(number: int, until: str, name: str = "检查某") -> int:
    """A plan led to an act, with inspectors of this name."""
    with transaction("test") as change:
        who = person()
        for _ in range(2):
            directory.add(change, who, {"name": name, "regions": [], "qualifications": []})
        for act in ("approve", "commit", "draw", "reveal"):
            acts.BY_NAME[act](change, number, who, AFTER if act == "reveal" else TODAY)
            if act == until:
                break
    return number


def private(mark: str, code: str) -> None:
    """A draw before its end and one that was revealed; what nobody may see of them bears the mark."""
    for number, until in ((1, "draw"), (2, "reveal")):
        led(planned(number, title=mark), until, mark)
    with transaction("test") as change:
        who = person()
        directory.recuse(change, _inspector(change, who), who, {"code": code, "reason": mark}, TODAY)


def known(case: Case) -> None:
    """Name an inspector, a plan that waits for approval, or a draw that was revealed."""
    assert isinstance(case.path_parameters, dict)
    if "number" not in case.path_parameters:
        return
    if "/inspectors/" in case.path:
        with transaction("test") as change:
            case.path_parameters["number"] = _inspector(change, person())
    elif case.path.endswith(("/proof", "/inputs")):
        case.path_parameters["number"] = _revealed()
    else:
        case.path_parameters["number"] = planned(1000 + (db.session.scalar(select(func.max(Draw.id))) or 0))
    db.session.rollback()
