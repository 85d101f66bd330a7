"""Working days of the official calendar (国务院办公厅 holiday notices, as chinesecalendar has them).

In penalty law 三日, 五日, 七日 are working days (行政处罚法 art. 85). Beyond the last notice Monday to
Friday are taken for working days, and the day found is provisional.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

import polars as pl
from chinese_calendar import constants

FIRST = date(min(constants.holidays).year, 1, 1)
KNOWN_UNTIL = date(max(constants.holidays).year, 12, 31)
YEARS_AHEAD = 60
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices are open: by the notice of its year, else Monday to Friday."""
    if day in constants.workdays:
        return True
    return day.weekday() < SATURDAY and day not in constants.holidays


@cache
def _working_days() -> list[date]:
    last = KNOWN_UNTIL.replace(year=KNOWN_UNTIL.year + YEARS_AHEAD)
    days = (FIRST + timedelta(n) for n in range((last - FIRST).days + 1))
    return [day for day in days if is_working_day(day)]


def add_working_days(day: date, count: int) -> tuple[date, bool]:
    """The last day of a term of `count` working days that begins on the day after `day`.

    With it whether the day is provisional, because the calendar of its year isn't announced yet.
    Days before 2004, of which the calendar knows nothing, count as days of 2004's first.
    """
    days = _working_days()
    due = days[bisect_right(days, day) + count - 1] if count else day
    return due, due > KNOWN_UNTIL


def working_days_between(first: date, last: date) -> int:
    """Working days after `first`, up to and with `last`; negative where `last` lies before."""
    days = _working_days()
    return bisect_right(days, last) - bisect_right(days, first)


def due(days: pl.DataFrame) -> pl.DataFrame:
    """`days` (columns began_on, days) with `due_on` and `provisional`, many at once."""
    calendar = pl.Series("due_on", _working_days())
    place = calendar.search_sorted(days["began_on"], side="right") + days["days"] - 1
    found = calendar.gather(place.cast(pl.UInt32))
    return days.with_columns(due_on=found).with_columns(provisional=pl.col("due_on") > KNOWN_UNTIL)


def working_days_passed(spans: pl.DataFrame) -> pl.DataFrame:
    """`spans` (columns first, last) with `passed`: the working days after `first`, up to and with `last`."""
    calendar = pl.Series(_working_days())
    places = [calendar.search_sorted(spans[name], side="right").cast(pl.Int64) for name in ("first", "last")]
    return spans.with_columns(passed=places[1] - places[0])
