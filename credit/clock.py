"""The day in Asia/Shanghai. Doors ask it; services and rules are told."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Today, or what the application's CLOCK says (tests move it)."""
    clock = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(SHANGHAI).date()


def seconds_left_today() -> int:
    """Seconds until midnight in Shanghai: no cache may show today's answer tomorrow."""
    now = datetime.now(SHANGHAI)
    return 86400 - (now.hour * 3600 + now.minute * 60 + now.second)
