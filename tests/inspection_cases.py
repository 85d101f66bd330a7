"""Inspection tasks in whichever state a test asks for, and what is sent about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from credit.db import db, transaction
from credit.models import InspectionTask, Inspector
from credit.policy import load_policy
from credit.services.inspecting import acts, giving
from schemas.inspecting import TaskIn, VisitIn
from tests import draw_cases
from tests.conftest import TODAY

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
