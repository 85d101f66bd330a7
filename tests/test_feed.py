"""The change feed: whoever follows it holds exactly what is public, on each day, whatever job did not run."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from credit import due
from credit.db import db, transaction
from credit.models import FeedListing
from credit.services import enterprises, way
from tests.conftest import TODAY, Clock
from tests.feed_mirror import History, Mirror, public_state
from tests.makers import (
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)
from tests.public_answers import API, get
from tests.register_files import last_seq

Runner = FlaskCliRunner


@pytest.mark.slow
@pytest.mark.parametrize("chance", [1, 2])
def test_replaying_the_feed_from_anywhere_gives_exactly_the_public_state(
    client: FlaskClient, clock: Clock, runner: Runner, database: str, chance: int
) -> None:
    """Random histories; mirrors with pages of any length look now and then, some long after others."""
    dice = Random(f"{database} {chance}")
    history = History(dice, clock, runner)
    mirrors, acts = [Mirror(client, limit) for limit in (1, 2, 7, 1000)], []
    for _ in range(10):
        acts.append(history.act())
        for mirror in dice.sample(mirrors, dice.choice([0, 1, 2])):
            assert mirror.follow().state() == public_state(client), acts
    for mirror in [*mirrors, Mirror(client, 3)]:
        assert mirror.follow().state() == public_state(client), acts
    assert last_seq() >= mirrors[0].after


class TestItems:
    def test_an_enterprise_is_told_with_the_record_that_its_own_address_gives(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_events(inspection(code), violation(code))
        (item,) = get(client, "/changes")["items"]
        record = get(client, f"/enterprises/{code}")
        assert item == {"type": "enterprise", "id": item["id"]} | record

    def test_an_id_stays_and_tells_nothing(self, client: FlaskClient) -> None:
        code = make_enterprise()
        (first,) = get(client, "/changes")["items"]
        make_event(award(code))
        (second,) = get(client, "/changes")["items"]
        assert first["id"] == second["id"]
        assert first["seq"] < second["seq"]
        assert len(first["id"]) == 24
        client.application.config["SECRET_KEY"] = "another installation"
        (other,) = get(client, "/changes")["items"]
        assert other["id"] != first["id"]

    def test_what_was_never_public_never_appears(self, client: FlaskClient) -> None:
        code = make_enterprise()
        before = get(client, "/changes")
        make_listing(code, until="confirm")
        make_event(violation(code, penalties=["warning"], fine=None))
        after = get(client, "/changes")
        assert after == before
        assert last_seq() > after["seq"]

    def test_a_listing_that_is_revoked_leaves_as_a_removal_without_reason(
        self, client: FlaskClient, clock: Clock, runner: Runner
    ) -> None:
        mirror, history = Mirror(client), History(Random(1), clock, runner)
        history.listed = [(make_listing(history.codes[0], officers=history.officers), history.codes[0])]
        assert len(mirror.follow().state()[1]) == 1
        history.revoke()
        assert mirror.follow().state()[1] == []
        removal = mirror.told[-1]
        assert set(removal) == {"seq", "type", "id"}
        assert removal["type"] == "removal"

    def test_the_numbers_of_removals_dont_tell_whose_they_were(
        self, client: FlaskClient, clock: Clock, runner: Runner
    ) -> None:
        """A removal stands behind the record that changed with it, until the next daily run mixes them."""
        history = History(Random(1), clock, runner)
        codes = [*history.codes, *(make_enterprise(number) for number in (2, 3))]
        mirror = Mirror(client)
        history.listed = [(make_listing(code, officers=history.officers), code) for code in codes]
        mirror.follow()
        for _ in codes:
            history.revoke()
        late = Mirror(client).follow()
        history.run_daily()
        mirror.follow()
        told = Mirror(client).follow().told
        assert [item["type"] for item in told] == ["enterprise"] * 3 + ["removal"] * 3
        assert [item["id"] for item in told[3:]] == sorted(item["id"] for item in told[3:])
        assert mirror.state() == late.state() == public_state(client)
        before = last_seq()
        history.run_daily()
        assert last_seq() == before, "mixed once"


class TestCalendar:
    """Legal clocks run without jobs."""

    @pytest.fixture
    def ending(self, client: FlaskClient, clock: Clock) -> Mirror:
        """A mirror that is up to date; then the term of a listing ends, and no job has run."""
        code = make_enterprise()
        make_event(inspection(code, occurred_on=ago(10)))
        make_listing(code)
        mirror = Mirror(client).follow()
        clock.day = TODAY + timedelta(days=1200)
        return mirror

    def test_who_has_long_passed_the_number_of_a_listing_is_told_of_its_end(
        self, client: FlaskClient, ending: Mirror
    ) -> None:
        last = ending.after
        assert ending.follow().state() == public_state(client)
        assert [item["type"] for item in ending.told if item["seq"] > last] == ["enterprise", "removal"]

    def test_nothing_stale_is_told_while_somebody_else_publishes_what_is_due(
        self, client: FlaskClient, ending: Mirror
    ) -> None:
        """The feed then says that there is more, never that it ends."""
        with due.one_at_a_time:
            for after in (0, ending.after):
                page = get(client, f"/changes?after={after}")
                assert page == page | {"items": [], "next": after, "seq": after}
        assert ending.follow().state() == public_state(client)

    def test_many_that_are_due_are_published_a_few_at_a_time_and_the_feed_ends_after_the_last(
        self, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(due, "AT_ONCE", 2)
        codes = [make_enterprise(number) for number in range(1, 6)]
        make_events(*(award(code, category="brand", valid_until="2026-11-25") for code in codes))
        mirror = Mirror(client).follow()
        clock.day = TODAY + timedelta(days=10)
        pages = 0
        while (page := get(client, f"/changes?after={mirror.after}"))["next"] is not None:
            pages += 1
            for item in page["items"]:
                mirror.after = item["seq"]
                mirror.apply(item)
        for item in page["items"]:
            mirror.apply(item)
        assert pages == 2
        assert mirror.state() == public_state(client)

    def test_reading_writes_nothing_where_nothing_is_due(self, client: FlaskClient) -> None:
        make_enterprise()
        before = db.session.execute(db.text("SELECT last_seq, audit_number FROM register")).one()
        get(client, "/changes")
        db.session.rollback()
        assert db.session.execute(db.text("SELECT last_seq, audit_number FROM register")).one() == before

    def test_a_listing_of_an_older_release_comes_into_the_feed_by_itself(self, client: FlaskClient) -> None:
        """As after the migration: no row of the feed, and the enterprise is due."""
        code = make_enterprise()
        make_listing(code)
        with transaction("test"):
            db.session.execute(db.delete(FeedListing))
            db.session.execute(db.text("UPDATE record SET expires_on = '2016-01-01'"))
        assert Mirror(client).follow().state() == public_state(client)


class TestAnswer:
    def test_a_page_has_its_next_and_the_last_has_none(self, client: FlaskClient) -> None:
        for number in (1, 2, 3):
            make_enterprise(number)
        first = get(client, "/changes?limit=2")
        second = get(client, f"/changes?limit=2&after={first['next']}")
        assert [len(page["items"]) for page in (first, second)] == [2, 1]
        assert second["next"] is None
        again = get(client, f"/changes?after={second['seq']}&wait=1")
        assert again == {"items": [], "next": None, "seq": second["seq"], "day": "2026-11-22", "origin": first["origin"]}

    def test_who_has_it_already_is_sent_nothing(self, client: FlaskClient) -> None:
        code = make_enterprise()
        answer = client.get(f"{API}/changes")
        etag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(f"{API}/changes", headers=etag).status_code == 304
        assert "no-cache" in answer.headers["Cache-Control"]
        with transaction("test") as change:
            way.advance(change, [enterprises.find(code)], TODAY)
        assert client.get(f"{API}/changes", headers=etag).status_code == 304
        make_event(award(code))
        assert client.get(f"{API}/changes", headers=etag).status_code == 200

    @pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=10001", "wait=61", "since=1"])
    def test_a_wrong_question_is_named(self, client: FlaskClient, query: str) -> None:
        answer = client.get(f"{API}/changes?{query}")
        assert answer.status_code == 422
        assert query.partition("=")[0] in (answer.json or {})["errors"]

    def test_a_number_that_the_register_has_not_reached_is_refused(self, client: FlaskClient) -> None:
        """A mirror that is ahead of a restored register would miss what comes next."""
        make_enterprise()
        answer = client.get(f"{API}/changes?after={last_seq() + 1}")
        assert answer.status_code == 422
        assert "Start anew" in (answer.json or {})["detail"]
