"""The directory of inspectors (检查人员名录库): who there is, whom they stay away from, how much they have to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from credit.db import Change, db
from credit.errors import InvalidInput, WrongState
from credit.models import (
    Department,
    Draw,
    Drawn,
    DrawnInspector,
    Enterprise,
    Inspector,
    InspectorRecusal,
    Officer,
)
from credit.rules.draws import inspectors as rules
from credit.rules.draws.plan import Plan
from credit.rules.draws.refusals import UnknownInspector
from credit.services import departments, enterprises
from credit.services.access import own_or_refuse
from credit.services.departments import Bearer
from credit.services.paging import Page, checked_limit, number_of
from schemas.fields import BEYOND

Told = dict[str, Any]


def add(change: Change, bearer: Bearer, given: Told) -> int:
    """An inspector of the bearer's department. `given` as schemas.draw_told.InspectorNew loads it; its `login` is that
    of the officer who signs in to see the tasks. Raises InvalidInput.
    """
    plain = {name: value for name, value in given.items() if name != "login"}
    officer = _officer(bearer, given["login"]) if given.get("login") else None
    one = Inspector(department_id=bearer.department_id, left_on=None, officer_id=officer, **plain)
    db.session.add(one)
    db.session.flush()
    change.about |= {"inspector": one.id}
    return one.id


def _officer(bearer: Bearer, login: str) -> int:
    """The officer of the department with this login, who is no inspector yet. Raises InvalidInput."""
    found = db.session.scalar(
        select(Officer.id).where(Officer.login == login, Officer.department_id == bearer.department_id)
    )
    if found is None:
        told, zh = "No officer of your department signs in by this name.", "本部门没有这个登录名"
    elif db.session.scalar(select(Inspector.id).where(Inspector.officer_id == found)) is not None:
        told, zh = "This officer is an inspector already.", "该人员已在名录中"
    else:
        return found
    raise InvalidInput(told, zh=zh, errors={"login": [told]})


def recuse(change: Change, number: int, bearer: Bearer, given: Told, day: date) -> None:
    """An enterprise that an inspector must stay away from. Raises UnknownInspector, NotAllowed, what look-ups raise."""
    one = _own(number, bearer)
    # However it was typed: a draw compares codes as they are on file.
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprises.find(given["code"])))
    if db.session.get(InspectorRecusal, (one.id, code)) is None:
        db.session.add(InspectorRecusal(inspector_id=one.id, code=code, reason=given["reason"], since=day))
    change.about |= {"inspector": number}
    db.session.flush()


def leave(change: Change, number: int, bearer: Bearer, day: date) -> None:
    """Somebody is drawn no more. Raises UnknownInspector, NotAllowed, WrongState."""
    one = _own(number, bearer)
    if one.left_on is not None:
        raise WrongState("This inspector has left.", zh="该检查人员已离任", state="left")
    one.left_on = day
    change.about |= {"inspector": number}
    db.session.flush()


def _own(number: int, bearer: Bearer) -> Inspector:
    one = db.session.get(Inspector, number) if number < BEYOND else None
    if one is None:
        raise UnknownInspector(f"No inspector {number} is on file.", zh=f"没有编号为 {number} 的检查人员")
    own_or_refuse(bearer, one.department_id)
    return one


def of_plan(plan: Plan, department_id: int, day: date) -> list[rules.Inspector]:
    """Who may be drawn for a plan: the inspectors of its departments, or of the one that made it; with the tasks that
    they were given this year. Raises UnknownDepartment.
    """
    whose = [departments.find(name) for name in plan.departments] or [department_id]
    people = db.session.scalars(
        select(Inspector).where(Inspector.department_id.in_(whose), Inspector.left_on.is_(None)).order_by(Inspector.id)
    ).all()
    away, loads = _recusals(), _loads(date(day.year, 1, 1))
    return [
        rules.Inspector(
            str(one.id), tuple(one.regions), frozenset(one.qualifications), loads.get(one.id, 0),
            frozenset(away.get(one.id, ())),
        )
        for one in people
    ]  # fmt: skip


def _recusals() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, code in db.session.execute(select(InspectorRecusal.inspector_id, InspectorRecusal.code)):
        found.setdefault(number, []).append(code)
    return found


def _loads(since: date) -> dict[int, int]:
    given = (
        select(DrawnInspector.inspector_id, func.count())
        .join(Drawn, (Drawn.draw_id == DrawnInspector.draw_id) & (Drawn.place == DrawnInspector.place))
        .where(Drawn.drawn_on >= since)
        .group_by(DrawnInspector.inspector_id)
    )
    return {row[0]: row[1] for row in db.session.execute(given)}


def page(cursor: str | None, limit: int, day: date) -> Page:
    """The directory by number."""
    checked_limit(limit)
    wanted = _chosen()
    rows = db.session.execute(
        wanted.where(Inspector.id > number_of(cursor)).order_by(Inspector.id).limit(limit + 1)
    ).all()
    return Page(_told(rows[:limit], day), str(rows[limit - 1][0].id) if len(rows) > limit else None)


def told(number: int, day: date) -> Told:
    """One inspector in the shape of schemas.draw.InspectorOut."""
    wanted = _chosen()
    return _told(db.session.execute(wanted.where(Inspector.id == number)).all(), day)[0]


def _chosen() -> Any:
    chosen = select(Inspector, Department.name, Officer.login)
    whose = chosen.join(Department, Department.id == Inspector.department_id)
    return whose.outerjoin(Officer, Officer.id == Inspector.officer_id)


def _told(rows: Sequence[Any], day: date) -> list[Told]:
    away, loads = _recusals(), _loads(date(day.year, 1, 1))
    return [
        {
            "number": one.id, "name": one.name, "department": department, "regions": one.regions,
            "qualifications": one.qualifications, "recused": sorted(away.get(one.id, ())),
            "tasks": loads.get(one.id, 0), "left_on": one.left_on, "login": login,
        }
        for one, department, login in rows
    ]  # fmt: skip


def names_of(draw: Draw) -> dict[int, list[Told]]:
    """The inspectors of each drawn enterprise of a draw, by place: number and name."""
    rows = db.session.execute(
        select(DrawnInspector.place, Inspector.id, Inspector.name)
        .join(Inspector, Inspector.id == DrawnInspector.inspector_id)
        .where(DrawnInspector.draw_id == draw.id)
        .order_by(DrawnInspector.place, Inspector.id)
    )
    found: dict[int, list[Told]] = {}
    for place, number, name in rows:
        found.setdefault(place, []).append({"number": number, "name": name})
    return found
