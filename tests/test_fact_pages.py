"""Facts at the desk: their history on one page, and what their department may do about them there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import TODAY
from tests.desk import make_login, sign_in, token
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    violation,
)

OTHER = "示例农业农村局"
RESTS = {"rests-no": "示例更〔2026〕1号", "rests-day": ago(1)}


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    return make_event(violation(code))


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """A form of the page, with its token."""
    return client.post(path, data={"token": token(client.get(path))} | fields)


def typed(page: TestResponse) -> dict[str, Any]:
    """What stands in the form of a correction, as a browser would send it."""
    form = page.text[page.text.index('<form class="suppose"') :]
    found: dict[str, Any] = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for name, choices in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', choices)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'name="([^"]+)" type="checkbox" value="([^"]+)" checked', form):
        found.setdefault(name, []).append(value)
    version = re.search(r'name="version" value="([0-9]+)"', form)
    assert version
    return found | {"version": version[1]}


def test_the_dossier_lists_every_fact_with_its_provenance(client: FlaskClient, code: str) -> None:
    make_events(violation(code), inspection(code), award(code), violation(code, document_no="罚2", proceedings=None))
    sign_in(client)
    page = client.get(f"/desk/enterprises/{code}").text
    assert "在册 4 条，其中 3 条正在公示" in page
    assert page.count("报送编号") == 4 and page.count(DEPARTMENT) >= 4
    assert "3 of them shown" in client.get(f"/desk/enterprises/{code}?lang=en").text


def test_a_reporter_finds_only_what_the_own_department_reported(client: FlaskClient, code: str) -> None:
    make_event(violation(code))
    theirs = make_event(violation(code, document_no="他局罚1"), department=OTHER)
    sign_in(client, "reporter")
    page = client.get(f"/desk/enterprises/{code}").text
    assert "在册 1 条" in page and "他局罚1" not in page
    assert client.get(f"/desk/events/{theirs}").status_code == 403
    assert client.get(f"/desk/events/{theirs}/correct").status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_door(client: FlaskClient, code: str, fined: int) -> None:
    for path in (f"/desk/enterprises/{code}", f"/desk/events/{fined}", f"/desk/events/{fined}/correct"):
        led = client.get(path)
        assert (led.status_code, led.location) == (303, f"/desk?next={path}")


@pytest.mark.parametrize(
    "event",
    [violation("x", penalties=["warning", "fine"], related_to=[{"document_no": "抽9"}], severity="general",
               heavier=True, item={"product": "粳米"}),
     inspection("x", result="fail", role="seller", safety_item=True,
                failed_items=[{"item": "水分", "limit": "≤15", "value": "17"}, {"item": "标识"}]),
     award("x", category="brand", level="provincial", valid_until="2028-01-01")],
    ids=["violation", "inspection", "award"],
)  # fmt: skip
def test_the_form_as_it_stands_says_what_is_on_file(client: FlaskClient, code: str, event: dict[str, Any]) -> None:
    number = make_event(event | {"code": code})
    sign_in(client)
    path = f"/desk/events/{number}/correct"
    given = typed(client.get(path)) | RESTS | {"reason": "核对", "sure": "yes"}
    done = send(client, path, **given)
    assert (done.status_code, done.location) == (303, f"/desk/events/{number}?done=same"), done.text


def test_a_correction_is_made_and_both_versions_stand_side_by_side(
    client: FlaskClient, code: str, fined: int
) -> None:
    sign_in(client)
    path = f"/desk/events/{fined}/correct"
    given = typed(client.get(path)) | RESTS | {"fine": "2500000", "reason": "漏写两位", "sure": "yes"}
    done = send(client, path, **given)
    assert (done.status_code, done.location) == (303, f"/desk/events/{fined}?done=corrected"), done.text
    page = client.get(done.location).text
    assert "60000.00" in page and "2500000.00" in page and "漏写两位" in page and "示例更〔2026〕1号" in page
    assert page.count('class="changed"') == 1
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["violations"][0]["severity"] == "serious"
    stale = send(client, path, **(given | {"fine": "1000.00"}))
    assert stale.status_code == 409 and "1000.00" in stale.text


def test_mistakes_are_on_top_with_a_link_and_what_was_typed_stays(client: FlaskClient, fined: int) -> None:
    sign_in(client)
    path = f"/desk/events/{fined}/correct"
    given = typed(client.get(path)) | {"fine": "很多", "reason": "", "rests-no": ""}
    refused = send(client, path, **given)
    assert refused.status_code == 422
    later = send(client, path, **typed(client.get(path)) | RESTS | {"notices.served_on": ago(-3), "reason": "x"})
    assert later.status_code == 422 and 'href="#notices-served_on"' in later.text
    for field in ("fine", "reason", "rests-no", "sure"):
        assert f'href="#{field}"' in refused.text and f'id="{field}"' in refused.text, field
    assert 'value="很多"' in refused.text


def test_withdrawal_wants_a_confirmation_then_acts_then_can_be_taken_back(
    client: FlaskClient, code: str, fined: int
) -> None:
    sign_in(client)
    path = f"/desk/events/{fined}"
    given = {"act": "withdrawal", "withdrawal-reason": "basis_revoked", "withdrawal-document_no": "撤1",
             "withdrawal-revoked_on": ago(2)}  # fmt: skip
    assert send(client, path, **given).status_code == 422
    assert len(client.get(f"/api/v1/enterprises/{code}").get_json()["violations"]) == 1
    wrong = send(client, path, **given | {"withdrawal-document_no": "", "sure": "yes"})
    assert wrong.status_code == 422 and 'href="#withdrawal-document_no"' in wrong.text
    assert send(client, path, **given, sure="yes").status_code == 303
    page = client.get(path).text
    assert "没有公示，也不计分" in page and "撤1" in page and "依据被撤销" in page
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["violations"] == []
    back = {"act": "restoration", "restoration-reason": "撤错了", "restoration-rests-no": "复1",
            "restoration-rests-day": str(TODAY), "sure": "yes"}  # fmt: skip
    assert send(client, path, **back).status_code == 303
    assert "已恢复" in client.get(path).text and "正在公示" in client.get(path).text


def test_another_departments_supervisor_demands_and_its_own_answers(client: FlaskClient, app: Flask, fined: int) -> None:
    path = f"/desk/events/{fined}"
    sign_in(client, make_login("supervisor", OTHER))
    page = client.get(path).text
    assert "withdrawal-reason" not in page and "/correct" not in page
    given = {"act": "demand", "demand-ground": "inaccurate", "demand-wrong": "金额不符", "demand-document_no": "核1",
             "demand-received_on": str(TODAY), "sure": "yes"}  # fmt: skip
    assert send(client, path, **given).status_code == 303
    assert send(client, path, act="withdrawal", sure="yes", **{
        "withdrawal-reason": "other", "withdrawal-explanation": "x", "withdrawal-revoked_on": ago(2)}).status_code == 403
    own = app.test_client()
    sign_in(own, make_login("reporter"))
    page = own.get(path).text
    assert "待答复" in page and "金额不符" in page
    number = re.search(r'name="demand-refusal-demand" value="([0-9]+)"', page)
    assert number
    answer = {"act": "demand-refusal", "demand-refusal-demand": number[1], "demand-refusal-reason": "核对无误", "sure": "yes"}
    assert send(own, path, **answer).status_code == 303
    assert "核对无误" in own.get(path).text
