"""Tasks as staff read them: lists by deadline, one task whole, and re-checks that nobody took up yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select, tuple_

from credit.db import db
from credit.models import (
    Department,
    InspectionAct,
    InspectionFile,
    InspectionTask,
    InspectionTaskInspector,
    Inspector,
    Officer,
    Record,
)
from credit.rules.inspecting import checklists
from credit.rules.inspecting.states import able
from credit.services.departments import Bearer
from credit.services.duties.corrective import corrective
from credit.services.inspecting import acts
from credit.services.paging import Page, bad_cursor, checked_limit
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.terms import TaskState

Told = dict[str, Any]
CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})")
FOLLOWS = ("recheck", "second-recheck")


def page(asked: Told, day: date) -> Page:
    """Tasks, the earliest deadline first. `asked` as schemas.inspecting.TaskQuery loads it, `department` perhaps."""
    limit, wanted = checked_limit(asked["limit"]), _chosen()
    if asked.get("cursor"):
        wanted = wanted.where(tuple_(InspectionTask.due_on, InspectionTask.id) > _place(asked["cursor"]))
    if asked.get("state"):
        wanted = wanted.where(InspectionTask.state == str(asked["state"]))
    if asked.get("draw"):
        wanted = wanted.where(InspectionTask.draw_id == asked["draw"])
    if asked.get("department"):
        wanted = wanted.where(InspectionTask.department_id == asked["department"])
    if asked.get("overdue"):
        wanted = wanted.where(InspectionTask.state == str(TaskState.OPEN), InspectionTask.due_on < day)
    if asked.get("inspector"):
        given = InspectionTaskInspector
        wanted = wanted.where(
            exists().where(given.task_id == InspectionTask.id, given.inspector_id == asked["inspector"])
        )
    rows = db.session.execute(wanted.order_by(InspectionTask.due_on, InspectionTask.id).limit(limit + 1)).all()
    shown = rows[:limit]
    end = shown[-1][0] if shown else None
    return Page(heads(shown, day), f"{end.due_on}.{end.id}" if end and len(rows) > limit else None)


def of_draw(draw: int, day: date) -> list[Told]:
    """Every task of a draw, in the draw's order."""
    rows = db.session.execute(_chosen().where(InspectionTask.draw_id == draw).order_by(InspectionTask.place)).all()
    return heads(rows, day)


def one(number: int, day: date) -> Told:
    """A task whole, in the shape of schemas.inspecting.TaskOut. Raises UnknownTask."""
    acts.find(number)
    (told,) = heads(db.session.execute(_chosen().where(InspectionTask.id == number)).all(), day)
    done = db.session.execute(
        select(InspectionAct, Officer.name).join(Officer, Officer.id == InspectionAct.officer_id)
        .where(InspectionAct.task_id == number).order_by(InspectionAct.seq)
    ).all()  # fmt: skip
    asked = next((act.fields["questions"] for act, _ in done[::-1] if act.act == "visit"), None)
    if asked is None:
        asked = checklists.questions(told["checklist"], law_on(day), day)
    files = db.session.scalars(
        select(InspectionFile).where(InspectionFile.task_id == number).order_by(InspectionFile.id)
    )
    return told | {
        "questions": [{"id": name, **words} for name, words in asked.items()],
        "acts": [
            {"act": act.act, "acted_on": act.acted_on, "officer": name, "fields": act.fields} for act, name in done
        ],
        "files": [
            {"id": file.id, "name": file.name, "type": file.type, "size": file.size, "digest": file.digest}
            for file in files
        ],
        "allowed": able(TaskState(told["state"])),
    }


def file_of(number: int, file: int) -> InspectionFile | None:
    """A file of evidence of a task."""
    found = db.session.get(InspectionFile, file)
    return found if found is not None and found.task_id == number else None


def checklists_of(day: date) -> dict[str, dict[str, str]]:
    """What each checklist of the policy in force is called."""
    return checklists.titles(law_on(day), day)


def me(bearer: Bearer) -> int | None:
    """The number of the inspector who signed in, if an officer is one."""
    if bearer.officer_id is None:
        return None
    return db.session.scalar(select(Inspector.id).where(Inspector.officer_id == bearer.officer_id))


def follow_ups(day: date, department_id: int | None = None) -> list[Told]:
    """Re-checks that fell due (SAMR Order 18 arts 47-48) and that no task looks at, the earliest deadline first."""
    owed = corrective(law_on(day), day).filter(pl.col("done_on").is_null(), pl.col("kind").is_in(FOLLOWS))
    if department_id is not None:
        owed = owed.filter(pl.col("department_id") == department_id)
    events = owed["event_id"].to_list()
    taken = frame(
        select(InspectionTask.of_event.label("event_id"), InspectionTask.follows.label("kind")).where(
            among(InspectionTask.of_event, events), InspectionTask.state != str(TaskState.CANCELLED)
        )
    )
    owed = owed.join(taken, on=["event_id", "kind"], how="anti").sort("due_on", "event_id")
    firms = frame(
        select(Record.enterprise_id, Record.code, Record.name).where(
            among(Record.enterprise_id, owed["enterprise_id"].unique().to_list())
        )
    )
    whose = frame(select(Department.id.label("department_id"), Department.name.label("department")))
    named = owed.join(firms, on="enterprise_id", how="left", maintain_order="left").join(
        whose, on="department_id", how="left", maintain_order="left"
    )
    told = named.select(
        "code", "name", "department", "opens_on", "due_on", of="event_id", follows="kind", late=pl.col("due_on") < day
    )
    return told.to_dicts()


def heads(rows: Sequence[Any], day: date) -> list[Told]:
    """Tasks in outline, with their inspectors, in the shape of schemas.inspecting.TaskHead."""
    teams = _teams([task.id for task, *_ in rows])
    return [
        {
            "number": task.id, "state": task.state, "type": task.type, "subject": task.subject, "code": task.code,
            "name": name or "", "region": region, "department": department, "checklist": task.checklist,
            "document_no": task.document_no, "draw": task.draw_id, "of": task.of_event, "lead": task.lead,
            "made_on": task.made_on, "due_on": task.due_on, "inspected_on": task.inspected_on,
            "done_on": task.done_on, "late": task.state == TaskState.OPEN and task.due_on < day,
            "inspectors": teams.get(task.id, []),
        }
        for task, department, name, region in rows
    ]  # fmt: skip


def _chosen() -> Any:
    told = (InspectionTask, Department.name, Record.name, Record.region)
    return (
        select(*told)
        .join(Department, Department.id == InspectionTask.department_id)
        .outerjoin(Record, Record.enterprise_id == InspectionTask.enterprise_id)
    )


def _teams(numbers: list[int]) -> dict[int, list[Told]]:
    rows = db.session.execute(
        select(InspectionTaskInspector.task_id, Inspector.id, Inspector.name)
        .join(Inspector, Inspector.id == InspectionTaskInspector.inspector_id)
        .where(among(InspectionTaskInspector.task_id, numbers))
        .order_by(InspectionTaskInspector.task_id, Inspector.id)
    )
    found: dict[int, list[Told]] = {}
    for task, number, name in rows:
        found.setdefault(task, []).append({"number": number, "name": name})
    return found


def _place(cursor: str) -> tuple[date, int]:
    if (found := CURSOR.fullmatch(cursor)) is None:
        raise bad_cursor()
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        raise bad_cursor() from None
