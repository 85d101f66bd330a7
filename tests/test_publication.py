"""Publication: the ready-made record, judged by the reader's day, with a past that holds what may be shown today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from credit import create_app, reader
from credit.db import db, transaction
from credit.models import Record
from credit.services import enterprises, seeding, way
from credit.services.grading import prepare
from credit.services.policies import eras
from schemas.record import PublicRecord
from tests.conftest import QUIET, TODAY, Clock, _admin, _migrate, _named
from tests.makers import (
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_listing,
    violation,
)  # fmt: skip
from tests.public_answers import API, OWN, get, without
from tests.register_files import last_seq

Sown = tuple[FlaskClient, Clock]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sown]:
    """The seed of TODAY on each database; nobody writes to it, only the clock moves."""
    if request.param == "sqlite":
        yield from _sown(f"sqlite:///{tmp_path_factory.mktemp('sown') / 'credit.db'}")
        return
    server, name = request.getfixturevalue("postgres_url"), f"sown_{request.getfixturevalue('worker')}"
    _admin(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    yield from _sown(_named(server, name))
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _sown(url: str) -> Iterator[Sown]:
    _migrate(url)
    clock, app = Clock(), create_app({**QUIET, "DATABASE_URL": url, "TESTING": True})
    app.config["CLOCK"] = lambda: clock.day
    with app.app_context():
        with transaction("seed") as change:
            seeding.sow(change, TODAY)
        yield app.test_client(), clock
        db.session.remove()
        db.engine.dispose()
        reader.close()


@pytest.fixture
def day_moves(sown: Sown) -> Iterator[Clock]:
    """The clock of the seeded register, set back afterwards."""
    yield sown[1]
    sown[1].day = TODAY


def codes_of(client: FlaskClient) -> list[str]:
    return [item["code"] for item in get(client, "/enterprises?limit=200")["items"]]


class TestSeed:
    def test_every_record_is_its_schema_to_the_byte(self, sown: Sown) -> None:
        client, shape = sown[0], PublicRecord()
        codes = codes_of(client)
        assert len(codes) >= 60
        for code in codes:
            body = client.get(f"{API}/enterprises/{code}").data
            assert orjson.dumps(shape.dump(shape.load(orjson.loads(body)))) == body, code

    def test_the_findings_of_every_record_sum_to_its_score(self, sown: Sown) -> None:
        scored = 0
        for code in codes_of(sown[0]):
            record = get(sown[0], f"/enterprises/{code}")
            total = sum(finding["points"] for finding in record["findings"])
            assert record["score"] is None or record["score"] == total, code
            assert (record["grade"] in (None, "N")) == (record["score"] is None), code
            shown = {event["id"] for kind in ("violations", "inspections", "awards") for event in record[kind]}
            assert {finding["event"] for finding in record["findings"]} - {None} <= shown, code
            scored += record["score"] is not None
        assert scored > 30

    @pytest.mark.parametrize("days", [1, 40, 370, 1000])
    def test_on_a_later_day_every_door_tells_the_same_though_no_job_has_run(
        self, sown: Sown, day_moves: Clock, days: int
    ) -> None:
        client, day = sown[0], TODAY + timedelta(days=days)
        day_moves.day = day
        due = prepare(None, eras(), day).records
        expected = dict(due.select("code", "grade").iter_rows())
        found = get(client, "/enterprises?limit=200")["items"]
        assert {item["code"]: item["grade"] for item in found} == expected
        for grade in {grade for grade in expected.values() if grade}:
            items = get(client, f"/enterprises?limit=200&grade={grade}")["items"]
            assert {item["code"] for item in items} == {code for code in expected if expected[code] == grade}
        listed = {row["code"] for row in get(client, "/blacklist")["items"]}
        for code in sorted(expected)[::12] + sorted(listed):
            record = get(client, f"/enterprises/{code}")
            assert record["grade"] == expected[code], code
            assert bool(record["listings"]) == (code in listed)
            assert not list(_too_old(record, day)), code
            newest = get(client, f"/enterprises/{code}/grades")["items"][0]
            assert (newest["grade"], newest["since"], newest["until"]) == (record["grade"], record["grade_since"], None)


def _too_old(record: dict[str, Any], day: date) -> Iterator[str]:
    """What a record shows though its time is over."""
    for kind, end in (("violations", "shown_until"), ("inspections", "shown_until"), ("listings", "ends_on")):
        for entry in record[kind]:
            if entry[end] and entry[end] <= day.isoformat():
                yield f"{kind} {entry['document_no']}"


class TestAtOnce:
    def test_a_record_is_made_when_the_enterprise_and_when_an_event_comes(self, client: FlaskClient) -> None:
        code = make_enterprise()
        empty = get(client, f"/enterprises/{code}")
        assert (empty["grade"], empty["score"], empty["violations"]) == ("N", None, [])
        sent = violation(code, fine="60000.00")
        assert client.post(f"{API}/events", json=sent, headers=make_key()).status_code == 201
        record = get(client, f"/enterprises/{code}")
        assert (record["grade"], record["violations"][0]["fine"]) == ("B", "60000.00")
        assert record["seq"] > empty["seq"]
        assert record["data_as_of"] > empty["data_as_of"]

    def test_a_record_that_says_the_same_keeps_its_number(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        before = client.get(f"{API}/enterprises/{code}")
        last = last_seq()
        with transaction("test") as change:
            assert way.advance(change, [enterprises.find(code)], TODAY) == 0
        again = client.get(f"{API}/enterprises/{code}")
        assert (again.data, again.headers["ETag"]) == (before.data, before.headers["ETag"])
        assert last_seq() == last

    def test_what_the_public_may_not_see_leaves_no_trace_in_number_or_etag(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        before = client.get(f"{API}/enterprises/{code}")
        warning = violation(code, penalties=["warning"], fine=None, document_no="警1")
        make_events(warning, inspection(code, document_no="抽9", result="fail", role="seller", occurred_on=ago(2)))
        make_listing(code, until="confirm")
        after = client.get(f"{API}/enterprises/{code}")
        assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])

    def test_what_becomes_final_later_is_found_by_every_door_without_a_job(
        self, client: FlaskClient, clock: Clock
    ) -> None:
        code = make_enterprise()
        make_events(inspection(code), award(code, category="brand", valid_until="2026-11-27"))
        make_event(inspection(code, document_no="抽9", result="fail", role="seller", occurred_on=ago(2)))
        for days, grade, seen in ((0, "AA", 1), (4, "AA", 1), (5, "A", 1), (12, "A", 1), (13, "B", 2), (40, "B", 2)):
            clock.day = TODAY + timedelta(days=days)
            record = get(client, f"/enterprises/{code}")
            assert (record["grade"], len(record["inspections"])) == (grade, seen), days
            assert [item["code"] for item in get(client, f"/enterprises?grade={grade}")["items"]] == [code], days
            assert grade in client.get(f"/enterprises/{code}?lang=en").text


class TestExpiry:
    def test_on_the_day_on_which_a_publication_ends_it_is_gone_everywhere(
        self, client: FlaskClient, clock: Clock, runner: FlaskCliRunner
    ) -> None:
        code = make_enterprise()
        make_event(inspection(code))
        when = {"occurred_on": ago(310), "decided_on": ago(300), "published_on": ago(299)}
        make_event(violation(code, document_no="罚〔2026〕77号", **when))
        end = date.fromisoformat(get(client, f"/enterprises/{code}")["violations"][0]["shown_until"])
        clock.day = end - timedelta(days=1)
        last = client.get(f"{API}/enterprises/{code}")
        assert (last.json or {})["grade"] == "B"
        assert "罚〔2026〕77号" in client.get(f"/enterprises/{code}").text
        clock.day = end
        gone = client.get(f"{API}/enterprises/{code}", headers={"If-None-Match": last.headers["ETag"]})
        record = gone.json or {}
        assert (gone.status_code, record["grade"], record["violations"]) == (200, "A", [])
        assert (record["grade_since"], record["graded_on"]) == (ago(300), end.isoformat())
        assert "罚〔2026〕77号" not in gone.text + client.get(f"/enterprises/{code}").text
        assert [item["grade"] for item in get(client, "/enterprises")["items"]] == ["A"]
        assert [item["grade"] for item in get(client, "/enterprises?grade=A")["items"]] == ["A"]
        assert get(client, "/enterprises?grade=B")["items"] == []
        assert {span["grade"] for span in get(client, f"/enterprises/{code}/grades")["items"]} == {"A", "N"}
        assert get(client, f"/enterprises/{code}?as_of={end - timedelta(days=1)}")["violations"] == []
        told = runner.invoke(args=["credit", "daily", "--on", end.isoformat()])
        assert told.exit_code == 0, told.output
        after = get(client, f"/enterprises/{code}")
        assert without(after, *OWN) == without(record, *OWN)
        assert after["seq"] > record["seq"]
        assert client.get(f"{API}/enterprises/{code}").headers["ETag"] != gone.headers["ETag"]

    def test_a_listing_ends_by_the_clock_alone(self, client: FlaskClient, clock: Clock, runner: FlaskCliRunner) -> None:
        code = make_enterprise()
        make_event(inspection(code, occurred_on=ago(10)))
        make_listing(code)
        listing = get(client, f"/enterprises/{code}")["listings"][0]
        assert listing == get(client, "/blacklist")["items"][0]
        end = date.fromisoformat(listing["ends_on"])
        for day, grade, count in ((end - timedelta(days=1), "D", 1), (end, "A", 0)):
            clock.day = day
            record = get(client, f"/enterprises/{code}")
            assert (record["grade"], len(record["listings"])) == (grade, count)
            assert len(get(client, "/blacklist")["items"]) == count
            assert len(get(client, "/enterprises?grade=D")["items"]) == count
        assert get(client, f"/enterprises/{code}?as_of={end - timedelta(days=1)}")["listings"] == []
        assert get(client, f"/blacklist?as_of={end - timedelta(days=1)}")["items"] == []
        assert runner.invoke(args=["credit", "daily", "--on", end.isoformat()]).exit_code == 0
        assert without(get(client, f"/enterprises/{code}"), *OWN) == without(record, *OWN)

    def test_the_daily_run_takes_what_is_due_and_no_more(
        self, client: FlaskClient, clock: Clock, runner: FlaskCliRunner
    ) -> None:
        ending, staying = make_enterprise(1), make_enterprise(2)
        make_event(award(ending, category="brand", valid_until="2026-11-25"))
        numbers = dict(db.session.execute(select(Record.code, Record.seq)).all())
        clock.day = date(2026, 11, 25)
        assert runner.invoke(args=["credit", "daily"]).output.startswith("due 1, ")
        after = dict(db.session.execute(select(Record.code, Record.seq)).all())
        assert after[staying] == numbers[staying]
        assert after[ending] > numbers[ending]
        assert runner.invoke(args=["credit", "daily"]).output == "due 0, changed 0\n"
