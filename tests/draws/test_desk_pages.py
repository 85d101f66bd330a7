"""Draws at the desk: a plan is made, approved by another, committed to and drawn, without script."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import draw_cases
from tests.conftest import Once
from tests.desk import make_login, send, sign_in
from tests.draws.registers import make_tiers

TYPED = {
    "id": "计划乙", "title": "年度抽查", "months": "9、10，11", "starts_on": "2026-09-01", "ends_on": "2026-12-31",
    "industries": "C13 C14",
}  # fmt: skip


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def test_a_plan_is_led_to_its_draw(client: FlaskClient, codes: Any) -> None:
    maker, other = make_login("supervisor"), make_login("supervisor")
    draw_cases.people(2)
    sign_in(client, maker)
    assert "还没有抽查计划" in client.get("/desk/draws").text
    made = send(client, "/desk/draws", **TYPED)
    assert made.status_code == 303
    page = made.headers["Location"]
    shown = client.get(page).text
    assert "候选 21 家" in shown and "4-I" in shown and "9 月" in shown
    own = send(client, page, act="approve")
    assert own.status_code == 403 and "编制人以外" in own.text
    sign_in(client, other)
    assert send(client, page, act="approve").status_code == 303
    assert send(client, page, act="commit", seed_source="某日开奖号码").status_code == 303
    assert "某日开奖号码" in client.get(page).text
    wrong = send(client, page, act="draw")
    assert wrong.status_code == 422 and "公开文本" in wrong.text
    assert send(client, page, act="draw", seed="01 02 03").status_code == 303
    drawn = client.get(f"{page}?lang=en").text
    assert all(code in drawn for code in codes["4"]) and "检查某" in drawn
    early = send(client, page, act="reveal")
    assert early.status_code == 409 and "不得公开" in early.text
    assert "已抽取" in client.get("/desk/draws").text


def test_what_was_typed_is_kept_and_mistakes_are_named(client: FlaskClient, codes: Any) -> None:
    sign_in(client, make_login("supervisor"))
    for field, typed in (("months", "十三"), ("regions", "x"), ("size", "many"), ("ends_on", "2026-01-01")):
        wrong = send(client, "/desk/draws", **TYPED | {field: typed})
        assert wrong.status_code == 422, field
        assert f'id="{field}-mistake"' in wrong.text and "年度抽查" in wrong.text
    above = send(client, "/desk/draws", **TYPED | {"size": "22"})
    assert above.status_code == 422 and "抽取数量超过候选对象数量" in above.text


def test_only_supervisors_come_in(client: FlaskClient, app: Any) -> None:
    assert client.get("/desk/draws").status_code == 303
    sign_in(client, make_login("auditor"))
    assert client.get("/desk/draws").status_code == 403
