"""Whose fact it is: a code given out again, a branch that moved, and numbers that tell of nothing hidden."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.testing import FlaskClient

from credit.db import transaction
from credit.services import enterprises, statistics, way
from schemas.enterprise import EnterpriseIn
from tests.conftest import TODAY
from tests.makers import ago, code_of, make_enterprise, make_event, violation

SERIOUS: dict[str, Any] = {"fine": "3000000.00"}


def put(code: str, **known: Any) -> int:
    with transaction("test") as change:
        given = EnterpriseIn(day=TODAY).load({"code": code} | known)
        enterprise_id, _ = enterprises.put(change, given, TODAY)
        way.advance(change, [enterprise_id], TODAY)
    return enterprise_id


def record(client: FlaskClient, code: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/enterprises/{code}").get_json()
    return found


def test_an_offence_of_before_a_code_was_given_out_again_is_the_old_firms(client: FlaskClient) -> None:
    code = code_of(1)
    put(code, name="铜都旧示例有限公司", registered_on="2010-05-01")
    put(code, name="铜都旧示例有限公司", status="deregistered", valid_from=ago(100))
    put(code, name="铜都新示例有限公司", status="living", registered_on=ago(5))
    make_event(violation(code, occurred_on=ago(320), decided_on=ago(300), **SERIOUS))
    found = record(client, code)
    assert found["name"] == "铜都新示例有限公司"
    assert found["violations"] == []
    assert found["grade"] == "N"


def test_a_branchs_offence_is_told_with_its_parent_of_today_only(client: FlaskClient) -> None:
    first, second, branch = make_enterprise(1), make_enterprise(2), code_of(3)
    name = "铜都示例分公司"
    put(branch, name=name, kind="branch", parent_code=first, registered_on="2018-01-01")
    make_event(violation(branch, **SERIOUS))
    told = [notice["zh"] for notice in record(client, first)["notices"]]
    assert any(branch in sentence for sentence in told)
    put(branch, name=name, parent_code=second)
    for alone in (first, second):
        with transaction("test") as change:
            way.advance(change, [enterprises.find(alone)], TODAY)
    assert not any(branch in notice["zh"] for notice in record(client, first)["notices"])
    assert any(branch in notice["zh"] for notice in record(client, second)["notices"])


def test_the_number_of_events_moves_by_public_ones_only(client: FlaskClient) -> None:
    code = make_enterprise(1)
    make_event(violation(code, penalties=["warning"], fine=None))
    assert statistics.numbers(TODAY)["events"] == 0
    make_event(violation(code, document_no="示例罚〔2026〕2号"))
    assert statistics.numbers(TODAY)["events"] == 1
    assert statistics.numbers(date(2030, 1, 1))["events"] == 0
