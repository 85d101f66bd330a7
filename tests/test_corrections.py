"""Correction and withdrawal: new facts about a fact, by its department, with effect before the answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import reader
from credit.clock import now
from credit.db import db
from credit.models import CessationRow, Event
from tests.conftest import TODAY, Clock
from tests.event_reports import counts
from tests.makers import (
    ago,
    award,
    code_of,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)

EVENTS = "/api/v1/events"
OTHER = "示例农业农村局"
WHY = {"reason": "罚款金额录入有误", "document": {"no": "示例更〔2026〕1号", "day": ago(1)}}
REVOKED = {"reason": "basis_revoked", "document_no": "示例撤〔2026〕1号", "revoked_on": ago(3)}
Send = Callable[..., Any]


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Posts about an event with the key of the department that reported it."""
    own = make_key()

    def post(path: str, sent: Any, headers: dict[str, str] | None = None) -> Any:
        return client.post(f"{EVENTS}/{path}", json=sent, headers=headers or own)

    return post


@pytest.fixture
def fined(code: str) -> int:
    """A fine of 60,000 yuan on file."""
    return make_event(violation(code))


def record(client: FlaskClient, code: str) -> Any:
    return client.get(f"/api/v1/enterprises/{code}").get_json()


class TestCorrection:
    def test_it_shows_and_counts_before_the_answer(
        self, client: FlaskClient, send: Send, code: str, fined: int
    ) -> None:
        answer = send(f"{fined}/corrections", violation(code, penalties=["suspended_business"]) | WHY)
        assert answer.status_code == 201, answer.text
        told = answer.get_json()
        assert (told["state"], told["id"], told["severity"], told["grade"]) == ("corrected", fined, "serious", "C")
        assert told["version"] > fined
        (shown,) = record(client, code)["violations"]
        assert (shown["severity"], shown["id"]) == ("serious", fined)

    def test_the_same_again_is_no_new_version(self, send: Send, code: str, fined: int) -> None:
        sent = violation(code, fine="70000.00") | WHY
        first = send(f"{fined}/corrections", sent)
        before = counts()
        again = send(f"{fined}/corrections", sent | {"reason": "同样内容再报一次"})
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.get_json()["state"] == "on_file"
        after = counts()
        assert {name for name in after if after[name] != before[name]} <= {"audit"}

    def test_who_corrected_an_older_version_is_told_of_the_newer(self, send: Send, code: str, fined: int) -> None:
        newer = send(f"{fined}/corrections", violation(code, fine="70000.00") | WHY | {"version": fined})
        late = send(f"{fined}/corrections", violation(code, fine="80000.00") | WHY | {"version": fined})
        assert newer.status_code == 201
        assert (late.status_code, late.get_json()["code"]) == (409, "stale-version")
        assert late.get_json()["version"] == newer.get_json()["version"]

    def test_of_two_at_once_the_second_is_told_of_the_first(self, app: Flask, code: str, fined: int) -> None:
        key, gate = make_key(), threading.Barrier(2)
        db.session.remove()
        answers: list[Any] = []

        def correct(fine: str) -> None:
            with app.app_context():
                gate.wait(10)
                sent = violation(code, fine=fine) | WHY | {"version": fined}
                answers.append(app.test_client().post(f"{EVENTS}/{fined}/corrections", json=sent, headers=key))
                db.session.remove()
                reader.close()

        threads = [threading.Thread(target=correct, args=(fine,)) for fine in ("70000.00", "80000.00")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert lost.get_json()["version"] == won.get_json()["version"]
        db.session.rollback()
        assert db.session.scalar(select(func.count()).where(Event.event_id == fined)) == 2

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [({"document_no": "别的文书"}, "document_no"), ({"source_ref": "第2行"}, "source_ref"),
         ({"code": code_of(2)}, "code")],
    )  # fmt: skip
    def test_what_makes_it_another_event_is_refused_by_name(
        self, send: Send, code: str, fined: int, fields: dict[str, Any], wrong: str
    ) -> None:
        make_enterprise(2)
        before = counts()
        refused = send(f"{fined}/corrections", violation(code) | fields | WHY)
        assert refused.status_code == 422, refused.text
        assert set(refused.get_json()["errors"]) == {wrong}
        assert counts() | {"audit": 0} == before | {"audit": 0}

    def test_another_kind_is_another_event(self, send: Send, code: str, fined: int) -> None:
        sent = award(code, document_no=violation(code)["document_no"])
        assert set(send(f"{fined}/corrections", sent | WHY).get_json()["errors"]) == {"kind"}

    @pytest.mark.parametrize("name", ["reason", "document"])
    def test_it_needs_a_reason_and_a_document(self, send: Send, code: str, fined: int, name: str) -> None:
        said = {key: value for key, value in WHY.items() if key != name}
        refused = send(f"{fined}/corrections", violation(code, fine="-1") | said)
        assert refused.status_code == 422
        assert set(refused.get_json()["errors"]) == {name, "fine"}

    def test_a_document_of_tomorrow_is_refused(self, send: Send, code: str, fined: int) -> None:
        said = WHY | {"document": {"no": "示例更2号", "day": ago(-1)}}
        refused = send(f"{fined}/corrections", violation(code, fine="70000.00") | said)
        assert set(refused.get_json()["errors"]) == {"document"}

    def test_a_first_test_that_was_a_re_check_mends_the_failure(
        self, client: FlaskClient, send: Send, code: str
    ) -> None:
        failed = make_event(inspection(code, result="fail", role="seller", document_no="抽1", occurred_on=ago(200)))
        passed = inspection(code, role="seller", document_no="抽2", occurred_on=ago(100))
        second = make_event(passed)
        answer = send(f"{second}/corrections", passed | {"stage": "recheck", "of": failed} | WHY)
        assert answer.status_code == 201, answer.text
        shown = {one["id"]: one for one in record(client, code)["inspections"]}
        assert shown[failed]["mended_on"] == ago(100)

    @pytest.mark.parametrize("number", [999999, 10**30])
    def test_a_correction_of_what_is_not_on_file_is_not_found(self, send: Send, code: str, number: int) -> None:
        assert send(f"{number}/corrections", violation(code) | WHY).status_code == 404
        assert send(f"{number}/demands/{number}/refusal", {"reason": "x"}).status_code == 404


class TestWithdrawal:
    def test_it_ends_showing_and_counting_before_the_answer(
        self, client: FlaskClient, send: Send, code: str, fined: int
    ) -> None:
        make_event(inspection(code))
        assert record(client, code)["grade"] == "B"
        answer = send(f"{fined}/withdrawal", REVOKED)
        assert answer.status_code == 201, answer.text
        told = answer.get_json()
        assert (told["state"], told["grade"]) == ("withdrawn", "A")
        assert [one["reason"] for one in told["withheld"]] == ["withdrawn"]
        assert record(client, code)["violations"] == []

    def test_the_same_again_is_no_new_one_another_is_refused(self, send: Send, fined: int) -> None:
        assert send(f"{fined}/withdrawal", REVOKED).status_code == 201
        assert send(f"{fined}/withdrawal", REVOKED).status_code == 200
        other = send(f"{fined}/withdrawal", REVOKED | {"revoked_on": ago(2)})
        assert (other.status_code, other.get_json()["code"]) == (409, "wrong-state")
        assert db.session.scalar(select(func.count()).select_from(CessationRow)) == 1

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [({"document_no": ""}, "document_no"), ({"reason": "reported_by_mistake"}, "explanation"),
         ({"reason": "dislike"}, "reason"), ({"revoked_on": ago(-1)}, "revoked_on"),
         ({"revoked_on": ago(61)}, "revoked_on"), ({"colour": "red"}, "colour")],
    )  # fmt: skip
    def test_a_withdrawal_that_is_not_whole_is_refused_by_field(
        self, send: Send, fined: int, fields: dict[str, Any], wrong: str
    ) -> None:
        refused = send(f"{fined}/withdrawal", REVOKED | fields)
        assert refused.status_code == 422
        assert set(refused.get_json()["errors"]) == {wrong}

    def test_taken_back_it_counts_as_if_it_had_never_been_withdrawn(
        self, client: FlaskClient, send: Send, code: str, fined: int
    ) -> None:
        before = record(client, code)
        send(f"{fined}/withdrawal", REVOKED)
        answer = send(f"{fined}/restoration", WHY)
        assert (answer.status_code, answer.get_json()["state"]) == (201, "restored")
        after = record(client, code)
        assert {**after, "seq": 0, "data_as_of": ""} == {**before, "seq": 0, "data_as_of": ""}
        assert send(f"{fined}/restoration", WHY).status_code == 409
        assert send(f"{fined}/withdrawal", REVOKED).status_code == 201

    def test_a_listing_that_rests_on_it_stays_and_awaits_a_decision(
        self, client: FlaskClient, send: Send, code: str, fined: int
    ) -> None:
        listing = make_listing(code, event=fined)
        send(f"{fined}/withdrawal", REVOKED)
        assert len(record(client, code)["listings"]) == 1
        told = client.get(f"{EVENTS}/{fined}", headers=make_key()).get_json()
        assert told["listings_to_review"] == [listing]


class TestWhoMay:
    @pytest.mark.parametrize("scope", ["events:write", "supervise"])
    def test_its_own_department_may_with_either_scope(
        self, send: Send, code: str, fined: int, scope: str
    ) -> None:
        key = make_key(scopes=(scope,))
        sent = violation(code, fine="70000.00") | WHY
        assert send(f"{fined}/corrections", sent, key).status_code == 201
        assert send(f"{fined}/withdrawal", REVOKED, key).status_code == 201

    def test_another_department_may_not_whatever_its_scopes(self, send: Send, code: str, fined: int) -> None:
        key, before = make_key(OTHER), counts()
        acts = {"corrections": violation(code) | WHY, "withdrawal": REVOKED, "restoration": WHY}
        for act, sent in acts.items():
            assert send(f"{fined}/{act}", sent, key).status_code == 403, act
        assert counts()["event"] == before["event"] and counts()["cessation"] == 0

    def test_a_key_for_enterprises_alone_may_not(self, send: Send, code: str, fined: int) -> None:
        key = make_key(scopes=("enterprises:write",))
        assert send(f"{fined}/corrections", violation(code) | WHY, key).status_code == 403
        assert send(f"{fined}/withdrawal", REVOKED, key).status_code == 403


class TestPast:
    def test_to_staff_it_stays_as_it_was_known(
        self, client: FlaskClient, clock: Clock, send: Send, code: str, fined: int
    ) -> None:
        key = make_key(scopes=("supervise",))
        then, was = now().isoformat(), client.get(f"/api/v1/enterprises/{code}").data
        clock.day = TODAY.replace(day=25)
        assert send(f"{fined}/withdrawal", REVOKED).status_code == 201
        ask = {"as_of": str(TODAY), "known_at": then}
        assert client.get(f"/api/v1/enterprises/{code}", query_string=ask, headers=key).data == was
