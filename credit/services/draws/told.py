"""Draws as supervisors read them: the plan, what it asks for, every act, and who was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import db
from credit.models import Department, Draw, DrawAct, Drawn, Officer, Record
from credit.rules.draws.refusals import NoRulesOfDraws, QuotaAboveStratum
from credit.rules.draws.states import ACTS, state_after
from credit.services.draws import acts, directory, drawing
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.terms import DrawState
from schemas.draw import PlanIn

Told = dict[str, Any]
OPEN = (DrawState.PLANNED, DrawState.APPROVED, DrawState.COMMITTED)


def page(cursor: str | None, limit: int) -> Page:
    """Draws, the latest first: number, plan, title, state, made_on, department."""
    checked_limit(limit)
    wanted = select(Draw, Department.name).join(Department, Department.id == Draw.department_id)
    if cursor is not None:
        wanted = wanted.where(Draw.id < number_of(cursor))
    rows = db.session.execute(wanted.order_by(Draw.id.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    done = states_of([draw.id for draw, _ in shown])
    items = [_head(draw, department, done[draw.id]) for draw, department in shown]
    return Page(items, str(shown[-1][0].id) if len(rows) > limit else None)


def states_of(numbers: Sequence[int]) -> dict[int, DrawState]:
    """The state of each of these draws."""
    rows = db.session.execute(
        select(DrawAct.draw_id, DrawAct.act).where(DrawAct.draw_id.in_(numbers)).order_by(DrawAct.seq)
    )
    return {number: ACTS[act].ends for number, act in rows}


def one(number: int, day: date) -> Told:
    """A draw whole. Before it is drawn: its strata, budget and load by month as the register stands on `day`."""
    draw = acts.find(number)
    done = acts.acts_of(number)
    state = state_after([act.act for act in done])
    department = db.session.scalars(select(Department.name).where(Department.id == draw.department_id)).one()
    names = dict(db.session.execute(select(Officer.id, Officer.name)).all())
    return _head(draw, department, state) | {
        "plan": PlanIn().load(draw.plan),
        "acts": [
            {"act": act.act, "acted_on": act.acted_on, "officer": names[act.officer_id], "fields": act.fields}
            for act in done
        ],
        "outlook": _outlook(draw, day) if state in OPEN else None,
        "drawn": [] if state in OPEN else _drawn(draw),
    }


def _head(draw: Draw, department: str, state: DrawState) -> Told:
    return {
        "number": draw.id, "plan_id": draw.plan_id, "title": draw.title, "state": str(state),
        "department": department, "made_on": draw.made_on,
    }  # fmt: skip


def _outlook(draw: Draw, day: date) -> Told | None:
    """What the plan asks for: shown before anybody approves it.

    None where a quota exceeds its stratum by now, or the policy knows no draws.
    """
    plan = acts.plan_of(draw)
    try:
        prepared = drawing.prepare(plan, law_on(day), day)
    except (QuotaAboveStratum, NoRulesOfDraws):
        return None
    people = directory.of_plan(plan, draw.department_id, day)
    return {
        "budget": prepared.budget,
        "candidates": len(prepared.inputs),
        "inspectors": len(people),
        "tasks_each": round(prepared.budget * prepared.each / len(people), 1) if people else None,
        "months": [{"month": month, "inspections": many} for month, many in prepared.months.items()],
        "left_out": [{"why": why, "enterprises": many} for why, many in prepared.left_out.items()],
        "strata": [
            {"stratum": one.name, "candidates": one.candidates, "due": round(float(one.due), 2), "quota": one.quota}
            for one in prepared.strata
        ],
    }


def _drawn(draw: Draw) -> list[Told]:
    teams = directory.names_of(draw)
    rows = db.session.execute(
        select(Drawn, Record.name)
        .outerjoin(Record, Record.enterprise_id == Drawn.enterprise_id)
        .where(Drawn.draw_id == draw.id)
        .order_by(Drawn.place)
    )
    return [
        {
            "place": one.place, "code": one.code, "name": name or "", "tier": one.tier, "risk": one.risk,
            "region": one.region, "industry": one.industry, "pseudonym": one.pseudonym, "ticket": one.ticket,
            "inspectors": teams.get(one.place, []),
        }
        for one, name in rows
    ]  # fmt: skip


