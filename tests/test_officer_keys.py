"""Keys of officers: one person's signature, as long as that person has the role."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from credit.clock import now
from credit.db import db, transaction
from credit.errors import NotAllowed
from credit.models import Officer
from credit.services import departments, keys, officers
from credit.terms import OfficerRole
from tests.makers import DEPARTMENT, make_enterprise, make_key, make_person

URL = "/api/v1/listings"


def asks(client: FlaskClient, headers: dict[str, str]) -> int:
    return client.get(URL, headers=headers).status_code


def only_officer() -> int:
    number = db.session.query(Officer.id).order_by(Officer.id.desc()).limit(1).scalar()
    db.session.rollback()
    assert number is not None
    return int(number)


def test_it_opens_what_the_role_opens_and_no_more_when_the_role_changes(client: FlaskClient) -> None:
    key = make_person(OfficerRole.SUPERVISOR)
    assert asks(client, key) == 200
    assert client.get("/api/v1/audit", headers=key).status_code == 403
    with transaction("test") as change:
        officers.set_role(change, only_officer(), OfficerRole.REPORTER)
    assert asks(client, key) == 403


def test_it_opens_nothing_while_its_officer_is_out(client: FlaskClient) -> None:
    key = make_person()
    with transaction("test") as change:
        officers.disable(change, only_officer())
    assert asks(client, key) == 401
    with transaction("test") as change:
        officers.enable(change, only_officer())
    assert asks(client, key) == 200


def test_it_is_made_for_an_officer_of_the_department_alone(client: FlaskClient) -> None:
    make_person()
    with pytest.raises(NotAllowed), transaction("test") as change:
        keys.new(change, departments.add("示例市农业农村局"), "", ["supervise"], officer_id=only_officer())


def test_a_new_one_in_its_place_is_the_same_officers(client: FlaskClient, runner: FlaskCliRunner) -> None:
    make_person()
    (old,) = keys.every(now())
    made = runner.invoke(args=["credit", "key", "rotate", str(old["id"])])
    key = {"Authorization": f"Bearer {made.stdout.split()[0]}"}
    assert [one["officer"] for one in keys.every(now())] == [old["officer"]] * 2 != [None] * 2
    sent = {"code": make_enterprise(1), "list": "samr-44", "ground": "art-7", "facts": "以次充好。"}
    assert client.post(URL, json=sent, headers=key).status_code == 201


def test_the_command_gives_all_that_the_role_opens(client: FlaskClient, runner: FlaskCliRunner) -> None:
    make_person(OfficerRole.DECIDER)
    made = runner.invoke(args=["credit", "key", "new", DEPARTMENT, "--officer", str(only_officer())])
    assert asks(client, {"Authorization": f"Bearer {made.stdout.split()[0]}"}) == 200
    told = runner.invoke(args=["credit", "key", "list"]).output
    assert "决定人某" in told or OfficerRole.DECIDER.zh in told


def test_a_proposal_on_file_is_told_to_nobody_who_may_not_propose(client: FlaskClient) -> None:
    sent = {"code": make_enterprise(1), "list": "samr-44", "ground": "art-7", "facts": "以次充好。"}
    assert client.post(URL, json=sent, headers=make_person()).status_code == 201
    assert client.post(URL, json=sent, headers=make_key()).status_code == 403
