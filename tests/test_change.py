"""One change number: no gap that a reader could see, no repeat, nothing lost, instants that only rise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import credit.db
from credit import reader
from credit.db import ChangeRow, Register, db, instant, transaction
from credit.errors import WrongState
from credit.models import Department, Event, ListingAct
from credit.services import blacklist
from tests import writers
from tests.makers import DECISION, make_department, make_enterprise, make_event, make_listing, make_officers, violation

WRITERS, SECONDS = 8, 3.0
NUMBERS = " UNION ALL ".join(
    f"SELECT {name} AS seq FROM {table} WHERE {name} > :seen"
    for table, name in [("event", "seq"), ("enterprise_version", "seq"), ("grading", "seq"), ("cessation", "seq"),
                        ("listing_act", "seq"), ("listing", "id")]
)  # fmt: skip
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
    assert all(end.mishaps and end.documents for end in ends)
    acknowledged = {document: event for end in ends for document, event in end.documents.items()}
    kept = {row.document_no: row.event_id for row in db.session.execute(select(Event.document_no, Event.event_id))}
    assert acknowledged == kept and len(set(kept.values())) == len(kept) >= 2 * WRITERS
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


@pytest.mark.parametrize("failure", [ValueError, Stop, KeyboardInterrupt])
def test_a_transaction_that_fails_leaves_neither_gap_nor_trace(app: Flask, failure: type[BaseException]) -> None:
    make_enterprise(1)
    last = db.session.scalars(select(Register.last_seq)).one()
    with pytest.raises(failure), transaction("test") as change:
        assert list(change.take(3)) == [last + 1, last + 2, last + 3]
        db.session.add(Department(name="无此局"))
        db.session.flush()
        raise failure
    with pytest.raises(IntegrityError), transaction("test") as change:
        change.take(2)
        db.session.add_all([Department(name="同名局"), Department(name="同名局")])
    make_enterprise(2)
    Follower().poll()
    assert db.session.scalars(select(Department)).all() == []


def test_a_transaction_without_news_takes_no_number(app: Flask) -> None:
    make_department()
    assert db.session.scalars(select(ChangeRow)).all() == []
    assert db.session.scalars(select(Register.last_seq)).one() == 0


def test_instants_rise_though_the_clock_of_the_machine_steps_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_enterprise(1)
    monkeypatch.setattr(credit.db, "datetime", writers.BackwardClock)
    for number in range(2, 6):
        make_enterprise(number)
    monkeypatch.undo()
    make_enterprise(6)
    follower = Follower()
    follower.poll()
    assert abs(datetime.now(UTC) - follower.last) < timedelta(minutes=1)


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


@pytest.mark.parametrize("rival", ["notify", "drop"])
def test_of_two_officers_at_once_exactly_one_acts(app: Flask, rival: str) -> None:
    officers, code = make_officers(), make_enterprise()
    acts = {"notify": ("supervisor", {"document_no": "示例告1号"}), "drop": ("decider", {"reason": "情节轻微"})}
    rounds = [make_listing(code, until="propose", officers=officers) for _ in range(5)]
    db.session.remove()
    gate = threading.Barrier(2)
    outcomes: list[tuple[int, str]] = []

    def officer(name: str) -> None:
        who, fields = acts[name]
        for listing in rounds:
            with app.app_context():
                gate.wait(20)
                try:
                    with transaction("act", name) as change:
                        blacklist.act(change, listing, name, officers[who], writers.TODAY, dict(fields))
                    outcomes.append((listing, "done"))
                except WrongState as refused:
                    outcomes.append((listing, refused.code))
                except BaseException as problem:
                    outcomes.append((listing, repr(problem)))
                finally:
                    db.session.remove()

    both = [threading.Thread(target=officer, args=(name,)) for name in ("notify", rival)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    expected = ["done", "wrong-state"] if rival == "notify" else None
    for listing in rounds:
        found = sorted(outcome for of, outcome in outcomes if of == listing)
        acted = db.session.scalars(select(ListingAct.act).where(ListingAct.listing_id == listing).order_by(ListingAct.seq)).all()
        if rival == "drop" and acted == ["propose", "notify", "drop"]:
            assert found == ["done", "done"]  # a notice may be followed by a drop: that is no clash
        else:
            assert found == ["done", "wrong-state"] == (expected or found) and len(acted) == 2
    Follower().poll()
    assert DECISION
