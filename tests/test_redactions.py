"""The text of a violation is published once nothing personal stands in it: the check, the officer's acts, two times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import delete, func, select

from credit.clock import now
from credit.db import db, transaction
from credit.models import AuditRow, Event, Redaction, TextCheck
from credit.rules.redaction import CHECKER
from credit.services import enterprises, redactions, text_checks, way
from credit.services.departments import Bearer
from credit.services.duties.desk import duties
from tests.conftest import TODAY, Clock
from tests.makers import (
    DEPARTMENT,
    ago,
    make_department,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    notices,
    violation,
)

CLEAN = "销售不合格的电线电缆，货值金额12000元。"
PERSONAL = "证人张三丰（电话13800138000）称，销售不合格的电线电缆。"
MASKED = "证人张某（电话[电话号码已隐去]）称，销售不合格的电线电缆。"
SECRETS = ("张三丰", "13800138000")


def text_of(client: FlaskClient, code: str, **asked: str) -> str | None:
    answer = client.get(f"/api/v1/enterprises/{code}", query_string=asked)
    (shown,) = answer.json["violations"]
    found: str | None = shown["facts"]
    return found


def place(event: int) -> str:
    return f"/api/v1/events/{event}/redaction"


@pytest.fixture
def code(client: FlaskClient) -> str:
    return make_enterprise()


@pytest.fixture
def event(code: str) -> int:
    """A violation whose text names a witness and his telephone."""
    return make_event(violation(code, facts=PERSONAL))


class TestPublication:
    def test_a_text_with_nothing_personal_is_published_at_once(self, client: FlaskClient, code: str) -> None:
        make_event(violation(code, facts=CLEAN))
        assert text_of(client, code) == CLEAN
        assert CLEAN in client.get(f"/enterprises/{code}").text

    @pytest.mark.parametrize("facts", [None, ""])
    def test_an_entry_without_text_shows_none(self, client: FlaskClient, code: str, facts: str | None) -> None:
        make_event(violation(code, **({} if facts is None else {"facts": facts})))
        assert text_of(client, code) is None

    def test_with_findings_the_entry_is_shown_without_its_text(self, client: FlaskClient, code: str, event: int) -> None:
        assert text_of(client, code) is None
        page = client.get(f"/enterprises/{code}").text
        assert "示例罚〔2026〕1号" in page and not any(word in page for word in SECRETS)

    def test_the_department_is_told_at_intake(self, client: FlaskClient, code: str) -> None:
        answers = [client.post("/api/v1/events", json=violation(code, facts=facts, document_no=facts[:5]), headers=make_key())
                   for facts in (CLEAN, PERSONAL)]
        assert [answer.json["open_findings"] for answer in answers] == [0, 2]

    def test_what_is_masked_is_shown_and_the_original_is_kept(self, client: FlaskClient, code: str, event: int) -> None:
        key = make_key()
        proposed = client.get(place(event), headers=key).json["proposed"]
        assert proposed == MASKED
        answer = client.post(place(event), json={"masked": proposed}, headers=key)
        assert answer.status_code == 201 and answer.json["state"] == "redacted"
        assert text_of(client, code) == MASKED
        assert MASKED in client.get(f"/enterprises/{code}").text
        assert db.session.scalar(select(Event.facts)) == PERSONAL

    def test_what_is_cleared_with_a_reason_is_shown_as_it_is(self, client: FlaskClient, code: str) -> None:
        text = "向未成年人销售电子烟。"
        event = make_event(violation(code, facts=text))
        assert text_of(client, code) is None
        cleared = {"cleared": [0], "reason": "法条用语，不指向具体的人"}
        assert client.post(place(event), json=cleared, headers=make_key()).status_code == 201
        assert text_of(client, code) == text

    def test_a_part_may_be_cleared_and_a_part_masked(self, client: FlaskClient, code: str, event: int) -> None:
        shown = MASKED.replace("张某", "张三丰")
        sent = {"masked": shown, "cleared": [0], "reason": "本人书面同意"}
        assert client.post(place(event), json=sent, headers=make_key()).status_code == 201
        assert text_of(client, code) == shown

    def test_an_officer_masks_what_the_check_missed(self, client: FlaskClient, code: str) -> None:
        event = make_event(violation(code, facts="见到老张家的赵六在场。"))
        assert text_of(client, code) == "见到老张家的赵六在场。"
        assert client.post(place(event), json={"masked": "见到[姓名已隐去]在场。"}, headers=make_key()).status_code == 201
        assert text_of(client, code) == "见到[姓名已隐去]在场。"

    def test_the_same_redaction_again_is_no_new_one(self, client: FlaskClient, code: str, event: int) -> None:
        key = make_key()
        answers = [client.post(place(event), json={"masked": MASKED}, headers=key) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200]
        assert db.session.scalar(select(func.count()).select_from(Redaction)) == 1

    def test_a_later_redaction_takes_the_place_of_the_first(self, client: FlaskClient, code: str, event: int) -> None:
        key = make_key()
        client.post(place(event), json={"masked": MASKED}, headers=key)
        less = MASKED.replace("[电话号码已隐去]", "＊＊＊")
        assert client.post(place(event), json={"masked": less}, headers=key).status_code == 201
        assert text_of(client, code) == less
        first, second = db.session.scalars(select(Redaction).order_by(Redaction.seq))
        assert second.replaces == first.seq


class TestRefusals:
    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"masked": PERSONAL}, "masked"),
            ({"masked": MASKED.replace("张某", "张三丰")}, "masked"),
            ({"masked": MASKED.replace("不合格", "合格")}, "masked"),
            ({"masked": f"{MASKED}处罚过重。"}, "masked"),
            ({"cleared": [0], "reason": "核对无误"}, "cleared"),
            ({"cleared": [0, 1]}, "reason"),
            ({"cleared": [7], "reason": "核对无误"}, "cleared"),
            ({"cleared": [], "reason": "核对无误"}, "cleared"),
            ({"reason": "核对无误"}, "masked"),
            ({"masked": MASKED, "colour": "red"}, "colour"),
        ],
    )  # fmt: skip
    def test_what_stays_open_or_says_something_else_is_refused(
        self, client: FlaskClient, code: str, event: int, sent: dict[str, Any], field: str
    ) -> None:
        answer = client.post(place(event), json=sent, headers=make_key())
        assert answer.status_code == 422 and field in answer.json["errors"]
        assert not any(word in answer.text for word in SECRETS)
        assert text_of(client, code) is None

    def test_another_version_is_refused(self, client: FlaskClient, code: str, event: int) -> None:
        answer = client.post(place(event), json={"masked": MASKED, "version": event + 1}, headers=make_key())
        assert (answer.status_code, answer.json["code"]) == (409, "stale-version")

    def test_an_event_without_text_has_nothing_to_mask(self, client: FlaskClient, code: str) -> None:
        event = make_event(violation(code))
        assert client.get(place(event), headers=make_key()).json["findings"] == []
        answer = client.post(place(event), json={"masked": "某"}, headers=make_key())
        assert (answer.status_code, answer.json["code"]) == (409, "wrong-state")

    def test_only_the_department_that_reported_sees_and_masks(self, client: FlaskClient, code: str, event: int) -> None:
        other = make_key("示例农业农村局")
        for answer in (client.get(place(event), headers=other), client.post(place(event), json={"masked": MASKED}, headers=other)):
            assert answer.status_code == 403
            assert not any(word in answer.text for word in SECRETS)
        assert client.get(place(event)).status_code == 401
        assert client.get(place(event + 999), headers=make_key()).status_code == 404


class TestCorrection:
    def test_another_text_is_checked_anew(self, client: FlaskClient, code: str, event: int) -> None:
        key = make_key()
        client.post(place(event), json={"masked": MASKED}, headers=key)
        correct(client, code, event, facts=PERSONAL.replace("张三丰", "李四光"))
        assert text_of(client, code) is None
        correct(client, code, event, facts=CLEAN)
        assert text_of(client, code) == CLEAN

    def test_a_correction_of_something_else_keeps_the_masked_text(self, client: FlaskClient, code: str, event: int) -> None:
        client.post(place(event), json={"masked": MASKED}, headers=make_key())
        correct(client, code, event, facts=PERSONAL, fine="70000.00")
        assert text_of(client, code) == MASKED


def correct(client: FlaskClient, code: str, event: int, **fields: Any) -> None:
    why = {"reason": "核对", "document": {"no": "更1", "day": ago(1)}}
    answer = client.post(f"/api/v1/events/{event}/corrections", json=violation(code, **fields) | why, headers=make_key())
    assert answer.status_code == 201, answer.text


class TestTwoTimes:
    def test_staff_get_the_text_as_it_was_known_and_the_public_as_it_is_masked_now(
        self, client: FlaskClient, code: str, event: int
    ) -> None:
        key, path = make_key(), f"/api/v1/enterprises/{code}"
        before = now().isoformat()
        client.post(place(event), json={"masked": MASKED}, headers=key)
        asked = {"as_of": TODAY.isoformat(), "known_at": before}
        assert client.get(path, query_string=asked, headers=key).json["violations"][0]["facts"] is None
        assert text_of(client, code, as_of=ago(10)) == MASKED

    def test_staff_are_answered_the_same_before_and_after_a_later_redaction(
        self, client: FlaskClient, code: str, event: int
    ) -> None:
        key, path = make_key(), f"/api/v1/enterprises/{code}"
        client.post(place(event), json={"masked": MASKED}, headers=key)
        asked = {"as_of": TODAY.isoformat(), "known_at": now().isoformat()}
        answers = [client.get(path, query_string=asked, headers=key).data]
        client.post(place(event), json={"masked": MASKED.replace("张某", "[姓名已隐去]")}, headers=key)
        answers.append(client.get(path, query_string=asked, headers=key).data)
        assert answers[0] == answers[1]
        assert "证人张某（电话".encode() in answers[0]


    def test_a_name_that_the_enterprise_takes_later_leaves_the_text_waiting(self, client: FlaskClient, code: str) -> None:
        """Nobody looked at it yet: the department clears it, though the check of today finds nothing."""
        text = "经营者王致和销售不合格的腐乳。"
        event = make_event(violation(code, facts=text))
        make_enterprise(name="王致和", valid_from=ago(1))
        told = client.get(place(event), headers=make_key()).json
        assert (told["state"], told["findings"], told["shown"]) == ("open", [], None)
        assert text_of(client, code) is None
        sent = {"cleared": [], "reason": "企业字号"}
        assert client.post(place(event), json=sent, headers=make_key()).status_code == 201
        assert text_of(client, code) == text


class TestRecordsOfBefore:
    def test_grading_all_checks_what_was_never_checked(self, client: FlaskClient, runner: FlaskCliRunner, code: str) -> None:
        other = make_enterprise(2)
        make_events(violation(code, facts=CLEAN), violation(other, facts=PERSONAL, document_no="罚2"))
        forget(code, other)
        assert [text_of(client, one) for one in (code, other)] == [None, None]
        assert runner.invoke(args=["credit", "grade", "--all"]).exit_code == 0
        assert [text_of(client, one) for one in (code, other)] == [CLEAN, None]
        again = runner.invoke(args=["credit", "grade", "--all"])
        assert "changed 0" in again.output

    def test_what_was_checked_later_was_not_shown_before(self, client: FlaskClient, runner: FlaskCliRunner, code: str) -> None:
        make_event(violation(code, facts=CLEAN))
        forget(code)
        key, path = make_key(), f"/api/v1/enterprises/{code}"
        before = now().isoformat()
        runner.invoke(args=["credit", "grade", "--all"])
        asked = {"as_of": TODAY.isoformat(), "known_at": before}
        assert client.get(path, query_string=asked, headers=key).json["violations"][0]["facts"] is None

    def test_a_look_up_searches_no_text(self, client: FlaskClient, code: str, event: int, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any) -> None:
            raise AssertionError("a text was searched")

        monkeypatch.setattr(text_checks, "findings", refuse)
        monkeypatch.setattr(redactions, "findings", refuse)
        for question in (f"/api/v1/enterprises/{code}", f"/enterprises/{code}", f"/api/v1/enterprises/{code}?as_of={ago(5)}"):
            assert client.get(question).status_code == 200


def forget(*codes: str) -> None:
    """As if the events had come in before there was a check: the records are of then."""
    with transaction("test") as change:
        db.session.execute(delete(TextCheck))
        way.advance(change, [enterprises.find(code) for code in codes], TODAY)


class TestDuty:
    def test_a_text_that_waits_is_due_in_the_term_of_publication(self, client: FlaskClient, code: str, event: int) -> None:
        owed = the_duty(client)
        assert (owed["event"], owed["state"], owed["basis"]) == (event, "overdue", "duties.redact-days")
        assert (owed["began_on"], owed["due_on"]) == (ago(60), "2026-10-28")

    def test_it_is_done_once_the_text_is_masked(self, client: FlaskClient, clock: Clock, code: str) -> None:
        day = ago(5)
        event = make_event(violation(code, facts=PERSONAL, occurred_on=ago(9), decided_on=day, notices=notices(day)))
        assert the_duty(client)["state"] == "open"
        client.post(place(event), json={"masked": MASKED}, headers=make_key())
        assert (the_duty(client)["state"], the_duty(client)["done_on"]) == ("in_time", TODAY.isoformat())

    def test_it_begins_anew_with_another_text(self, client: FlaskClient, code: str, event: int) -> None:
        client.post(place(event), json={"masked": MASKED}, headers=make_key())
        correct(client, code, event, facts=PERSONAL.replace("张三丰", "李四光"))
        assert the_duty(client)["done_on"] is None

    @pytest.mark.parametrize("fields", [{"procedure": "simple"}, {"facts": CLEAN}, {"penalties": ["warning"]}])
    def test_what_is_never_shown_or_has_nothing_in_it_is_no_duty(self, client: FlaskClient, code: str, fields: dict[str, Any]) -> None:
        make_event(violation(code, **{"facts": PERSONAL} | fields))
        assert "redact" not in set(duties(TODAY)["kind"])

    def test_what_is_withdrawn_is_no_duty(self, client: FlaskClient, code: str, event: int) -> None:
        sent = {"reason": "other", "explanation": "误报", "revoked_on": ago(1)}
        assert client.post(f"/api/v1/events/{event}/withdrawal", json=sent, headers=make_key()).status_code == 201
        assert "redact" not in set(duties(TODAY)["kind"])


def the_duty(client: FlaskClient) -> Any:
    (found,) = client.get("/api/v1/alerts?kind=redact", headers=make_key()).json["items"]
    return found


class TestOtherTexts:
    """A listing's facts and an enterprise's statement ask the same service before they are published."""

    def test_a_listing_waits_until_its_text_is_masked(self, client: FlaskClient, code: str) -> None:
        number, department = enterprises.find(code), make_department()
        about = redactions.subject(redactions.LISTING, 7, number, department, PERSONAL)
        assert len(redactions.open_findings(about)) == 2 and redactions.publishable(about) is None
        with transaction("test") as change:
            assert redactions.keep(change, about, officer(department), {"masked": MASKED}, TODAY)
        assert redactions.open_findings(about) == [] and redactions.publishable(about) == MASKED
        other = redactions.subject(redactions.LISTING, 8, number, department, PERSONAL)
        assert redactions.publishable(other) is None

    def test_a_clean_text_is_published_as_it_is(self, client: FlaskClient, code: str) -> None:
        about = redactions.subject(redactions.STATEMENT, 1, enterprises.find(code), make_department(), CLEAN)
        assert redactions.publishable(about) == CLEAN


def officer(department: int) -> Bearer:
    return Bearer(None, department, DEPARTMENT, "核对", ())


class TestPrivacy:
    def test_nothing_of_a_text_is_in_audit_or_feed_or_log(
        self, client: FlaskClient, code: str, event: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        key = make_key()
        for sent in ({"masked": PERSONAL}, {"cleared": [0, 1], "reason": "张三丰13800138000"}, {"masked": MASKED}):
            client.post(place(event), json=sent, headers=key)
        told = str([(row.about, row.act) for row in db.session.scalars(select(AuditRow))])
        told += client.get("/api/v1/changes?after=0").text + capfd.readouterr().err
        assert "redaction" in told and not any(word in told for word in SECRETS)

    def test_a_batch_is_checked_as_single_reports_are(self, client: FlaskClient, code: str) -> None:
        rows = [violation(code, facts=facts, document_no=f"批{number}") for number, facts in enumerate((CLEAN, PERSONAL))]
        make_events(*rows)
        shown = client.get(f"/api/v1/enterprises/{code}").json["violations"]
        assert {one["document_no"]: one["facts"] for one in shown} == {"批0": CLEAN, "批1": None}
        checks = db.session.execute(select(TextCheck.checker, TextCheck.found))
        assert {(one.checker, one.found) for one in checks} == {(CHECKER, 0), (CHECKER, 2)}


def test_a_name_of_the_enterprise_is_nobodys(client: FlaskClient) -> None:
    code = make_enterprise(name="王致和腐乳坊", short_name="王致和")
    make_event(violation(code, facts="经营者王致和销售不合格的腐乳。"))
    assert text_of(client, code) == "经营者王致和销售不合格的腐乳。"


def test_a_year_later_the_text_goes_with_its_entry(client: FlaskClient, code: str, clock: Clock) -> None:
    make_event(violation(code, facts=CLEAN))
    clock.day = TODAY + timedelta(days=400)
    assert CLEAN not in client.get(f"/api/v1/enterprises/{code}").text
