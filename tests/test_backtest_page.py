"""The desk's back-test as a page: its form, its result, its mistakes at their fields, its download; the card."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credit.db import transaction
from credit.policy import read_policy
from credit.services import policies
from credit.services.backtest import backtest, first_day_on_file, summary
from tests.conftest import TODAY
from tests.desk import sign_in
from tests.makers import inspection, make_enterprise, make_events, violation
from tests.policy_versions import STRICTER, checked, drafted, files

PAGE = "/desk/backtest"
HARSH = STRICTER | {"grades.yaml": ("value: 60, source: own", "value: 70, source: own")}


def token_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A browser that is signed in."""
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def two(app: Flask) -> list[str]:
    """A firm with a pass, and one with a violation too."""
    codes = [make_enterprise(1), make_enterprise(2)]
    make_events(*(inspection(code, item={"product": code}) for code in codes), violation(codes[1]))
    return codes


def upload(name: str, text: str | bytes) -> tuple[BytesIO, str]:
    return BytesIO(text.encode() if isinstance(text, str) else text), name


def send(desk: FlaskClient, lang: str = "zh", **fields: Any) -> TestResponse:
    data = {"token": token_of(desk, PAGE), "draft": "", "from": "", "to": ""} | fields
    return desk.post(f"{PAGE}?lang={lang}", data=data, content_type="multipart/form-data")


def test_only_the_signed_in_get_the_page(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    assert (answer.status_code, answer.location) == (303, f"/desk?next={PAGE}")
    assert client.post(PAGE, data={}).status_code == 303


def test_a_form_without_the_sessions_token_is_refused(desk: FlaskClient) -> None:
    assert desk.post(PAGE, data={"draft": "x"}).status_code == 403


def test_the_form_names_the_kept_versions_and_is_not_kept_by_caches(desk: FlaskClient, two: list[str]) -> None:
    law = drafted()
    answer = desk.get(PAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'<option value="{law.digest}">' in answer.text and "已起草" in answer.text
    assert "随程序启用" in answer.text and "came with the program" in desk.get(f"{PAGE}?lang=en").text
    assert two


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_uploaded_files_are_tried_and_the_whole_result_can_be_downloaded(
    desk: FlaskClient, two: list[str], lang: str
) -> None:
    texts = files(HARSH)
    sent = [upload(name, "\ufeff" + texts[name]) for name in HARSH]
    answer = send(desk, lang, files=sent, **{"from": "2026-01-01", "to": str(TODAY)})
    assert answer.status_code == 200
    assert ("改变 1 家的等级" if lang == "zh" else "changes the grade of 1") in answer.text
    assert two[1] in answer.text and two[0] not in answer.text
    link = re.search(r'download="([^"]+)" href="data:application/json;base64,([^"]+)"', answer.text)
    assert link and link[1] == f"backtest-{TODAY}.json"
    law = read_policy(texts)
    assert json.loads(b64decode(link[2])) == backtest(law, TODAY, date(2026, 1, 1), TODAY)


def test_a_kept_draft_is_tried_on_the_whole_history(desk: FlaskClient, two: list[str]) -> None:
    law = drafted(HARSH)
    answer = send(desk, draft=law.digest)
    assert answer.status_code == 200 and law.digest[:16] in answer.text
    assert f'<time datetime="{first_day_on_file(law)}">' in answer.text
    assert two


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing chosen": ({}, "files", "二者选一"),
    "both": ({"files": ("points.yaml", "a: 1"), "draft": "0" * 64}, "files", "二者选一"),
    "a bad key": ({"files": ("points.yaml", "points.bse: 1")}, "files", "points.bse"),
    "not UTF-8": ({"files": ("points.yaml", b"\xff\xfe")}, "files", "不是 UTF-8"),
    "a strange name": ({"files": ("分值.yaml", "a: 1")}, "files", "points.yaml"),
    "an unknown version": ({"draft": "0" * 64}, "draft", "没有编号"),
    "no digest": ({"draft": "x"}, "draft", "64 characters"),
    "no day": ({"from": "yesterday"}, "from", "2026-06-30"),
    "before the register": ({"files": ("policy.yaml", None), "from": "2015-12-31"}, "from", "2016-01-01"),
    "from tomorrow on": ({"files": ("policy.yaml", None), "from": "2026-11-23"}, "from", "2026-11-22"),
    "tomorrow": ({"files": ("policy.yaml", None), "to": "2026-11-23"}, "to", "2026-11-22"),
    "backwards": ({"files": ("policy.yaml", None), "from": "2026-02-01", "to": "2026-01-01"}, "to", "晚于"),
}


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_stands_on_top_and_at_its_field(desk: FlaskClient, name: str, database: str) -> None:
    for lang in ("en", "zh"):
        fields, field, words = MISTAKES[name]
        if "files" in fields:
            file, text = fields["files"]
            fields = fields | {"files": upload(file, files()[file] if text is None else text)}
        answer = send(desk, lang, **fields)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text and f'id="{field}-wrong"' in answer.text
        assert f'aria-describedby="{field}-hint {field}-wrong" aria-invalid="true"' in answer.text
        for kept in ("from", "to"):
            value = fields.get(kept, "")
            assert f'<input id="{kept}" name="{kept}" type="date" value="{value}"' in answer.text
    assert words in answer.text


def test_too_much_for_the_page_names_the_command(desk: FlaskClient, app: Flask, two: list[str]) -> None:
    app.config["CREDIT_BACKTEST_MOST"] = "1"
    answer = send(desk, draft=drafted().digest)
    assert answer.status_code == 422 and "credit backtest" in answer.text
    assert two


def test_the_card_is_linked_to_its_day_and_says_what_was_tried(client: FlaskClient, two: list[str]) -> None:
    page = client.get("/rulebook/model-card")
    assert page.status_code == 200 and "没有留下回测结果" in page.text
    assert "用在哪里" in page.text and "已知的局限" in page.text and "示例市场监督管理局" in page.text
    assert "A grade" not in page.text and "It is no penalty" in client.get("/rulebook/model-card?lang=en").text
    assert not any(code in page.text for code in two)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_card_of_a_tried_version_shows_its_matrix_and_no_name(
    client: FlaskClient, two: list[str], lang: str
) -> None:
    law = read_policy(files(HARSH))
    found = summary(backtest(law, TODAY, date(2025, 1, 1), TODAY))
    checked(HARSH, backtest=found)
    with transaction("test") as change:
        policies.enter(change, law.digest, "enacted", TODAY, force_on=TODAY)
    page = client.get(f"/rulebook/model-card?lang={lang}").text
    told = "改变 1 家的等级：升 0，降 1" if lang == "zh" else "changed the grade of 1: 0 up, 1 down"
    assert told in page and law.digest[:16] in page and 'class="heat-down heat-5">↓ 1' in page
    assert not any(code in page for code in two) and "铜都示例1" not in page
    assert not re.search(r"\bNone(?! )|Undefined|\bnan\b", page)
