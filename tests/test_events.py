"""Intake: one document in, classified, kept once, graded and published; or refused, and nothing changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit.db import Base, db, transaction
from credit.models import ApiKey, Classification, Event, Register
from credit.policy import load_policy
from tests.conftest import TODAY
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
    rows = {name: db.session.scalar(select(func.count()).select_from(table)) for name, table in Base.metadata.tables.items()}
    found = rows | {"seq": db.session.scalar(select(Register.last_seq))}
    db.session.rollback()
    return found


def classified(event_id: int) -> Classification:
    return db.session.scalars(select(Classification).where(Classification.seq == event_id)).one()


class TestClassification:
    @pytest.mark.parametrize(
        ("fields", "severity", "public", "shown_until"),
        [
            ({}, "general", True, "2027-09-23"),
            ({"fine": "49999.99"}, "minor", False, None),
            ({"fine": "49999.99", "publication_basis": "省规定"}, "minor", True, "2026-12-23"),
            ({"fine": "2000000"}, "serious", True, "2029-09-23"),
            ({"fine": 1999999.99}, "general", True, "2027-09-23"),
            ({"penalties": ["fine", "revoked_licence"]}, "serious", True, "2029-09-23"),
            ({"penalties": ["罚款", "没收非法财物"]}, "general", True, "2027-09-23"),
            ({"penalties": ["warning"], "publication_basis": "省规定", "fine": None}, "minor", False, None),
            ({"fine": "10", "severity": "serious"}, "serious", True, "2029-09-23"),
            ({"restricted_until": "2031-01-01"}, "general", True, "2031-01-01"),
            ({"decided_on": "2026-03-31", "occurred_on": "2026-03-01", "published_on": "2026-04-07"}, "general", True, "2027-04-07"),
            ({"decided_on": "2026-04-01", "occurred_on": "2026-03-01", "published_on": "2026-04-07"}, "general", True, "2027-04-01"),
        ],
    )  # fmt: skip
    def test_a_violation_is_told_its_severity_and_window(
        self, send: Send, fields: dict[str, Any], severity: str, public: bool, shown_until: str | None
    ) -> None:
        code = make_enterprise()
        answer = send(violation(code, **fields))
        assert answer.status_code == 201, answer.text
        told = answer.json
        assert (told["severity"], told["public"]) == (severity, public)
        kept = classified(told["id"])
        assert (kept.severity, kept.public, kept.digest) == (severity, public, load_policy().digest)
        assert kept.in_force_on == db.session.get_one(Event, told["id"]).decided_on
        if public:
            assert told["shown_until"] == shown_until
            assert str(kept.shown_until) == shown_until

    @pytest.mark.parametrize(
        ("fields", "rule", "public", "final"),
        [
            ({}, "final-pass", True, ago(300)),
            ({"type": "requested"}, "pass-requested", True, ago(300)),
            ({"result": "fail", "occurred_on": ago(20), "producer_confirmed": True}, "sampling-failed", True, ago(5)),
            ({"result": "fail", "occurred_on": ago(5), "producer_confirmed": True}, "sampling-failed", True, "2026-12-02"),
            ({"result": "fail", "occurred_on": ago(20), "final_on": ago(19), "role": "seller"}, "sampling-failed", True, ago(19)),
            ({"result": "fail", "safety_item": True, "role": "seller"}, "sampling-failed-safety", True, ago(285)),
            ({"result": "fail"}, "sampling-failed", False, ago(285)),
            ({"producer_confirmed": False}, "final-pass", False, ago(300)),
            ({"result": "refused"}, "inspection-refused", True, ago(300)),
            ({"result": "invalid"}, "sample-invalid", False, ago(300)),
        ],
    )  # fmt: skip
    def test_an_inspection_is_kept_with_the_day_on_which_it_is_final(
        self, send: Send, fields: dict[str, Any], rule: str, public: bool, final: str
    ) -> None:
        answer = send(inspection(make_enterprise(), **fields))
        assert answer.status_code == 201, answer.text
        kept = classified(answer.json["id"])
        assert (kept.rule, kept.public, str(kept.in_force_on)) == (rule, public, final)
        assert kept.digest == load_policy().digest

    @pytest.mark.parametrize(
        ("fields", "rule", "until"),
        [
            ({}, "pledge", "2027-05-26"),
            ({"category": "brand"}, "brand", "2029-05-26"),
            ({"category": "certification", "valid_until": "2027-01-01"}, "certification", "2027-01-01"),
            ({"category": "quality_prize", "level": "provincial"}, "quality-prize-provincial", "2029-05-26"),
            ({"category": "standard", "level": "county"}, "award-unscored", "2029-05-26"),
        ],
    )
    def test_an_award_is_kept_with_its_end(self, send: Send, fields: dict[str, Any], rule: str, until: str) -> None:
        answer = send(award(make_enterprise(), **fields))
        assert answer.status_code == 201, answer.text
        kept = classified(answer.json["id"])
        assert (kept.rule, kept.public, str(kept.until), kept.shown_until) == (rule, True, until, None)

    def test_the_answer_names_the_grade_and_the_record(self, send: Send, client: FlaskClient) -> None:
        code = make_enterprise()
        assert send(inspection(code)).json["grade"] == "A"
        told = send(violation(code)).json
        assert told["grade"] == "B"
        assert told["record"] == f"/api/v1/enterprises/{code}"
        record = client.get(told["record"]).json
        assert (record["grade"], record["violations"][0]["id"]) == ("B", told["id"])


class TestOnce:
    def test_the_same_document_again_changes_nothing(self, send: Send) -> None:
        code = make_enterprise()
        first = send(violation(code))
        before = counts()
        again = send(violation(code))
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json == first.json | {"state": "on_file"}
        assert counts() == before

    @pytest.mark.parametrize(
        "other_words",
        [
            {"fine": 60000}, {"fine": "60000"}, {"penalties": ["罚款"]}, {"severity": None}, {"item": None},
            {"item": {}}, {"related_to": []}, {"heavier": False}, {"source_ref": " "}, {"facts": ""},
        ],
    )  # fmt: skip
    def test_the_same_in_other_words_is_the_same(self, send: Send, other_words: dict[str, Any]) -> None:
        code = make_enterprise()
        assert send(violation(code)).status_code == 201
        assert send(violation(code, **other_words)).status_code == 200

    def test_the_same_under_another_spelling_of_the_code_is_the_same(self, send: Send) -> None:
        code = make_enterprise()
        first = send(violation(code))
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
        for spelling in (code[8:17], code.lower(), wide, f" {code[:8]} {code[8:]} ", f"{code[8:16]}-{code[16]}"):
            again = send(violation(spelling))
            assert (again.status_code, again.json["id"]) == (200, first.json["id"]), spelling

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("fine", "70000.00"), ("facts", "另一事实"), ("severity", "serious"), ("decided_on", ago(59)),
            ("related_to", [{"document_no": "示例抽〔2026〕9号"}]), ("proceedings", True), ("item", {"lot": "7"}),
            ("notices", {"served_on": ago(50)}),
        ],
    )  # fmt: skip
    def test_other_content_is_refused_and_both_are_shown(self, send: Send, field: str, value: Any) -> None:
        code = make_enterprise()
        first = send(violation(code)).json["id"]
        before = counts()
        answer = send(violation(code, **{field: value}))
        assert answer.status_code == 409
        problem = answer.json
        assert (problem["code"], problem["event"]) == ("different-document", first)
        assert problem["on_file"] != problem["sent"]
        assert {"enterprise_id", "department_id", "content_digest"}.isdisjoint(problem["on_file"])
        assert counts() == before

    @pytest.mark.parametrize("field", ["document_no", "source_ref"])
    def test_another_number_or_line_is_another_event(self, send: Send, field: str) -> None:
        code = make_enterprise()
        ids = {send(violation(code, **{field: value})).json["id"] for value in ("甲", "乙")}
        assert len(ids) == 2

    def test_another_kind_with_the_same_number_is_another_event(self, send: Send) -> None:
        code = make_enterprise()
        sent = [violation(code, document_no="同号"), inspection(code, document_no="同号"), award(code, document_no="同号")]
        assert [send(one).status_code for one in sent] == [201, 201, 201]

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
        codes = [make_enterprise(number) for number in range(4)]
        lines = [inspection(code, document_no="通告〔2026〕3号", source_ref=f"第{n}行") for n, code in enumerate(codes)]
        assert [send(line).status_code for line in lines] == [201] * 4
        assert [send(line).status_code for line in lines] == [200] * 4
        first_again = inspection(codes[0], document_no="通告〔2026〕3号", source_ref="第9行")
        assert send(first_again).status_code == 201

    def test_eight_reports_of_one_document_at_once_make_one_event(self, app: Flask) -> None:
        code, headers = make_enterprise(), make_key()
        db.session.remove()
        answers: list[tuple[int, int]] = []

        def report() -> None:
            answer = app.test_client().post(URL, json=award(code), headers=headers)
            answers.append((answer.status_code, answer.json["id"]))

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
    "future event": ({"occurred_on": "2999-01-01", "decided_on": "2999-01-02"}, "occurred_on"),
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
OTHERS: list[tuple[dict[str, Any], str]] = [
    (inspection("CODE", final_on=ago(301)), "final_on"),
    (inspection("CODE", of=3), "of"),
    (inspection("CODE", stage="recheck"), "of"),
    (inspection("CODE", stage="recheck", of=10**400), "of"),
    (inspection("CODE", result="maybe"), "result"),
    (inspection("CODE", failed_items=[{"item": ""}]), "failed_items"),
    (award("CODE", valid_until=ago(180)), "valid_until"),
    (award("CODE", valid_from="2028-01-01"), "valid_from"),
    (award("CODE", category="quality_prize"), "level"),
]


class TestRefusals:
    @pytest.mark.parametrize("name", REFUSED)
    def test_a_wrong_field_is_named_and_nothing_is_kept(self, send: Send, name: str) -> None:
        fields, field = REFUSED[name]
        sent = violation(make_enterprise()) | fields
        before = counts()
        answer = send(sent)
        assert answer.status_code == 422, answer.text
        assert answer.mimetype == "application/problem+json"
        assert answer.json["code"] == "invalid-input"
        assert set(answer.json["errors"]) == {field}
        assert counts() == before

    @pytest.mark.parametrize(("sent", "field"), OTHERS)
    def test_so_for_inspections_and_awards(self, send: Send, sent: dict[str, Any], field: str) -> None:
        code = make_enterprise()
        before = counts()
        if sent.get("of") == 10**400:
            whole = f'{{"kind":"inspection","code":"{code}","of":{10**400}}}'
            answer = send(None, json=None, data=whole, content_type="application/json")
            assert answer.status_code == 400
        else:
            answer = send(sent | {"code": code})
            assert answer.status_code == 422, answer.text
            assert set(answer.json["errors"]) == {field}
        assert counts() == before

    def test_every_wrong_field_is_named_at_once(self, send: Send) -> None:
        answer = send(violation(make_enterprise(), fine="-1", category="weather", colour="red"))
        assert set(answer.json["errors"]) == {"fine", "category", "colour"}

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400), (b"{", 400), (b"not json", 400), (b"\xff\xfe", 400), (b'{"fine":NaN}', 400), (b'{"fine":1e999}', 400),
            (b'{"fine":' + b"1" * 401 + b"}", 400), (b"[" * 5000 + b"]" * 5000, 400), (b'"\\ud800"', 400),
            (b"[]", 422), (b"[{}]", 422), (b"null", 422), (b'"text"', 422), (b"7", 422), (b"{}", 422),
            (b'{"kind":' + b'{"a":' * 900 + b"1" + b"}" * 901, 422),
        ],
    )  # fmt: skip
    def test_a_body_that_is_no_json_object_is_refused(self, send: Send, body: bytes, status: int) -> None:
        make_enterprise()
        before = counts()
        answer = send(None, json=None, data=body, content_type="application/json")
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "application/problem+json"
        assert answer.json["status"] == status
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

    @pytest.mark.parametrize(
        ("authorization", "status", "problem"),
        [
            (None, 401, "no-key"), ("", 401, "no-key"), ("Bearer", 401, "no-key"), ("Bearer  ", 401, "no-key"),
            ("Bearer qc_unknown", 401, "no-key"), ("Basic eDp5", 401, "no-key"), ("Bearer 钥匙", 401, "no-key"),
            ("narrow", 403, "not-allowed"), ("revoked", 401, "no-key"),
        ],
    )  # fmt: skip
    def test_without_a_good_key_nothing_is_done(
        self, client: FlaskClient, authorization: str | None, status: int, problem: str
    ) -> None:
        code = make_enterprise()
        given = {"Authorization": authorization} if authorization is not None else {}
        if authorization == "narrow":
            given = make_key(scopes=("enterprises:write",))
        if authorization == "revoked":
            given = make_key()
            with transaction("test") as change:
                db.session.execute(db.update(ApiKey).values(revoked_at=change.recorded_at))
        before = counts()
        latin = {name: text.encode().decode("latin-1") for name, text in given.items()}
        answer = client.post(URL, json=violation(code), headers=latin)
        assert (answer.status_code, answer.json["code"]) == (status, problem)
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)
        assert counts() == before


class TestSecondLooks:
    failure = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(100), "document_no": "抽1"}

    @pytest.mark.parametrize("by", ["id", "document"])
    def test_a_recheck_finds_the_first_test_and_mends_it(self, send: Send, client: FlaskClient, by: str) -> None:
        code = make_enterprise()
        first = send(inspection(code, **self.failure)).json
        assert first["grade"] == "B"
        link = {"of": first["id"]} if by == "id" else {"related_to": [{"document_no": "抽1"}]}
        again = send(inspection(code, document_no="查1", stage="recheck", occurred_on=ago(30), **link))
        assert again.status_code == 201, again.text
        assert again.json["grade"] == "A"
        assert db.session.get_one(Event, again.json["id"]).of == first["id"]
        shown = client.get(f"/api/v1/enterprises/{code}").json["inspections"]
        assert {row["id"]: row["mended_on"] for row in shown}[first["id"]] == ago(30)

    def test_a_first_test_of_another_firm_or_a_later_one_is_not_examined(self, send: Send) -> None:
        mine, theirs = make_enterprise(1), make_enterprise(2)
        passed = send(inspection(theirs, document_no="抽2")).json["id"]
        send(inspection(mine, **self.failure))
        before = counts()
        wrong = [
            (inspection(mine, stage="recheck", document_no="查1", of=passed), "of"),
            (inspection(mine, stage="recheck", document_no="查1", of=10**12), "of"),
            (inspection(mine, stage="recheck", document_no="查1", related_to=[{"document_no": "抽2"}]), "of"),
            (inspection(mine, stage="reinspection", document_no="查1", related_to=[{"document_no": "抽1"}], occurred_on=ago(101)), "occurred_on"),
        ]  # fmt: skip
        for sent, field in wrong:
            answer = send(sent)
            assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
        assert counts() == before

    def test_a_penalty_for_a_failed_sample_counts_once_with_it(self, send: Send, client: FlaskClient) -> None:
        code = make_enterprise()
        failed = send(inspection(code, **self.failure)).json["id"]
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
                seen.add(_events_and_shown(database_url, code))

    def write() -> None:
        for number in range(12):
            sent = award(code, document_no=str(number), category="brand")
            assert app.test_client().post(URL, json=sent, headers=headers).status_code == 201
        done.set()

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(kept == shown for kept, shown in seen), seen
    assert len(seen) > 1


def _events_and_shown(url: str, code: str) -> tuple[int, int]:
    """Events of an enterprise and awards in its record, as one snapshot tells them."""
    with db.engine.connect().execution_options(isolation_level=_snapshot(url)) as connection:
        events = connection.execute(select(func.count()).select_from(Event)).scalar_one()
        body = connection.exec_driver_sql("SELECT body FROM record").scalar_one()
    return events, bytes(body).count(b'"category":"brand"')


def _snapshot(url: str) -> str:
    return "SERIALIZABLE" if url.startswith("sqlite") else "REPEATABLE READ"


def test_today_is_the_day_of_these_tests() -> None:
    assert ago(0) == TODAY.isoformat()
