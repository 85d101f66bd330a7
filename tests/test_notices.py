"""Notices gate publication: until all required facts of notice are reported, a violation neither shows nor counts."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.policy import FOLDER, load_policy, policy_texts, read_policy
from credit.services.classification import classified
from tests.makers import ago, inspection, make_enterprise, make_event, make_key, notices, violation

EVENTS = "/api/v1/events"
DAY = ago(60)
WHY = {"reason": "补报告知事实", "document": {"no": "示例更〔2026〕1号", "day": ago(1)}}
NEEDED = ["served_on", "publication_notice_on", "repair_notice_on", "proceedings"]


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


def without(name: str) -> dict[str, Any]:
    """The facts of notice without one of them."""
    if name == "proceedings":
        return {"notices": notices(DAY), "proceedings": None}
    return {"notices": {key: day for key, day in notices(DAY).items() if key != name}}


@pytest.mark.parametrize("name", NEEDED)
def test_the_department_is_told_what_is_missing_and_its_correction_publishes(
    client: FlaskClient, code: str, name: str
) -> None:
    make_event(inspection(code))
    key, record = make_key(), f"/api/v1/enterprises/{code}"
    told = client.post(EVENTS, json=violation(code, **without(name)), headers=key).get_json()
    assert (told["public"], told["grade"]) == (False, "A")
    (reason,) = told["withheld"]
    assert (reason["reason"], reason["field"]) == ("notice-missing", name)
    assert name in reason["en"] and name in reason["zh"]
    assert client.get(record).get_json()["violations"] == []
    mended = client.post(f"{EVENTS}/{told['id']}/corrections", json=violation(code) | WHY, headers=key).get_json()
    assert (mended["public"], mended["withheld"], mended["grade"]) == (True, [], "B")
    assert len(client.get(record).get_json()["violations"]) == 1


def test_without_any_notice_each_of_them_is_named(client: FlaskClient, code: str) -> None:
    sent = violation(code, notices=None, proceedings=None)
    told = client.post(EVENTS, json=sent, headers=make_key()).get_json()
    assert [one["field"] for one in told["withheld"]] == NEEDED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"penalties": ["warning"], "fine": None}, "warning-alone"), ({"procedure": "simple"}, "simple-procedure"),
     ({"fine": "20000.00"}, "minor-without-basis")],
)  # fmt: skip
def test_what_the_law_never_shows_is_told_as_such(
    client: FlaskClient, code: str, fields: dict[str, Any], reason: str
) -> None:
    told = client.post(EVENTS, json=violation(code, **fields), headers=make_key()).get_json()
    assert reason in [one["reason"] for one in told["withheld"]]
    assert not told["public"]


def test_it_is_shown_from_its_last_notice_on(client: FlaskClient, code: str, clock: Any) -> None:
    make_event(violation(code, notices=notices(DAY) | {"publication_notice_on": ago(5)}))
    (shown,) = client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]
    assert shown["decided_on"] == DAY
    before = client.get(f"/api/v1/enterprises/{code}?as_of={ago(6)}").get_json()
    since = client.get(f"/api/v1/enterprises/{code}?as_of={ago(5)}").get_json()
    assert (before["violations"], len(since["violations"])) == ([], 1)
    assert (before["grade"], since["grade"]) == ("N", "B")


def test_pending_proceedings_are_marked_in_public(client: FlaskClient, code: str) -> None:
    make_event(violation(code, proceedings=True))
    (shown,) = client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]
    assert shown["proceedings"] is True
    assert "复议/诉讼中" in client.get(f"/enterprises/{code}").text
    assert "appeal or lawsuit pending" in client.get(f"/enterprises/{code}?lang=en").text


def test_a_supposed_violation_is_supposed_with_its_notices(client: FlaskClient, code: str) -> None:
    sent = violation(code) | {"notices": None, "proceedings": None}
    asked = {"code": code, "events": [sent]}
    told = client.post("/api/v1/policy/what-if", json=asked, headers=make_key()).get_json()
    assert told["after"]["grade"] == "B"


def test_a_policy_of_before_the_gate_stays_readable_and_asks_for_nothing() -> None:
    texts = policy_texts(FOLDER)
    texts["publication.yaml"] = texts["publication.yaml"].partition("# What must be told")[0]
    del texts["demands.yaml"]
    row = {"seq": 1, "enterprise_id": 1, "kind": "violation", "code": "91", "penalties": ["suspended_business"],
           "procedure": "ordinary"}  # fmt: skip
    day = load_policy().first_day.replace(year=2026)
    decided = row | {"decided_on": day, "occurred_on": day}
    made = [classified([decided], law) for law in (read_policy(texts), load_policy())]
    assert [frame["public"].to_list() for frame in made] == [[True], [False]]
