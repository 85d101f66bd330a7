"""Officers: the persons of departments, what they may do, and how they may sign in.

Whatever changes what an officer may do, or how, ends all the officer's sessions at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from credit.db import Change, db, instant
from credit.errors import UnknownOfficer, WrongState
from credit.models import Department, Officer
from credit.services import passwords
from credit.services.departments import line, wrong
from credit.terms import OfficerRole

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,62})[a-z0-9]")


class Credentials(NamedTuple):
    """A login and the digest of its password."""

    login: str
    digest: str


def credentials(login: str, password: str) -> Credentials:
    """What an officer signs in with, checked. Slow on purpose: ask before a transaction is open.

    Raises InvalidInput naming login or password.
    """
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise wrong(
            "login",
            "A login has 3 to 64 letters a-z, digits, dots or dashes.",
            "登录名为 3 到 64 位小写字母、数字、点或横线",
        )
    return Credentials(login, passwords.digest_of(password, login))


def add(
    department_id: int,
    name: str,
    role: OfficerRole,
    given: Credentials | None = None,
    must_change: bool = True,
) -> int:
    """An officer of a department; without credentials one who can't sign in. Raises InvalidInput."""
    officer = Officer(department_id=department_id, name=line("name", name), role=str(role))
    if given is not None:
        _free(given.login)
        officer.login, officer.password, officer.must_change = given.login, given.digest, must_change
    db.session.add(officer)
    db.session.flush()
    return officer.id


def _free(login: str) -> None:
    if db.session.scalar(select(Officer.id).where(Officer.login == login)) is not None:
        raise wrong("login", f"The login {login!r} is taken: choose another.", f"登录名“{login}”已被使用，请换一个")


def find(text: str) -> int:
    """The id of an officer by login or number. Raises UnknownOfficer."""
    found = db.session.scalar(select(Officer.id).where(Officer.login == text.strip().lower()))
    if found is None and re.fullmatch("[0-9]{1,18}", text):
        found = db.session.scalar(select(Officer.id).where(Officer.id == int(text)))
    if found is None:
        raise UnknownOfficer(f"No officer {text!r}: `credit officer list` names them.", zh=f"没有“{text}”这名人员")
    return found


def set_role(change: Change, number: int, role: OfficerRole) -> None:
    """Another role."""
    officer = _at_once(change, number)
    change.about |= {"from": officer.role, "to": str(role)}
    officer.role = str(role)


def disable(change: Change, number: int) -> None:
    """The officer can't sign in any more. Again: nothing more."""
    officer = _at_once(change, number)
    officer.disabled_at = officer.disabled_at or change.recorded_at


def enable(change: Change, number: int) -> None:
    """The officer may sign in again."""
    _at_once(change, number).disabled_at = None


def set_password(change: Change, number: int, given: Credentials, must_change: bool) -> None:
    """A new password, and with it an end of a lock-out. An officer without a login gets the given one."""
    officer = _at_once(change, number)
    if officer.login is None:
        _free(given.login)
    elif officer.login != given.login:
        raise WrongState("A login stays what it is.", zh="登录名不能更改")
    officer.login, officer.password, officer.must_change = given.login, given.digest, must_change
    officer.failures, officer.locked_until = 0, None


def reset_totp(change: Change, number: int) -> None:
    """The second factor is forgotten: the officer enrols again at the next sign-in."""
    officer = _at_once(change, number)
    officer.totp_secret, officer.totp_confirmed, officer.totp_step = None, False, None


def end_sessions(change: Change, number: int) -> None:
    """Whoever is signed in as this officer isn't any more, wherever that is."""
    _at_once(change, number)


def _at_once(change: Change, number: int) -> Officer:
    """The officer, whose sessions end with this change."""
    officer = db.session.get(Officer, number)
    if officer is None:
        raise UnknownOfficer(f"No officer has the number {number}.", zh=f"没有编号为 {number} 的人员")
    officer.epoch += 1
    change.about |= {"officer": number}
    return officer


def login_of(number: int) -> str | None:
    """The login of an officer."""
    return db.session.scalar(select(Officer.login).where(Officer.id == number))


def every(now: datetime) -> list[dict[str, Any]]:
    """Every officer: id, name, role, department (its name), login, state, second (whether enrolled).

    state: no-login, disabled, locked, first-password, ready.
    """
    found = select(Officer, Department.name).join(Department, Department.id == Officer.department_id)
    return list(_told(db.session.execute(found.order_by(Officer.id)), now))


def _told(rows: Iterable[Any], now: datetime) -> Iterable[dict[str, Any]]:
    for officer, department in rows:
        yield {
            "id": officer.id,
            "name": officer.name,
            "role": officer.role,
            "department": department,
            "login": officer.login,
            "second": officer.totp_confirmed,
            "state": _state(officer, now),
        }


def _state(officer: Officer, now: datetime) -> str:
    if officer.disabled_at is not None:
        return "disabled"
    if officer.login is None:
        return "no-login"
    if is_locked(officer, now):
        return "locked"
    return "first-password" if officer.must_change else "ready"


def is_locked(officer: Officer, now: datetime) -> bool:
    """Whether too many wrong tries keep the officer out for now."""
    return officer.locked_until is not None and now < instant(officer.locked_until)
