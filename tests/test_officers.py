"""Officers: passwords that hold, a lock after wrong tries, the same answer for those whom nobody knows."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from credit.db import db, transaction
from credit.errors import InvalidInput, UnknownOfficer, WrongState
from credit.models import Officer
from credit.rules.passwords import COMMON, SHORTEST, weakness
from credit.services import audit, departments, officers, passwords
from credit.terms import OfficerRole
from credit.web import sign_in as door
from tests.desk import PASSWORD, Login, claim, make_login, send, sign_in, token

NEW = "another horse battery"


@pytest.fixture
def officer(app: Flask) -> Login:
    return make_login()


def of(officer: Login) -> Officer:
    db.session.rollback()
    return db.session.get_one(Officer, officer.id)


class TestPasswords:
    @pytest.mark.parametrize(
        "password", ["", "elevenchars", "Zhang.San is here", "password1234", "PassWord 1234", "铜" * 12, "ab" * 9, "x" * 129]
    )
    def test_what_is_easy_to_guess_is_refused(self, password: str) -> None:
        assert weakness(password, "zhang.san") is not None

    @pytest.mark.parametrize("password", ["twelve chars", "铜都云岭 山高水长 鸟语花香", "correct horse battery", "x1y2z3" * 21])
    def test_what_is_long_enough_will_do(self, password: str) -> None:
        assert weakness(password, "zhang.san") is None

    def test_every_common_one_would_pass_for_long_enough(self) -> None:
        assert len(COMMON) > 50 and all(len(one) >= SHORTEST and one == one.casefold() for one in COMMON)

    def test_a_made_one_passes_and_is_never_the_same(self) -> None:
        made = {passwords.first_password() for _ in range(50)}
        assert len(made) == 50 and not any(weakness(one, "zhang.san") for one in made)

    def test_it_is_kept_as_its_argon2_digest(self, officer: Login) -> None:
        kept = of(officer).password
        assert kept and kept.startswith("$argon2id$") and PASSWORD not in str(vars(of(officer)))
        assert passwords.matches(kept, PASSWORD) and not passwords.matches(kept, PASSWORD + " ")
        assert not passwords.matches("no digest", PASSWORD)

    def test_it_is_the_same_however_the_keyboard_composes_it(self, app: Flask) -> None:
        kept = passwords.digest_of("Ångström-ﬁeld-１２", "zhang.san")
        assert passwords.matches(kept, "Ångström-field-12")

    def test_in_production_a_guess_costs_nineteen_mebibytes(self, app: Flask) -> None:
        app.config["CREDIT_ENV"] = "production"
        kept = passwords.digest_of(PASSWORD, "zhang.san")
        assert "m=19456,t=2,p=1" in kept and passwords.matches(kept, PASSWORD)

    def test_an_unknown_login_takes_as_long_as_a_wrong_password(self, app: Flask) -> None:
        app.config["CREDIT_ENV"] = "production"
        kept = passwords.digest_of(PASSWORD, "zhang.san")

        def seconds(digest: str | None) -> float:
            begun = time.process_time()
            assert not passwords.matches(digest, "wrong horse battery")
            return time.process_time() - begun

        seconds(None)
        known, unknown = (min(seconds(digest) for _ in range(5)) for digest in (kept, None))
        assert 0.5 < unknown / known < 2


class TestLogins:
    @pytest.mark.parametrize("login", ["", "ab", "a b c", "张三李四", ".abc", "abc-", "a" * 65, "a\x00bc"])
    def test_a_login_is_short_and_plain(self, app: Flask, login: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            officers.credentials(login, PASSWORD)
        assert list(refused.value.extra["errors"]) == ["login"]

    def test_a_login_is_taken_once(self, officer: Login) -> None:
        with pytest.raises(InvalidInput), transaction("test"):
            officers.add(departments.add("甲局"), "乙", OfficerRole.AUDITOR, officers.credentials(officer.login, NEW))
        assert officers.find(officer.login.upper()) == officers.find(str(officer.id)) == officer.id
        for wrong in ("nobody", "999999", "9" * 30, ""):
            with pytest.raises(UnknownOfficer):
                officers.find(wrong)

    def test_an_officer_without_login_cant_sign_in_until_one_is_opened(self, client: FlaskClient) -> None:
        with transaction("test"):
            number = officers.add(departments.add("甲局"), "乙", OfficerRole.AUDITOR)
        assert officers.every(door.now())[-1]["state"] == "no-login"
        with transaction("test") as change:
            officers.set_password(change, number, officers.credentials("li.si", NEW), must_change=False)
        assert claim(client, "li.si", NEW).status_code == 303
        with pytest.raises(WrongState), transaction("test") as change:
            officers.set_password(change, number, officers.credentials("other", NEW), must_change=False)

    @pytest.mark.parametrize("values", [{"role": "king"}, {"login": "half"}])
    def test_the_database_takes_no_other_role_and_no_half_of_a_login(self, app: Flask, values: dict[str, str]) -> None:
        with transaction("test"):
            number = officers.add(departments.add("甲局"), "乙", OfficerRole.AUDITOR)
        with pytest.raises(IntegrityError), transaction("test"):
            db.session.execute(db.update(Officer).where(Officer.id == number).values(**values))


class TestLock:
    def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(
        self, client: FlaskClient, officer: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong = [claim(client, officer.login, "wrong").text for _ in range(5)]
        locked = claim(client, officer.login)
        assert locked.status_code == 422
        untouched = [re_token(text) for text in (*wrong, locked.text)]
        assert len(set(untouched)) == 1, "the answer betrays the lock"
        told = audit.entries(limit=2, actor=f"officer:{officer.id}").items
        assert [row["about"]["reason"] for row in told] == ["locked", "password"] and told[1]["about"]["locked"]
        assert officers.every(door.now())[-1]["state"] == "locked"
        start = door.now()
        monkeypatch.setattr(door, "now", lambda: start + timedelta(minutes=14))
        assert claim(client, officer.login).status_code == 422
        monkeypatch.undo()
        with transaction("test") as change:
            of(officer).locked_until = change.recorded_at - timedelta(minutes=1)
        assert claim(client, officer.login).status_code == 303

    def test_tries_while_locked_dont_lock_longer(self, client: FlaskClient, officer: Login) -> None:
        for _ in range(5):
            claim(client, officer.login, "wrong")
        until = of(officer).locked_until
        for _ in range(4):
            claim(client, officer.login, "wrong")
        assert of(officer).locked_until == until and of(officer).failures == 0

    def test_a_right_password_begins_the_count_anew(self, client: FlaskClient, officer: Login) -> None:
        for _ in range(4):
            claim(client, officer.login, "wrong")
        assert of(officer).failures == 4
        sign_in(client, officer)
        assert of(officer).failures == 0

    def test_a_new_first_password_unlocks(self, client: FlaskClient, officer: Login) -> None:
        for _ in range(5):
            claim(client, officer.login, "wrong")
        with transaction("test") as change:
            officers.set_password(change, officer.id, officers.credentials(officer.login, NEW), must_change=True)
        assert claim(client, officer.login, NEW).location == "/desk/password"

    def test_a_disabled_officer_gets_the_same_answer(self, client: FlaskClient, officer: Login) -> None:
        wrong = claim(client, officer.login, "wrong").text
        with transaction("test") as change:
            officers.disable(change, officer.id)
        refused = claim(client, officer.login)
        assert refused.status_code == 422 and re_token(refused.text) == re_token(wrong)
        with transaction("test") as change:
            officers.enable(change, officer.id)
        assert claim(client, officer.login).status_code == 303


def re_token(text: str) -> str:
    """A page without what differs in every answer."""
    found = text.partition('name="token" value="')
    return found[0] + found[2].partition('"')[2]


class TestOwnPassword:
    def test_the_first_password_is_changed_before_anything_else(self, client: FlaskClient) -> None:
        first = make_login(first=True)
        assert claim(client, first.login).location == "/desk/password"
        for path in ("/desk", "/desk/what-if"):
            assert client.get(path).location == "/desk/password"
        page = client.get("/desk/password")
        assert 'name="current"' not in page.text
        changed = client.post("/desk/password", data={"token": token(page), "password": NEW, "again": NEW})
        assert (changed.status_code, changed.location) == (303, "/desk")
        assert client.get("/desk/what-if").status_code == 200
        assert not of(first).must_change

    def test_one_that_is_weak_the_same_or_typed_otherwise_is_said_at_its_field(
        self, client: FlaskClient, officer: Login
    ) -> None:
        sign_in(client, officer)
        for field, sent in {
            "current": {"current": "wrong", "password": NEW, "again": NEW},
            "again": {"current": PASSWORD, "password": NEW, "again": f"{NEW}x"},
            "password": {"current": PASSWORD, "password": "short", "again": "short"},
        }.items():
            refused = send(client, "/desk/password", **sent)
            assert refused.status_code == 422 and f'href="#{field}"' in refused.text, field
        same = send(client, "/desk/password", current=PASSWORD, password=PASSWORD, again=PASSWORD)
        assert same.status_code == 422 and "与现在的相同" in same.text
        assert "wrong horse" not in same.text and PASSWORD not in same.text

    def test_a_new_one_ends_the_other_sessions_and_keeps_this_one(
        self, app: Flask, client: FlaskClient, officer: Login
    ) -> None:
        other = app.test_client()
        sign_in(client, officer)
        sign_in(other, officer)
        assert send(client, "/desk/password", current=PASSWORD, password=NEW, again=NEW).status_code == 303
        assert client.get("/desk/what-if").status_code == 200
        assert other.get("/desk/what-if").status_code == 303
        assert claim(other, officer.login).status_code == 422
        assert claim(other, officer.login, NEW).status_code == 303

    def test_a_wrong_current_password_counts_as_a_wrong_try(self, client: FlaskClient, officer: Login) -> None:
        sign_in(client, officer)
        for _ in range(5):
            send(client, "/desk/password", current="wrong", password=NEW, again=NEW)
        assert of(officer).locked_until is not None
        assert send(client, "/desk/password", current=PASSWORD, password=NEW, again=NEW).status_code == 422


class TestCommands:
    def run(self, runner: FlaskCliRunner, *args: str, typed: str | None = None) -> str:
        done = runner.invoke(args=["credit", "officer", *args], input=typed)
        assert done.exit_code == 0, done.output
        return done.output

    def test_the_first_administrator_is_added_signs_in_and_administers(
        self, runner: FlaskCliRunner, client: FlaskClient
    ) -> None:
        with transaction("test"):
            departments.add("甲局")
        told = self.run(runner, "add", "管理员", "--department", "甲局", "--role", "administrator", "--login", "admin")
        password = told.split("told this once: ")[1].splitlines()[0]
        assert claim(client, "admin", password).location == "/desk/code?next=/desk"

    def test_a_password_comes_from_standard_input_and_never_from_the_command_line(
        self, runner: FlaskCliRunner, client: FlaskClient
    ) -> None:
        with transaction("test"):
            departments.add("甲局")
        add = ("add", "王五", "--department", "甲局", "--role", "auditor", "--login", "wang.wu", "--password-stdin")
        told = self.run(runner, *add, typed=f"{NEW}\n")
        assert NEW not in told and claim(client, "wang.wu", NEW).status_code == 303
        for weak in ("short\n", "", "wang.wu is me\n"):
            refused = runner.invoke(args=["credit", "officer", "password", "wang.wu", "--password-stdin"], input=weak)
            assert refused.exit_code == 2 and "invalid-input" in refused.output
        self.run(runner, "password", "wang.wu", "--password-stdin", typed=f"{PASSWORD}\n")
        assert claim(client, "wang.wu", PASSWORD).location == "/desk/password"
        assert runner.invoke(args=["credit", "officer", "add", "x", "--password", "y"]).exit_code == 2

    def test_an_officer_is_listed_changed_disabled_and_let_in_again(self, runner: FlaskCliRunner, officer: Login) -> None:
        def listed() -> str:
            return next(line for line in self.run(runner, "list").splitlines() if officer.login in line)

        assert "supervisor" in listed() and listed().endswith("ready")
        self.run(runner, "role", officer.login, "auditor")
        assert "auditor" in listed()
        self.run(runner, "disable", officer.login)
        assert listed().endswith("disabled")
        self.run(runner, "enable", str(officer.id))
        self.run(runner, "reset-totp", officer.login)
        assert listed().endswith("ready")
        acts = [row["act"] for row in audit.entries(limit=4, actor="command").items]
        assert acts == ["second-factor-reset", "officer-enable", "officer-disable", "officer-role"]
        assert db.session.scalar(select(Officer.epoch).where(Officer.id == officer.id)) == 4
        wrong = runner.invoke(args=["credit", "officer", "disable", "nobody"])
        assert wrong.exit_code == 2 and "unknown-officer" in wrong.output
