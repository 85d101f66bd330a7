"""Random officers do random acts on listings: what the model of the table allows is done, nothing else ever is."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from credit.db import db, transaction
from credit.errors import NotAllowed, WrongState
from credit.services import listings
from credit.services.blacklist import public_listings
from tests.conftest import LONG
from tests.makers import make_enterprise
from tests.test_blacklist import GIVEN, everyone, paper
from tests.test_listing_acts import DECIDERS, LEADS_TO, POSSIBLE

START = date(2026, 3, 31)
YEARS = {"apply_removal": 1, "expire": 3}
PUBLIC = {"published", "removal_asked", "removal_accepted"}
WHO = ["supervisor", "decider", "confirmer", "above", "reporter", "foreign"]


class Listing(RuleBasedStateMachine):
    """The model: a state, what was done, who ever decided, and on which day the listing was published."""

    who: dict[str, int]
    codes: Iterator[str]

    def __init__(self) -> None:
        super().__init__()
        self.day, self.state = START, "proposed"
        self.did: set[str] = set()
        self.deciders: set[str] = set()
        self.listed_on: date | None = None
        self.code = next(self.codes)
        with transaction("test") as change:
            given = GIVEN | {"code": self.code}
            self.number = listings.propose(change, self.who["supervisor"], given, self.day)

    def right(self, name: str) -> set[str]:
        """Who holds the role of an act."""
        return {"above"} if name == "consent" else {"decider", "confirmer"} if name in DECIDERS else {"supervisor"}

    def may(self, name: str, who: str) -> type[Exception] | None:
        """Why the act is refused; None: it is done."""
        if name not in POSSIBLE[self.state]:
            return WrongState
        if who not in self.right(name) or (name == "confirm" and who in self.deciders):
            return NotAllowed
        if name in YEARS and self.listed_on and self.day < years_after(self.listed_on, YEARS[name]):
            return WrongState
        return None

    @rule(name=st.sampled_from(sorted(LEADS_TO)), who=st.sampled_from(WHO))
    def anybody_does_anything(self, name: str, who: str) -> None:
        self.does(name, who)

    @rule(data=st.data())
    def somebody_does_what_may_be_done(self, data: Any) -> None:
        if POSSIBLE[self.state]:
            name = data.draw(st.sampled_from(sorted(POSSIBLE[self.state] - {"drop"}) or ["drop"]))
            self.does(name, data.draw(st.sampled_from(WHO[:4])))

    @rule(data=st.data(), steps=st.integers(1, 8))
    def the_right_people_go_on(self, data: Any, steps: int) -> None:
        """Some steps ahead by somebody who holds the role, so that the far states are reached too."""
        for _ in range(steps):
            ahead = sorted(POSSIBLE[self.state] - {"drop", "revoke", "expire", "state"})
            if ahead:
                name = data.draw(st.sampled_from(ahead))
                if name == "apply_removal" and self.listed_on:
                    self.day = max(self.day, years_after(self.listed_on, 1))
                self.does(name, data.draw(st.sampled_from(sorted(self.right(name)))))

    @rule(days=st.sampled_from([1, 40, 370, 3 * 370]))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    def does(self, name: str, who: str) -> None:
        if name in ("hear", "lapse"):
            self.day += timedelta(days=40)  # their days have run: which day counts is the table of days' matter
        document = paper(name, self.day)
        if name == "hear":
            document["announced_on"] = (self.day - timedelta(days=20)).isoformat()
        if name == "ask_hearing":
            document["asked_on"] = self.served.isoformat() if "notify" in self.did else str(self.day)
        refused = self.may(name, who)
        with nullcontext() if refused is None else pytest.raises(refused), transaction("test") as change:
            listings.act(change, self.number, name, self.who[who], self.day, document)
        if refused is None:
            self.follows(name, who)

    def follows(self, name: str, who: str) -> None:
        self.did.add(name)
        (self.state,) = LEADS_TO[name] - {"excused"}
        if name == "notify":
            self.served = self.day
        if name in ("decide", "restore"):
            self.deciders.add(who)
        if name == "publish":
            self.listed_on = self.day

    @invariant()
    def the_register_says_what_the_model_says(self) -> None:
        acts = listings.acts_of(self.number)
        assert acts[-1].state == self.state
        runs = self.listed_on is not None and self.day < years_after(self.listed_on, 3)
        shown = public_listings(self.day, q=self.code).items
        assert bool(shown) == (self.state in PUBLIC and runs)
        db.session.rollback()


def years_after(day: date, years: int) -> date:
    """The same day some years later; of a leap day the last of February."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


@pytest.mark.slow
def test_no_sequence_of_acts_leaves_the_table(app: Flask) -> None:
    """Both databases; an officer who may not, a state that doesn't allow it, a day that has not come: all refused."""
    Listing.who = everyone()
    Listing.codes = (make_enterprise(number, day=START) for number in count(1))
    run_state_machine_as_test(
        Listing,
        settings=settings(
            max_examples=60 if LONG else 12, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
