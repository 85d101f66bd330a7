"""A browser's part at the desk, for tests: officers who sign in, and forms with their token."""

from __future__ import annotations

import re
from itertools import count
from typing import Any, NamedTuple

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credit.clock import now
from credit.db import db, transaction
from credit.models import Officer
from credit.rules.permissions import needs_second_factor
from credit.services import departments, officers
from credit.services.sign_in import STEP
from credit.terms import OfficerRole
from tests.makers import DEPARTMENT

PASSWORD = "correct horse battery"
_numbers = count(1)


class Login(NamedTuple):
    """An officer who can sign in: where there is a second factor, with its secret."""

    id: int
    login: str
    password: str
    secret: str | None

    def code(self, steps: int = 0) -> str:
        """The code of now, or of some steps later, that the officer hasn't used yet."""
        assert self.secret
        db.session.rollback()
        last = db.session.get_one(Officer, self.id).totp_step or 0
        this = max(int(now().timestamp()) // STEP, last + 1)
        return pyotp.TOTP(self.secret).generate_otp(this + steps)


def code_of(secret: str) -> str:
    """The code that an authenticator with this secret shows now."""
    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // STEP)


def make_login(role: str = "supervisor", department: str = DEPARTMENT, first: bool = False) -> Login:
    """An officer with a login. `first`: as after `credit officer add`, with password and second factor to come."""
    login = f"{role}-{next(_numbers)}"
    given = officers.credentials(login, PASSWORD)
    secret = pyotp.random_base32() if needs_second_factor(role) and not first else None
    with transaction("test"):
        number = officers.add(departments.add(department), "示例人员", OfficerRole(role), given, must_change=first)
        if secret:
            officer = db.session.get_one(Officer, number)
            officer.totp_secret, officer.totp_confirmed = secret, True
    return Login(number, login, PASSWORD, secret)


def token(page: TestResponse) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def claim(client: FlaskClient, login: str, password: str = PASSWORD, goal: str = "/desk") -> TestResponse:
    """Login and password, sent from the door of the desk."""
    sent = {"token": token(client.get("/desk")), "login": login, "password": password}
    return client.post(f"/desk/sign-in?next={goal}", data=sent)


def give_code(client: FlaskClient, code: str, goal: str = "/desk") -> TestResponse:
    """The code of the second factor, sent from its page."""
    page = f"/desk/code?next={goal}"
    return client.post(page, data={"token": token(client.get(page)), "code": code})


def sign_in(client: FlaskClient, who: Login | str = "supervisor", goal: str = "/desk") -> TestResponse:
    """Open a session, with the second factor where there is one; for a role with a new officer who has it."""
    officer = make_login(who) if isinstance(who, str) else who
    answer = claim(client, officer.login, officer.password, goal)
    return give_code(client, officer.code(), goal) if officer.secret else answer


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """A form of the desk, sent with its token."""
    return client.post(path, data={"token": token(client.get("/desk"))} | fields)
