"""Terms in working days of the official calendar: holidays and make-up days, one or many at once."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.working_days import (
    KNOWN_UNTIL,
    add_working_days,
    due,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # Saturday made up for the Spring Festival (国办发明电〔2025〕7号)
        ("2026-02-17", False),  # Spring Festival
        ("2026-10-01", False),
        ("2026-10-10", True),  # Saturday made up for the National Day
        ("2026-11-23", True),
        ("2026-11-22", False),
    ],
)
def test_offices_are_open_by_the_notice_of_the_year(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("begun", "count", "last"),
    [
        ("2026-11-20", 3, "2026-11-25"),  # Friday; Monday is the first day
        ("2026-11-21", 3, "2026-11-25"),  # Saturday begins nothing earlier
        ("2026-09-30", 1, "2026-10-08"),  # the National Day's seven days stand still
        ("2026-11-23", 20, "2026-12-21"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_a_term_begins_on_the_next_day_and_counts_working_days(begun: str, count: int, last: str) -> None:
    assert add_working_days(date.fromisoformat(begun), count) == (date.fromisoformat(last), False)


def test_a_day_beyond_the_announced_calendar_is_provisional() -> None:
    found, provisional = add_working_days(KNOWN_UNTIL, 5)
    assert provisional and found > KNOWN_UNTIL


@settings(deadline=None)
@given(begun=DAYS, count=st.integers(1, 120))
def test_a_term_of_n_days_has_n_working_days_and_ends_on_one(begun: date, count: int) -> None:
    last, _ = add_working_days(begun, count)
    days = [begun + timedelta(n) for n in range(1, (last - begun).days + 1)]
    assert is_working_day(last) and sum(map(is_working_day, days)) == count == working_days_between(begun, last)


@settings(deadline=None)
@given(terms=st.lists(st.tuples(DAYS, st.integers(1, 120)), max_size=20))
def test_many_terms_at_once_end_as_each_alone(terms: list[tuple[date, int]]) -> None:
    frame = pl.DataFrame(terms, schema={"began_on": pl.Date, "days": pl.Int64}, orient="row")
    found = due(frame).select("due_on", "provisional").rows()
    assert found == [add_working_days(begun, count) for begun, count in terms]
