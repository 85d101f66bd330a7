"""The desk: an officer signs in, for a while, in this browser, and no other site can use the session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import transaction
from credit.services import audit, officers
from credit.terms import OfficerRole
from credit.web import desk
from tests.desk import PASSWORD, Login, claim, make_login, send, sign_in, token
from tests.makers import DEPARTMENT
from tests.variants import Make, make, new_key

__all__ = ["make"]
INSIDE = "/desk/what-if"


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(INSIDE).status_code == 200


@pytest.fixture
def officer(app: Flask) -> Login:
    return make_login()


class TestSigningIn:
    def test_login_and_password_open_the_desk_and_lead_on(self, client: FlaskClient, officer: Login) -> None:
        led = client.get(INSIDE)
        assert (led.status_code, led.location) == (303, f"/desk?next={INSIDE}")
        opened = sign_in(client, officer, goal=INSIDE)
        assert (opened.status_code, opened.location) == (303, INSIDE)
        assert is_signed_in(client)
        start = client.get("/desk").text
        assert DEPARTMENT in start and "示例人员" in start and INSIDE in start

    @pytest.mark.parametrize(("login", "password"), [
        ("", ""), ("nobody", PASSWORD), ("officer", "wrong horse battery"), ("officer", ""), ("密", "\x00"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_at_the_field_and_not_which(
        self, client: FlaskClient, officer: Login, login: str, password: str
    ) -> None:
        refused = claim(client, officer.login if login == "officer" else login, password)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text and 'role="alert"' in refused.text
        assert "登录名或密码不对，或因多次错误暂停登录（15 分钟）" in refused.text
        assert not is_signed_in(client)

    def test_a_login_is_the_same_in_capitals_and_is_kept_in_the_form(self, client: FlaskClient, officer: Login) -> None:
        assert f'value="{officer.login}"' in claim(client, officer.login, "wrong").text
        assert claim(client, f" {officer.login.upper()} ").status_code == 303

    def test_guessing_ends_after_ten_wrong_tries_from_one_address(self, client: FlaskClient) -> None:
        assert [claim(client, f"nobody-{n}").status_code for n in range(11)] == [422] * 10 + [429]

    @pytest.mark.parametrize("goal", ["https://elsewhere.test", "//elsewhere.test", "/desk/../x", "/help"])
    def test_it_leads_nowhere_else(self, client: FlaskClient, officer: Login, goal: str) -> None:
        assert sign_in(client, officer, goal=goal).location == "/desk"

    def test_the_audit_tells_who_came_in_and_who_was_kept_out(self, client: FlaskClient, officer: Login) -> None:
        claim(client, officer.login, "wrong")
        claim(client, "nobody")
        sign_in(client, officer)
        told = [(row["act"], row["actor"], row["outcome"]) for row in audit.entries(limit=3).items[::-1]]
        me = f"officer:{officer.id}"
        assert told == [("sign-in", me, "refused"), ("sign-in", "unknown login", "refused"), ("sign-in", me, "done")]
        assert "nobody" not in str(audit.entries(limit=3).items)


class TestSession:
    def test_it_ends_by_signing_out_even_for_a_copied_cookie(self, client: FlaskClient, officer: Login) -> None:
        sign_in(client, officer)
        copied = client.get_cookie("desk", path="/desk")
        assert copied
        assert send(client, "/desk/sign-out").status_code == 303
        assert not is_signed_in(client)
        client.set_cookie("desk", copied.value, path="/desk")
        assert not is_signed_in(client)

    @pytest.mark.parametrize(("steps", "open_then"), [([29, 58, 87], True), ([29, 60], False), ([30], False)])
    def test_it_ends_when_nothing_was_done_for_half_an_hour(
        self, client: FlaskClient, officer: Login, monkeypatch: pytest.MonkeyPatch, steps: list[int], open_then: bool
    ) -> None:
        sign_in(client, officer)
        start = desk.now()
        for minutes in steps:
            monkeypatch.setattr(desk, "now", lambda at=start + timedelta(minutes=minutes): at)
            last = is_signed_in(client)
        assert last is open_then

    def test_it_ends_after_eight_hours_whatever_is_done(
        self, client: FlaskClient, officer: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in(client, officer)
        start = desk.now()
        for minutes in range(20, 8 * 60, 20):
            monkeypatch.setattr(desk, "now", lambda at=start + timedelta(minutes=minutes): at)
            assert is_signed_in(client), minutes
        monkeypatch.setattr(desk, "now", lambda: start + timedelta(hours=8))
        assert not is_signed_in(client)
        assert "登录名" in client.get("/desk").text

    @pytest.mark.parametrize("what", ["disabled", "role", "password", "second factor"])
    def test_it_ends_at_once_in_every_browser_when_the_officer_changes(
        self, app: Flask, client: FlaskClient, officer: Login, what: str
    ) -> None:
        other = app.test_client()
        for browser in (client, other):
            sign_in(browser, officer)
            assert is_signed_in(browser)
        given = officers.credentials(officer.login, "another horse battery")
        with transaction("test") as change:
            match what:
                case "disabled":
                    officers.disable(change, officer.id)
                case "role":
                    officers.set_role(change, officer.id, OfficerRole.SUPERVISOR)
                case "password":
                    officers.set_password(change, officer.id, given, must_change=False)
                case _:
                    officers.reset_totp(change, officer.id)
        assert not is_signed_in(client) and not is_signed_in(other)

    def test_a_role_without_the_scope_is_refused(self, client: FlaskClient) -> None:
        sign_in(client, "reporter")
        refused = client.get(INSIDE)
        assert refused.status_code == 403 and "supervise" in refused.text

    def test_the_cookie_is_for_this_site_and_not_for_scripts(self, client: FlaskClient, officer: Login) -> None:
        cookie = sign_in(client, officer).headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/desk" in cookie
        assert PASSWORD not in cookie

    def test_no_public_page_varies_by_the_cookie(self, client: FlaskClient, officer: Login) -> None:
        sign_in(client, officer)
        for path in ("/", "/help", "/api/v1/blacklist", "/api/v1/policy"):
            answer = client.get(path)
            assert "Cookie" not in answer.headers.get("Vary", "") and "Set-Cookie" not in answer.headers, path

    @pytest.mark.parametrize(
        ("environment", "base", "secure"),
        [("production", "https://register.test", True), ("production", "http://register.test", True),
         ("production", "http://127.0.0.1:8000", False), ("test", "http://register.test", False)],
    )  # fmt: skip
    def test_in_production_it_travels_by_https_alone(
        self, make: Make, environment: str, base: str, secure: bool
    ) -> None:
        app = make(CREDIT_ENV=environment, SECRET_KEY="n3Xq8vT1zLw5Kp0RbYc7HdUe2MgJs9Fa")
        assert ("Secure" in app.test_client().get("/desk", base_url=base).headers["Set-Cookie"]) is secure
        assert new_key(app)


class TestForms:
    def test_a_form_without_the_token_of_the_session_is_refused(
        self, app: Flask, client: FlaskClient, officer: Login
    ) -> None:
        stranger = app.test_client()
        sign_in(client, officer)
        other = token(stranger.get("/desk"))
        for sent in ({}, {"token": ""}, {"token": other}, {"token": "密"}):
            assert client.post(INSIDE, data={"code": "x"} | sent).status_code == 403
            assert client.post("/desk/sign-out", data=sent).status_code == 403
            assert client.post("/desk/password", data=sent).status_code == 403
        assert is_signed_in(client)

    def test_without_a_session_there_is_no_token_that_would_do(self, client: FlaskClient) -> None:
        assert client.post("/desk/sign-in", data={"login": "x", "password": "x", "token": ""}).status_code == 403

    def test_nothing_of_the_desk_is_kept_or_found(self, client: FlaskClient, officer: Login) -> None:
        led = client.get(INSIDE)
        sign_in(client, officer)
        answers = [led, client.get("/desk"), client.get(INSIDE), client.post(INSIDE), send(client, "/desk/sign-out")]
        assert [answer.status_code for answer in answers] == [303, 200, 200, 403, 303]
        for answer in answers:
            assert answer.headers["Cache-Control"] == "no-store"
            assert "noindex" in answer.headers["X-Robots-Tag"]
