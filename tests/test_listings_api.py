"""Listings over HTTP: persons act with their own keys, a rule proposes, the story tells what may follow, clocks run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from credit.rules.working_days import add_working_days
from credit.services.duties.desk import duties
from credit.terms import OfficerRole
from tests.conftest import TODAY, Clock
from tests.makers import DECISION, WORKSHEET, make_enterprise, make_key, make_person, notice
from tests.test_listing_acts import PAPER

URL = "/api/v1/listings"
DECIDER = OfficerRole.DECIDER
CASE = {
    "case_no": "示例立〔2026〕1号", "category": "counterfeit", "penalties": ["fine"], "heavier": True, "facts": "以次充好。",
}  # fmt: skip


class Office:
    """A department's handler and two deciders, each with a key of their own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.keys = {"handler": make_person(), "decider": make_person(DECIDER), "second": make_person(DECIDER)}

    def proposed(self, code: str) -> int:
        sent = {"code": code, "list": "samr-44", "ground": "art-7", "facts": "以次充好。"}
        answer = self.client.post(URL, json=sent, headers=self.keys["handler"])
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def act(self, listing: int, name: str, who: str = "handler", **document: Any) -> Any:
        sent = {"act": name, "document": document}
        return self.client.post(f"{URL}/{listing}/acts", json=sent, headers=self.keys[who])

    def published(self, code: str, day: date = TODAY) -> int:
        listing = self.proposed(code)
        for name, who, document in (
            ("assess", "handler", WORKSHEET), ("notify", "handler", notice(day)),
            ("waive", "handler", {"document_no": "弃1"}), ("decide", "decider", DECISION), ("confirm", "second", {}),
            ("publish", "handler", {}),
        ):  # fmt: skip
            answer = self.act(listing, name, who, **document)
            assert answer.status_code == 200, answer.text
        return listing


def owed(kind: str, day: date = TODAY) -> dict[str, Any]:
    (found,) = [row for row in duties(day).to_dicts() if row["kind"] == kind]
    return found


def test_from_a_proposal_to_the_public_list_each_by_the_right_person(client: FlaskClient) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.published(code)
    assert [item["code"] for item in client.get("/api/v1/blacklist").json["items"]] == [code]
    told = client.get(f"{URL}/{listing}", headers=office.keys["decider"]).json
    assert [act["act"] for act in told["acts"]] == ["propose", "assess", "notify", "waive", "decide", "confirm", "publish"]
    assert told["acts"][2]["document"]["answer_by"] == str(add_working_days(TODAY, 5)[0])
    assert {act["act"] for act in told["next"]} == {"apply_removal", "expire", "revoke"}
    (item,) = client.get(f"{URL}?state=published", headers=make_key()).json["items"]
    assert (item["id"], item["state_name"]["zh"]) == (listing, "公示中")
    assert client.get(f"{URL}?state=decided", headers=make_key()).json["items"] == []


def test_a_department_s_key_is_nobody_s_signature(client: FlaskClient) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    key = make_key(scopes=("supervise", "decide"))
    refused = client.post(f"{URL}/{listing}/acts", json={"act": "assess", "document": WORKSHEET}, headers=key)
    assert (refused.status_code, refused.json["code"]) == (403, "not-allowed") and "--officer" in refused.json["detail"]


def test_a_proposal_sent_twice_opens_one_case(client: FlaskClient) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    sent = {"code": code, "list": "samr-44", "ground": "art-7", "facts": "以次充好。"}
    again = client.post(URL, json=sent, headers=office.keys["handler"])
    assert (again.status_code, again.json["id"]) == (200, listing)
    office.act(listing, "assess", **WORKSHEET)
    assert client.post(URL, json=sent, headers=office.keys["handler"]).status_code == 201


def test_the_same_person_does_not_confirm_and_a_double_click_does_it_once(client: FlaskClient) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    for name, document in (("assess", WORKSHEET), ("notify", notice(TODAY)), ("waive", {"document_no": "弃1"})):
        assert office.act(listing, name, **document).status_code == 200
    assert office.act(listing, "decide", "decider", **DECISION).status_code == 200
    again = office.act(listing, "decide", "decider", **DECISION)
    assert (again.status_code, again.json["code"]) == (409, "wrong-state")
    assert office.act(listing, "confirm", "decider").status_code == 403
    assert office.act(listing, "confirm", "second").status_code == 200


@pytest.mark.parametrize(
    ("name", "document", "status"),
    [
        ("publish", {}, 409), ("assess", {"intent": "明知"}, 422), ("assess", WORKSHEET | {"secret": "x"}, 422),
        ("assess", WORKSHEET | {"harm": 3}, 422), ("assess", WORKSHEET | {"harm": "a\x07"}, 422),
        ("assess", WORKSHEET | {"harm": "\ud800"}, 400), ("assess", WORKSHEET | {"event_id": "5"}, 422), ("delist", {}, 422), ("assess", WORKSHEET | {"harm": "甲" * 20_001}, 422),
    ],
)  # fmt: skip
def test_a_skipped_state_and_a_bad_document_change_nothing(
    client: FlaskClient, name: str, document: dict[str, Any], status: int
) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    assert office.act(listing, name, **document).status_code == status
    assert client.get(f"{URL}/{listing}", headers=office.keys["handler"]).json["state"] == "proposed"


def test_a_back_dated_notice_is_refused_and_a_decision_waits_for_its_days(client: FlaskClient, clock: Clock) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    office.act(listing, "assess", **WORKSHEET)
    back = office.act(listing, "notify", **notice(TODAY - timedelta(days=1)))
    assert back.status_code == 422 and "served_on" in back.json["errors"]
    assert office.act(listing, "notify", **notice(TODAY)).status_code == 200
    assert office.act(listing, "decide", "decider", **DECISION).status_code == 409
    assert office.act(listing, "lapse").status_code == 409
    clock.day = add_working_days(TODAY, 5)[0]
    assert office.act(listing, "lapse").status_code == 409
    clock.day += timedelta(days=1)
    assert office.act(listing, "lapse").status_code == 200


@pytest.mark.parametrize(
    ("change", "proposes"),
    [({}, True), ({"heavier": False}, False), ({"category": "metrology"}, False), ({"penalties": ["closure"]}, True)],
)
def test_a_rule_proposes_while_the_penalty_is_being_decided(
    client: FlaskClient, change: dict[str, Any], proposes: bool
) -> None:
    office, code = Office(client), make_enterprise(1)
    answer = client.post(f"{URL}/cases", json=CASE | {"code": code} | change, headers=office.keys["handler"])
    assert (answer.status_code, answer.json["proposed"]) == ((201, True) if proposes else (200, False))
    if proposes:
        told = client.get(f"{URL}/{answer.json['listing']}", headers=office.keys["handler"]).json
        assert (told["ground"], told["acts"][0]["document"]["rule"]) == ("art-7", "heavier-penalty")


@pytest.mark.parametrize(("after", "state"), [(20, "open"), (21, "overdue")])
def test_a_decision_is_published_within_twenty_working_days(
    client: FlaskClient, clock: Clock, after: int, state: str
) -> None:
    office, code = Office(client), make_enterprise(1)
    listing = office.proposed(code)
    office.act(listing, "assess", **WORKSHEET)
    office.act(listing, "notify", **notice(TODAY))
    office.act(listing, "waive", document_no="弃1")
    office.act(listing, "decide", "decider", **DECISION)
    day = clock.day = add_working_days(TODAY, after)[0]
    assert (owed("listing-publication", day)["state"], owed("listing-publication", day)["listing"]) == (state, listing)
    office.act(listing, "confirm", "second")
    office.act(listing, "publish")
    assert owed("listing-publication", day)["state"] == ("in_time" if state == "open" else "late")
    items = client.get("/api/v1/alerts?kind=listing-publication", headers=make_key()).json["items"]
    assert [item["listing"] for item in items] == [listing]


@pytest.mark.parametrize(("on", "days"), [(date(2025, 12, 24), 15), (date(2025, 12, 25), 7)])
def test_an_application_is_accepted_in_two_and_decided_in_seven_working_days_fifteen_before_order_107(
    client: FlaskClient, clock: Clock, on: date, days: int
) -> None:
    clock.day = date(2024, 6, 3)
    code = make_enterprise(1, day=clock.day)
    office = Office(client)
    listing = office.published(code, clock.day)
    clock.day = on
    application = {"applied_on": str(on), "performed": "缴款书", "harm_removed": "召回报告", "pledge": "守信承诺书"}
    assert office.act(listing, "apply_removal", **application).status_code == 200
    assert owed("removal-acceptance", on)["due_on"] == add_working_days(on, 2)[0]
    assert office.act(listing, "accept_removal", document_no="受1").status_code == 200
    assert owed("removal-acceptance", on)["state"] == "in_time"
    assert owed("removal-decision", on)["due_on"] == add_working_days(on, days)[0]
    assert office.act(listing, "grant_removal", "decider", **PAPER).status_code == 200
    assert owed("removal-decision", on)["state"] == "in_time"
    assert client.get("/api/v1/blacklist").json["items"] == []
