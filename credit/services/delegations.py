"""Delegations on file: given, ended, and in whose role an officer may act on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import NotAllowed, UnknownDelegation, WrongState
from credit.models import Delegation, DelegationEnd, Officer
from credit.rules.delegations import Person, check
from credit.rules.permissions import needs_second_factor
from schemas.fields import BEYOND

Told = dict[str, Any]


def delegate(change: Change, officer_id: int, deputy_id: int, since: date, until: date, reason: str, day: date) -> int:
    """Let a colleague act in one's role; his or her sessions end, so that the role begins with a sign-in.

    Returns the number. Raises InvalidInput naming deputy, since, until.
    """
    officer, deputy = db.session.get_one(Officer, officer_id), db.session.get(Officer, deputy_id)
    check(_person(officer), _person(deputy) if deputy else None, since, until, day)
    (seq,) = change.take()
    db.session.add(
        Delegation(
            seq=seq, officer_id=officer_id, deputy_id=deputy_id, role=officer.role, since=since, until=until,
            reason=reason,
        )
    )  # fmt: skip
    change.about |= {"delegation": seq, "officer": deputy_id, "role": officer.role}
    deputy.epoch += 1  # type: ignore[union-attr]
    db.session.flush()
    return seq


def _person(officer: Officer) -> Person:
    works = officer.disabled_at is None and officer.login is not None
    return Person(officer.id, officer.department_id, officer.role, works)


def end(change: Change, number: int, officer_id: int, day: date) -> None:
    """End a delegation before its time; whoever gave it or received it may. Again: nothing more.

    Raises UnknownDelegation, NotAllowed, WrongState where its time is over.
    """
    found = db.session.get(Delegation, number) if number < BEYOND else None
    if found is None:
        raise UnknownDelegation(f"No delegation {number} is on file.", zh=f"没有编号为 {number} 的委托")
    if officer_id not in (found.officer_id, found.deputy_id):
        raise NotAllowed("Others gave and received it.", zh="不是您给出或接受的委托")
    if db.session.get(DelegationEnd, number) is not None:
        return
    if found.until < day:
        raise WrongState(f"It ended on {found.until}.", zh=f"委托已于{found.until}到期", state="ended")
    (seq,) = change.take()
    db.session.add(DelegationEnd(delegation=number, seq=seq, ended_on=day))
    db.session.get_one(Officer, found.deputy_id).epoch += 1
    change.about |= {"delegation": number, "officer": found.deputy_id}
    db.session.flush()


def principals(deputy_id: int, day: date) -> dict[str, int]:
    """In whose role an officer may act on a day beside his or her own: role to the officer who delegated it.

    A role that asks for a second factor counts once the deputy has one; none that its holder lost meanwhile.
    """
    held = _on(day).where(Delegation.deputy_id == deputy_id).order_by(Delegation.seq.desc())
    deputy = db.session.get(Officer, deputy_id)
    rows = db.session.execute(held).all()
    has_code = deputy is not None and deputy.totp_confirmed
    return {one.role: one.officer_id for one in rows if has_code or not needs_second_factor(one.role)}


def awaits_second_factor(deputy_id: int, day: date) -> bool:
    """Whether a role was delegated, from now or a later day on, that asks for a second factor."""
    held = _running(day).where(Delegation.deputy_id == deputy_id)
    return any(needs_second_factor(role) for role in db.session.scalars(held.with_only_columns(Delegation.role)))


def _running(day: date) -> Any:
    """Delegations that are not over on a day, of officers who still work in the role."""
    return (
        select(Delegation.role, Delegation.officer_id)
        .join(Officer, and_(Officer.id == Delegation.officer_id, Officer.role == Delegation.role))
        .outerjoin(DelegationEnd, DelegationEnd.delegation == Delegation.seq)
        .where(Officer.disabled_at.is_(None), Delegation.until >= day, DelegationEnd.seq.is_(None))
    )


def _on(day: date) -> Any:
    return _running(day).where(Delegation.since <= day)


def of(officer_id: int, day: date) -> list[Told]:
    """What an officer gave and received and what isn't over: number, officer, deputy (names), given, role, since,
    until, reason; the earliest first.
    """
    giver, deputy = aliased(Officer), aliased(Officer)
    held = (
        select(Delegation, giver.name, deputy.name)
        .join(giver, giver.id == Delegation.officer_id)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .outerjoin(DelegationEnd, DelegationEnd.delegation == Delegation.seq)
        .where(
            or_(Delegation.officer_id == officer_id, Delegation.deputy_id == officer_id),
            Delegation.until >= day, DelegationEnd.seq.is_(None),
        )
        .order_by(Delegation.since, Delegation.seq)
    )  # fmt: skip
    return [
        {
            "number": one.seq, "officer": officer, "deputy": name, "given": one.officer_id == officer_id,
            "role": one.role, "since": one.since, "until": one.until, "reason": one.reason,
        }
        for one, officer, name in db.session.execute(held)
    ]  # fmt: skip


def colleagues(officer_id: int, department_id: int) -> list[tuple[int, str]]:
    """The officers of a department who can sign in, but this one: number and name, by name."""
    found = select(Officer.id, Officer.name).where(
        Officer.department_id == department_id, Officer.id != officer_id, Officer.disabled_at.is_(None),
        Officer.login.is_not(None), Officer.role.not_in(["auditor", "administrator"]),
    )  # fmt: skip
    return [(row.id, row.name) for row in db.session.execute(found.order_by(Officer.name, Officer.id))]
