"""The numbers of the home page: counted at once in a small register, now and then in a large one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from credit.services import statistics, tallies
from tests.conftest import TODAY
from tests.makers import make_enterprise, make_event, violation


def test_a_small_register_is_counted_at_every_change(app: Flask) -> None:
    code = make_enterprise(1)
    assert statistics.numbers(TODAY)["events"] == 0
    make_event(violation(code))
    found = statistics.numbers(TODAY)
    assert (found["enterprises"], found["events"], found["graded"]) == (1, 1, {"B": 1})


def test_what_takes_long_is_told_as_counted_before_but_never_of_another_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "SMALL", -1)
    monkeypatch.setattr(tallies, "SHARE", 1e9)
    code = make_enterprise(1)
    before = statistics.numbers(TODAY)
    make_event(violation(code))
    assert statistics.numbers(TODAY) == before
    later = statistics.numbers(TODAY + timedelta(days=1))
    assert later["events"] == 1 and later["data_as_of"] >= before["data_as_of"]
