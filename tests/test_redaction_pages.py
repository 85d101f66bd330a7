"""Redaction at the desk: what waits, a text with its findings marked, the proposal taken, a mistake explained."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.desk import make_login, sign_in, token
from tests.makers import DEPARTMENT, ago, make_enterprise, make_event, notices, violation

PERSONAL = "证人张三丰（电话13800138000）称，\n销售不合格的电线电缆。"
MASKED = "证人张某（电话[电话号码已隐去]）称，\n销售不合格的电线电缆。"
LIST = "/desk/redactions"


@pytest.fixture
def code(client: FlaskClient) -> str:
    return make_enterprise()


@pytest.fixture
def event(code: str) -> int:
    day = ago(5)
    return make_event(violation(code, facts=PERSONAL, occurred_on=ago(9), decided_on=day, notices=notices(day)))


def place(event: int) -> str:
    return f"/desk/events/{event}/redaction"


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """A form of the page with its token and the version that it was made for."""
    page = client.get(path)
    version = re.search(r'name="version" value="([0-9]+)"', page.text)
    assert version
    return client.post(path, data={"token": token(page), "version": version[1]} | fields)


def published(client: FlaskClient, code: str) -> Any:
    return client.get(f"/api/v1/enterprises/{code}").json["violations"][0]["facts"]


@pytest.mark.parametrize("role", ["reporter", "supervisor"])
def test_what_waits_is_one_click_from_the_desk(client: FlaskClient, event: int, role: str) -> None:
    sign_in(client, role)
    assert f'href="{LIST}"' in client.get("/desk").text
    assert place(event) in client.get(LIST).text


def test_an_empty_list_says_so(client: FlaskClient, code: str) -> None:
    sign_in(client)
    assert "没有待处理的文字" in client.get(LIST).text
    assert "No text waits" in client.get(f"{LIST}?lang=en").text


def test_each_finding_is_marked_with_words_and_a_number(client: FlaskClient, event: int) -> None:
    """Not by colour alone: who listens to the page is told the same."""
    sign_in(client)
    page = client.get(place(event)).text
    marks = re.findall(r'<mark class="found" id="found-(\d)"><span class="spoken">([^<]+)</span>([^<]+)<sup', page)
    assert marks == [("0", "发现项 1，自然人姓名：", "张三丰"), ("1", "发现项 2，电话号码：", "13800138000")]
    assert MASKED in page
    assert "finding 2, telephone number: " in client.get(f"{place(event)}?lang=en").text


def test_one_button_takes_the_proposal(client: FlaskClient, code: str, event: int) -> None:
    sign_in(client)
    answer = send(client, place(event), act="propose")
    assert answer.status_code == 303
    assert published(client, code) == MASKED
    assert "公示记录已随之更新" in client.get(answer.location).text
    assert place(event) not in client.get(LIST).text


def test_a_changed_text_comes_back_from_the_form_with_its_own_line_ends(client: FlaskClient, code: str, event: int) -> None:
    sign_in(client)
    typed = MASKED.replace("张某", "[姓名已隐去]").replace("\n", "\r\n")
    assert send(client, place(event), act="mask", masked=typed).status_code == 303
    assert published(client, code) == typed.replace("\r\n", "\n")


def test_what_was_typed_is_kept_when_it_is_refused(client: FlaskClient, code: str, event: int) -> None:
    sign_in(client)
    typed = MASKED.replace("不合格", "合格")
    answer = send(client, place(event), act="mask", masked=typed)
    assert answer.status_code == 422
    assert typed in answer.text and 'href="#masked"' in answer.text and "脱敏文本与原文不一致" in answer.text
    assert published(client, code) is None


@pytest.mark.parametrize(("fields", "field"), [({"sure": "yes"}, "reason"), ({"reason": "本人同意"}, "sure")])
def test_clearing_needs_a_reason_and_a_tick(client: FlaskClient, code: str, event: int, fields: dict[str, str], field: str) -> None:
    sign_in(client)
    cleared = {"act": "clear", "cleared": ["0", "1"]}
    answer = send(client, place(event), **cleared, **fields)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert published(client, code) is None
    assert send(client, place(event), **cleared, sure="yes", reason="本人书面同意").status_code == 303
    assert published(client, code) == PERSONAL


@pytest.mark.parametrize("fields", [{"act": "rumour"}, {}, {"act": "mask", "masked": ""}, {"act": "clear", "cleared": "x", "sure": "yes"}])
def test_a_form_that_says_nothing_changes_nothing(client: FlaskClient, code: str, event: int, fields: dict[str, str]) -> None:
    sign_in(client)
    assert send(client, place(event), **fields).status_code == 422
    assert published(client, code) is None


def test_others_are_told_nothing_of_it(client: FlaskClient, event: int) -> None:
    assert client.get(place(event)).status_code == 303
    sign_in(client, make_login("supervisor", "示例农业农村局"))
    answer = client.get(place(event))
    assert answer.status_code == 403 and "张三丰" not in answer.text
    assert place(event) not in client.get(LIST).text
    assert place(event) not in client.get(f"/desk/events/{event}").text


def test_the_history_and_the_duties_lead_to_it(client: FlaskClient, event: int) -> None:
    sign_in(client, make_login("supervisor", DEPARTMENT))
    page = client.get(f"/desk/events/{event}").text
    assert place(event) in page and "2 处个人信息待处理" in page
    assert place(event) in client.get("/desk/alerts?kind=redact").text


def test_a_violation_without_words_has_nothing_to_mask(client: FlaskClient, code: str) -> None:
    event = make_event(violation(code))
    sign_in(client)
    assert "无需脱敏" in client.get(place(event)).text
