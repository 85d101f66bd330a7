"""The second factor: asked of those who decide or administer, set up at the first sign-in, each code good once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.models import Officer
from credit.services import audit, officers, sign_in
from credit.web import sign_in as door
from tests.desk import Login, claim, code_of, give_code, make_login, send, token
from tests.desk import sign_in as open_desk

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PEOPLE = "/desk/people"


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/password").status_code == 200


@pytest.fixture
def administrator(app: Flask) -> Login:
    return make_login("administrator")


class TestCodes:
    @pytest.mark.parametrize(("off", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_a_code_holds_for_its_step_and_one_beside_it(self, off: int, found: bool) -> None:
        moment = datetime(2026, 11, 22, 9, 30, 10, tzinfo=UTC)
        this = int(moment.timestamp()) // 30
        code = pyotp.TOTP(SECRET).generate_otp(this + off)
        assert sign_in.step_of(SECRET, code, moment) == (this + off if found else None)

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "密", "000000\x00"])
    def test_what_is_no_code_is_none(self, code: str) -> None:
        assert sign_in.step_of(SECRET, code, datetime(2026, 11, 22, tzinfo=UTC)) is None

    def test_a_blank_in_the_middle_is_read_over(self) -> None:
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        code = pyotp.TOTP(SECRET).generate_otp(int(moment.timestamp()) // 30)
        assert sign_in.step_of(SECRET, f"{code[:3]} {code[3:]}", moment)


class TestEnrolment:
    @pytest.mark.parametrize("role", ["decider", "administrator"])
    def test_the_first_sign_in_shows_the_secret_as_words_and_picture_and_asks_for_its_code(
        self, client: FlaskClient, role: str
    ) -> None:
        officer = make_login(role, first=True)
        led = claim(client, officer.login, goal=PEOPLE)
        assert (led.status_code, led.location) == (303, f"/desk/code?next={PEOPLE}")
        assert not is_in(client)
        page = client.get(led.location)
        shown = re.search(r'id="secret">([A-Z2-7]{32})<', page.text)
        drawn = re.search(r"<svg.*?</svg>", page.text, re.DOTALL)
        assert shown and drawn and page.headers["Cache-Control"] == "no-store"
        assert ElementTree.fromstring(drawn[0]).tag.endswith("svg")
        assert "data:" not in page.text and "style=" not in drawn[0]
        done = give_code(client, code_of(shown[1]), PEOPLE)
        # The first password is changed before anything else.
        assert (done.status_code, done.location) == (303, "/desk/password")
        assert client.get(PEOPLE).location == "/desk/password"

    def test_a_secret_that_was_shown_and_left_is_void(self, client: FlaskClient) -> None:
        officer = make_login("administrator", first=True)

        def shown() -> str:
            claim(client, officer.login)
            found = re.search(r'id="secret">([A-Z2-7]{32})<', client.get("/desk/code").text)
            assert found
            return found[1]

        first, second = shown(), shown()
        assert first != second
        assert give_code(client, code_of(first)).status_code == 422
        assert give_code(client, code_of(second)).status_code == 303

    def test_a_confirmed_secret_is_never_shown_again(self, client: FlaskClient, administrator: Login) -> None:
        claim(client, administrator.login)
        page = client.get("/desk/code").text
        assert administrator.secret not in page and "<svg class=\"qr" not in page

    def test_an_administrator_clears_it_and_it_is_set_up_anew(self, client: FlaskClient, administrator: Login) -> None:
        with transaction("test") as change:
            officers.reset_totp(change, administrator.id)
        claim(client, administrator.login)
        assert 'id="secret"' in client.get("/desk/code").text

    @pytest.mark.parametrize("role", ["reporter", "supervisor", "auditor"])
    def test_others_are_not_asked(self, client: FlaskClient, role: str) -> None:
        assert claim(client, make_login(role).login).location == "/desk"
        assert is_in(client)


class TestSigningIn:
    def test_password_and_code_together_open_the_desk(self, client: FlaskClient, administrator: Login) -> None:
        assert claim(client, administrator.login).location == "/desk/code?next=/desk"
        assert not is_in(client)
        assert give_code(client, administrator.code()).status_code == 303
        assert is_in(client)
        assert audit.entries(limit=1).items[0]["about"] == {"second_factor": True}

    def test_a_code_opens_once(self, app: Flask, client: FlaskClient, administrator: Login) -> None:
        code = administrator.code()
        claim(client, administrator.login)
        assert give_code(client, code).status_code == 303
        other = app.test_client()
        claim(other, administrator.login)
        assert give_code(other, code).status_code == 422 and not is_in(other)
        assert audit.entries(limit=1).items[0]["about"]["reason"] == "used code"
        assert give_code(other, administrator.code()).status_code == 303

    def test_an_older_code_than_the_last_is_used_up_too(self, client: FlaskClient, administrator: Login) -> None:
        with transaction("test"):
            db.session.get_one(Officer, administrator.id).totp_step = 2**40
        claim(client, administrator.login)
        assert give_code(client, code_of(str(administrator.secret))).status_code == 422

    def test_without_the_password_there_is_no_page_for_codes(self, client: FlaskClient, administrator: Login) -> None:
        assert client.get("/desk/code").status_code == 303
        sent = {"token": token(client.get("/desk")), "code": administrator.code()}
        assert client.post("/desk/code", data=sent).location.startswith("/desk")
        assert not is_in(client)

    def test_the_password_is_good_for_ten_minutes(
        self, client: FlaskClient, administrator: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claim(client, administrator.login)
        later = door.now() + timedelta(minutes=10)
        monkeypatch.setattr(door, "now", lambda: later)
        assert client.get("/desk/code").status_code == 303

    def test_a_form_for_the_code_needs_its_token(self, client: FlaskClient, administrator: Login) -> None:
        claim(client, administrator.login)
        assert client.post("/desk/code", data={"code": administrator.code()}).status_code == 403

    def test_wrong_codes_lock_as_wrong_passwords_do_and_a_right_password_clears_none(
        self, client: FlaskClient, administrator: Login
    ) -> None:
        for _ in range(2):
            claim(client, administrator.login)
            assert [give_code(client, "000000").status_code for _ in range(2)] == [422, 422]
        claim(client, administrator.login)
        assert give_code(client, "000000").status_code == 422  # the fifth
        assert give_code(client, administrator.code()).status_code == 422
        assert claim(client, administrator.login).status_code == 422

    def test_a_session_of_the_desk_never_comes_from_the_code_alone(self, client: FlaskClient) -> None:
        supervisor = make_login()
        open_desk(client, supervisor)
        assert client.get("/desk/code").status_code == 303
        assert send(client, "/desk/code", code="000000").status_code == 303
