"""Intake: one document in, classified, kept once, graded and published."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from credit.db import db
from credit.models import Classification, Event
from credit.policy import load_policy
from tests.event_reports import FAILURE, Send, counts, sender
from tests.makers import ago, award, inspection, make_enterprise, make_key, violation


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Reports a document with the key of one department."""
    return sender(client)


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
    (
        {"result": "fail", "role": "seller", "safety_item": True},
        ("sampling-failed-safety", True, ago(285)),
    ),
    (
        {"result": "fail", "producer_confirmed": True, "occurred_on": ago(15)},
        ("sampling-failed", True, ago(0)),
    ),
    (
        {"result": "fail", "producer_confirmed": True, "occurred_on": ago(14)},
        ("sampling-failed", True, "2026-11-23"),
    ),
    (
        {"result": "fail", "producer_confirmed": True, "final_on": ago(299)},
        ("sampling-failed", True, ago(299)),
    ),
    ({"result": "refused"}, ("inspection-refused", True, ago(300))),
    ({"result": "invalid"}, ("sample-invalid", False, ago(300))),
]
AWARDS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({}, ("pledge", "2027-05-26")),
    ({"category": "brand"}, ("brand", "2029-05-26")),
    ({"category": "certification", "valid_until": "2027-01-01"}, ("certification", "2027-01-01")),
    (
        {"category": "quality_prize", "level": "provincial"},
        ("quality-prize-provincial", "2029-05-26"),
    ),
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

    def test_the_answer_names_the_grade_and_the_record(
        self, send: Send, client: FlaskClient
    ) -> None:
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
        for spelling in (
            code[8:17],
            code.lower(),
            wide,
            f" {code[:8]} {code[8:]} ",
            f"{code[8:16]}-{code[16]}",
        ):
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
            assert {"enterprise_id", "department_id", "content_digest"}.isdisjoint(
                problem["on_file"]
            )
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
        lines = [
            inspection(code, document_no="通告〔2026〕3号", source_ref=f"第{n}行")
            for n, code in enumerate(codes)
        ]
        assert [send(line).status_code for line in lines] == [201] * 3
        assert [send(line).status_code for line in lines] == [200] * 3
        first_again = inspection(codes[0], document_no="通告〔2026〕3号", source_ref="第9行")
        assert send(first_again).status_code == 201


class TestSecondLooks:
    def test_a_recheck_finds_the_first_test_and_mends_it(
        self, send: Send, client: FlaskClient
    ) -> None:
        code = make_enterprise()
        first = send(inspection(code, **FAILURE)).json
        assert first["grade"] == "B"
        for number, link in enumerate(
            ({"related_to": [{"document_no": "抽1"}]}, {"of": first["id"]})
        ):
            again = send(
                inspection(
                    code, document_no=f"查{number}", stage="recheck", occurred_on=ago(30), **link
                )
            )
            assert (again.status_code, again.json["grade"]) == (201, "A"), again.text
            assert db.session.get_one(Event, again.json["id"]).of == first["id"]
        shown = client.get(f"/api/v1/enterprises/{code}").json["inspections"]
        assert {row["id"]: row["mended_on"] for row in shown}[first["id"]] == ago(30)

    def test_a_penalty_for_a_failed_sample_counts_once_with_it(
        self, send: Send, client: FlaskClient
    ) -> None:
        code = make_enterprise()
        failed = send(inspection(code, **FAILURE)).json["id"]
        fined = send(violation(code, related_to=[{"document_no": "抽1"}])).json["id"]
        findings = client.get(f"/api/v1/enterprises/{code}").json["findings"]
        assert {f["event"]: (f["outcome"], f["points"]) for f in findings if f["event"] in (failed, fined)} == {
            failed: ("linked", 0), fined: ("counted", -10),
        }  # fmt: skip
