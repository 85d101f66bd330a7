"""Tasks are given: by a draw, to the inspectors it drew, or by hand, outside the quota, to inspectors who are named."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import InvalidInput
from credit.models import (
    Enterprise,
    Event,
    InspectionAct,
    InspectionTask,
    InspectionTaskInspector,
    Inspector,
    InspectorRecusal,
)
from credit.rules.draws.plan import Plan
from credit.rules.inspecting import checklists
from credit.rules.inspecting.refusals import TakenUp
from credit.rules.law import Law
from credit.services import enterprises
from credit.services.access import person_of
from credit.services.departments import Bearer
from credit.services.policies import law_on
from credit.services.writing import insert
from credit.terms import InspectionType, TaskState

Told = dict[str, Any]
TEAM = "draws.inspectors"


def of_draw(change: Change, number: int, department_id: int, plan: Plan, drawn: pl.DataFrame, day: date) -> None:
    """A task for each drawn enterprise (columns place, code, enterprise, inspectors), in three statements."""
    seqs = change.take(len(drawn))
    made = drawn.select("place", "code", "inspectors", enterprise_id="enterprise").with_columns(
        id=pl.Series(list(seqs), dtype=pl.Int64)
    )
    told = ", ".join(plan.items) or plan.title
    rows = made.drop("inspectors").with_columns(
        document_no=pl.format("{}-{}", pl.lit(plan.id), pl.col("place").cast(pl.String).str.zfill(4)),
        department_id=pl.lit(department_id), type=pl.lit(str(InspectionType.RANDOM_DRAW)),
        state=pl.lit(str(TaskState.OPEN)), subject=pl.lit(told[:256]), checklist=pl.lit(plan.checklist),
        draw_id=pl.lit(number), made_on=pl.lit(day), due_on=pl.lit(plan.ends_on),
    )  # fmt: skip
    insert(InspectionTask, rows)
    teams = made.select("id", "inspectors").explode("inspectors")
    insert(InspectionTaskInspector, teams.select(task_id="id", inspector_id=pl.col("inspectors").cast(pl.Int64)))


def by_hand(change: Change, bearer: Bearer, given: Told, day: date, follows: str | None = None) -> int:
    """A task outside the draw; its number. `given` as schemas.inspecting.TaskIn loads it; `follows`: the duty
    (recheck, second-recheck) that a look at the failure `of` fulfils.

    Raises what a look-up raises, InvalidInput, UnknownChecklist, TakenUp, NotAllowed.
    """
    person, law = person_of(bearer), law_on(day)
    checklists.check(given["checklist"], law, day)
    enterprise_id = enterprises.find(given["code"])
    code = db.session.scalars(select(Enterprise.code).where(Enterprise.id == enterprise_id)).one()
    if given["due_on"] < day:
        told = f"Give {day} or a later day."
        raise InvalidInput(told, zh="完成期限不能早于今天", errors={"due_on": [told]})
    if given["of"] is not None:
        follows = follows or "recheck"
        _check_failure(given["of"], enterprise_id)
        _refuse_second(given["of"], follows)
    check_team(given["inspectors"], code, law, day)
    (seq,) = change.take()
    change.about |= {"inspection_task": seq}
    db.session.add(
        InspectionTask(
            id=seq, department_id=bearer.department_id, enterprise_id=enterprise_id, code=code, type=str(given["type"]),
            state=str(TaskState.OPEN), subject=given["subject"], checklist=given["checklist"],
            document_no=f"检查任务{seq}", of_event=given["of"], follows=follows, lead=given["lead"], made_on=day,
            due_on=given["due_on"],
        )
    )  # fmt: skip
    db.session.flush()
    give_to(seq, given["inspectors"])
    keep(change, seq, "make", person, day, {"inspectors": sorted(set(given["inspectors"]))})
    return seq


def check_team(numbers: Collection[int], code: str, law: Law, day: date) -> None:
    """Inspectors on file who haven't left, enough of them, none of whom must stay away. Raises InvalidInput."""
    known = set(
        db.session.scalars(select(Inspector.id).where(Inspector.id.in_(numbers), Inspector.left_on.is_(None)))
    )
    away = set(
        db.session.scalars(
            select(InspectorRecusal.inspector_id).where(
                InspectorRecusal.inspector_id.in_(numbers), InspectorRecusal.code == code
            )
        )
    )
    needed = team_size(law, day)
    told, zh = "", ""
    if strange := sorted(set(numbers) - known):
        told, zh = f"No inspector {strange[0]} is in the directory now.", f"名录中没有在任的检查人员 {strange[0]}"
    elif away:
        told, zh = f"Inspector {min(away)} must stay away from {code}.", f"检查人员 {min(away)} 须回避该企业"
    elif len(known) < needed:
        told, zh = f"At least {needed} inspectors go together.", f"检查人员不得少于 {needed} 人"
    if told:
        raise InvalidInput(told, zh=zh, errors={"inspectors": [told]})


def team_size(law: Law, day: date) -> int:
    """How many inspectors go together; one under a policy of before draws."""
    return int(law.value(TEAM, day)) if TEAM in law.provisions else 1


def give_to(number: int, inspectors: Collection[int]) -> None:
    """To whom a task is given from now on."""
    db.session.add_all(
        InspectionTaskInspector(task_id=number, inspector_id=one) for one in sorted(set(inspectors))
    )
    db.session.flush()


def keep(change: Change, number: int, act: str, person: int, day: date, fields: Told) -> None:
    """One act on file."""
    (seq,) = change.take()
    change.about |= {"inspection_task": number, "act": act}
    db.session.add(InspectionAct(seq=seq, task_id=number, act=act, acted_on=day, officer_id=person, fields=fields))


def _check_failure(event: int, enterprise_id: int) -> None:
    wanted = select(Event.seq).where(
        Event.event_id == event, Event.enterprise_id == enterprise_id, Event.result == "fail"
    )
    if db.session.scalar(wanted.limit(1)) is None:
        told = f"{event} is no failed inspection of this enterprise."
        raise InvalidInput(told, zh="该企业没有这条不合格记录", errors={"of": [told]})


def _refuse_second(event: int, follows: str) -> None:
    wanted = select(InspectionTask.id).where(
        InspectionTask.of_event == event, InspectionTask.follows == follows,
        InspectionTask.state != str(TaskState.CANCELLED),
    )  # fmt: skip
    if (known := db.session.scalar(wanted.limit(1))) is not None:
        raise TakenUp(f"Task {known} looks at it.", zh=f"检查任务 {known} 已包含此项", task=known)
