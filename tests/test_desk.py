"""The desk: a department's key opens it, for eight hours, in this browser, and no other site can use it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from credit.db import db, transaction
from credit.models import ApiKey
from credit.web import desk
from tests.conftest import Clock
from tests.desk import send, sign_in, token
from tests.makers import DEPARTMENT, make_key
from tests.variants import Make, make, new_key

__all__ = ["make"]
INSIDE = "/desk/what-if"


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(INSIDE).status_code == 200


class TestSigningIn:
    def test_a_key_opens_the_desk_and_leads_on(self, client: FlaskClient) -> None:
        led = client.get(INSIDE)
        assert (led.status_code, led.location) == (303, f"/desk?next={INSIDE}")
        opened = sign_in(client, goal=INSIDE)
        assert (opened.status_code, opened.location) == (303, INSIDE)
        assert is_signed_in(client)
        start = client.get("/desk").text
        assert DEPARTMENT in start and INSIDE in start

    @pytest.mark.parametrize("key", ["", "qc_wrong", "密"])
    def test_a_wrong_key_is_said_at_the_field(self, client: FlaskClient, key: str) -> None:
        refused = sign_in(client, key or " ")
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text and 'role="alert"' in refused.text
        assert not is_signed_in(client)

    def test_a_key_without_the_scope_opens_nothing(self, client: FlaskClient) -> None:
        key = make_key(scopes=("events:write",))["Authorization"].removeprefix("Bearer ")
        refused = sign_in(client, key)
        assert refused.status_code == 422
        assert "supervise" in refused.text

    def test_guessing_ends_after_ten_wrong_keys(self, client: FlaskClient) -> None:
        assert [sign_in(client, f"qc_{number}").status_code for number in range(11)] == [422] * 10 + [429]

    @pytest.mark.parametrize("goal", ["https://elsewhere.test", "//elsewhere.test", "/desk/../x", "/help"])
    def test_it_leads_nowhere_else(self, client: FlaskClient, goal: str) -> None:
        assert sign_in(client, goal=goal).location == "/desk"


class TestSession:
    def test_it_ends_by_signing_out(self, client: FlaskClient) -> None:
        sign_in(client)
        assert send(client, "/desk/sign-out").status_code == 303
        assert not is_signed_in(client)

    def test_it_ends_after_eight_hours(
        self, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in(client)
        now = desk.now()
        monkeypatch.setattr(desk, "now", lambda: now + timedelta(hours=7, minutes=59))
        assert is_signed_in(client)
        monkeypatch.setattr(desk, "now", lambda: now + timedelta(hours=8))
        assert not is_signed_in(client)
        assert "部门密钥" in client.get("/desk").text

    def test_it_ends_when_the_key_is_revoked(self, client: FlaskClient) -> None:
        sign_in(client)
        with transaction("test") as change:
            db.session.execute(update(ApiKey).values(revoked_at=change.recorded_at))
        assert not is_signed_in(client)

    def test_a_key_that_loses_the_scope_is_refused(self, client: FlaskClient) -> None:
        sign_in(client)
        with transaction("test"):
            db.session.execute(update(ApiKey).values(scopes=["events:write"]))
        assert client.get(INSIDE).status_code == 403

    def test_the_cookie_is_for_this_site_and_not_for_scripts(self, client: FlaskClient) -> None:
        cookie = sign_in(client).headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/desk" in cookie
        assert "qc_" not in cookie

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
    def test_a_form_without_the_token_of_the_session_is_refused(self, app: Flask, client: FlaskClient) -> None:
        stranger = app.test_client()
        sign_in(client)
        other = token(stranger.get("/desk"))
        for sent in ({}, {"token": ""}, {"token": other}, {"token": "密"}):
            assert client.post(INSIDE, data={"code": "x"} | sent).status_code == 403
            assert client.post("/desk/sign-out", data=sent).status_code == 403
        assert is_signed_in(client)

    def test_without_a_session_there_is_no_token_that_would_do(self, client: FlaskClient) -> None:
        assert client.post("/desk/sign-in", data={"key": "x", "token": ""}).status_code == 403

    def test_nothing_of_the_desk_is_kept_or_found(self, client: FlaskClient) -> None:
        led = client.get(INSIDE)
        sign_in(client)
        answers = [led, client.get("/desk"), client.get(INSIDE), client.post(INSIDE), send(client, "/desk/sign-out")]
        assert [answer.status_code for answer in answers] == [303, 200, 200, 403, 303]
        for answer in answers:
            assert answer.headers["Cache-Control"] == "no-store"
            assert "noindex" in answer.headers["X-Robots-Tag"]
