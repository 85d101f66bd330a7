"""What-if: supposed events judged as real ones are, told to supervisors alone, and nothing is written."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as happening
from sqlalchemy import select

from credit.db import Base, db
from credit.services import way
from credit.terms import Cessation
from schemas.what_if import WhatIf
from tests.conftest import TODAY
from tests.desk import send, sign_in
from tests.makers import (
    ago,
    award,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_listing,
    violation,
)  # fmt: skip

API = "/api/v1"
PATH = f"{API}/policy/what-if"
PAGE = "/desk/what-if"
Json = dict[str, Any]


def ask(client: FlaskClient, code: str, status: int = 200, **supposed: Any) -> Json:
    answer = client.post(PATH, json={"code": code, **supposed}, headers=make_key())
    assert answer.status_code == status, answer.text
    found: Json = answer.json or {}
    return found


def record(client: FlaskClient, code: str) -> Json:
    found: Json = client.get(f"{API}/enterprises/{code}").json or {}
    return found


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but those of keys."""
    tables = [table for name, table in Base.metadata.tables.items() if name not in ("api_key", "department")]
    found = {table.name: [tuple(row) for row in db.session.execute(select(table))] for table in tables}
    db.session.rollback()
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


class TestSameAsReal:
    """What is supposed leads to the grade that the same facts lead to when they are reported."""

    @pytest.mark.parametrize("fields", [
        violation(""), violation("", fine="100"), violation("", penalties=["revoked_licence"], fine=None),
        violation("", penalties=["warning"], fine=None), violation("", category="false_records"),
        violation("", category="grave_accident"), violation("", related_to=[{"document_no": "抽0"}]),
        inspection("", document_no="抽1", result="fail", role="seller", occurred_on=ago(40), safety_item=True),
        inspection("", document_no="抽1", result="fail", role="seller", occurred_on=ago(3)),
        inspection("", document_no="复1", stage="recheck", related_to=[{"document_no": "抽0"}], occurred_on=ago(1)),
        inspection("", document_no="复1", stage="reinspection", related_to=[{"document_no": "抽0"}], occurred_on=ago(99)),
        award("", category="quality_prize", level="provincial"), award("", valid_from=ago(-30)),
    ])  # fmt: skip
    def test_an_event(self, client: FlaskClient, fields: Json) -> None:
        code = make_enterprise()
        make_events(inspection(code), inspection(code, document_no="抽0", result="fail", occurred_on=ago(100), role="seller"))
        sent = {name: value for name, value in fields.items() if name != "code"}
        supposed = ask(client, code, events=[sent])
        assert not WhatIf().validate(supposed)
        before = record(client, code)
        make_event(sent | {"code": code})
        after = record(client, code)
        for side, real in ((supposed["before"], before), (supposed["after"], after)):
            assert (side["grade"], side["score"]) == (real["grade"], real["score"])
            rules = [(one["rule"], one["outcome"], one["points"], one["until"]) for one in real["findings"]]
            told = [(one["rule"], one["outcome"], one["points"], one["until"]) for one in side["findings"]]
            assert set(rules) <= set(told)
            assert side["score"] is None or sum(one["points"] for one in side["findings"]) == side["score"]

    @pytest.mark.parametrize("ground", list(Cessation))
    def test_a_cessation(self, client: FlaskClient, ground: Cessation) -> None:
        code = make_enterprise()
        _, event = make_events(inspection(code), violation(code))
        end = {"event": event, "ground": str(ground), "on": ago(1)}
        supposed = ask(client, code, cessations=[end])
        make_cessation(code, "示例罚〔2026〕1号", TODAY - timedelta(days=1), ground)
        after = record(client, code)
        assert (supposed["after"]["grade"], supposed["after"]["score"]) == (after["grade"], after["score"])
        assert (supposed["before"]["grade"], supposed["after"]["grade"]) == ("B", "A")
        (ended,) = (one for one in supposed["changed"] if one["before"] and one["before"]["rule"] == "violation-general")
        assert (ended["change"], ended["before"]["points"], ended["after"]["points"]) == ("changed", -10, 0)

    def test_a_later_day(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_events(inspection(code), violation(code))
        later = (TODAY + timedelta(days=400)).isoformat()
        told = ask(client, code, on=later, events=[violation(code, document_no="罚2", decided_on=later)])
        assert (told["before"]["grade"], told["after"]["grade"], told["on"]) == ("A", "B", later)

    def test_the_tier_is_told_and_what_lies_ahead(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        told = ask(client, code, events=[violation(code, penalties=["revoked_licence"], fine=None)])
        assert (told["before"]["tier"], told["after"]["tier"]) == ("2", "4")
        assert [item["grade"] for item in told["forecast"]["after"]["items"]] == ["A"]


class TestSuppositionsTogether:
    def test_a_supposed_failure_is_mended_and_a_supposed_penalty_repaired(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        failed = inspection(code, document_no="抽9", result="fail", role="seller", occurred_on=ago(90))
        mended = inspection(code, document_no="复9", stage="recheck", related_to=[{"document_no": "抽9"}], occurred_on=ago(2))
        events = [mended, failed, violation(code)]
        told = ask(client, code, events=events, cessations=[{"event": -3, "ground": "repaired", "on": ago(1)}])
        assert (told["before"]["grade"], told["after"]["grade"]) == ("A", "A")
        outcomes = {one["event"]: one["outcome"] for one in told["after"]["findings"]}
        assert (outcomes[-2], outcomes[-3]) == ("mended", "repaired")

    def test_a_repair_before_its_time_is_supposed_but_said(self, client: FlaskClient) -> None:
        code = make_enterprise()
        ids = make_events(inspection(code), violation(code, occurred_on=ago(20), decided_on=ago(10)))
        ends = [{"event": number, "ground": "repaired", "on": ago(0)} for number in ids]
        assert len(ask(client, code, cessations=ends)["notices"]) == 2
        assert ask(client, code, cessations=[ends[1] | {"ground": "revoked"}])["notices"] == []

    def test_without_a_supposition_both_sides_are_one(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        told = ask(client, code[8:17])
        assert told["before"] == told["after"]
        assert (told["changed"], told["code"]) == ([], code)

    def test_what_the_public_may_not_see_is_told_to_supervisors(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(violation(code, penalties=["warning"], fine=None))
        assert "not_shown" in {one["outcome"] for one in ask(client, code)["before"]["findings"]}
        assert record(client, code)["findings"] == [one for one in record(client, code)["findings"] if not one["event"]]


class TestRefused:
    @pytest.mark.parametrize(("supposed", "where"), [
        ({"on": "2026-11-21"}, ["on"]), ({"on": "2029-11-23"}, ["on"]), ({"on": "x"}, ["on"]),
        ({"colour": "red"}, ["colour"]), ({"events": [{}] * 21}, ["events"]),
        ({"events": [{"kind": "rumour"}]}, ["events", "0", "kind"]),
        ({"events": [award(""), violation("", fine=None)]}, ["events", "1", "fine"]),
        ({"events": [violation("", occurred_on=ago(-1), decided_on=ago(-1))]}, ["events", "0", "decided_on"]),
        ({"events": [violation("", department="x")]}, ["events", "0", "department"]),
        ({"events": [violation("", document_no="罚0")]}, ["events", "0", "document_no"]),
        ({"events": [award(""), award("")]}, ["events", "1", "document_no"]),
        ({"events": [inspection("", stage="recheck", of=1)]}, ["events", "0", "of"]),
        ({"cessations": [{"event": 1, "ground": "repaired", "on": ago(0)}]}, ["cessations", "0", "event"]),
        ({"cessations": [{"event": -1, "ground": "repaired", "on": ago(0)}]}, ["cessations", "0", "event"]),
        ({"cessations": [{"event": -1, "ground": "x", "on": ago(0)}]}, ["cessations", "0", "ground"]),
        ({"cessations": [{"event": -1, "ground": "revoked", "on": ago(-1)}], "events": [award("")]}, ["cessations", "0", "on"]),
        ({"cessations": [{"event": -1, "ground": "revoked", "on": ago(900)}], "events": [award("")]}, ["cessations", "0", "on"]),
    ])  # fmt: skip
    def test_each_wrong_field_is_named_by_its_place(self, client: FlaskClient, supposed: Json, where: list[str]) -> None:
        code = make_enterprise()
        make_event(violation(code, document_no="罚0"))
        for event in supposed.get("events", []):
            event.pop("code", None)
        told = ask(client, code, 422, **supposed)
        errors = told["errors"]
        for step in where:
            assert step in errors, told
            errors = errors[step]

    def test_an_event_about_another_enterprise(self, client: FlaskClient) -> None:
        code, other = make_enterprise(1), make_enterprise(2)
        told = ask(client, code, 422, events=[award(other)])
        assert "code" in told["errors"]["events"]["0"]

    def test_only_supervisors_may_ask(self, client: FlaskClient) -> None:
        body = {"code": make_enterprise()}
        lacking = make_key(scopes=("events:write", "enterprises:write"))
        assert client.post(PATH, json=body).status_code == 401
        assert client.post(PATH, json=body, headers=lacking).status_code == 403
        assert client.post(PATH, json={"code": "9"}, headers=make_key()).status_code == 400

    def test_no_cache_may_keep_the_answer(self, client: FlaskClient) -> None:
        answer = client.post(PATH, json={"code": make_enterprise()}, headers=make_key())
        assert "no-store" in answer.headers["Cache-Control"]


class TestNothingIsWritten:
    def test_the_whole_register_is_as_it_was(self, client: FlaskClient) -> None:
        code = make_enterprise()
        _, event = make_events(inspection(code), violation(code))
        make_listing(code)
        headers = make_key()
        ends = [{"event": event, "ground": "revoked", "on": ago(1)}]
        body = {"code": code, "events": [award(code), violation(code, document_no="罚2")], "cessations": ends}
        before, said = everything(), []
        happening.listen(db.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        assert client.post(PATH, json=body, headers=headers).status_code == 200
        assert everything() == before
        writing = [one for one in said if one != "BEGIN" and not one.lstrip().startswith(("SELECT", "WITH"))]
        assert said and writing == []
        assert not [one for one in said if "FOR UPDATE" in one]

    def test_of_a_refusal_the_audit_alone_tells(self, client: FlaskClient) -> None:
        code, headers = make_enterprise(), make_key()
        before = everything()
        body = {"code": code, "events": [violation(code, fine=None)]}
        assert client.post(PATH, json=body, headers=headers).status_code == 422
        after = everything()
        assert {name for name in after if after[name] != before[name]} == {"audit", "register"}

    def test_it_opens_no_writing_transaction(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code, headers = make_enterprise(), make_key()
        monkeypatch.setattr("credit.db._locked_register", lambda: pytest.fail("the register row was locked"))
        monkeypatch.setattr(way, "advance", lambda *_, **__: pytest.fail("something was published"))
        assert client.post(PATH, json={"code": code, "events": [award(code)]}, headers=headers).status_code == 200

    def test_nor_does_the_page(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        sign_in(client)
        before = everything()
        assert "新增" in send(client, PAGE, code=code, add="award", **AWARD).text
        assert everything() == before


AWARD = {"award-category": "brand", "award-level": "", "award-valid_from": ago(0), "award-valid_until": ""}
PENALTY = {
    "violation-category": "product_quality", "violation-penalty": "fine", "violation-fine": "60000",
    "violation-severity": "", "violation-decided_on": ago(0),
}  # fmt: skip
TEST = {
    "inspection-result": "fail", "inspection-type": "supervised_sampling", "inspection-product": "粳米",
    "inspection-occurred_on": ago(0), "inspection-final": "yes",
}  # fmt: skip


def hidden(page: str) -> list[str]:
    """The added events that a page carries on."""
    return [unescape(text) for text in re.findall(r'name="event" value="([^"]+)"', page)]


class TestPage:
    @pytest.fixture
    def code(self, app: Flask, client: FlaskClient) -> str:
        """An enterprise with a pass and a violation; the client is signed in."""
        code = make_enterprise()
        self.event = make_events(inspection(code), violation(code))[1]
        sign_in(client)
        return code

    def test_an_enterprise_is_chosen_by_code_or_name(self, client: FlaskClient, code: str) -> None:
        assert f"code={code}" in client.get(f"{PAGE}?q=示例").text
        assert "在册记录怎样结束" in client.get(f"{PAGE}?q={code}").text
        assert "没有找到相符的企业" in client.get(f"{PAGE}?q=没有这家").text
        wrong = client.get(f"{PAGE}?code={code[:-1]}x")
        assert (wrong.status_code, code in wrong.text) == (422, True)

    def test_events_are_added_one_by_one_and_taken_away(self, client: FlaskClient, code: str) -> None:
        once = send(client, PAGE, code=code, add="violation", **PENALTY).text
        twice = send(client, PAGE, code=code, add="inspection", event=hidden(once), **TEST).text
        assert [len(hidden(page)) for page in (once, twice)] == [1, 2]
        assert "等级由 B 变为 C" in twice and "检查：监督抽查，不合格（粳米）" in twice
        less = send(client, PAGE, code=code, remove="0", event=hidden(twice)).text
        assert "检查：监督抽查" in less and len(hidden(less)) == 1

    def test_a_repair_is_supposed(self, client: FlaskClient, code: str) -> None:
        page = send(client, PAGE, code=code, **{f"end-{self.event}": "repaired", f"end-on-{self.event}": ago(0)}).text
        assert "等级由 B 变为 A" in page
        assert "依规定最早" in page
        assert "moved moved-changed" in page and "责任监管" in page

    def test_a_failure_passes_its_re_check(self, client: FlaskClient, code: str) -> None:
        event = make_event(inspection(code, document_no="抽9", result="fail", role="seller", occurred_on=ago(50)))
        page = send(client, PAGE, code=code, **{f"end-{event}": "mended", f"end-on-{event}": ago(0)}).text
        assert "复查合格，不再扣分" in page

    @pytest.mark.parametrize(("kind", "fields", "at"), [
        ("violation", PENALTY | {"violation-fine": ""}, "violation-fine"),
        ("violation", PENALTY | {"violation-decided_on": ago(-1)}, "violation-decided_on"),
        ("violation", PENALTY | {"violation-decided_on": "昨天"}, "violation-decided_on"),
        ("inspection", TEST | {"inspection-occurred_on": ""}, "inspection-occurred_on"),
        ("inspection", TEST | {"inspection-product": "米" * 300}, "inspection-product"),
        ("award", AWARD | {"award-category": "quality_prize"}, "award-level"),
        ("award", AWARD | {"award-valid_until": ago(9)}, "award-valid_until"),
    ])  # fmt: skip
    def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(
        self, client: FlaskClient, code: str, kind: str, fields: Json, at: str
    ) -> None:
        answer = send(client, PAGE, code=code, add=kind, **fields)
        assert answer.status_code == 422
        assert f'id="{at}-mistake"' in answer.text and f'href="#{at}"' in answer.text
        assert hidden(answer.text) == []
        for name, value in fields.items():
            assert f'id="{name}"' in answer.text
            assert value in answer.text or name.endswith("final")

    def test_a_wrong_day_of_grading_or_of_a_repair(self, client: FlaskClient, code: str) -> None:
        assert 'id="on-mistake"' in send(client, PAGE, code=code, on=ago(5)).text
        wrong = send(client, PAGE, code=code, **{f"end-{self.event}": "repaired", f"end-on-{self.event}": ago(-9)})
        assert f'id="end-on-{self.event}-mistake"' in wrong.text

    @pytest.mark.parametrize("text", ["{", "[]", "5", '{"kind": "violation"}', '{"kind": "rumour"}', "null"])
    def test_a_list_that_was_tampered_with_is_refused(self, client: FlaskClient, code: str, text: str) -> None:
        assert send(client, PAGE, code=code, event=text).status_code == 400

    @pytest.mark.parametrize("fields", [
        {"remove": "7"}, {"remove": "-1"}, {"add": "rumour"}, {"end-x": "repaired"}, {"end-1": "foo"},
        {"end-999999999999999999": "repaired"}, {"on": "x"}, {"end-1": "mended", "end-on-1": "y"},
    ])  # fmt: skip
    def test_nothing_that_is_sent_breaks_it(self, client: FlaskClient, code: str, fields: Json) -> None:
        assert send(client, PAGE, code=code, **fields).status_code in (200, 422)

    def test_it_speaks_english_too(self, client: FlaskClient, code: str) -> None:
        page = client.get(f"{PAGE}?code={code}&lang=en").text
        assert "How records on file end" in page and "Suppose one more record" in page
