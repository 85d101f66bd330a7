"""Refusals: a document that can't be taken in is told what is wrong with it, and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.models import ApiKey
from tests.event_reports import FAILURE, URL, Send, counts, sender
from tests.makers import ago, award, code_of, inspection, make_enterprise, make_key, violation


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Reports a document with the key of one department."""
    return sender(client)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"colour": "red"}, "colour"),
    "field of another kind": ({"result": "pass"}, "result"),
    "unknown field within the item": ({"item": {"colour": "red"}}, "item"),
    "future decision": ({"decided_on": "2026-11-23"}, "decided_on"),
    "future service": ({"notices": {"served_on": "2026-11-23"}}, "served_on"),
    "day before the republic": ({"occurred_on": "1900-01-01"}, "occurred_on"),
    "decision before the event": ({"decided_on": ago(100)}, "decided_on"),
    "restriction before the decision": ({"restricted_until": ago(61)}, "restricted_until"),
    "no day": ({"decided_on": "2026-02-30"}, "decided_on"),
    "a number for a day": ({"decided_on": 20260922}, "decided_on"),
    "negative fine": ({"fine": "-1"}, "fine"),
    "fine below the fen": ({"fine": "0.001"}, "fine"),
    "fine without end": ({"fine": "1e999"}, "fine"),
    "fine that is no number": ({"fine": "NaN"}, "fine"),
    "fine of truth": ({"fine": True}, "fine"),
    "fine without amount": ({"fine": None}, "fine"),
    "unknown category": ({"category": "weather"}, "category"),
    "category of another kind": ({"category": "pledge"}, "category"),
    "unknown penalty": ({"penalties": ["fine", "whip"]}, "penalties"),
    "no penalty": ({"penalties": []}, "penalties"),
    "penalty as text": ({"penalties": "fine"}, "penalties"),
    "number for text": ({"document_no": 7}, "document_no"),
    "no document number": ({"document_no": " "}, "document_no"),
    "nothing for the code": ({"code": None}, "code"),
    "a list for the code": ({"code": ["x"]}, "code"),
    "NUL": ({"facts": "a\x00b"}, "facts"),
    "control character": ({"document_no": "a\x1bb"}, "document_no"),
    "long text": ({"facts": "长" * 10_001}, "facts"),
    "long line": ({"document_no": "长" * 257}, "document_no"),
    "long code": ({"code": "9" * 65}, "code"),
    "gtin with a wrong check digit": ({"item": {"gtin": "6936983800014"}}, "item"),
    "too many related documents": ({"related_to": [{"document_no": str(n)} for n in range(21)]}, "related_to"),
    "unknown kind": ({"kind": "rumour"}, "kind"),
    "a list for the kind": ({"kind": ["violation"]}, "kind"),
    "text for a truth": ({"criminal": "perhaps"}, "criminal"),
}  # fmt: skip
BODIES = {
    400: (
        b"", b"{", b"not json", b"\xff\xfe", b'{"fine":NaN}', b'{"fine":1e999}', b'{"fine":' + b"1" * 401 + b"}",
        b"[" * 5000 + b"]" * 5000, b'"\\ud800"', b'{"kind":"violation"', b'{"a":1}{"a":1}',
    ),
    422: (b"[]", b"[{}]", b"null", b'"text"', b"7", b"{}", b'{"kind":' + b'{"a":' * 900 + b"1" + b"}" * 901),
}  # fmt: skip
OTHERS: list[tuple[dict[str, Any], str]] = [
    (inspection("CODE", occurred_on="2999-01-01"), "occurred_on"),
    (inspection("CODE", final_on=ago(301)), "final_on"),
    (inspection("CODE", of=3), "of"),
    (inspection("CODE", stage="recheck"), "of"),
    (inspection("CODE", stage="recheck", of=2**63), "of"),
    (inspection("CODE", stage="recheck", of="7"), "of"),
    (inspection("CODE", result="maybe"), "result"),
    (inspection("CODE", failed_items=[{"item": ""}]), "failed_items"),
    (award("CODE", valid_until=ago(180)), "valid_until"),
    (award("CODE", valid_from="2028-01-01"), "valid_from"),
    (award("CODE", category="quality_prize"), "level"),
]


def test_a_wrong_field_is_named_and_nothing_is_kept(send: Send) -> None:
    code = make_enterprise()
    before = counts()
    for name, (fields, field) in REFUSED.items():
        answer = send(violation(code) | fields)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), name
        assert answer.json["code"] == "invalid-input"
        assert set(answer.json["errors"]) == {field}, name
    for sent, field in OTHERS:
        answer = send(sent | {"code": code})
        assert answer.status_code == 422, sent
        assert set(answer.json["errors"]) == {field}, sent
    assert counts() == before


def test_every_wrong_field_is_named_at_once(send: Send) -> None:
    answer = send(violation(make_enterprise(), fine="-1", category="weather", colour="red"))
    assert set(answer.json["errors"]) == {"fine", "category", "colour"}


def test_a_body_that_is_no_json_object_is_refused(send: Send) -> None:
    before = counts()
    for status, bodies in BODIES.items():
        for body in bodies:
            answer = send(None, json=None, data=body, content_type="application/json")
            assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (
                body[:40]
            )
            assert answer.json["code"] == {400: "bad-request", 422: "invalid-input"}[status]
    assert counts() == before


def test_an_unknown_enterprise_is_refused(send: Send) -> None:
    make_enterprise()
    before = counts()
    answer = send(violation(code_of(77)))
    assert (answer.status_code, answer.json["code"]) == (404, "unknown-enterprise")
    assert counts() == before


def test_a_wrong_code_is_refused_with_reason_and_mend(send: Send) -> None:
    code = make_enterprise()
    before = counts()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    answer = send(violation(wrong))
    assert (answer.status_code, answer.json["reason"]) == (400, "check_digit")
    assert answer.json["suggestions"] == [code]
    assert counts() == before


def test_without_a_good_key_nothing_is_done(client: FlaskClient) -> None:
    code, revoked = make_enterprise(), make_key()
    with transaction("test") as change:
        db.session.execute(db.update(ApiKey).values(revoked_at=change.recorded_at))
    narrow = make_key(scopes=("enterprises:write",))
    before = counts()
    wrong = (
        "",
        "Bearer",
        "Bearer  ",
        "Bearer qc_unknown",
        "Basic eDp5",
        "Bearer 钥匙",
        "Bearer \x7f",
    )
    sent = [{"Authorization": text.encode().decode("latin-1")} for text in wrong]
    for given in [{}, revoked, *sent]:
        answer = client.post(URL, json=violation(code), headers=given)
        assert (answer.status_code, answer.json["code"]) == (401, "no-key"), given
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    answer = client.post(URL, json=violation(code), headers=narrow)
    assert (answer.status_code, answer.json["code"]) == (403, "not-allowed")
    assert "events:write" in answer.json["detail"]
    assert counts() == before


def test_a_first_test_of_another_firm_or_a_later_one_is_not_examined(send: Send) -> None:
    mine, theirs = make_enterprise(1), make_enterprise(2)
    passed = send(inspection(theirs, document_no="抽2")).json["id"]
    send(inspection(mine, **FAILURE))
    before = counts()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"of": passed}, "of"),
        ({"of": 10**12}, "of"),
        ({"related_to": [{"document_no": "抽2"}]}, "of"),
        ({"related_to": [{"document_no": "抽1"}], "occurred_on": ago(101)}, "occurred_on"),
    ]
    for fields, field in wrong:
        answer = send(inspection(mine, stage="recheck", document_no="查1", **fields))
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert counts() == before
