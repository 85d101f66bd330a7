"""Inspection tasks in whichever state a test asks for, and what is sent about them."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from schemathesis import Case
from sqlalchemy import func, select

from credit.db import db, transaction
from credit.models import InspectionTask, Inspector
from credit.policy import load_policy
from credit.services.inspecting import acts, giving, sheets
from schemas.inspecting import TaskIn, VisitIn
from tests import draw_cases
from tests.conftest import TODAY
from tests.makers import make_enterprise

CALLS = {
    "GET /api/v1/inspection-tasks", "POST /api/v1/inspection-tasks", "GET /api/v1/inspection-tasks/follow-ups",
    "GET /api/v1/inspection-tasks/{number}", "POST /api/v1/inspection-tasks/{number}/acts",
    "GET /api/v1/inspection-tasks/sheets/{number}", "POST /api/v1/inspection-tasks/sheets/{number}",
}  # fmt: skip
QUESTIONS = load_policy().value("tasks.checklists", TODAY)["general"]["questions"]
ANSWERS = dict.fromkeys(QUESTIONS, "yes")


def drawn(number: int, **changed: Any) -> tuple[int, list[InspectionTask]]:
    """A draw of this plan's number, and its tasks in their order."""
    draw = draw_cases.led(draw_cases.planned(number, **changed), "draw")
    tasks = db.session.scalars(
        select(InspectionTask).where(InspectionTask.draw_id == draw).order_by(InspectionTask.place)
    )
    return draw, list(tasks)


def inspectors(many: int = 2) -> list[int]:
    """Numbers of so many new inspectors."""
    draw_cases.people(many)
    return sorted(db.session.scalars(select(Inspector.id).order_by(Inspector.id.desc()).limit(many)))


def task(code: str, **changed: Any) -> dict[str, Any]:
    """A special check as it is sent."""
    given = {"code": code, "subject": "专项检查酒精度", "due_on": str(TODAY + timedelta(days=30))}
    return given | {"inspectors": inspectors()} | changed


def visit(people: list[int], **changed: Any) -> dict[str, Any]:
    """A visit of today as it is sent."""
    return {"inspected_on": str(TODAY), "inspectors": people, "answers": ANSWERS} | changed


def given(code: str, visited: bool = False) -> int:
    """A task by hand, perhaps visited."""
    loaded = TaskIn().load(task(code))
    with transaction("test") as change:
        number = giving.by_hand(change, draw_cases.person(), loaded, TODAY)
        if visited:
            told = VisitIn().load(visit(loaded["inspectors"]))
            acts.visit(change, number, draw_cases.person(), told, TODAY)
    return number


def known(case: Case, code: str) -> None:
    """Name a task that waits, or a draw whose tasks do; with its own sheet where one is sent."""
    assert isinstance(case.path_parameters, dict)
    if "number" not in case.path_parameters:
        return
    if "/sheets/" not in case.path:
        case.path_parameters["number"] = given(code)
        return
    draw = db.session.scalar(select(func.max(InspectionTask.draw_id)).where(InspectionTask.draw_id > 0))
    if draw is None:
        make_enterprise(83)
        draw, _ = drawn(2 * 10**6)
    case.path_parameters["number"] = draw
    if case.method == "POST":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tasks.xlsx"
            sheets.write(path, draw, TODAY)
            case.media_type, case.body = "multipart/form-data", {"file": path.read_bytes()}
    db.session.rollback()


def bodies(case: Case, code: str) -> dict[str, Any]:
    """What is rightly sent: a task, or a reason to give one up."""
    acts_path = "/api/v1/inspection-tasks/{number}/acts"
    if case.path != acts_path:
        return {"/api/v1/inspection-tasks": task(code)}
    return {acts_path: {"act": "cancel", "cancel": {"reason": "企业停产"}}}
