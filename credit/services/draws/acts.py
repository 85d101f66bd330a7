"""The way of a draw: a plan is made, approved by another person, committed to, drawn, and revealed when all is over."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.models import Draw, DrawAct, Drawn, DrawnInspector, DrawSecret
from credit.rules.draws import commitment as rules
from credit.rules.draws import fairness, states
from credit.rules.draws.inspectors import Inspector, crew
from credit.rules.draws.plan import Plan
from credit.rules.draws.refusals import BadSeed, RegisterChanged, UnknownDraw
from credit.rules.draws.tickets import checked
from credit.rules.inspecting import checklists
from credit.rules.receipts import digest_of
from credit.services.access import own_or_refuse, person_of
from credit.services.departments import Bearer
from credit.services.draws import directory, drawing, plans
from credit.services.draws.drawing import Prepared
from credit.services.inspecting import giving
from credit.services.policies import law_on
from credit.services.writing import insert
from credit.terms import DrawState
from schemas.draw import PlanIn
from schemas.fields import BEYOND

Fields = dict[str, Any]


def make(change: Change, bearer: Bearer, given: Fields, day: date) -> tuple[int, bool]:
    """A plan on file: its number, and whether it is new: the same plan again is the same.

    `given` as schemas.draw.PlanIn loads it. Raises InvalidInput, NotAllowed, QuotaAboveStratum, UnknownDepartment.
    """
    person = person_of(bearer)
    known = db.session.scalar(select(Draw).where(Draw.plan_id == given["id"]))
    if known is not None and (known.department_id, _as_now(known)) == (bearer.department_id, PlanIn().dump(given)):
        return known.id, False
    if known is not None:
        told = "Another plan has this id, which is part of every ticket: give this one its own."
        raise InvalidInput(told, zh="计划编号已被使用", errors={"id": [told]})
    plan = plans.of(given)
    checklists.check(plan.checklist, law_on(day), day)
    prepared = drawing.prepare(plan, law_on(day), day)  # a plan that can't be kept is none
    directory.of_plan(plan, bearer.department_id, day)
    (seq,) = change.take()
    change.about |= {"draw": seq}
    db.session.add(
        Draw(
            id=seq, department_id=bearer.department_id, made_by=person, made_on=day, plan_id=given["id"],
            title=given["title"], plan=PlanIn().dump(given),
        )
    )  # fmt: skip
    db.session.flush()
    _keep(change, seq, "make", person, day, _budget(prepared))
    return seq, True


def _as_now(draw: Draw) -> Fields:
    """A plan as it is written now: those of before lack what came since."""
    written: Fields = PlanIn().dump(PlanIn().load(draw.plan))
    return written


def approve(change: Change, number: int, bearer: Bearer, day: date) -> None:
    """Another person than who made the plan approves it, with its budget. Raises NotAllowed, WrongState."""
    draw, person = _begun(number, "approve", bearer)
    if person == draw.made_by:
        raise NotAllowed("Another person than who made the plan approves it.", zh="计划须由编制人以外的人员审批")
    prepared = drawing.prepare(plan_of(draw), law_on(day), day)
    _keep(change, number, "approve", person, day, _budget(prepared))


def commit(change: Change, number: int, bearer: Bearer, day: date, seed_source: str | None = None) -> None:
    """Bind plan, candidates and seed before anybody knows who will be drawn; again where the register changed.

    `seed_source`: a public text that nobody knows yet (lottery numbers of a coming day) instead of a seed that the
    register makes and keeps to itself. Raises WrongState, DrawnAlready, QuotaAboveStratum, TooFewInspectors.
    """
    draw, person = _begun(number, "commit", bearer)
    prepared, people = _prepared(draw, day)
    crew(people, prepared.plan.qualification, prepared.each)
    salt, seed = secrets.token_hex(32), None if seed_source else secrets.token_hex(32)
    shown, quotas = _published(prepared, salt)
    statement = {
        "draw": number, "plan": draw.plan_id, "plan_digest": digest_of(draw.plan), "seq": change.first_seq - 1,
        "candidates": len(shown), "inputs_digest": rules.inputs_digest(shown, quotas), "quotas": quotas,
        "seed_digest": rules.seed_digest(seed) if seed else None, "seed_source": seed_source,
    }  # fmt: skip
    seq = _keep(change, number, "commit", person, day, statement | {"commitment": rules.commitment(statement)})
    inputs = zlib.compress(shown.write_csv().encode(), 6)
    db.session.add(DrawSecret(commitment=seq, salt=salt, seed=seed, inputs=inputs))
    db.session.flush()


def draw(change: Change, number: int, bearer: Bearer, day: date, seed: str | None = None) -> None:
    """Draw what was committed to. `seed`: the public text, where one was named.

    Raises WrongState, DrawnAlready, BadSeed, RegisterChanged, TooFewInspectors, AllRecused.
    """
    plan, person = _begun(number, "draw", bearer)
    bound = last(number, "commit")
    secret = db.session.get_one(DrawSecret, bound.seq)
    if (secret.seed is None) == (seed is None):
        wrong = "Give the public text that was named." if seed is None else "The seed was committed to: give none."
        raise BadSeed(wrong, zh="请填写承诺所指的公开文本" if seed is None else "种子已经承诺，无需填写")
    used = checked(secret.seed or seed or "")
    prepared, people = _prepared(plan, day)
    if rules.inputs_digest(*_published(prepared, secret.salt)) != bound.fields["inputs_digest"]:
        raise RegisterChanged(committed_seq=bound.fields["seq"], seq=change.first_seq - 1)
    named = prepared.inputs.rename({"key": "code"})
    named = named.with_columns(rules.pseudonyms(secret.salt, named["code"]))
    drawn = drawing.draw(replace(prepared, inputs=named), people, used)
    secret.seed = used
    told = {"drawn": len(drawn), "seed_digest": rules.seed_digest(used)}
    _keep(change, number, "draw", person, day, told | _fairness(prepared, drawn))
    _keep_drawn(number, drawn, day)
    giving.of_draw(change, number, plan.department_id, prepared.plan, drawn, day)


def reveal(change: Change, number: int, bearer: Bearer, day: date) -> None:
    """After the inspections: the seed, and the inputs unless they would tell tiers. Raises WrongState."""
    plan, person = _begun(number, "reveal", bearer)
    ends = plan_of(plan).ends_on
    if day <= ends:
        told = f"The inspections go on until {ends}: what is revealed now would warn those who were drawn."
        raise WrongState(told, zh=f"检查至 {ends} 结束，此前不得公开", state=str(DrawState.DRAWN), allowed=[])
    tiers = pl.DataFrame({"tier": db.session.scalars(select(Drawn.tier).where(Drawn.draw_id == number)).all()})
    tells = rules.tells_tiers(tiers, int(law_on(day).value("draws.most-of-one-tier", day)))
    _keep(change, number, "reveal", person, day, {"inputs": not tells})


BY_NAME: dict[str, Any] = {"approve": approve, "commit": commit, "draw": draw, "reveal": reveal}


def find(number: int) -> Draw:
    """A draw on file. Raises UnknownDraw."""
    found = db.session.get(Draw, number) if number < BEYOND else None
    if found is None:
        raise UnknownDraw(f"No draw {number} is on file.", zh=f"没有编号为 {number} 的抽取")
    return found


def own_or_joint(bearer: Bearer, draw: Draw) -> None:
    """A joint plan is every named department's own. Raises NotAllowed."""
    if bearer.department not in (draw.plan.get("departments") or ()):
        own_or_refuse(bearer, draw.department_id)


def plan_of(draw: Draw) -> Plan:
    """The plan as the rules have it."""
    return plans.of(PlanIn().load(draw.plan))


def acts_of(number: int) -> list[DrawAct]:
    """The acts on a plan in their order."""
    return list(db.session.scalars(select(DrawAct).where(DrawAct.draw_id == number).order_by(DrawAct.seq)))


def last(number: int, act: str) -> DrawAct:
    """The last act of a kind, which there is."""
    return [one for one in acts_of(number) if one.act == act][-1]


def _begun(number: int, act: str, bearer: Bearer) -> tuple[Draw, int]:
    """The draw and who acts, if the act may follow now and is theirs."""
    draw, person = find(number), person_of(bearer)
    own_or_joint(bearer, draw)
    states.check(act, states.state_after([one.act for one in acts_of(number)]))
    return draw, person


def _prepared(draw: Draw, day: date) -> tuple[Prepared, list[Inspector]]:
    plan = plan_of(draw)
    return drawing.prepare(plan, law_on(day), day), directory.of_plan(plan, draw.department_id, day)


def _published(prepared: Prepared, salt: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """The inputs as they will be published, and the quotas of their numbered strata."""
    named = prepared.inputs.select("stratum", rules.pseudonyms(salt, prepared.inputs["key"]))
    numbers = rules.numbered([one.name for one in prepared.strata], salt)
    quotas = {numbers[one.name]: one.quota for one in prepared.strata}
    return rules.opaque(named, numbers), dict(sorted(quotas.items()))


def _keep(change: Change, number: int, act: str, person: int, day: date, fields: Fields) -> int:
    (seq,) = change.take()
    change.about |= {"draw": number, "act": act}
    db.session.add(DrawAct(seq=seq, draw_id=number, act=act, acted_on=day, officer_id=person, fields=fields))
    db.session.flush()
    return seq


def _budget(prepared: Prepared) -> Fields:
    """What a plan asked for when it was made or approved; months by number."""
    months = {str(month): many for month, many in prepared.months.items()}
    return {"budget": prepared.budget, "candidates": len(prepared.inputs), "months": months}


def _fairness(prepared: Prepared, drawn: pl.DataFrame) -> Fields:
    """What was drawn against what was due, and an exact test of each region inside each stratum."""
    tested = fairness.within_strata(prepared.inputs, drawn, "region")
    by_region = tested.with_columns(pl.col("due", "p").round(4)).to_dicts()
    return {
        "strata": fairness.of_strata(prepared.strata, drawn).with_columns(pl.col("due").round(2)).to_dicts(),
        "regions": by_region, "fair": fairness.fair(tested), "level": fairness.LEVEL,
    }  # fmt: skip


def _keep_drawn(number: int, drawn: pl.DataFrame, day: date) -> None:
    hexadecimal = pl.Series("ticket", [f"{one:016x}" for one in drawn["ticket"]], dtype=pl.String)
    rows = drawn.with_columns(hexadecimal, draw_id=pl.lit(number), drawn_on=pl.lit(day)).select(
        "draw_id", "drawn_on", "place", "code", "ticket", "tier", "risk", "region", "industry",
        enterprise_id="enterprise", pseudonym="key",
    )  # fmt: skip
    insert(Drawn, rows)
    teams = drawn.select("place", "inspectors").explode("inspectors").with_columns(draw_id=pl.lit(number))
    insert(DrawnInspector, teams.select("draw_id", "place", inspector_id=pl.col("inspectors").cast(pl.Int64)))

