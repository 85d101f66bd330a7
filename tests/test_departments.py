"""Departments and their keys: found by name or number, named readably, a key told once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from credit.db import db, transaction
from credit.errors import InvalidInput, NoKey, NotAllowed, UnknownDepartment
from credit.models import ApiKey, Department
from credit.services import departments


def test_departments_are_found_by_name_before_number_and_named_readably(app: Flask) -> None:
    with transaction("test"):
        first, second = departments.add("甲局"), departments.add("1", "340799")
    assert (departments.find("甲局"), departments.find("1"), departments.find(str(second))) == (first, second, second)
    for name, region in (
        ("", None),
        (" ", None),
        ("局" * 257, None),
        ("局\x00", None),
        ("乙局", "34"),
        ("乙局", "34079x"),
    ):
        with pytest.raises(InvalidInput), transaction("test"):
            departments.add(name, region)
    for wrong in ("9" * 30, "999", "无此局"):
        with pytest.raises(UnknownDepartment):
            departments.find(wrong)
    assert db.session.scalars(select(Department.name).order_by(Department.id)).all() == ["甲局", "1"]


def test_a_key_speaks_for_its_department_within_its_scopes_until_it_is_revoked(app: Flask) -> None:
    with transaction("test") as change:
        home = departments.add("甲局")
        key = departments.new_key(home, "接口", ["events:write"], change.recorded_at)
    assert departments.department_of(key, "events:write") == home
    stored = db.session.scalars(select(ApiKey)).one()
    assert key not in str(vars(stored)) and stored.digest == departments.digest(key)
    for wrong in ("", key[:-1], key + "x", key.lower(), "\x00", "铜"):
        with pytest.raises(NoKey):
            departments.department_of(wrong, "events:write")
    with pytest.raises(NotAllowed):
        departments.department_of(key, "enterprises:write")
    with transaction("test"):
        db.session.execute(db.update(ApiKey).values(revoked_at=datetime.now(UTC)))
    with pytest.raises(NoKey):
        departments.department_of(key, "events:write")


def test_no_key_has_an_unknown_scope(app: Flask) -> None:
    with pytest.raises(NotAllowed), transaction("test") as change:
        departments.new_key(departments.add("甲局"), "", ["everything"], change.recorded_at)
