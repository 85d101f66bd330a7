"""Departments and their keys: found by name or number, a key told once, for some scopes and some time."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select, update

from credit.clock import now
from credit.db import db, instant, transaction
from credit.errors import (
    ExpiredKey,
    InvalidInput,
    NoKey,
    NotAllowed,
    UnknownDepartment,
    UnknownKey,
    WrongState,
)
from credit.models import ApiKey, Department
from credit.rules.permissions import OF_DEPARTMENTS
from credit.services import access, audit, departments, keys
from credit.services.departments import Bearer
from credit.services.keys import MadeKey
from tests.conftest import TODAY, Clock
from tests.makers import make_enterprise, violation
from tests.variants import Make, bearer, make

__all__ = ["make"]
URL = "/api/v1/events"


def new_key(*scopes: str, days: int | None = None) -> MadeKey:
    with transaction("test") as change:
        return keys.new(change, departments.add("甲局"), "接口", list(scopes or OF_DEPARTMENTS), days)


def holds(key: str) -> bool:
    try:
        found = keys.bearer_of(key)
        keys.refuse_ended(found, now())
        return found is not None
    except ExpiredKey:
        return False


def test_departments_are_found_by_name_before_number_and_named_readably(app: Flask) -> None:
    with transaction("test"):
        first, second = departments.add("甲局"), departments.add("1", "340799")
    assert (departments.find("甲局"), departments.find("1"), departments.find(str(second))) == (first, second, second)
    for name, region in (
        ("", None), (" ", None), ("局" * 257, None), ("局\x00", None), ("乙局", "34"), ("乙局", "34079x"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput), transaction("test"):
            departments.add(name, region)
    for wrong in ("9" * 30, "999", "无此局"):
        with pytest.raises(UnknownDepartment):
            departments.find(wrong)
    assert db.session.scalars(select(Department.name).order_by(Department.id)).all() == ["甲局", "1"]


class TestKeys:
    def test_a_key_speaks_for_its_department_within_its_scopes_until_it_is_revoked(self, app: Flask) -> None:
        made = new_key("events:write")
        found = keys.bearer_of(made.key)
        assert found is not None and found.department == "甲局" and found.actor == f"key:{made.id}"
        assert access.allowed(found, "events:write") == found
        stored = db.session.scalars(select(ApiKey)).one()
        assert made.key not in str(vars(stored)) and stored.digest == keys.digest(made.key)
        for wrong in ("", made.key[:-1], made.key + "x", made.key.lower(), "\x00", "铜"):
            assert keys.bearer_of(wrong) is None
        with pytest.raises(NoKey):
            access.allowed(None, "events:write")
        with pytest.raises(NotAllowed):
            access.allowed(found, "enterprises:write")
        with transaction("test") as change:
            keys.revoke(change, made.id)
        assert keys.bearer_of(made.key) is None

    @pytest.mark.parametrize(
        ("scopes", "days", "error"),
        [(["everything"], None, NotAllowed), ([], None, InvalidInput), (["audit"], 0, InvalidInput),
         (["audit"], 3651, InvalidInput)],
    )  # fmt: skip
    def test_no_key_has_an_unknown_scope_or_no_end(
        self, app: Flask, scopes: list[str], days: int | None, error: type[Exception]
    ) -> None:
        with pytest.raises(error), transaction("test") as change:
            keys.new(change, departments.add("甲局"), "", scopes, days)

    def test_a_key_lasts_as_long_as_it_is_told_or_as_the_setting_says(self, app: Flask) -> None:
        for days, lasting in ((None, 365), (1, 1), (3650, 3650)):
            made = new_key(days=days)
            kept = db.session.get_one(ApiKey, made.id)
            assert kept.expires_at is not None
            assert instant(kept.expires_at) - instant(kept.created_at) == timedelta(days=lasting)
            assert instant(kept.expires_at) == made.expires_at

    def test_an_ended_key_is_refused_by_its_own_code_and_told_with_its_number(
        self, client: FlaskClient, clock: Clock
    ) -> None:
        code, made = make_enterprise(), new_key(days=10)
        clock.day = TODAY + timedelta(days=9)
        assert client.post(URL, json=violation(code), headers=bearer(made.key)).status_code == 201
        clock.day = TODAY + timedelta(days=11)
        refused = client.post(URL, json=violation(code), headers=bearer(made.key))
        assert (refused.status_code, refused.json["code"]) == (401, "expired-key")
        assert "credit key new" in refused.json["detail"] and refused.headers["WWW-Authenticate"] == "Bearer"
        told = audit.entries(limit=1).items[0]
        assert (told["actor"], told["outcome"], told["about"]["code"]) == (f"key:{made.id}", "refused", "expired-key")
        past = f"/api/v1/enterprises/{code}?known_at=2026-11-22T00:00:00Z"
        assert client.get(past, headers=bearer(made.key)).json["code"] == "expired-key"

    def test_an_ended_key_has_no_quota_of_its_own(self, make: Make, clock: Clock) -> None:
        app = make(CREDIT_LIMIT_ADDRESS="1 per day", CREDIT_LIMIT_KEY="3 per day")
        app.config["CLOCK"] = lambda: clock.day
        with app.app_context():
            made = new_key(days=10)
        client = app.test_client()

        def limit() -> str:
            return client.get("/api/v1/policy", headers=bearer(made.key)).headers["RateLimit-Limit"]

        assert limit() == "3"
        clock.day = TODAY + timedelta(days=11)
        assert limit() == "1"

    def test_a_key_of_before_keys_had_an_end_still_holds(self, app: Flask) -> None:
        made = new_key()
        with transaction("test"):
            db.session.execute(update(ApiKey).values(expires_at=None))
        assert holds(made.key) and keys.every(now())[0]["expires_at"] is None
        with transaction("test") as change:
            renewed = keys.rotate(change, made.id, timedelta(hours=24))
        assert renewed.expires_at > now() + timedelta(days=364)
        assert db.session.get_one(ApiKey, made.id).expires_at is not None


class TestRotation:
    def test_the_new_key_holds_at_once_and_the_old_one_for_a_grace(self, app: Flask, clock: Clock) -> None:
        old = new_key("events:write", "supervise", days=100)
        with transaction("test") as change:
            new = keys.rotate(change, old.id, timedelta(hours=24))
        assert holds(old.key) and holds(new.key)
        found = keys.bearer_of(new.key)
        assert found is not None and (found.department, found.label) == ("甲局", "接口")
        assert found.scopes == ("events:write", "supervise")
        assert new.expires_at - old.expires_at < timedelta(minutes=1)
        clock.day = TODAY + timedelta(days=2)
        assert holds(new.key) and not holds(old.key)

    def test_without_grace_the_old_key_ends_at_once(self, app: Flask) -> None:
        old = new_key()
        with transaction("test") as change:
            keys.rotate(change, old.id, timedelta())
        assert not holds(old.key)

    def test_a_grace_never_makes_a_key_last_longer(self, app: Flask) -> None:
        old = new_key(days=1)
        with transaction("test") as change:
            keys.rotate(change, old.id, timedelta(days=30))
        kept = db.session.get_one(ApiKey, old.id).expires_at
        assert kept is not None and instant(kept) == old.expires_at

    def test_a_key_that_is_over_is_not_rotated(self, app: Flask, clock: Clock) -> None:
        revoked, ended = new_key(), new_key(days=1)
        with transaction("test") as change:
            keys.revoke(change, revoked.id)
        clock.day = TODAY + timedelta(days=3)
        for number in (revoked.id, ended.id):
            with pytest.raises(WrongState), transaction("test") as change:
                keys.rotate(change, number, timedelta())
        with pytest.raises(UnknownKey), transaction("test") as change:
            keys.revoke(change, 999)


class TestLastUse:
    def used(self) -> date | None:
        db.session.rollback()
        found: date | None = keys.every(now())[0]["last_used_on"]
        return found

    def test_the_day_on_which_a_key_wrote_last_is_noted_once_a_day(self, client: FlaskClient, clock: Clock) -> None:
        code, made = make_enterprise(), new_key()
        assert self.used() is None
        for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
            clock.day = day
            client.post(URL, json=violation(code), headers=bearer(made.key))
            assert self.used() == day
        assert len(audit.entries(act="key-used").items) == 2

    def test_reading_leaves_no_trace_and_takes_no_lock(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code, made = make_enterprise(), new_key("supervise", "audit")
        monkeypatch.setattr("credit.db._locked_register", lambda: pytest.fail("the register row was locked"))
        for path in (f"enterprises/{code}?as_of=2026-11-01", "audit"):
            assert client.get(f"/api/v1/{path}", headers=bearer(made.key)).status_code == 200
        assert self.used() is None

    def test_a_key_that_lacks_the_scope_has_done_nothing(self, client: FlaskClient) -> None:
        made = new_key("supervise")
        assert client.post(URL, json={}, headers=bearer(made.key)).status_code == 403
        assert self.used() is None


class TestOwnReports:
    def of(self, department: int, *scopes: str) -> Bearer:
        return Bearer(1, department, "甲局", "", scopes)

    def test_only_the_department_that_reported_changes_its_reports(self) -> None:
        access.own_or_refuse(self.of(1), 1)
        with pytest.raises(NotAllowed):
            access.own_or_refuse(self.of(1, *OF_DEPARTMENTS, "decide", "administer"), 2)

    @pytest.mark.parametrize(
        ("scopes", "others"),
        [((), False), (("events:write",), False), (("administer",), False), (("supervise",), True),
         (("decide",), True), (("audit",), True)],
    )  # fmt: skip
    def test_others_are_read_by_those_who_supervise_decide_or_audit(self, scopes: tuple[str, ...], others: bool) -> None:
        assert access.may_read(self.of(1, *scopes), 1)
        assert access.may_read(self.of(1, *scopes), 2) is others


def test_commands_make_list_rotate_and_revoke(runner: FlaskCliRunner) -> None:
    def run(*args: str) -> Any:
        done = runner.invoke(args=["credit", *args])
        assert done.exit_code == 0, done.output
        return done

    run("department", "add", "甲局")
    made = run("key", "new", "甲局", "--label", "接口", "--days", "30")
    key = made.stdout.strip()
    last = f"{now().astimezone(UTC) + timedelta(days=30):%Y-%m-%d}"
    assert holds(key) and f"holds until {last}" in made.stderr
    line = run("key", "list").stdout.strip()
    assert line == f"1  甲局  接口  events:write,enterprises:write,supervise  holds  until {last}  used never"
    assert key not in line
    renewed = run("key", "rotate", "1", "--grace", "0").stdout.strip()
    assert holds(renewed) and not holds(key)
    assert run("key", "revoke", "2").stdout == "key 2 is revoked\n" and not holds(renewed)
    assert [line.split()[4] for line in run("key", "list", "--department", "甲局").stdout.splitlines()] == [
        "revoked", "ended",
    ]  # fmt: skip
    for wrong in (("rotate", "9"), ("revoke", "9"), ("revoke", "x"), ("new", "甲局", "--days", "0")):
        assert runner.invoke(args=["credit", "key", *wrong]).exit_code == 2
