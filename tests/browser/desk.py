"""Officers of a served register, and their way in through the door of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from playwright.sync_api import Page, expect

from credit import create_app, reader
from credit.db import db
from tests.conftest import QUIET
from tests.desk import Login, make_login
from tests.makers import DEPARTMENT
from tests.serving import Served


@contextmanager
def register_of(url: str) -> Iterator[None]:
    """The register in this database, for what only services can do."""
    app = create_app({**QUIET, "DATABASE_URL": url})
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
        reader.close()


def officer_of(
    served: Served, role: str = "supervisor", department: str = DEPARTMENT, first: bool = False
) -> Login:
    """A new officer of the served register, who can sign in."""
    with register_of(served.database):
        return make_login(role, department, first)


def sign_in(page: Page, officer: Login, path: str = "/desk/what-if") -> None:
    """Led from a page to the door and back."""
    page.goto(path)
    page.locator("#login").fill(officer.login)
    page.locator("#password").fill(officer.password)
    page.locator("form.panel button").click()
    if officer.secret:
        page.locator("#code").fill(pyotp.TOTP(officer.secret).now())
        page.locator("form.panel button").click()
    expect(page.locator(".desk-bar")).to_be_visible()
