"""Honours are not given to an enterprise while it is listed (SAMR Order 44 article 15(4)); afterwards they are again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import TODAY
from tests.makers import ago, award, make_enterprise, make_key, make_listing

PRIZE = {"category": "quality_prize", "level": "municipal", "document_no": "奖1", "valid_from": ago(5)}


@pytest.fixture
def code() -> str:
    code = make_enterprise()
    make_listing(code, TODAY - timedelta(days=30))
    return code


def sent(client: FlaskClient, given: dict[str, Any]) -> Any:
    return client.post("/api/v1/events", json=given, headers=make_key())


def test_an_honour_given_while_listed_is_refused_with_the_term(client: FlaskClient, code: str) -> None:
    refused = sent(client, award(code, **PRIZE))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "award-blocked")
    assert refused.get_json()["listed_since"] == ago(30) and "示例列〔2026〕1号" in refused.get_json()["detail_zh"]


def test_what_is_no_honour_or_was_given_before_is_taken_in(client: FlaskClient, code: str) -> None:
    assert sent(client, award(code, document_no="诺1", valid_from=ago(5))).status_code == 201
    assert sent(client, award(code, **(PRIZE | {"valid_from": ago(31)}))).status_code == 201


def test_another_enterprise_is_not_concerned(client: FlaskClient, code: str) -> None:
    assert sent(client, award(make_enterprise(2), **PRIZE)).status_code == 201


def test_a_batch_names_the_row_and_keeps_the_others(client: FlaskClient, code: str) -> None:
    rows = [award(code, **PRIZE), award(code, document_no="诺2", valid_from=ago(5))]
    body = "\n".join(json.dumps(row) for row in rows).encode()
    headers = make_key() | {"Content-Type": "application/x-ndjson", "Idempotency-Key": "1"}
    answer = client.post("/api/v1/events/batch", data=body, headers=headers)
    assert answer.status_code in (200, 201, 202), answer.text
    told = client.get(f"/api/v1/events/batch/{answer.get_json()['id']}/results?format=jsonl", headers=make_key())
    assert "award-blocked" in told.text and told.text.count("recorded") >= 1
