"""Days relative to another day, so that a story is as fresh on whatever day it is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

from credit.rules.months import months_after

STEP = re.compile(r"([+-]\d+)(d|mo|y)")
WHOLE = re.compile(r"(?:[+-]\d+(?:d|mo|y))+|0d")
BEFORE = re.compile(r"(\d+)mo before (.+)")


def resolve(text: str, day: date) -> date:
    """The day that `text` means, seen from `day`; ValueError if it means none.

    `-3mo+2d` goes back three calendar months, then on two days: steps are taken as written. A
    month that lacks the day of the month gives its last day. `3mo before +1d` is the first day
    whose period of three months ends on `+1d` or, where no day's does, as soon as possible after.
    """
    if period := BEFORE.fullmatch(text):
        return _start_of_period(int(period[1]), resolve(period[2], day))
    if not WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is no day like -400d, -13mo or -3mo+2d.")
    for number, unit in STEP.findall(text):
        day = _step(day, int(number), unit)
    return day


def _step(day: date, number: int, unit: str) -> date:
    if unit == "d":
        return day + timedelta(days=number)
    return months_after(day, number * (12 if unit == "y" else 1))


def _start_of_period(months: int, end: date) -> date:
    """The 31st of May ends no three months (there is no 31st of February): the 1st of March."""
    start = months_after(end, -months)
    return start if months_after(start, months) >= end else start + timedelta(days=1)
