"""The seed's inspectors and plans: one draw that is over, one whose tasks run, one that is committed to.

Draws read what is committed: this is sown once the seed itself is on file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import yaml
from sqlalchemy import select

import seed
from credit.db import Change, db
from credit.models import Department, InspectionTask, Officer
from credit.rules.inspecting import checklists
from credit.services.departments import Bearer
from credit.services.draws import acts, directory
from credit.services.inspecting import acts as inspecting
from credit.services.policies import law_on
from schemas.draw import PlanIn
from schemas.inspecting import ResultsIn, VisitIn
from seed.days import resolve

FILE = Path(seed.__file__).with_name("draws.yaml")
MAKER, APPROVER = "监管员丁", "决定人己"
ORDER = ("approve", "commit", "draw", "reveal")
PLAIN = ("title", "items", "checklist", "industries", "departments", "size")
Told = dict[str, Any]


class Step(Protocol):
    """Opens a transaction: each act of a draw is one of its own, since the next reads what it wrote."""

    def __call__(self) -> AbstractContextManager[Change]: ...


def sow(step: Step, day: date) -> int:
    """Inspectors, plans and what was done of them by `day`. Returns how many plans."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    maker, approver = _bearer(MAKER), _bearer(APPROVER)
    with step() as change:
        for one in told["inspectors"]:
            given = {"name": one["name"], "regions": [], "qualifications": one["qualifications"]}
            directory.add(change, _of_department(maker, one["department"]), given)
    for plan in told["plans"]:
        _lead(step, plan, maker, approver, day)
    return len(told["plans"])


def _lead(step: Step, plan: Told, maker: Bearer, approver: Bearer, day: date) -> None:
    """One plan as far as it went; the days of its acts lie in order, its visits after the draw."""
    made, ends = resolve(plan["made"], day), resolve(plan["ends"], day)
    given = {name: plan[name] for name in PLAIN if name in plan} | {
        "id": f"SEED-{made.year}-{plan['key']}", "months": sorted({made.month, ends.month}), "starts_on": str(made),
        "ends_on": str(ends),
    }  # fmt: skip
    with step() as change:
        number, _ = acts.make(change, maker, PlanIn().load(given), made)
    for act in ORDER[: ORDER.index(plan["until"]) + 1]:
        if act == "reveal":
            _inspect(step, number, plan["visited"], maker, ends)
        with step() as change:
            acts.BY_NAME[act](change, number, approver, day if act == "reveal" else made)
    if plan["until"] == "draw":
        _inspect(step, number, plan["visited"], maker, day)


def _inspect(step: Step, number: int, many: int, bearer: Bearer, day: date) -> None:
    """The first tasks of a draw, visited and passed on `day`."""
    for task, checklist in _tasks(number, many):
        asked = checklists.questions(checklist, law_on(day), day)
        visit = {
            "inspected_on": str(day), "inspectors": inspecting.inspectors_of(task), "found": "现场未发现问题。",
            "answers": dict.fromkeys(asked, "yes"),
        }  # fmt: skip
        with step() as change:
            inspecting.visit(change, task, bearer, VisitIn().load(visit), day)
            inspecting.result(change, task, bearer, ResultsIn().load({"results": [{"result": "pass"}]}), day)


def _tasks(number: int, many: int) -> Iterator[tuple[int, str]]:
    wanted = select(InspectionTask.id, InspectionTask.checklist).where(InspectionTask.draw_id == number)
    rows = db.session.execute(wanted.order_by(InspectionTask.place).limit(many)).all()
    yield from ((row.id, row.checklist) for row in rows)


def _bearer(name: str) -> Bearer:
    officer, department = db.session.execute(
        select(Officer, Department.name).join(Department, Department.id == Officer.department_id)
        .where(Officer.name == name)
    ).one()  # fmt: skip
    return Bearer(None, officer.department_id, department, name, ("supervise",), officer.id)


def _of_department(bearer: Bearer, name: str) -> Bearer:
    number = db.session.scalars(select(Department.id).where(Department.name == name)).one()
    return bearer._replace(department_id=number, department=name)
