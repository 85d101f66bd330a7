"""Filings as they are told: to whoever filed, with clock and outcome; to staff; whole to the department."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from credit.db import db
from credit.models import Department, EnterpriseVersion, Filing, FilingAct, FilingFile, FilingWords
from credit.rules.law import Law
from credit.rules.working_days import add_working_days
from credit.services.departments import Bearer
from credit.services.objections.acts import acts_of, awaited
from credit.services.objections.cases import CLOSING, CONTESTING, undecided
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.terms import FilingKind

DECISION, ANSWER, WHOLE, STATEMENT = (
    f"objections.{name}-days" for name in ("decision", "answer", "whole", "statement")
)
ACCEPTANCE, REPAIR = "repairs.acceptance-days", "repairs.decision-days"
Told = dict[str, Any]


def told(filing: Filing, day: date) -> Told:
    """One filing in the shape of schemas.objection.Case."""
    return _told([filing], day)[0]


def _told(filings: Sequence[Filing], day: date) -> list[Told]:
    """Filings with the names of departments and enterprises, looked up for all of them at once."""
    names = dict(db.session.execute(select(Department.id, Department.name)).all())
    firms = _names({one.enterprise_id for one in filings})
    law, acts = law_on(day), defaultdict(list)
    held = select(FilingAct).where(FilingAct.filing.in_([one.seq for one in filings]))
    for act in db.session.scalars(held.order_by(FilingAct.seq)):
        acts[act.filing].append(act)
    return [_one(one, acts[one.seq], firms, names, law, day) for one in filings]


def _names(ids: set[int]) -> dict[int, str]:
    version = EnterpriseVersion
    rows = select(version.enterprise_id, version.name).where(version.enterprise_id.in_(ids))
    return dict(db.session.execute(rows.order_by(version.valid_from, version.seq)).all())


def _one(
    filing: Filing, acts: list[FilingAct], firms: dict[int, str], names: dict[int, str], law: Law, day: date
) -> Told:
    decision = next((act for act in acts if act.act in CLOSING), None)
    accepted = next((act for act in acts if act.act == "accept"), None)
    asked = [act for act in acts if act.act == "ask"]
    due = due_on(filing, bool(asked), accepted, law)
    waiting = {act.seq for act in awaited(acts)}
    answered = {act.department_id: act.acted_on for act in acts if act.act == "answer"}
    return {
        "number": filing.seq,
        "kind": filing.kind,
        "code": filing.code,
        "name": firms.get(filing.enterprise_id, ""),
        "event": filing.event_id,
        "document_no": filing.document_no,
        "department": names[filing.department_id],
        "filed_on": filing.filed_on,
        "state": "decided" if decision else "asked" if waiting else "accepted" if accepted else "open",
        "due_on": due and due[0],
        "provisional": bool(due and due[1]),
        "late": bool(due and (decision.acted_on if decision else day) > due[0]),
        "asked": [
            {
                "department": names[act.asked_id or 0], "asked_on": act.acted_on,
                "answered_on": None if act.seq in waiting else answered.get(act.asked_id or 0),
            }
            for act in asked
        ],
        "outcome": decision and decision.outcome,
        "mended": decision and decision.mended,
        "reason": decision and decision.reason,
        "decided_on": decision and decision.acted_on,
        "performed_on": filing.performed_on,
        "accepted_on": accepted and accepted.acted_on,
        "resumed_on": next((act.acted_on for act in acts if act.act in ("resume", "revoke")), None),
    }  # fmt: skip


def due_on(filing: Filing, asked: bool, accepted: FilingAct | None, law: Law) -> tuple[date, bool] | None:
    """Until when it is to be decided, and whether that day is provisional; None under a policy without terms."""
    begun = accepted.acted_on if accepted else filing.filed_on
    key = _clock(filing, asked, accepted is not None)
    provision = law.provisions.get(key)
    if provision is None:
        return None
    days = int(provision.on(max(begun, provision.values[0].start)).value)
    return add_working_days(begun, days)


def _clock(filing: Filing, asked: bool, accepted: bool) -> str:
    if filing.kind == str(FilingKind.REPAIR):
        return REPAIR if accepted else ACCEPTANCE
    return STATEMENT if filing.kind == str(FilingKind.STATEMENT) else WHOLE if asked else DECISION


def page(
    bearer: Bearer,
    day: date,
    state: str | None,
    every: bool,
    cursor: str | None = None,
    limit: int = 50,
    kinds: Collection[FilingKind] = CONTESTING,
) -> Page:
    """Filings of the bearer's department and those that it was asked about (`every`: of all), the latest first."""
    checked_limit(limit)
    wanted = select(Filing).where(true() if every else _concerns(bearer), Filing.kind.in_(map(str, kinds)))
    if state:
        wanted = wanted.where(undecided() if state == "open" else ~undecided())
    if cursor is not None:
        wanted = wanted.where(Filing.seq < number_of(cursor))
    found = list(db.session.scalars(wanted.order_by(Filing.seq.desc()).limit(limit + 1)))
    more = len(found) > limit
    return Page(_told(found[:limit], day), str(found[limit - 1].seq) if more else None)


def _concerns(bearer: Bearer) -> ColumnElement[bool]:
    asked = exists().where(FilingAct.filing == Filing.seq, FilingAct.asked_id == bearer.department_id)
    return or_(Filing.department_id == bearer.department_id, asked)


def reads(bearer: Bearer, filing: Filing) -> bool:
    """Whether the bearer's department reads what was said: its own cases, and those that it was asked about."""
    whose = select(func.count()).where(FilingAct.filing == filing.seq, FilingAct.asked_id == bearer.department_id)
    return bearer.department_id == filing.department_id or bool(db.session.scalar(whose))


def whole(filing: Filing, bearer: Bearer, day: date) -> Told:
    """A filing with its words, attachments and acts, in the shape of schemas.objection.CaseFile.

    Whom to call is told only to the department that decides: the one that was asked needs the grounds alone.
    """
    said, acts = db.session.get_one(FilingWords, filing.seq), acts_of(filing.seq)
    names = dict(db.session.execute(select(Department.id, Department.name)).all())
    own = bearer.department_id == filing.department_id
    files = db.session.scalars(select(FilingFile).where(FilingFile.filing == filing.seq).order_by(FilingFile.seq))
    return told(filing, day) | {
        "own": own,
        "awaited": bearer.department_id in [act.asked_id for act in awaited(acts)],
        "entered_by": filing.entered_by,
        "words": said.words,
        "contact": {"name": said.contact, "phone": said.phone, "email": said.email} if own else None,
        "attachments": [{"id": one.seq, "name": one.name, "type": one.type, "size": one.size} for one in files],
        "acts": [
            {
                "act": act.act, "on": act.acted_on, "department": names[act.department_id],
                "asked": act.asked_id and names[act.asked_id], "reason": act.reason, "document_no": act.document_no,
                "outcome": act.outcome,
            }
            for act in acts
        ],
    }  # fmt: skip


def attachment(filing: Filing, number: int) -> FilingFile | None:
    """One attachment of a filing."""
    found = db.session.get(FilingFile, number)
    return found if found is not None and found.filing == filing.seq else None
