"""One change number: no gap that a reader could see, no repeat, nothing lost, instants that only rise."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import credit.db
from credit import clock, reader
from credit.clock import on_its_day
from credit.db import ChangeRow, Register, db, instant, transaction
from credit.errors import NotReady
from credit.models import Department, Event, ListingAct
from credit.policy import load_policy
from credit.services import departments, events, listings
from credit.services.instants import seq_at
from schemas.event import load_event
from tests import writers
from tests.conftest import TODAY
from tests.makers import (
    WORKSHEET,
    make_department,
    make_enterprise,
    make_event,
    make_listing,
    make_officers,
    violation,
)

WRITERS, SECONDS = 8, 2.5
NUMBERS = " UNION ALL ".join(
    f"SELECT {name} AS seq FROM {table} WHERE {name} > :seen"
    for table, name in [("event", "seq"), ("enterprise_version", "seq"), ("grading", "seq"), ("cessation", "seq"),
                        ("listing_act", "seq"), ("listing", "id"), ("feed_listing", "seq")]
)  # fmt: skip
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "assess": ("supervisor", WORKSHEET), "confirm": ("confirmer", {}),
    "drop": ("decider", {"reason": "情节轻微"}), "revoke": ("decider", {"document_no": "示例撤1号", "reason": "撤销"}),
}  # fmt: skip
BLOCKS = "SELECT first_seq, last_seq, recorded_at FROM change WHERE last_seq > :seen ORDER BY last_seq"


class Follower:
    """A reader that follows the numbers as a feed does, and refuses any gap, repeat or step back."""

    def __init__(self) -> None:
        self.seen, self.known, self.last = 0, 0, datetime.min.replace(tzinfo=UTC)
        self.polls = 0

    def poll(self) -> None:
        numbers = sorted(row[0] for row in reader.reader().all(NUMBERS, seen=self.seen))
        assert numbers == list(range(self.seen + 1, self.seen + 1 + len(numbers)))
        self.seen += len(numbers)
        for first, last, recorded_at in reader.reader().all(BLOCKS, seen=self.known):
            assert first == self.known + 1 <= last
            assert instant(recorded_at) > self.last
            self.known, self.last = last, instant(recorded_at)
        assert self.known >= self.seen
        self.polls += 1


def finished(processes: list[Any], told: Any, follower: Follower) -> Iterator[writers.Told]:
    """What each writer told at its end; the follower polls meanwhile."""
    left = len(processes)
    while left:
        follower.poll()
        time.sleep(0.01)
        while not told.empty():
            left -= 1
            yield told.get(timeout=10)


def test_a_reader_of_eight_writers_sees_no_gap_no_repeat_and_nothing_is_lost(app: Flask) -> None:
    department, codes = make_department(), [make_enterprise(number) for number in range(1, 4)]
    follower = Follower()
    db.session.remove()
    processes, told = writers.start(WRITERS, app.config["DATABASE_URL"], codes, department, SECONDS)
    ends = list(finished(processes, told, follower))
    for process in processes:
        process.join(20)
    follower.poll()
    assert [end.error for end in ends] == [""] * WRITERS
    assert sum(end.mishaps for end in ends) > 0
    acknowledged = {document: event for end in ends for document, event in end.documents.items()}
    kept = {row.document_no: row.event_id for row in db.session.execute(select(Event.document_no, Event.event_id))}
    assert acknowledged == kept and len(set(kept.values())) == len(kept) >= WRITERS
    last = db.session.scalars(select(Register.last_seq)).one()
    assert follower.seen == follower.known == last and follower.polls > 10


def test_a_number_becomes_known_with_its_transaction_and_with_all_below_it(app: Flask) -> None:
    make_event(violation(make_enterprise()))
    Follower().poll()
    (first, second) = db.session.scalars(select(ChangeRow).order_by(ChangeRow.last_seq)).all()
    assert (first.first_seq, second.first_seq) == (1, first.last_seq + 1)
    assert (second.act, second.actor) == ("test", "system")


class Stop(BaseException):
    """What no `except Exception` catches, like an interrupt."""


def change_in_vain(count: int, names: list[str], failure: type[BaseException] | None = None) -> None:
    """Take numbers and add departments in a transaction that fails: by itself, or as it is told."""
    with transaction("test") as change:
        assert len(change.take(count)) == count
        db.session.add_all([Department(name=name) for name in names])
        db.session.flush()
        if failure:
            raise failure


@pytest.mark.parametrize("failure", [ValueError, Stop, KeyboardInterrupt])
def test_a_transaction_that_fails_leaves_neither_gap_nor_trace(app: Flask, failure: type[BaseException]) -> None:
    make_enterprise(1)
    last = db.session.scalars(select(Register.last_seq)).one()
    with pytest.raises(failure):
        change_in_vain(3, ["无此局"], failure)
    with pytest.raises(IntegrityError):
        change_in_vain(2, ["同名局", "同名局"])
    assert db.session.scalars(select(Register.last_seq)).one() == last
    make_enterprise(2)
    Follower().poll()
    assert db.session.scalars(select(Department)).all() == []


def test_a_transaction_without_news_takes_no_number(app: Flask) -> None:
    make_department()
    assert db.session.scalars(select(ChangeRow)).all() == []
    assert db.session.scalars(select(Register.last_seq)).one() == 0


def test_instants_rise_though_the_clock_of_the_machine_steps_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_enterprise(1)
    monkeypatch.setattr(credit.db, "datetime", writers.BackwardClock)
    for number in range(2, 6):
        make_enterprise(number)
    monkeypatch.undo()
    make_enterprise(6)
    follower = Follower()
    follower.poll()
    assert abs(on_its_day(datetime.now(UTC)) - follower.last) < timedelta(minutes=1)


def test_an_instant_ahead_of_the_clock_is_not_passed_backwards(app: Flask) -> None:
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    with transaction("test"):
        db.session.execute(db.update(Register).values(last_instant=ahead))
    make_enterprise(1)
    make_enterprise(2)
    follower = Follower()
    follower.poll()
    assert ahead < follower.last < ahead + timedelta(seconds=1)


def test_a_transaction_inside_another_is_refused_and_the_outer_one_is_whole(app: Flask) -> None:
    with transaction("outer"):
        db.session.add(Department(name="甲局"))
        with pytest.raises(RuntimeError, match="open already"), transaction("inner"):
            db.session.add(Department(name="乙局"))
    assert db.session.scalars(select(Department.name)).all() == ["甲局"]
    with transaction("next"):
        db.session.add(Department(name="丙局"))
    assert len(db.session.scalars(select(Department.name)).all()) == 2


def test_who_waits_too_long_for_the_others_is_told_to_try_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit.db, "BUSY_MS", 100)
    db.engine.dispose()
    waited: list[str] = []

    def other() -> None:
        with app.app_context():
            try:
                make_department("乙局")
            except NotReady as refused:
                waited.append(refused.code)

    with transaction("long import"):
        db.session.add(Department(name="甲局"))
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(30)
    assert waited == ["not-ready"]
    make_department("丙局")
    assert db.session.scalars(select(Department.name).order_by(Department.id)).all() == ["甲局", "丙局"]


@pytest.mark.parametrize(
    ("until", "rivals"),
    [("propose", ("assess", "assess")), ("decide", ("confirm", "drop")), ("publish", ("revoke", "revoke"))],
)
def test_of_two_officers_at_once_exactly_one_acts(app: Flask, until: str, rivals: tuple[str, str]) -> None:
    officers, code = make_officers(), make_enterprise()
    rounds = [make_listing(code, until=until, officers=officers) for _ in range(4)]
    db.session.remove()
    gate = threading.Barrier(2)
    outcomes: list[tuple[int, str]] = []

    def officer(name: str) -> None:
        who, fields = ACTS[name]
        for listing in rounds:
            with app.app_context():
                gate.wait(20)
                try:
                    with transaction("act", name) as change:
                        listings.act(change, listing, name, officers[who], TODAY, dict(fields))
                    outcomes.append((listing, "done"))
                except BaseException as refused:
                    outcomes.append((listing, getattr(refused, "code", repr(refused))))

    both = [threading.Thread(target=officer, args=(name,)) for name in rivals]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    for listing in rounds:
        assert sorted(outcome for of, outcome in outcomes if of == listing) == ["done", "wrong-state"]
        acted = db.session.scalars(select(ListingAct.act).where(ListingAct.listing_id == listing)).all()
        assert len([act for act in acted if act in rivals]) == 1
    Follower().poll()


def test_what_an_open_transaction_writes_is_known_from_its_end_on(app: Flask) -> None:
    code = make_enterprise(1)
    with transaction("long") as change:
        begun = change.recorded_at
        event_id = events.record(
            change, departments.add("局"), load_event(violation(code), TODAY), load_policy()
        )[0]
    now = clock.now()
    assert seq_at(begun, now)[0] < event_id <= seq_at(now, now)[0]
