"""The model card: totals that may be shown, and the result of the back-test."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import transaction
from credit.policy import load_policy
from credit.services import enactment
from credit.services.backtest import summary
from tests.backtest_register import HARSH, draft, four_firms, tried
from tests.conftest import TODAY, Clock
from tests.desk import sign_in
from tests.makers import (
    award,
    make_event,
    make_key,
    make_officers,
    violation,
)
from tests.policy_versions import GENERAL, checked

pytestmark = pytest.mark.usefixtures("app")
LATE = date(2027, 1, 1)


@pytest.fixture
def four(app: Flask) -> list[str]:
    return four_firms()


def test_the_card_tells_totals_of_what_may_be_shown(client: FlaskClient, four: list[str]) -> None:
    hidden = violation(four[0], document_no="示例罚〔2026〕9号", penalties=["warning"])
    make_event(hidden, department="示例隐身局")
    card = client.get("/api/v1/policy/model-card").get_json()
    data = card["data"]
    assert data["events"] == {"violation": 1, "inspection": 2, "award": 0}
    assert data["departments"] == [{"name": "示例市场监督管理局", "events": 2}, {"name": "示例城管局", "events": 1}]
    assert data["graded"] == {"A": 1, "B": 1, "N": 1} and data["not_rated_share"] == 0.3333
    assert (data["enterprises"], data["first_day"], data["last_day"]) == (4, "2026-01-26", "2026-09-23")
    assert card["policy"]["digest"] == load_policy().digest and card["backtest"] is None
    make_event(award(four[0]))
    assert client.get("/api/v1/policy/model-card").get_json()["data"]["events"]["award"] == 1


def test_the_card_keeps_the_result_of_the_back_test(client: FlaskClient, four: list[str]) -> None:
    found = summary(tried(draft(HARSH)))
    law, who = checked(HARSH, backtest=found), make_officers()
    with transaction("test") as change:
        enactment.propose(change, law.digest, who["decider"], TODAY, "示例理由", TODAY)
        enactment.enact(change, law.digest, who["confirmer"], TODAY)
    text = client.get("/api/v1/policy/model-card").text
    card = json.loads(text)
    assert card["backtest"] == {"kept_on": str(TODAY), **found} and card["policy"]["digest"] == law.digest
    assert "铜都示例" not in text and not any(code in text for code in four) and '"tier' not in text
    before = client.get("/api/v1/policy/model-card?on=2026-11-21").get_json()
    assert before["backtest"] is None and before["until"] == str(TODAY) == card["force_on"]
    assert before["limits"][0]["key"] == "of_today" != card["limits"][0]["key"]
    assert "不是它施行时的" in client.get("/rulebook/model-card?on=2026-11-21").text
    assert "不是它施行时的" not in client.get("/rulebook/model-card").text


LATER = "value: -10, source: own}\n    - {from: 2027-01-01, value: -15, source: own"


def test_the_card_says_which_values_to_come_were_tried_and_how(client: FlaskClient, four: list[str]) -> None:
    changes = {"points.yaml": (GENERAL, LATER), "grades.yaml": HARSH["grades.yaml"]}
    found = summary(tried(draft(changes)))
    law = checked(changes, backtest=found)
    headers = make_key()
    card = client.get(f"/api/v1/policy/model-card?policy={law.digest}", headers=headers).get_json()
    assert card["backtest"]["not_yet"] == [{"key": "points.violation-general", "from": "2027-01-01", "tried": True}]
    assert card["backtest"]["moves"]["down"] == 1
    assert "not_yet" in {limit["key"] for limit in card["limits"]} and four
    assert sign_in(client).status_code == 303
    for lang, words in (("zh", "已按一直适用来检验"), ("en", "tried as if it had always held")):
        page = client.get(f"/desk/model-card/{law.digest}?lang={lang}").text
        assert words in page and "points.violation-general" in page and "2027" in page


def test_what_officers_may_still_change_has_a_card_for_staff_alone(client: FlaskClient, four: list[str]) -> None:
    law, who = checked(HARSH, backtest=summary(tried(draft(HARSH)))), make_officers()
    api, page = f"/api/v1/policy/model-card?policy={law.digest}", f"/rulebook/model-card?policy={law.digest}"
    for _ in ("checked", "proposed"):
        assert client.get(api).status_code == client.get(page).status_code == 404
        assert client.get(api, headers=make_key(scopes=("events:write",))).status_code == 404
        assert client.get(api, headers={"Authorization": "Bearer nobody"}).status_code == 401
        with transaction("test") as change:
            if enactment.state(law.digest) == "checked":
                enactment.propose(change, law.digest, who["decider"], LATE, "示例理由", TODAY)
    told = client.get(api, headers=make_key())
    card = told.get_json()
    assert told.headers["Cache-Control"] == "private, no-store"
    assert (card["state"], card["on"], card["force_on"], card["until"]) == ("proposed", None, None, None)
    assert card["backtest"]["moves"]["down"] == 1 and card["policy"]["digest"] == law.digest
    with transaction("test") as change:
        enactment.enact(change, law.digest, who["confirmer"], TODAY)
    told = client.get(api).get_json()
    assert (told["state"], told["force_on"], told["until"]) == ("enacted", str(LATE), None)
    assert client.get(page).status_code == 200 and four
    assert client.get(f"{api}&on=2026-11-22").status_code == 422
    for digest in ("0" * 64, "x"):
        assert client.get(f"/rulebook/model-card?policy={digest}").status_code == 404


def test_the_page_of_a_draft_is_for_a_signed_in_supervisor_and_no_cache(client: FlaskClient, four: list[str]) -> None:
    law = checked(HARSH, backtest=summary(tried(draft(HARSH))))
    page = f"/desk/model-card/{law.digest}"
    assert client.get(page).status_code == 303
    assert sign_in(client, "reporter").status_code == 303
    assert client.get(page).status_code == 403
    assert sign_in(client, "supervisor").status_code == 303
    assert f'href="{page}"' in client.get("/desk/backtest").text
    answer = client.get(page)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "没有施行，已检验" in answer.text and "降 1" in answer.text and law.digest[:16] in answer.text
    assert f"model-card?policy={law.digest}" in answer.text and four
    assert client.get(f"/rulebook/model-card?policy={law.digest}").status_code == 404
    assert client.get("/desk/model-card/x").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_card_of_a_wrong_day_is_refused(client: FlaskClient, clock: Clock, database: str) -> None:
    assert client.get("/api/v1/policy/model-card?on=2015-12-31").status_code == 404
    assert client.get("/api/v1/policy/model-card?day=2026-01-01").status_code == 422
    assert client.get("/rulebook/model-card?on=2015-12-31").status_code == 404
    assert client.get("/rulebook/model-card?on=x").status_code == 422
    assert clock.day == TODAY
