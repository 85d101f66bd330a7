"""Cases as they are told, to their senders and to staff alike: no word of the sender; with the clock that runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import db
from credit.models import Complaint, ComplaintAct, Department
from credit.rules.law import Law
from credit.rules.working_days import add_working_days
from credit.services.departments import Bearer
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.terms import ComplaintKind, ComplaintState

Told = dict[str, Any]
MEDIATED = (ComplaintState.ACCEPTED, ComplaintState.INSPECTION, ComplaintState.CHECKED)


def told(found: Complaint, day: date) -> Told:
    """One case in the shape of schemas.complaint.ComplaintCase."""
    return _told([found], day)[0]


def page(bearer: Bearer, day: date, state: str | None, cursor: str | None, limit: int) -> Page:
    """The cases of the bearer's department, the latest first."""
    checked_limit(limit)
    wanted = select(Complaint).where(Complaint.department_id == bearer.department_id)
    if state:
        wanted = wanted.where(Complaint.state == state)
    if cursor is not None:
        wanted = wanted.where(Complaint.seq < number_of(cursor))
    found = list(db.session.scalars(wanted.order_by(Complaint.seq.desc()).limit(limit + 1)))
    more = len(found) > limit
    return Page(_told(found[:limit], day), str(found[limit - 1].seq) if more else None)


def _told(some: Sequence[Complaint], day: date) -> list[Told]:
    names = dict(db.session.execute(select(Department.id, Department.name)).all())
    acts, law = defaultdict(list), law_on(day)
    held = select(ComplaintAct).where(ComplaintAct.complaint.in_([one.seq for one in some]))
    for act in db.session.scalars(held.order_by(ComplaintAct.seq)):
        acts[act.complaint].append(act)
    return [_one(one, acts[one.seq], names, law, day) for one in some]


def _one(
    one: Complaint, acts: list[ComplaintAct], names: dict[int, str], law: Law, day: date
) -> Told:
    due = due_on(one, acts, law)
    return {
        "number": one.seq, "kind": one.kind, "category": one.category, "state": one.state,
        "department": names[one.department_id], "code": one.code, "item_code": one.item_code,
        "happened_on": one.happened_on, "filed_on": one.filed_on, "due_on": due and due[0],
        "provisional": bool(due and due[1]), "late": bool(due and day > due[0]),
        "acts": [
            {
                "act": act.act, "on": act.acted_on, "department": names[act.department_id],
                "to": act.to_id and names[act.to_id], "reason": act.reason,
            }
            for act in acts
        ],
    }  # fmt: skip


def due_on(one: Complaint, acts: Sequence[ComplaintAct], law: Law) -> tuple[date, bool] | None:
    """The last day of the clock that runs, and whether it is provisional; None where none does."""
    state, complains = ComplaintState(one.state), one.kind == str(ComplaintKind.COMPLAINT)
    first = {act.act: act.acted_on for act in reversed(acts)}
    if state == ComplaintState.RECEIVED:
        decision = "extended" if "extend" in first else "decision"
        return _after(law, "acceptance" if complains else decision, one.filed_on)
    begun = first.get("accept")
    if begun is None or (complains and state not in MEDIATED):
        return None
    if not complains and (one.person is None or "tell" in first or "answer" in first):
        return None
    return _after(law, "mediation" if complains else "telling", begun)


def _after(law: Law, clock: str, begun: date) -> tuple[date, bool] | None:
    """The end of a clock; None under a policy of before complaints."""
    provision = law.provisions.get(f"complaints.{clock}-days")
    if provision is None:
        return None
    return add_working_days(begun, int(provision.on(max(begun, provision.values[0].start)).value))
