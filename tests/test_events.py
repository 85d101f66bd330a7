"""Intake: one document in, classified, kept once, graded and published; or refused, and nothing changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import reader
from credit.db import Base, db, transaction
from credit.models import ApiKey, Classification, Event, Register
from credit.policy import load_policy
from tests.makers import ago, award, code_of, inspection, make_enterprise, make_key, violation

URL = "/api/v1/events"
Send = Callable[..., Any]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Reports a document with the key of one department."""
    headers = make_key()

    def report(sent: Any, **more: Any) -> Any:
        return client.post(URL, **({"json": sent, "headers": headers} | more))

    return report


def counts() -> dict[str, int]:
    """Rows of every table, and the last change number."""
    found = {"seq": db.session.scalar(select(Register.last_seq))}
    for name, table in Base.metadata.tables.items():
        found[name] = db.session.scalar(select(func.count()).select_from(table))
    db.session.rollback()
    return found


def classified(event_id: int) -> Classification:
    return db.session.scalars(select(Classification).where(Classification.seq == event_id)).one()


MARCH = {"occurred_on": "2026-03-01"}
VIOLATIONS: list[tuple[dict[str, Any], tuple[str, bool, str]]] = [
    ({}, ("general", True, "2027-09-23")),
    ({"fine": "49999.99"}, ("minor", False, "2026-12-23")),
    ({"fine": "49999.99", "publication_basis": "省规定"}, ("minor", True, "2026-12-23")),
    ({"fine": 1999999.99}, ("general", True, "2027-09-23")),
    ({"fine": "2000000"}, ("serious", True, "2029-09-23")),
    ({"penalties": ["fine", "revoked_licence"]}, ("serious", True, "2029-09-23")),
    ({"penalties": ["罚款", "没收非法财物"]}, ("general", True, "2027-09-23")),
    ({"penalties": ["warning"], "publication_basis": "省规定", "fine": None}, ("minor", False, "2026-12-23")),
    ({"fine": "10", "severity": "serious"}, ("serious", True, "2029-09-23")),
    ({"restricted_until": "2031-01-01"}, ("general", True, "2031-01-01")),
    (MARCH | {"decided_on": "2026-03-31", "published_on": "2026-04-07"}, ("general", True, "2027-04-07")),
    (MARCH | {"decided_on": "2026-04-01", "published_on": "2026-04-07"}, ("general", True, "2027-04-01")),
]  # fmt: skip
INSPECTIONS: list[tuple[dict[str, Any], tuple[str, bool, str]]] = [
    ({}, ("final-pass", True, ago(300))),
    ({"type": "requested"}, ("pass-requested", True, ago(300))),
    ({"producer_confirmed": False}, ("final-pass", False, ago(300))),
    ({"result": "fail"}, ("sampling-failed", False, ago(285))),
    ({"result": "fail", "role": "seller", "safety_item": True}, ("sampling-failed-safety", True, ago(285))),
    ({"result": "fail", "producer_confirmed": True, "occurred_on": ago(15)}, ("sampling-failed", True, ago(0))),
    ({"result": "fail", "producer_confirmed": True, "occurred_on": ago(14)}, ("sampling-failed", True, "2026-11-23")),
    ({"result": "fail", "producer_confirmed": True, "final_on": ago(299)}, ("sampling-failed", True, ago(299))),
    ({"result": "refused"}, ("inspection-refused", True, ago(300))),
    ({"result": "invalid"}, ("sample-invalid", False, ago(300))),
]
AWARDS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({}, ("pledge", "2027-05-26")),
    ({"category": "brand"}, ("brand", "2029-05-26")),
    ({"category": "certification", "valid_until": "2027-01-01"}, ("certification", "2027-01-01")),
    ({"category": "quality_prize", "level": "provincial"}, ("quality-prize-provincial", "2029-05-26")),
    ({"category": "standard", "level": "county"}, ("award-unscored", "2029-05-26")),
]


class TestClassification:
    def test_a_violation_is_told_its_severity_and_window(self, send: Send) -> None:
        code = make_enterprise()
        for number, (fields, expected) in enumerate(VIOLATIONS):
            answer = send(violation(code, document_no=str(number), **fields))
            assert answer.status_code == 201, answer.text
            told = answer.json
            assert (told["severity"], told["public"], told["shown_until"]) == expected, fields
            kept = classified(told["id"])
            assert (kept.severity, kept.public, str(kept.shown_until)) == expected
            assert kept.digest == load_policy().digest
            assert kept.in_force_on == db.session.get_one(Event, told["id"]).decided_on

    def test_an_inspection_is_kept_with_the_day_on_which_it_is_final(self, send: Send) -> None:
        code = make_enterprise()
        for number, (fields, expected) in enumerate(INSPECTIONS):
            answer = send(inspection(code, document_no=str(number), **fields))
            assert answer.status_code == 201, answer.text
            kept = classified(answer.json["id"])
            assert (kept.rule, kept.public, str(kept.in_force_on)) == expected, fields
            assert kept.digest == load_policy().digest

    def test_an_award_is_kept_with_its_end(self, send: Send) -> None:
        code = make_enterprise()
        for number, (fields, expected) in enumerate(AWARDS):
            answer = send(award(code, document_no=str(number), **fields))
            assert answer.status_code == 201, answer.text
            kept = classified(answer.json["id"])
            assert (kept.rule, str(kept.until)) == expected, fields
            assert (kept.public, kept.shown_until) == (True, None)

    def test_the_answer_names_the_grade_and_the_record(self, send: Send, client: FlaskClient) -> None:
        code = make_enterprise()
        assert send(inspection(code)).json["grade"] == "A"
        told = send(violation(code)).json
        assert (told["grade"], told["state"], told["code"]) == ("B", "recorded", code)
        record = client.get(told["record"]).json
        assert (record["grade"], record["violations"][0]["id"]) == ("B", told["id"])


OTHER_WORDS: list[dict[str, Any]] = [
    {"fine": 60000}, {"fine": "60000"}, {"penalties": ["罚款"]}, {"severity": None}, {"item": None}, {"item": {}},
    {"related_to": []}, {"heavier": False}, {"source_ref": " "}, {"facts": ""},
]  # fmt: skip
OTHER_CONTENT: list[dict[str, Any]] = [
    {"fine": "70000.00"}, {"facts": "另一事实"}, {"severity": "serious"}, {"decided_on": ago(59)},
    {"proceedings": True},
    {"related_to": [{"document_no": "示例抽〔2026〕9号"}]}, {"item": {"lot": "7"}}, {"notices": {"served_on": ago(50)}},
]  # fmt: skip


class TestOnce:
    def test_the_same_document_again_changes_nothing(self, send: Send) -> None:
        code = make_enterprise()
        first = send(violation(code))
        before = counts()
        again = send(violation(code))
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json == first.json | {"state": "on_file"}
        assert counts() == before

    def test_the_same_in_other_words_is_the_same(self, send: Send) -> None:
        code = make_enterprise()
        assert send(violation(code)).status_code == 201
        for words in OTHER_WORDS:
            assert send(violation(code, **words)).status_code == 200, words

    def test_the_same_under_another_spelling_of_the_code_is_the_same(self, send: Send) -> None:
        code = make_enterprise()
        first = send(violation(code))
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
        for spelling in (code[8:17], code.lower(), wide, f" {code[:8]} {code[8:]} ", f"{code[8:16]}-{code[16]}"):
            again = send(violation(spelling))
            assert (again.status_code, again.json["id"]) == (200, first.json["id"]), spelling

    def test_other_content_is_refused_and_both_are_shown(self, send: Send) -> None:
        code = make_enterprise()
        first = send(violation(code)).json["id"]
        before = counts()
        for content in OTHER_CONTENT:
            answer = send(violation(code, **content))
            assert answer.status_code == 409, content
            problem = answer.json
            assert (problem["code"], problem["event"]) == ("different-document", first)
            assert problem["on_file"] != problem["sent"], content
            assert {"enterprise_id", "department_id", "content_digest"}.isdisjoint(problem["on_file"])
        assert counts() == before

    def test_another_number_line_or_kind_is_another_event(self, send: Send) -> None:
        code = make_enterprise()
        sent = [
            violation(code, document_no="同号"), violation(code, document_no="另号"),
            violation(code, document_no="同号", source_ref="第2行"),
            inspection(code, document_no="同号"), award(code, document_no="同号"),
        ]  # fmt: skip
        assert [send(one).status_code for one in sent] == [201] * 5

    def test_another_department_has_numbers_of_its_own(self, send: Send) -> None:
        code, theirs = make_enterprise(), make_key("示例农业农村局")
        assert send(violation(code, facts="机密")).status_code == 201
        other = send(violation(code, facts="另一事实"), headers=theirs)
        assert other.status_code == 201
        clash = send(violation(code, facts="再一事实"), headers=theirs)
        assert clash.status_code == 409
        assert "另一事实" in clash.text
        assert "机密" not in clash.text

    def test_one_bulletin_names_many_firms(self, send: Send) -> None:
        codes = [make_enterprise(number) for number in range(3)]
        lines = [inspection(code, document_no="通告〔2026〕3号", source_ref=f"第{n}行") for n, code in enumerate(codes)]
        assert [send(line).status_code for line in lines] == [201] * 3
        assert [send(line).status_code for line in lines] == [200] * 3
        first_again = inspection(codes[0], document_no="通告〔2026〕3号", source_ref="第9行")
        assert send(first_again).status_code == 201

    def test_eight_reports_of_one_document_at_once_make_one_event(self, app: Flask) -> None:
        code, headers = make_enterprise(), make_key()
        db.session.remove()
        answers: list[tuple[int, int]] = []

        def report() -> None:
            with app.app_context():
                answer = app.test_client().post(URL, json=award(code), headers=headers)
                answers.append((answer.status_code, answer.json["id"]))
                db.session.remove()
                reader.close()

        threads = [threading.Thread(target=report) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(status for status, _ in answers) == [200] * 7 + [201]
        assert len({event_id for _, event_id in answers}) == 1


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


class TestRefusals:
    def test_a_wrong_field_is_named_and_nothing_is_kept(self, send: Send) -> None:
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

    def test_every_wrong_field_is_named_at_once(self, send: Send) -> None:
        answer = send(violation(make_enterprise(), fine="-1", category="weather", colour="red"))
        assert set(answer.json["errors"]) == {"fine", "category", "colour"}

    def test_a_body_that_is_no_json_object_is_refused(self, send: Send) -> None:
        before = counts()
        for status, bodies in BODIES.items():
            for body in bodies:
                answer = send(None, json=None, data=body, content_type="application/json")
                assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), body[:40]
                assert answer.json["code"] == {400: "bad-request", 422: "invalid-input"}[status]
        assert counts() == before

    def test_an_unknown_enterprise_is_refused(self, send: Send) -> None:
        make_enterprise()
        before = counts()
        answer = send(violation(code_of(77)))
        assert (answer.status_code, answer.json["code"]) == (404, "unknown-enterprise")
        assert counts() == before

    def test_a_wrong_code_is_refused_with_reason_and_mend(self, send: Send) -> None:
        code = make_enterprise()
        before = counts()
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        answer = send(violation(wrong))
        assert (answer.status_code, answer.json["reason"]) == (400, "check_digit")
        assert answer.json["suggestions"] == [code]
        assert counts() == before

    def test_without_a_good_key_nothing_is_done(self, client: FlaskClient) -> None:
        code, revoked = make_enterprise(), make_key()
        with transaction("test") as change:
            db.session.execute(db.update(ApiKey).values(revoked_at=change.recorded_at))
        narrow = make_key(scopes=("enterprises:write",))
        before = counts()
        wrong = ("", "Bearer", "Bearer  ", "Bearer qc_unknown", "Basic eDp5", "Bearer 钥匙", "Bearer \x7f")
        sent = [{"Authorization": text.encode().decode("latin-1")} for text in wrong]
        for given in [{}, revoked, *sent]:
            answer = client.post(URL, json=violation(code), headers=given)
            assert (answer.status_code, answer.json["code"]) == (401, "no-key"), given
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        answer = client.post(URL, json=violation(code), headers=narrow)
        assert (answer.status_code, answer.json["code"]) == (403, "not-allowed")
        assert "events:write" in answer.json["detail"]
        assert counts() == before


FAILURE = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(100), "document_no": "抽1"}


class TestSecondLooks:
    def test_a_recheck_finds_the_first_test_and_mends_it(self, send: Send, client: FlaskClient) -> None:
        code = make_enterprise()
        first = send(inspection(code, **FAILURE)).json
        assert first["grade"] == "B"
        for number, link in enumerate(({"related_to": [{"document_no": "抽1"}]}, {"of": first["id"]})):
            again = send(inspection(code, document_no=f"查{number}", stage="recheck", occurred_on=ago(30), **link))
            assert (again.status_code, again.json["grade"]) == (201, "A"), again.text
            assert db.session.get_one(Event, again.json["id"]).of == first["id"]
        shown = client.get(f"/api/v1/enterprises/{code}").json["inspections"]
        assert {row["id"]: row["mended_on"] for row in shown}[first["id"]] == ago(30)

    def test_a_first_test_of_another_firm_or_a_later_one_is_not_examined(self, send: Send) -> None:
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

    def test_a_penalty_for_a_failed_sample_counts_once_with_it(self, send: Send, client: FlaskClient) -> None:
        code = make_enterprise()
        failed = send(inspection(code, **FAILURE)).json["id"]
        fined = send(violation(code, related_to=[{"document_no": "抽1"}])).json["id"]
        findings = client.get(f"/api/v1/enterprises/{code}").json["findings"]
        assert {f["event"]: (f["outcome"], f["points"]) for f in findings if f["event"] in (failed, fined)} == {
            failed: ("linked", 0), fined: ("counted", -10),
        }  # fmt: skip


def test_a_reader_never_sees_an_event_without_its_record(app: Flask, database_url: str) -> None:
    code, headers = make_enterprise(), make_key()
    db.session.remove()
    seen: set[tuple[int, int]] = set()
    done = threading.Event()

    def read() -> None:
        with app.app_context():
            while not done.is_set():
                seen.add(_events_and_shown(database_url))
            seen.add(_events_and_shown(database_url))
            db.session.remove()

    def write() -> None:
        with app.app_context():
            for number in range(5):
                sent = award(code, document_no=str(number), category="brand")
                app.test_client().post(URL, json=sent, headers=headers)
            done.set()
            db.session.remove()
            reader.close()

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {kept for kept, _ in seen} > {0, 5}
    assert all(kept == shown for kept, shown in seen), seen


def _events_and_shown(url: str) -> tuple[int, int]:
    """Events of an enterprise and awards in its record, as one snapshot tells them."""
    with db.engine.connect().execution_options(isolation_level=_snapshot(url)) as connection:
        events = connection.execute(select(func.count()).select_from(Event)).scalar_one()
        body = connection.exec_driver_sql("SELECT body FROM record").scalar_one()
    return events, bytes(body).count(b'"category":"brand"')


def _snapshot(url: str) -> str:
    return "SERIALIZABLE" if url.startswith("sqlite") else "REPEATABLE READ"
