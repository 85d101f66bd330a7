"""What departments do about a case, by the table of rules.complaints; and its opening, told to the audit."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import Change, db
from credit.errors import InvalidInput, NotAllowed
from credit.models import Complaint, ComplaintAct, ComplaintSealed
from credit.rules import complaints as rules
from credit.rules.redaction import findings
from credit.services import departments
from credit.services.complaints import cases, leads, sealing
from credit.services.departments import Bearer
from credit.terms import ComplaintKind, ComplaintState

# From these on a case is kept for its time; an answered one that nobody closes as well.
ENDS = (ComplaintState.REFUSED, ComplaintState.ANSWERED, ComplaintState.CLOSED, ComplaintState.WITHDRAWN)


def act(
    change: Change, number: int, name: str, bearer: Bearer, given: dict[str, Any], day: date
) -> None:
    """One act on a case of one's own department. `given` as schemas.complaint.ActIn loads it.

    Raises UnknownComplaint, NotAllowed, WrongState, UnknownDepartment, InvalidInput: personal data in the reason,
    another department, case to join or extension that can't be.
    """
    found = own(number, bearer)
    state = rules.after(name, ComplaintState(found.state), ComplaintKind(found.kind))
    _refuse_personal(given["reason"])
    to_id = _other(bearer, given["department"]) if name == "transfer" else None
    if name == "extend" and any(one.act == "extend" for one in acts_of(number)):
        raise _wrong("extend", "It was extended once already.", "已延长过一次")
    if name == "join":
        found.joined = _joins(found, given["case"])
    if name == "lead":
        leads.lead(change, found, given["reason"], day)
    _keep(change, found, name, bearer.department_id, given["reason"], state, day, to_id)
    found.department_id = to_id or found.department_id


def withdraw(change: Change, found: Complaint, day: date) -> None:
    """Whoever has the secret takes the case back. Raises WrongState."""
    state = rules.after("withdraw", ComplaintState(found.state), ComplaintKind(found.kind))
    _keep(change, found, "withdraw", found.department_id, "", state, day, None)


def own(number: int, bearer: Bearer) -> Complaint:
    """A case of the bearer's own department. Raises UnknownComplaint, NotAllowed."""
    found = cases.of(number)
    if found.department_id != bearer.department_id:
        raise NotAllowed("This is another department's case.", zh="这是其他部门的投诉举报")
    return found


def opened(change: Change, number: int, bearer: Bearer, reason: str) -> dict[str, Any] | None:
    """What was said and by whom, to the department whose case it is: the audit tells who read it and why.

    None where it was deleted at the end of keeping.
    """
    found = own(number, bearer)
    change.about |= {"complaint": number, "reason": reason}
    held = db.session.get(ComplaintSealed, found.seq)
    return sealing.unseal_words(held.kid, held.body) if held else None


def acts_of(number: int) -> list[ComplaintAct]:
    """The acts on a case, in their order."""
    return list(
        db.session.scalars(
            db.select(ComplaintAct).filter_by(complaint=number).order_by(ComplaintAct.seq)
        )
    )


def _keep(
    change: Change, found: Complaint, name: str, department_id: int, reason: str, state: ComplaintState, day: date,
    to_id: int | None,
) -> None:  # fmt: skip
    (seq,) = change.take()
    change.about |= {"complaint": found.seq, "act": name}
    db.session.add(
        ComplaintAct(
            seq=seq, complaint=found.seq, act=name, acted_on=day, department_id=department_id, to_id=to_id,
            reason=reason,
        )
    )  # fmt: skip
    found.state = str(state)
    if state in ENDS:
        found.closed_on = day
    db.session.flush()


def _other(bearer: Bearer, name: str) -> int:
    to_id = departments.find(name)
    if to_id == bearer.department_id:
        raise _wrong(
            "department", "Name another department than your own.", "请选择本部门以外的部门"
        )
    return to_id


def _joins(found: Complaint, number: int | None) -> int:
    other = cases.of(number or 0)
    if other.department_id != found.department_id or found.seq in _chain(other):
        raise _wrong(
            "case", "Join it to another case of your department.", "请填写本部门另一件的编号"
        )
    return other.seq


def _chain(one: Complaint) -> list[int]:
    """A case and those that it is joined to, up to the one that stands for all."""
    found = [one.seq]
    while one.joined is not None:
        one = cases.of(one.joined)
        found.append(one.seq)
    return found


def _refuse_personal(reason: str) -> None:
    found = findings(reason)
    if found:
        kinds = list(dict.fromkeys(one.kind for one in found))
        told = f"It tells of people ({', '.join(one.en for one in kinds)}): leave that out."
        raise InvalidInput(
            told,
            zh=f"文字中有{'、'.join(one.zh for one in kinds)}，请删去",
            errors={"reason": [told]},
        )


def _wrong(field: str, told: str, zh: str) -> InvalidInput:
    return InvalidInput(told, zh=zh, errors={field: [told]})
