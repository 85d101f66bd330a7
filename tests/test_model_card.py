"""The model card: totals that may be shown, and the result of the back-test."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import transaction
from credit.policy import load_policy
from credit.services import enactment
from credit.services.backtest import summary
from credit.services.model_card import model_card
from tests.backtest_register import HARSH, draft, four_firms, tried
from tests.conftest import TODAY, Clock
from tests.makers import (
    award,
    make_event,
    make_officers,
    violation,
)
from tests.policy_versions import checked

pytestmark = pytest.mark.usefixtures("app")


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
    given = model_card(law, TODAY, TODAY, found | {"kept_on": "2026-11-01"})
    assert given["backtest"]["kept_on"] == "2026-11-01"


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_card_of_a_wrong_day_is_refused(client: FlaskClient, clock: Clock, database: str) -> None:
    assert client.get("/api/v1/policy/model-card?on=2015-12-31").status_code == 404
    assert client.get("/api/v1/policy/model-card?day=2026-01-01").status_code == 422
    assert client.get("/rulebook/model-card?on=2015-12-31").status_code == 404
    assert client.get("/rulebook/model-card?on=x").status_code == 422
    assert clock.day == TODAY
