"""Warnings through the doors: raised once, followed, taken by one officer, closed with an outcome that is counted."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import transaction
from credit.services.risk_warnings import watching
from tests.conftest import TODAY, Once
from tests.desk import make_login, send, sign_in
from tests.makers import ago, inspection, make_enterprise, make_events, make_key, make_person

URL = "/api/v1/warnings"


def _register() -> None:
    for number in range(3):
        code = make_enterprise(number, industry="C2927", region="340705", name=f"铜都塑料{number}有限公司")
        failed = inspection(
            code, document_no=f"抽{number}", result="fail", role="seller", type="supervised_sampling",
            occurred_on=ago(60 + 30 * number), item={"product": "塑料餐盒"},
        )  # fmt: skip
        make_events(failed)
    again = make_enterprise(7, industry="C2451", name="铜都玩具有限公司")
    for number in range(3):
        days = 200 * (number + 1)
        (first,) = make_events(
            inspection(again, document_no=f"险{number}", result="fail", role="seller", occurred_on=ago(days))
        )
        make_events(
            inspection(again, document_no=f"查{number}", stage="recheck", of=first, occurred_on=ago(days - 50))
        )


@pytest.fixture
def register(once: Once) -> None:
    """Three final failures of one industry and region, and a firm with three near misses."""
    once("warnings", _register)


def watch() -> tuple[int, int]:
    """The monitors, once."""
    found = watching.look(TODAY)
    with transaction("test"):
        return watching.keep(found, TODAY)


@pytest.mark.usefixtures("register")
def test_what_is_found_is_raised_once_and_followed(client: FlaskClient, runner: FlaskCliRunner) -> None:
    key = make_key()
    assert runner.invoke(args=["credit", "warn", "--on", str(TODAY)]).output == "2 new warnings, 0 open ones found again\n"
    assert watch() == (0, 2)
    told = client.get(URL, headers=key).json["items"]
    assert {"meeting", "near_miss"} <= {one["kind"] for one in told}
    (meeting,) = client.get(f"{URL}?kind=meeting", headers=key).json["items"]
    assert (meeting["evidence"]["finals"], meeting["evidence"]["enterprises"], meeting["state"]) == (3, 3, "raised")


@pytest.mark.usefixtures("register")
def test_the_daily_run_raises_them_and_a_past_day_takes_nothing_back(client: FlaskClient, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["credit", "warn", "--on", "2030-01-01"]).exit_code == 2, "nobody is warned of a day to come"
    assert runner.invoke(args=["credit", "daily"]).output.startswith("due 0, changed 0")
    raised = client.get(URL, headers=make_key()).json["items"]
    assert len(raised) == 2 and {one["raised_on"] for one in raised} == {str(TODAY)}
    runner.invoke(args=["credit", "warn", "--on", ago(30)])
    assert client.get(URL, headers=make_key()).json["items"] == raised


@pytest.mark.usefixtures("register")
def test_a_warning_goes_its_way_and_its_outcome_is_counted(client: FlaskClient) -> None:
    person, key = make_person(), make_key()
    watch()
    (meeting,) = client.get(f"{URL}?kind=meeting", headers=key).json["items"]
    acts = f"{URL}/{meeting['number']}/acts"
    early = client.post(acts, json={"act": "close", "note": "开过会", "outcome": "true"}, headers=person)
    assert early.status_code == 409 and early.json["allowed"] == ["take", "note"]
    assert client.post(acts, json={"act": "take", "note": "我来"}, headers=key).status_code == 403
    assert client.post(acts, json={"act": "take", "note": "我来"}, headers=person).json["owner"]
    for wrong in ({"act": "close", "note": "x"}, {"act": "note", "note": "x", "outcome": "true"}, {"act": "take"}, {"act": "run"}):
        assert client.post(acts, json=wrong, headers=person).status_code == 422, wrong
    closed = client.post(acts, json={"act": "close", "note": "已开质量分析会", "outcome": "true"}, headers=person)
    assert (closed.json["state"], closed.json["outcome"], closed.json["allowed"]) == ("closed", "true", ["note"])
    (told,) = [one for one in client.get(f"{URL}/record", headers=key).json["items"] if one["kind"] == "meeting"]
    assert (told["open"], told["judged"], told["true"], told["share"]) == (0, 1, 1, 100.0) and told["low"] < 30
    assert watch()[0] == 0, "what was closed isn't raised anew by the same facts"
    code = make_enterprise(4, industry="C2927", region="340705")
    make_events(
        inspection(code, document_no="抽9", result="fail", role="seller", occurred_on=ago(20), final_on=ago(1))
    )
    assert client.get(f"{URL}?kind=meeting&state=raised", headers=key).json["items"] == []
    watch()
    assert len(client.get(f"{URL}?kind=meeting&state=raised", headers=key).json["items"]) == 1, "a newer fact raises it"


@pytest.mark.usefixtures("register")
def test_the_desk_tells_why_in_words_and_a_picture(client: FlaskClient) -> None:
    sign_in(client, make_login("supervisor"))
    assert "没有预警" in client.get("/desk/warnings").text
    watch()
    listed = client.get("/desk/warnings").text
    assert "橡胶和塑料制品业" in listed and "铜都玩具有限公司" in listed
    number = listed.split('href="/desk/warnings/')[1].split('"')[0]
    page = f"/desk/warnings/{number}"
    assert "依据" in client.get(page).text and "Evidence" in client.get(f"{page}?lang=en").text
    empty = send(client, page, act="take", note="")
    assert empty.status_code == 422 and 'id="note-mistake"' in empty.text
    assert send(client, page, act="take", note="认领").status_code == 303
    assert send(client, page, act="close", note="核实", outcome="false").status_code == 303
    assert "误报" in client.get(page).text
    assert client.get("/desk/warnings?state=closed").text.count('href="/desk/warnings/') == 1
    assert client.get("/desk/warnings/99999").status_code == 404


def test_nobody_else_reads_warnings(client: FlaskClient) -> None:
    assert client.get(URL).status_code == 401
    assert client.get(URL, headers=make_key(scopes=("events:write",))).status_code == 403
    sign_in(client, make_login("auditor"))
    assert client.get("/desk/warnings").status_code == 403
