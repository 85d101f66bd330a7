"""The day in Asia/Shanghai. Doors ask it; services and rules are told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant in Shanghai; where the application has a CLOCK (tests move it), on its day."""
    return on_its_day(datetime.now(SHANGHAI))


def on_its_day(instant: datetime) -> datetime:
    """An instant in Shanghai, moved to the day of the application's CLOCK where it has one."""
    local, clock = instant.astimezone(SHANGHAI), current_app.config.get("CLOCK")
    return datetime.combine(clock(), local.timetz()) if clock else local


def today() -> date:
    """Today in Shanghai."""
    return now().date()


def seconds_left(day: date, instant: datetime) -> int:
    """Whole seconds from the instant until the day is over in Shanghai; 0 once it is."""
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return max(0, int((end - instant).total_seconds()))
