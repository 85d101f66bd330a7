"""Who is asked about: codes given out again, shared organization codes, filters of the staff's blacklist, caches."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from credit import identifiers
from credit.clock import now
from credit.db import db, transaction
from credit.services import enterprises, way
from credit.web.what_if_form import typed
from schemas.enterprise import EnterpriseIn
from tests.conftest import TODAY, Clock
from tests.makers import (
    ago,
    code_of,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_listing,
    violation,
)
from tests.policy_versions import GENERAL, enacted
from tests.public_answers import API, get

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def put(code: str, name: str, day: date = TODAY, **known: str) -> None:
    with transaction("test") as change:
        given = EnterpriseIn(day=day).load({"code": code, "name": name, "region": "340799"} | known)
        number, _ = enterprises.put(change, given, day)
        way.advance(change, [number], day)


@pytest.fixture
def given_out_again(app: Flask) -> str:
    """A code that one firm bore until its end and another bears now."""
    code = code_of(1)
    put(code, "旧企业有限公司", registered_on="2015-05-05", status="deregistered", valid_from="2015-05-05")
    put(code, "新企业有限公司", registered_on="2026-05-05", status="living")
    return code


def test_a_past_day_is_told_of_the_firm_that_bore_the_code_then(client: FlaskClient, given_out_again: str) -> None:
    for headers in ({}, make_key()):
        for day, name in ((ago(400), "旧企业有限公司"), (ago(100), "新企业有限公司")):
            told = client.get(f"{API}/enterprises/{given_out_again}?as_of={day}", headers=headers)
            assert (told.status_code, told.get_json()["name"]) == (200, name)
            spans = client.get(f"{API}/enterprises/{given_out_again}/grades?as_of={day}", headers=headers)
            assert spans.status_code == 200


def test_grades_of_a_day_before_registration_are_unknown_as_the_record_is(client: FlaskClient) -> None:
    code = make_enterprise(registered_on="2026-01-01")
    for headers in ({}, make_key()):
        for path in ("", "/grades"):
            answer = client.get(f"{API}/enterprises/{code}{path}?as_of=2025-12-31", headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown-enterprise")


def test_an_organization_code_means_the_living_one_to_staff_too(client: FlaskClient, clock: Clock) -> None:
    code, key = make_enterprise(5), make_key()
    other = next(
        start + code[8:17] + last
        for start in ("93340799", "52340799")
        for last in ALPHABET
        if identifiers.check_code(start + code[8:17] + last) is None
    )
    put(other, "铜都旧名有限公司", registered_on="2014-05-05", status="living")
    both = now().isoformat()
    clock.day += timedelta(days=2)
    put(other, "铜都旧名有限公司", clock.day, status="deregistered")
    path = f"{API}/enterprises/{code[8:17]}"
    assert client.get(path).get_json()["code"] == code
    assert client.get(f"{path}?as_of={clock.day}", headers=key).get_json()["code"] == code
    assert client.get(path, query_string={"known_at": both}, headers=key).status_code == 300


@pytest.mark.parametrize("asked", ["region=3407", "region=11", "q=新名字", "q=铜都示例"])
def test_the_staffs_filters_of_the_blacklist_go_by_what_was_known(
    client: FlaskClient, clock: Clock, asked: str
) -> None:
    code, key = make_enterprise(3), make_key()
    make_listing(code, TODAY - timedelta(days=20))
    asked = asked.partition("=")[0] + "=" + quote(asked.partition("=")[2])
    path = f"{API}/blacklist?{asked}&known_at={quote(now().isoformat())}"
    before = client.get(path, headers=key)
    assert len(before.get_json()["items"]) == (asked in ("region=3407", "q=" + quote("铜都示例")))
    put(code, "新名字有限公司", region="110101")
    assert client.get(path, headers=key).data == before.data
    now_told = client.get(f"{API}/blacklist?{asked}&as_of={TODAY}", headers=key).get_json()["items"]
    assert len(now_told) == (asked != "region=3407")


def test_no_cache_may_give_the_public_what_staff_are_told(client: FlaskClient) -> None:
    code = make_enterprise()
    for path in (f"/enterprises/{code}", f"/enterprises/{code}/grades", "/blacklist"):
        for day in ("", f"?as_of={ago(3)}"):
            answer = client.get(API + path + day)
            assert "Authorization" in answer.headers["Vary"], path
            again = client.get(API + path + day, headers={"If-None-Match": answer.headers["ETag"]})
            assert (again.status_code, "Authorization" in again.headers["Vary"]) == (304, True)


def test_how_many_versions_a_policy_had_costs_no_query(client: FlaskClient, clock: Clock) -> None:
    code, key = make_enterprise(), make_key()
    make_events(inspection(code), violation(code))
    make_listing(code, TODAY)
    paths = [f"/enterprises/{code}?as_of={ago(30)}", f"/enterprises/{code}/grades", f"/enterprises/{code}/forecast"]
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def counted() -> list[int]:
        found = []
        for path in paths:
            for headers in ({}, key) if "as_of" in path else ({},):
                client.get(API + path, headers=headers)
                asked.clear()
                assert client.get(API + path, headers=headers).status_code == 200
                found.append(len(asked))
        return found

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        numbers = {1: counted()}
        for version in (2, 3, 4):
            clock.day += timedelta(days=1)
            enacted({"points.yaml": (GENERAL, f"value: -{10 + version}, source: own")}, clock.day, clock.day)
            numbers[version] = counted()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert numbers[2] == numbers[3] == numbers[4]
    assert all(some <= one + 1 for one, some in zip(numbers[1], numbers[4], strict=True))


def test_a_number_of_five_thousand_digits_removes_nothing() -> None:
    assert typed(MultiDict({"remove": "1" * 5000}), TODAY, TODAY).events == []


def test_a_document_number_that_looks_like_a_hole_is_told_as_it_is(client: FlaskClient) -> None:
    code = make_enterprise()
    make_event(violation(code, document_no="罚{points}号{until}"))
    (finding,) = [one for one in get(client, f"/enterprises/{code}")["findings"] if one["rule"] == "violation-general"]
    for words in finding["sentence"].values():
        assert "罚{points}号{until}" in words and "10" in words
