"""The forecast: true on every later day on which nothing else happens, and silent about what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import transaction
from credit.policy import load_policy
from credit.rules.forecast import Graded, causes, turns
from credit.services import departments, enterprises, events, seeding, way
from credit.services.statistics import numbers
from credit.terms import EnterpriseKind, Kind
from schemas.forecast import PublicForecast
from tests.conftest import TODAY, Clock, Share
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)  # fmt: skip
from tests.strategies import random_history

API = "/api/v1"
OWN = ("graded_on", "data_as_of", "seq")
FIRMS = 20
Json = dict[str, Any]


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.text
    return answer.json


def ahead(client: FlaskClient, code: str) -> list[Json]:
    found: Json = get(client, f"/enterprises/{code}/forecast")
    assert not PublicForecast().validate(found)
    items: list[Json] = found["items"]
    return items


class TestToldAhead:
    def test_the_end_of_a_publication_and_of_a_merit_and_a_full_year(self, client: FlaskClient) -> None:
        code = make_enterprise()
        ids = make_events(
            inspection(code),
            violation(code, occurred_on=ago(310), decided_on=ago(300), published_on=ago(299)),
            award(code, category="brand", valid_until="2027-06-01"),
        )
        first, second = ahead(client, code)
        ended, years, *_ = first["because"]
        assert (first["was"], first["grade"], second["grade"]) == ("B", "AA", "A")
        assert (ended["what"], ended["event"], ended["on"]) == ("ended", ids[1], first["on"])
        assert ended["sentence"]["zh"] == "示例罚〔2026〕1号（产品质量）公示期满，不再扣 10 分。"
        assert (years["what"], years["rule"]) == ("clean-year", "clean-year")
        assert (second["on"], second["because"][0]["event"]) == ("2027-06-01", ids[2])

    def test_what_changes_only_the_score_is_told_with_the_grade_that_it_leads_to(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_events(
            inspection(code), award(code, valid_until="2027-01-01"),
            award(code, document_no="牌", category="brand", valid_until="2027-02-01"),
        )  # fmt: skip
        (only,) = ahead(client, code)
        assert [cause["on"] for cause in only["because"]] == ["2027-02-01", "2027-01-01"]
        assert only["score"] - only["score_was"] == sum(cause["points"] for cause in only["because"]) == -4

    def test_the_end_of_a_listing(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code, occurred_on=ago(10)))
        make_listing(code)
        ends = get(client, f"/enterprises/{code}")["listings"][0]["ends_on"]
        (turn,) = (turn for turn in ahead(client, code) if turn["was"] == "D")
        assert (turn["on"], turn["because"][0]["what"]) == (ends, "listing-ended")

    def test_that_nothing_ahead_changes_the_grade_is_an_answer(self, client: FlaskClient) -> None:
        told = get(client, f"/enterprises/{make_enterprise()}/forecast")
        assert (told["items"], told["grade"], told["until"]) == ([], "N", "2029-11-22")

    def test_a_young_firm_is_told_when_it_will_be_rated(self, client: FlaskClient) -> None:
        code = make_enterprise(registered_on=ago(100))
        make_event(inspection(code, occurred_on=ago(50)))
        first = ahead(client, code)[0]
        assert (first["was"], [cause["what"] for cause in first["because"]]) == ("N", ["rated"])

    def test_a_condition_that_is_met_in_time(self) -> None:
        young = {
            "event": None, "rule": "precondition-A", "outcome": "precondition", "points": 0, "number": "12",
            "because": "precondition-registered_months", "sentence": {},
        }  # fmt: skip
        days = [Graded(TODAY, 85, "B", [young]), Graded(TODAY + timedelta(days=1), 85, "A", [])]
        (turn,) = turns(days)
        assert [cause.what for cause in turn.because] == ["condition-met"]
        assert turn.because[0].sentence["zh"] == "登记满 12 个月，满足 A 级的这项条件。"
        (lost,) = causes(days[1], days[0])
        assert lost.what == "condition-missed"

    def test_it_is_refused_like_a_look_up(self, client: FlaskClient) -> None:
        code = make_enterprise()
        assert client.get(f"{API}/enterprises/{code}/forecast?as_of={TODAY}").status_code == 422
        assert client.get(f"{API}/enterprises/9134079/forecast").status_code == 400
        assert client.get(f"{API}/enterprises/{code[8:17]}/forecast").status_code == 200


def test_what_may_not_be_shown_today_is_not_foretold(client: FlaskClient) -> None:
    codes = make_enterprise(1), make_enterprise(2)
    for code in codes:
        make_events(inspection(code, document_no=f"抽{code}"), award(code, valid_until="2027-01-01"))
    hidden = codes[0]
    make_events(
        inspection(hidden, document_no="抽9", result="fail", role="seller", occurred_on=ago(2)),
        award(hidden, document_no="奖", category="brand", valid_from="2027-03-01"),
        violation(hidden, penalties=["warning"], fine=None, document_no="警"),
    )
    make_listing(hidden, until="confirm")
    told = [get(client, f"/enterprises/{code}/forecast") | {"code": ""} for code in codes]
    for one in told:
        for turn in one["items"]:
            for cause in turn["because"]:
                cause["event"] = 0
    assert told[0] == told[1]
    assert told[0]["items"]


class TestPage:
    def test_it_tells_what_the_api_tells(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_events(inspection(code), violation(code))
        page = client.get(f"/enterprises/{code}").text
        (turn,) = ahead(client, code)
        assert f'datetime="{turn["on"]}"' in page.partition("往后会自己怎样变")[2]
        for cause in turn["because"]:
            assert cause["sentence"]["zh"] in page
        assert page.count("chart-ahead") == 2
        assert turn["because"][0]["sentence"]["en"] in client.get(f"/enterprises/{code}?lang=en").text

    def test_a_past_day_tells_no_forecast(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_events(inspection(code), violation(code))
        page = client.get(f"/enterprises/{code}?as_of={ago(3)}").text
        assert "chart-ahead" not in page
        assert "往后会自己怎样变" not in page

    def test_nothing_ahead_is_said(self, client: FlaskClient) -> None:
        assert "没有会自己改变等级的日子" in client.get(f"/enterprises/{make_enterprise()}").text


def _histories() -> Iterator[Json]:
    """Random histories asked for on TODAY, without what only later days would show."""
    for seed in range(100_000):
        history = random_history(Random(seed))
        plain = history["firm"]["kind"] in (EnterpriseKind.ENTERPRISE, EnterpriseKind.INDIVIDUAL)
        if history["day"] == TODAY and plain and len(history["events"]) > 3:
            yield history | {"events": [event for event in history["events"] if _has_begun(event)]}


def _has_begun(event: Json) -> bool:
    first = event.get("decided_on") or event.get("valid_from") or event["occurred_on"]
    final = event.get("final_on") or first + timedelta(days=15 if event.get("result") == "fail" else 0)
    return max(first, final) <= TODAY


def _store(history: Json, number: int) -> str:
    """One random enterprise on file, its listings left out."""
    firm = history["firm"]
    kind = {"kind": "92"} if firm["kind"] == EnterpriseKind.INDIVIDUAL else {}
    registered = min(firm["registered_on"] or TODAY, TODAY).isoformat()
    told = {"wants_grade": firm["wants_grade"], "status": str(firm["status"])}
    code = make_enterprise(number, registered_on=registered, **kind, **told)
    ids: dict[int, int] = {}
    with transaction("test") as change:
        reporter, law = departments.add(DEPARTMENT), load_policy()
        for event in sorted(history["events"], key=lambda event: bool(event.get("of"))):
            if event.get("of") and event["of"] not in ids:
                continue
            defaults = {"authority": "", "facts": "", "basis": "", "heavier": False}
            document = f"{event['document_no']}-{event['id']}" if event["kind"] != Kind.AWARD else str(event["id"])
            given = defaults | event | {"code": code, "document_no": document, "of": ids.get(event.get("of"))}
            ids[event["id"]], *_ = events.record(change, reporter, given, law)
            for end in event["cessations"]:
                if end["on"] <= TODAY:
                    seeding.cease(change, code, document, end["ground"], end["on"], "止")
        way.advance(change, [enterprises.find(code)], TODAY)
    return code


@pytest.mark.slow
def test_the_forecast_said_today_is_the_public_grade_of_each_later_day(client: FlaskClient, clock: Clock) -> None:
    found = _histories()
    codes = [_store(next(found), number) for number in range(1, FIRMS + 1)]
    told = {code: get(client, f"/enterprises/{code}/forecast") for code in codes}
    turned = {code: [date.fromisoformat(item["on"]) for item in told[code]["items"]] for code in codes}
    assert sum(map(len, turned.values())) >= FIRMS
    chance = Random(7)
    days = {day + timedelta(days=step) for some in turned.values() for day in some for step in (-1, 0)}
    days |= {TODAY + timedelta(days=chance.randrange(1090)) for _ in range(10)}
    for day in sorted(days):
        clock.day = day
        listed = {item["code"]: item["grade"] for item in get(client, "/enterprises?limit=200")["items"]}
        for code in codes:
            held = [told[code], *(item for item in told[code]["items"] if item["on"] <= day.isoformat())][-1]
            assert listed[code] == held["grade"], (code, day)
            if day in turned[code]:
                record = get(client, f"/enterprises/{code}")
                assert (record["grade"], record["score"]) == (held["grade"], held["score"]), (code, day)
    for code in codes:
        for item in told[code]["items"]:
            assert item["because"], (code, item)
            if item["score"] is not None and item["score_was"] is not None:
                assert item["score"] - item["score_was"] == sum(one["points"] for one in item["because"]), (code, item)


class TestWithoutTheDailyRun:
    """Skipping `credit daily` for a month, then for a year, changes no public answer."""

    @pytest.mark.slow
    @pytest.mark.usefixtures("seeded_register")
    def test_no_public_answer_differs(
        self, client: FlaskClient, runner: FlaskCliRunner, clock: Clock, share: Share
    ) -> None:
        codes = share([item["code"] for item in get(client, "/enterprises?limit=200")["items"]][::3])
        for days in (31, 365):
            clock.day = TODAY + timedelta(days=days)
            before = dict(_answers(client, codes, clock.day))
            told = runner.invoke(args=["credit", "daily"])
            assert told.exit_code == 0, told.output
            assert not told.output.startswith("due 0,")
            after = dict(_answers(client, codes, clock.day))
            assert [path for path in before if before[path] != after[path]] == [], days


def _answers(client: FlaskClient, codes: list[str], day: date) -> Iterator[tuple[str, Any]]:
    """Public answers by their address, without what says when they were made."""
    lists = ["/enterprises?limit=200", "/blacklist", "/enterprises?limit=200&region=340799", "/enterprises?q=铜都"]
    lists += [f"/enterprises?limit=200&grade={grade}" for grade in ("AAA", "AA", "A", "B", "C", "D", "N")]
    lists += [f"/blacklist?as_of={day - timedelta(days=20)}"]
    for path in lists:
        yield path, get(client, path)["items"]
    for code in codes:
        for asked in (code, f"{code}?as_of={day - timedelta(days=9)}"):
            record = get(client, f"/enterprises/{asked}")
            yield asked, {name: value for name, value in record.items() if name not in OWN}
        for part in ("grades", "forecast"):
            yield f"{code}/{part}", get(client, f"/enterprises/{code}/{part}")
    yield "numbers", {name: value for name, value in numbers(day).items() if name != "data_as_of"}
    yield "page", client.get("/blacklist").text
