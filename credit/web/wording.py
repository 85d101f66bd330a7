"""How days, instants, money and points are written for people, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from credit.web.language import t

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CHINA = timezone(timedelta(hours=8))


def day(value: str | date) -> str:
    """2026年11月22日, 22 November 2026."""
    at = date.fromisoformat(str(value))
    return t(f"{at.year}年{at.month}月{at.day}日", f"{at.day} {MONTHS[at.month - 1]} {at.year}")


def instant(value: str) -> str:
    """An instant (UTC, RFC 3339) as the clock in China shows it."""
    at = datetime.fromisoformat(value).astimezone(CHINA)
    return f"{day(at.date())} {at:%H:%M}"


def yuan(value: str) -> str:
    """12,000 元; cents only where there are any."""
    amount = Decimal(value)
    figure = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return t(f"{figure} 元", f"{figure} yuan")


def signed(points: int) -> str:
    """+5, −10 (with a true minus, which screen readers say), 0."""
    return f"+{points}" if points > 0 else f"\u2212{-points}" if points < 0 else "0"


def grouped(number: int) -> str:
    """1,234,567."""
    return f"{number:,}"


FILTERS: dict[str, Callable[[Any], str]] = {
    "day": day,
    "instant": instant,
    "yuan": yuan,
    "signed": signed,
    "grouped": grouped,
}
