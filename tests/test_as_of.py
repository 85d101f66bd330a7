"""Two times: staff get any past day exactly as it was known; the public gets what may be shown today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from credit.clock import now
from credit.db import db, transaction
from credit.models import Event
from credit.policy import FOLDER, policy_texts
from credit.services import classification, corrections, enterprises, policies, way
from credit.services.dossiers import all_ids
from credit.terms import Cessation
from schemas.event import load_event
from tests.conftest import TODAY, Clock
from tests.makers import (
    award,
    code_of,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)

API = "/api/v1"
PLAYED = settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Told = tuple[str, dict[str, str], bytes]
_numbers = iter(range(1, 10_000))


class Play:
    """A history of one enterprise and its branch, played by chance; what was answered is written down."""

    def __init__(self, chance: Random, client: FlaskClient, clock: Clock, key: dict[str, str]) -> None:
        self.chance, self.client, self.clock, self.key = chance, client, clock, key
        self.number = next(_numbers) * 2
        self.code = make_enterprise(self.number, self.day, registered_on="2012-03-04")
        self.branch = make_enterprise(
            self.number + 1, self.day, kind="91", parent_code=self.code,
            name=f"铜都示例{self.number}有限公司第一分公司",
        )  # fmt: skip
        self.told: list[Told] = []
        self.documents = iter(range(1, 1000))

    @property
    def day(self) -> date:
        return self.clock.day

    def ago(self, most: int = 900) -> str:
        return (self.day - timedelta(days=self.chance.randrange(most))).isoformat()

    def step(self) -> None:
        """Time passes, something is learned, and answers are written down."""
        self.clock.day += timedelta(days=self.chance.choice([0, 0, 1, 9, 40, 100, 370]))
        acts: list[Callable[[], None]] = [
            self.offend, self.offend, self.inspect, self.award, self.correct, self.correct, self.cease,
            self.rename, self.daily, self.list_it,
        ]  # fmt: skip
        self.chance.choice(acts)()
        self.write_down()

    def _document(self) -> str:
        return f"示例〔{self.number}〕{next(self.documents)}号"

    def offend(self) -> None:
        decided, kinds = self.ago(), self.chance.choice([["fine"], ["warning"], ["suspended_business"]])
        code = self.chance.choice([self.code, self.code, self.branch])
        make_event(
            violation(code, document_no=self._document(), occurred_on=decided, decided_on=decided, penalties=kinds),
            day=self.day,
        )

    def inspect(self) -> None:
        result = self.chance.choice(["pass", "pass", "fail"])
        more = {"failed_items": [{"item": "水分", "limit": "15", "value": "17"}]} if result == "fail" else {}
        confirmed = {"producer_confirmed": True} if result == "fail" else {}
        found = inspection(self.code, document_no=self._document(), occurred_on=self.ago(), result=result)
        make_event(found | more | confirmed, day=self.day)

    def award(self) -> None:
        since = self.ago()
        given = {"document_no": self._document(), "valid_from": since}
        make_event(award(self.code, **given), day=self.day)

    def _events(self) -> list[int]:
        owner = Event.enterprise_id == enterprises.find(self.code)
        return sorted(set(db.session.scalars(select(Event.event_id).where(owner))))

    def correct(self) -> None:
        """The department sends an offence again with another fine and another day."""
        decided = self.ago()
        kinds = ("violation",)
        owner = (Event.enterprise_id == enterprises.find(self.code), Event.kind.in_(kinds))
        found = sorted(set(db.session.scalars(select(Event.event_id).where(*owner))))
        if found:
            sent = violation(
                self.code, document_no=self._document(), occurred_on=decided, decided_on=decided,
                fine=self.chance.choice(["70000.00", "2500000.00"]),
            )  # fmt: skip
            with transaction("test") as change:
                law = policies.law_on(self.day)
                owner_id = corrections.correct(change, self.chance.choice(found), load_event(sent, self.day), law)
                way.advance(change, [owner_id], self.day)

    def cease(self) -> None:
        if found := self._events():
            ground = self.chance.choice(list(Cessation))
            on = self.day + timedelta(days=self.chance.choice([-30, 0, 20]))
            with transaction("test") as change:
                owner = corrections.cease(change, self.chance.choice(found), ground, on, self._document())
                way.advance(change, [owner], self.day)

    def rename(self) -> None:
        name = f"铜都示例{self.number}更名{next(self.documents)}有限公司"
        make_enterprise(self.number, self.day, name=name, valid_from=self.ago(300))

    def daily(self) -> None:
        with transaction("test") as change:
            way.daily(change, self.day)

    def list_it(self) -> None:
        make_listing(self.code, self.day)

    def write_down(self) -> None:
        """What the public is told now, and what staff are told of some past days."""
        instant = now().isoformat()
        record, today = f"{API}/enterprises/{self.code}", self.day.isoformat()
        ask = {"as_of": today, "known_at": instant}
        self.told.append((record, ask, self.client.get(record).data))
        for path in (record, f"{record}/grades", f"{API}/blacklist"):
            past = (self.day - timedelta(days=self.chance.randrange(500))).isoformat()
            answer = self.client.get(path, query_string={"as_of": past}, headers=self.key)
            if answer.status_code == 200:
                self.told.append((path, {"as_of": past, "known_at": instant}, answer.data))


def enact_new_words_and_points(day: date) -> None:
    """From `day` on another policy is in force: a general violation costs more, sentences say otherwise."""
    files = policy_texts(FOLDER)
    head, rule, rest = files["points.yaml"].partition("points.violation-general:")
    files["points.yaml"] = head + rule + rest.replace("value: -10", "value: -17", 1)
    files["sentences.yaml"] = files["sentences.yaml"].replace("基础分", "起评分")
    with transaction("test") as change:
        law = policies.keep_text(files)
        policies.enter(change, law.digest, "enacted", day, force_on=day)
        classification.keep_missing(law)
        way.advance(change, all_ids(), day)


@pytest.fixture
def key(app: Any) -> dict[str, str]:
    return make_key(scopes=("supervise",))


@PLAYED
@given(chance=st.randoms(use_true_random=False))
def test_every_past_answer_is_reproduced_byte_by_byte(
    client: FlaskClient, clock: Clock, key: dict[str, str], chance: Random
) -> None:
    clock.day = max(clock.day, TODAY)
    play = Play(chance, client, clock, key)
    for number in range(8):
        play.step()
        if number == 5:
            enact_new_words_and_points(clock.day)
            play.write_down()
    for path, ask, body in play.told:
        again = client.get(path, query_string=ask, headers=key)
        assert again.data == body, (path, ask)


@pytest.fixture
def one(clock: Clock) -> str:
    """An enterprise whose fine is reported a month late, then repaired."""
    code = make_enterprise(1, TODAY)
    clock.day = TODAY + timedelta(days=10)
    make_event(violation(code), day=clock.day)
    return code


class TestDoors:
    """Who may ask what about the past, at every door."""

    def test_to_staff_the_past_stays_as_it_was_though_the_fine_is_repaired_later(
        self, client: FlaskClient, clock: Clock, key: dict[str, str], one: str
    ) -> None:
        path, then = f"{API}/enterprises/{one}", now().isoformat()
        fined = client.get(path).data
        clock.day += timedelta(days=30)
        with transaction("test") as change:
            owner = corrections.cease(
                change, db.session.scalar(select(Event.event_id)) or 0, Cessation.REPAIRED, clock.day, "修复1号"
            )
            way.advance(change, [owner], clock.day)
        as_then = {"as_of": (TODAY + timedelta(days=10)).isoformat()}
        assert client.get(path, query_string={**as_then, "known_at": then}, headers=key).data == fined
        past = client.get(path, query_string=as_then).get_json()
        staff = client.get(path, query_string=as_then, headers=key).get_json()
        assert (past["violations"], len(staff["violations"])) == ([], 1)
        assert (past["grade"], staff["grade"]) == ("N", "B")

    def test_what_was_not_yet_reported_was_not_known(
        self, client: FlaskClient, clock: Clock, key: dict[str, str], one: str
    ) -> None:
        path, day = f"{API}/enterprises/{one}", TODAY.isoformat()
        known_now = client.get(path, query_string={"as_of": day}, headers=key).get_json()
        clock_then = {"as_of": day, "known_at": f"{TODAY}T23:59:59+08:00"}
        known_then = client.get(path, query_string=clock_then, headers=key).get_json()
        assert (len(known_now["violations"]), known_then["violations"]) == (1, [])

    @pytest.mark.parametrize("path", ["/enterprises/{}", "/enterprises/{}/grades", "/blacklist"])
    def test_the_public_may_not_ask_what_was_known(
        self, client: FlaskClient, app: Any, one: str, path: str
    ) -> None:
        address, ask = API + path.format(one), {"known_at": f"{TODAY}T23:59:59+08:00"}
        reporter = make_key(scopes=("events:write",))
        assert client.get(address, query_string=ask).status_code == 401
        assert client.get(address, query_string=ask, headers=reporter).status_code == 403
        staff = client.get(address, query_string=ask, headers=make_key(scopes=("supervise",)))
        assert staff.status_code == 200
        assert staff.headers["Cache-Control"] == "private, no-store"

    def test_a_reporters_key_is_told_of_the_past_what_the_public_is(self, client: FlaskClient, one: str) -> None:
        path, ask = f"{API}/enterprises/{one}", {"as_of": TODAY.isoformat()}
        reporter = make_key(scopes=("events:write",))
        public = client.get(path, query_string=ask)
        assert client.get(path, query_string=ask, headers=reporter).data == public.data

    @pytest.mark.parametrize("path", ["/enterprises/{}", "/enterprises/{}/grades", "/blacklist"])
    def test_an_instant_that_has_not_come_or_lies_before_the_register_is_refused(
        self, client: FlaskClient, key: dict[str, str], one: str, path: str
    ) -> None:
        address = API + path.format(one)
        ahead = client.get(address, query_string={"known_at": "2099-01-01T00:00:00Z"}, headers=key)
        assert (ahead.status_code, ahead.get_json()["code"]) == (400, "invalid-instant")
        before = client.get(address, query_string={"known_at": "1999-01-01T00:00:00Z"}, headers=key)
        assert (before.status_code, before.get_json()["code"]) == (404, "before-register")
        assert before.get_json()["first_instant"]
        naive = client.get(address, query_string={"known_at": "2026-11-22T09:30:00"}, headers=key)
        assert naive.status_code == 422 and set(naive.get_json()["errors"]) == {"known_at"}

    def test_a_day_before_the_register_began_is_told_with_the_first_day(
        self, client: FlaskClient, key: dict[str, str], one: str
    ) -> None:
        for headers in ({}, key):
            answer = client.get(f"{API}/enterprises/{one}?as_of=1999-01-01", headers=headers)
            assert (answer.status_code, answer.get_json()["first_day"]) == (404, "2016-01-01")

    def test_the_offsets_plus_may_come_as_a_space(
        self, client: FlaskClient, key: dict[str, str], one: str
    ) -> None:
        answer = client.get(f"{API}/enterprises/{one}?known_at={TODAY}T23:59:59+08:00", headers=key)
        assert answer.status_code == 200

    def test_the_command_shows_what_was_known(self, runner: FlaskCliRunner, client: FlaskClient, one: str) -> None:
        instant = now().strftime("%Y-%m-%dT%H:%M:%S.%f%z")
        shown = runner.invoke(args=["credit", "show", one, "--known-at", instant, "--json"])
        assert shown.output.encode() == client.get(f"{API}/enterprises/{one}").data
        before = ["credit", "show", one, "--known-at", "1999-01-01T00:00:00+08:00"]
        refused = runner.invoke(args=before)
        assert refused.exit_code == 2 and "before-register" in refused.stderr

    def test_a_code_given_out_again_is_told_of_its_bearer_at_that_time(
        self, client: FlaskClient, clock: Clock, key: dict[str, str], one: str
    ) -> None:
        instant = now().isoformat()
        make_enterprise(1, clock.day, status="deregistered", valid_from=clock.day.isoformat())
        clock.day += timedelta(days=400)
        heir = make_enterprise(
            1, clock.day, name="铜都后来有限公司", status="living", registered_on=clock.day.isoformat()
        )
        assert heir == code_of(1) == one
        path = f"{API}/enterprises/{one}"
        assert client.get(path).get_json()["name"] == "铜都后来有限公司"
        then = client.get(path, query_string={"known_at": instant}, headers=key).get_json()
        assert then["name"] == "铜都示例1有限公司"
