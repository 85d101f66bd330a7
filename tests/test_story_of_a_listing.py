"""One firm's story through HTTP alone: penalty, listing, objection, early removal, a second case, restoration."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import TODAY, Clock
from tests.makers import DECISION, WORKSHEET, make_enterprise, make_key, notice, violation
from tests.objections.filings import objection
from tests.test_listings_api import CASE, Office
from tests.test_repairs import application

NUMBER = "示例列〔2026〕1号"


def led(office: Office, listing: int, day: date, **decision: Any) -> None:
    """A case from the worksheet to its publication, each act by the right person."""
    for name, who, document in (
        ("assess", "handler", WORKSHEET), ("notify", "handler", notice(day)), ("waive", "handler", {"document_no": "弃1"}),
        ("decide", "decider", DECISION | decision), ("confirm", "second", {}), ("publish", "handler", {}),
    ):  # fmt: skip
        answer = office.act(listing, name, who, **document)
        assert answer.status_code == 200, (name, answer.text)


def test_a_firm_is_listed_objects_comes_off_is_listed_again_and_the_false_removal_is_undone(
    app: Flask, client: FlaskClient, clock: Clock, tmp_path: Path
) -> None:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    office, code, key = Office(client), make_enterprise(1), make_key()

    def record() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/v1/enterprises/{code}").get_json()
        return found

    def listed() -> list[str]:
        return [one["document_no"] for one in client.get("/api/v1/blacklist").get_json()["items"]]

    # The penalty is being decided: the rule proposes, persons decide; the penalty is reported the same day.
    opened = client.post("/api/v1/listings/cases", json=CASE | {"code": code}, headers=office.keys["handler"])
    first = opened.get_json()["listing"]
    led(office, first, TODAY)
    day = TODAY.isoformat()
    fined = violation(code, document_no="示例罚〔2026〕9号", occurred_on=day, decided_on=day, category="counterfeit")
    assert client.post("/api/v1/events", json=fined, headers=key).status_code == 201
    assert (record()["grade"], record()["grade_pending"], listed()) == ("D", None, [NUMBER])

    # The firm objects: marked at once, decided in time, the mark goes.
    filed = client.post("/api/v1/objections", json=objection(code, None, document_no=NUMBER)).get_json()
    assert record()["listings"][0]["objection"] == {"since": day}
    rejected = {"outcome": "rejected", "reason": "事实清楚"}
    assert client.post(f"/api/v1/objections/{filed['number']}/decide", json=rejected, headers=key).status_code == 200
    assert record()["listings"][0]["objection"] is None

    # A year on it applies for early removal with proof and pledge; the public sees nothing of it afterwards.
    early = application(code, None, document_no=NUMBER, performed_on=day)
    assert client.post("/api/v1/repairs", json=early).status_code == 409
    clock.day = date(TODAY.year + 1, 12, 1)
    case = client.post("/api/v1/repairs", json=early).get_json()["number"]
    accept, grant = {"document_no": "受理1"}, {"outcome": "granted", "document_no": "移出1", "reason": "满一年，已履行"}
    for act, given, who in (("accept", accept, "handler"), ("decide", grant, "decider")):
        answer = client.post(f"/api/v1/repairs/{case}/{act}", json=given, headers=office.keys[who])
        assert answer.status_code == 200, answer.text
    assert listed() == [] and record()["listings"] == [] and record()["grade"] != "D"
    assert client.get("/api/v1/blacklist?as_of=2027-01-15").get_json()["items"] == []

    # A second case runs its own way beside.
    clock.day += timedelta(days=30)
    second = office.proposed(code)
    led(office, second, clock.day, document_no="示例列〔2027〕8号", penalty_document_no="示例罚〔2027〕3号")
    assert listed() == ["示例列〔2027〕8号"] and record()["grade"] == "D"

    # The proof of performance was false: the first listing is restored, and its term starts anew.
    clock.day += timedelta(days=30)
    again = DECISION | {"document_no": "示例列〔2028〕2号", "reason": "履行证明系伪造"}
    for act, who, document in (("restore", "decider", again), ("confirm", "second", {}), ("publish", "handler", {})):
        answer = office.act(first, act, who, **document)
        assert answer.status_code == 200, (act, answer.text)
    assert sorted(listed()) == ["示例列〔2027〕8号", "示例列〔2028〕2号"]
    restored = next(one for one in record()["listings"] if one["document_no"] == "示例列〔2028〕2号")
    assert (restored["listed_on"], restored["ends_on"][:4]) == (str(clock.day), str(clock.day.year + 3))
    story = client.get(f"/api/v1/listings/{first}", headers=office.keys["handler"]).get_json()
    assert [one["act"] for one in story["acts"]][-4:] == ["grant_removal", "restore", "confirm", "publish"]
    assert app.test_cli_runner().invoke(args=["credit", "audit", "verify"]).exit_code == 0
