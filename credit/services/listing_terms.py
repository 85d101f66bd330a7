"""What a list asks for on a day, of a department: its grounds, its steps, who stands above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from credit.db import db
from credit.errors import NoLegalBasis, NotAllowed
from credit.models import Department, Officer
from credit.rules.blacklist import (
    CREDIT_UNIT,
    FACTOR_TEST,
    LEGAL_REVIEW,
    SECRECY_REVIEW,
    UPPER_CONSENT,
)
from credit.rules.jurisdiction import is_above, level
from credit.rules.law import Law
from credit.services.delegations import principals
from credit.terms import OfficerRole


def list_terms(law: Law, name: str, day: date) -> dict[str, Any]:
    """What the policy of the day says of a list. Raises NoLegalBasis if it knows no such list."""
    provision = law.under("lists").get(name)
    if provision is None or provision.values[0].start > day:
        raise NoLegalBasis(f"No list {name!r} with a legal basis on {day}; known: {sorted(law.under('lists'))}.")
    terms: dict[str, Any] = provision.on(day).value
    return terms


def steps_asked(terms: Mapping[str, Any], department_id: int) -> set[str]:
    """The steps that a list asks a department for.

    Only counties and cities need the consent of those above (Order 44 art. 22).
    """
    steps = {step for step in (FACTOR_TEST, LEGAL_REVIEW, SECRECY_REVIEW, CREDIT_UNIT) if terms.get(step)}
    if terms[UPPER_CONSENT] and level(_department(department_id).region) in ("city", "county"):
        steps.add(UPPER_CONSENT)
    return steps


def refuse_foreign_list(terms: Mapping[str, Any], department_id: int) -> None:
    """Raises NotAllowed where the list names other authorities than this department."""
    named = terms.get("authority")
    if named and named["name"] not in _department(department_id).name:
        raise NotAllowed(
            f"This list is kept by {named['en']}: send them the case.", zh=f"该名单由{named['zh']}管理，请移送有权机关"
        )


class Hand(NamedTuple):
    """Who acts, and in whose stead: None where it is the officer's own role."""

    officer: Officer
    principal: int | None

    @property
    def persons(self) -> set[int]:
        """Whoever stands behind the act: no other act that asks for another person may be theirs."""
        return {self.officer.id} | ({self.principal} if self.principal else set())


def hand_of(officer_id: int, roles: Iterable[OfficerRole], day: date, department_id: int | None = None) -> Hand:
    """Who acts, if one of the roles is the officer's or was delegated, and the department (of a listing on file) is
    right. Raises NotAllowed.
    """
    hand = _working(officer_id, tuple(roles), day)
    officer = hand.officer
    if department_id not in (None, officer.department_id):
        raise NotAllowed("This needs an officer of the department that proposed.", zh="须由提出列入的部门办理")
    return hand


def hand_above(
    officer_id: int, role: OfficerRole, department_id: int, terms: Mapping[str, Any], day: date
) -> Hand:
    """Who acts, if of the same authority as the list names, and above the department of a listing.

    Raises NotAllowed.
    """
    hand = _working(officer_id, (role,), day)
    officer = hand.officer
    refuse_foreign_list(terms, officer.department_id)
    if not is_above(_department(officer.department_id).region, _department(department_id).region):
        raise NotAllowed("This needs an officer of the authority above.", zh="须由上级机关的人员办理")
    return hand


def _working(officer_id: int, roles: tuple[OfficerRole, ...], day: date) -> Hand:
    officer = db.session.get(Officer, officer_id)
    if officer is not None and officer.disabled_at is None:
        if officer.role in roles:
            return Hand(officer, None)
        lent = principals(officer_id, day)
        principal = next((lent[role] for role in roles if role in lent), None)
        if principal is not None:
            return Hand(officer, principal)
    en, zh = " or ".join(role.en for role in roles), "或".join(role.zh for role in roles)
    raise NotAllowed(f"This needs an officer with the role {en}.", zh=f"须由具有“{zh}”职责的人员办理")


def _department(department_id: int) -> Department:
    return db.session.get_one(Department, department_id)
