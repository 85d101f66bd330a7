"""What inspectors do with a task: visit, record the results, hand it over, give it up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from credit.db import Change, db
from credit.errors import InvalidInput
from credit.models import (
    Draw,
    InspectionAct,
    InspectionFile,
    InspectionTask,
    InspectionTaskInspector,
)
from credit.rules.inspecting import checklists, visits
from credit.rules.inspecting.refusals import UnknownTask
from credit.rules.inspecting.states import after
from credit.rules.law import Law
from credit.services import events, way
from credit.services.access import own_or_refuse, person_of
from credit.services.departments import Bearer
from credit.services.draws.acts import own_or_joint
from credit.services.inspecting.giving import check_team, give_to, keep, team_size
from credit.services.objections.attachments import Attachment
from credit.services.policies import law_on
from credit.terms import Stage, TaskState
from schemas.event import load_event
from schemas.fields import BEYOND
from schemas.inspecting import VisitIn

Told = dict[str, Any]


def visit(
    change: Change, number: int, bearer: Bearer, given: Told, day: date,
    files: Sequence[Attachment] = (), stored: Sequence[str] = (),
) -> None:
    """The task was inspected on the spot. `given` as schemas.inspecting.VisitIn loads it; `files` lie on disk under
    the names `stored`. Raises UnknownTask, NotAllowed, WrongState, InvalidInput.
    """  # fmt: skip
    task, person = begun(number, bearer)
    visited(change, task, inspectors_of(number), person, given, law_on(day), day)
    db.session.add_all(
        InspectionFile(
            task_id=number, stored=name, name=one.name, type=one.type, size=len(one.content), digest=one.digest
        )
        for name, one in zip(stored, files, strict=True)
    )  # fmt: skip
    db.session.flush()


def visited(
    change: Change, task: InspectionTask, team: Collection[int], person: int, given: Told, law: Law, day: date
) -> Told:
    """Keep a visit of a task that is given to `team`; asks the database nothing. Raises WrongState, InvalidInput."""
    state = after("visit", TaskState(task.state))
    visits.check_visit(given["inspected_on"], task.made_on, day)
    visits.check_present(given["inspectors"], team, team_size(law, day))
    asked = checklists.questions(task.checklist, law, day)
    checklists.check_answers(asked, given["answers"], given["notes"])
    task.state, task.inspected_on = str(state), given["inspected_on"]
    told: Told = VisitIn().dump(given) | {"questions": asked}
    keep(change, task.id, "visit", person, day, told)
    return told


def result(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> list[int]:
    """The results of a visit become inspection events, by the ordinary intake. Returns their ids.

    `given` as schemas.inspecting.ResultsIn loads it. Raises UnknownTask, NotAllowed, WrongState, InvalidInput, and what
    the intake raises.
    """
    task, person = begun(number, bearer)
    after("result", TaskState(task.state))
    samples = last(number, "visit").fields["samples"]
    taken = [
        events.record(change, bearer.department_id, event, law_on(day))
        for event in events_of(task, samples, given["results"], draw_of(task), day)
    ]
    ids = [event for event, _, _ in taken]
    finished(change, task, ids, person, day)
    way.advance(change, [enterprise for _, enterprise, _ in taken], day)
    return ids


def events_of(
    task: InspectionTask, samples: Sequence[Told], results: Sequence[Told], draw: Draw | None, day: date
) -> list[Told]:
    """What a department would report of a task: the same shape, checked the same way. Raises InvalidInput."""
    visits.check_results(len(results), len(samples))
    again = {"stage": str(Stage.RECHECK), "of": task.of_event} if task.of_event else {}
    planned = {"campaign": draw.title, "level": draw.plan.get("level")} if draw else {}
    given = []
    for place, (one, sample) in enumerate(zip(results, samples or [{}], strict=True), 1):
        item = {name: text for name, text in sample.items() if name != "quantity" and text}
        told = {name: value for name, value in one.items() if value not in (None, [], False)}
        plain = {name: str(value) if isinstance(value, date) else value for name, value in told.items()}
        event = {
            "kind": "inspection", "code": task.code, "occurred_on": str(task.inspected_on), "type": task.type,
            "document_no": task.document_no, "source_ref": str(place) if sample else "", **planned, **again, **plain,
        }  # fmt: skip
        given.append(load_event(event | ({"item": item} if item else {}), day))
    return given


def finished(change: Change, task: InspectionTask, ids: list[int], person: int, day: date) -> None:
    """The results of a task are on file as these events."""
    task.state, task.done_on = str(after("result", TaskState(task.state))), day
    keep(change, task.id, "result", person, day, {"events": ids})


def reassign(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> None:
    """Others take the task over. Raises UnknownTask, NotAllowed, WrongState, InvalidInput."""
    task, person = begun(number, bearer)
    after("reassign", TaskState(task.state))
    check_team(given["inspectors"], task.code, law_on(day), day)
    before = sorted(inspectors_of(number))
    if set(before) == set(given["inspectors"]):
        told = "The task is theirs already."
        raise InvalidInput(told, zh="任务已由这些人员承担", errors={"inspectors": [told]})
    db.session.execute(delete(InspectionTaskInspector).where(InspectionTaskInspector.task_id == number))
    give_to(number, given["inspectors"])
    told_of = {"from": before, "to": sorted(set(given["inspectors"])), "reason": given["reason"]}
    keep(change, number, "reassign", person, day, told_of)


def cancel(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> None:
    """The task is given up, with the reason. Raises UnknownTask, NotAllowed, WrongState."""
    task, person = begun(number, bearer)
    state = after("cancel", TaskState(task.state))
    task.state, task.done_on = str(state), day
    keep(change, number, "cancel", person, day, {"reason": given["reason"]})


BY_NAME: dict[str, Any] = {"visit": visit, "result": result, "reassign": reassign, "cancel": cancel}


def find(number: int) -> InspectionTask:
    """A task on file. Raises UnknownTask."""
    found = db.session.get(InspectionTask, number) if 0 < number < BEYOND else None
    if found is None:
        raise UnknownTask(f"No inspection task {number} is on file.", zh=f"没有编号为 {number} 的检查任务")
    return found


def inspectors_of(number: int) -> list[int]:
    """To whom a task is given."""
    wanted = select(InspectionTaskInspector.inspector_id).where(InspectionTaskInspector.task_id == number)
    return list(db.session.scalars(wanted.order_by(InspectionTaskInspector.inspector_id)))


def last(number: int, act: str) -> InspectionAct:
    """The last act of a kind, which there is."""
    wanted = select(InspectionAct).where(InspectionAct.task_id == number, InspectionAct.act == act)
    return db.session.scalars(wanted.order_by(InspectionAct.seq.desc()).limit(1)).one()


def begun(number: int, bearer: Bearer) -> tuple[InspectionTask, int]:
    """The task and who acts, if it is theirs. Raises UnknownTask, NotAllowed."""
    task, person = find(number), person_of(bearer)
    draw = draw_of(task)
    if draw is None:
        own_or_refuse(bearer, task.department_id)
    else:
        own_or_joint(bearer, draw)
    return task, person


def draw_of(task: InspectionTask) -> Draw | None:
    """The draw that gave a task; None where it was given by hand."""
    return db.session.get(Draw, task.draw_id) if task.draw_id else None
