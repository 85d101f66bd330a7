"""Signing in: what somebody claims at the door, compared first, then entered.

Comparing is slow on purpose and happens before any transaction; entering decides again under the lock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import pyotp
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import SignInRefused
from credit.models import Department, Officer
from credit.rules.permissions import needs_second_factor, scopes_of
from credit.services import delegations, passwords
from credit.services.departments import Bearer
from credit.services.officers import is_locked

STEP = 30
DRIFT = (-1, 0, 1)  # steps that a clock may be early or late


class Claim(NamedTuple):
    """Somebody at the door: which officer, whether what was said is right, and if not why."""

    officer_id: int | None
    reason: str | None = None
    step: int | None = None

    @property
    def actor(self) -> str:
        """How the audit names who tried."""
        return f"officer:{self.officer_id}" if self.officer_id else "unknown login"


class Lock(NamedTuple):
    """After how many wrong tries, and for how many minutes."""

    after: int
    minutes: int


class Person(NamedTuple):
    """An officer who may act, and the epoch for which a session is good."""

    bearer: Bearer
    login: str
    role: str
    epoch: int
    must_change: bool
    enrolled: bool
    roles: tuple[str, ...]
    deputises: bool

    @property
    def ticket(self) -> str:
        """What a session remembers: the officer, for this epoch."""
        return f"{self.bearer.officer_id}:{self.epoch}"

    @property
    def second_factor(self) -> bool:
        """Whether a code is asked for beside the password."""
        return self.enrolled or self.deputises or needs_second_factor(self.role)


def compare(login: str, password: str, now: datetime) -> Claim:
    """The claim to be the officer with this login. It takes as long whether or not there is one."""
    officer = db.session.scalar(select(Officer).where(Officer.login == login.strip().lower()))
    right = passwords.matches(officer.password if officer else None, password)
    if officer is None:
        return Claim(None, "login")
    return Claim(officer.id, _refusal(officer, now) or (None if right else "password"))


def compare_code(officer_id: int, code: str, now: datetime) -> Claim:
    """The claim to hold the officer's second factor: a code of six digits that was not used yet."""
    officer = db.session.get_one(Officer, officer_id)
    step = step_of(officer.totp_secret or "", code, now)
    if step is not None and officer.totp_step is not None and step <= officer.totp_step:
        return Claim(officer_id, "used code")
    return Claim(officer_id, _refusal(officer, now) or (None if step is not None else "code"), step)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code (RFC 6238) this is, if it is one of now; the latest first."""
    digits, moment = "".join(code.split()), int(now.timestamp())
    if not secret or not digits.isascii():
        return None
    totp, this = pyotp.TOTP(secret, interval=STEP), moment // STEP
    same = [this + off for off in DRIFT if pyotp.utils.strings_equal(totp.generate_otp(this + off), digits)]
    return max(same, default=None)


def _refusal(officer: Officer, now: datetime) -> str | None:
    if officer.disabled_at is not None:
        return "disabled"
    return "locked" if is_locked(officer, now) else None


def fail(change: Change, claim: Claim, lock: Lock) -> None:
    """Count a wrong try; after too many the officer is locked out for a while.

    While locked or disabled nothing is counted, so that nobody is kept out for ever from outside.
    """
    change.about |= {"reason": claim.reason}
    if claim.officer_id is None or claim.reason in ("locked", "disabled"):
        return
    officer = db.session.get_one(Officer, claim.officer_id)
    officer.failures += 1
    if officer.failures >= lock.after:
        officer.failures = 0
        officer.locked_until = change.recorded_at + timedelta(minutes=lock.minutes)
        change.about |= {"locked": True}


def enter(change: Change, claim: Claim, day: date) -> Person:
    """The officer is in: the count of wrong tries begins anew, and the code that was used is used up.

    Raises SignInRefused where another try locked the officer out or used the code meanwhile.
    """
    officer = db.session.get_one(Officer, claim.officer_id)
    used = claim.step is not None and officer.totp_step is not None and claim.step <= officer.totp_step
    if _refusal(officer, change.recorded_at) or used:
        raise SignInRefused
    officer.failures, officer.locked_until = 0, None
    if claim.step is not None:
        officer.totp_step, officer.totp_confirmed = claim.step, True
    db.session.flush()
    person = person_of(officer.id, day)
    if person is None:
        raise SignInRefused
    return person


def begin_enrolment(change: Change, officer_id: int) -> None:
    """A new secret for an officer who has confirmed none: one that was shown and left lying is void."""
    officer = db.session.get_one(Officer, officer_id)
    if not officer.totp_confirmed:
        officer.totp_secret, officer.totp_step = pyotp.random_base32(), None
    change.about |= {"officer": officer_id}


def secret_to_enrol(officer_id: int) -> str | None:
    """The secret that an officer is to type or to photograph; None once it is confirmed."""
    officer = db.session.get_one(Officer, officer_id)
    return None if officer.totp_confirmed else officer.totp_secret


def address_of(secret: str, login: str, issuer: str) -> str:
    """The secret as authenticator programs read it from a QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=issuer)


def person_of(officer_id: int, day: date) -> Person | None:
    """The officer as he or she may act on a day, in roles that colleagues delegated too; None where there is none,
    or one who was disabled.
    """
    held = select(Officer, Department.name).join(Department, Department.id == Officer.department_id)
    held = held.where(Officer.id == officer_id, Officer.disabled_at.is_(None), Officer.login.is_not(None))
    found = db.session.execute(held).first()
    if found is None:
        return None
    officer, department = found
    roles = (officer.role, *delegations.principals(officer_id, day))
    scopes = tuple(dict.fromkeys(scope for role in roles for scope in scopes_of(role)))
    bearer = Bearer(None, officer.department_id, department, officer.name, scopes, officer.id)
    return Person(
        bearer, str(officer.login), officer.role, officer.epoch, officer.must_change, officer.totp_confirmed,
        roles, delegations.awaits_second_factor(officer_id, day),
    )  # fmt: skip


def holder(ticket: str, day: date) -> Person | None:
    """Whose session this is; None where it was ended since: by a new password, another role, signing out."""
    number, _, epoch = ticket.partition(":")
    person = person_of(int(number), day) if number.isdigit() else None
    return person if person is not None and str(person.epoch) == epoch else None
