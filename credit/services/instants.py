"""Instants and change numbers: what the register knew when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from credit.db import ChangeRow, db, instant
from credit.errors import BeforeRegister, InvalidInstant

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day that it was in Shanghai at an instant."""
    return moment.astimezone(SHANGHAI).date()


def seq_at(moment: datetime | None, now: datetime) -> tuple[int, date]:
    """The last change number known at an instant (None: now), and the day it was in Shanghai then.

    A transaction's numbers are known from its end on, which is stamped right before it commits.

    Raises InvalidInstant for one that has not come, BeforeRegister (with the first instant) for
    one at which the register knew nothing.
    """
    if moment is not None and moment > now:
        raise InvalidInstant(
            f"known_at {moment.isoformat()} has not come yet: ask for an instant up to now.",
            zh="known_at 不能是将来的时刻",
            errors={"known_at": ["An instant up to now."]},
        )
    last = select(func.max(ChangeRow.last_seq))
    if moment is not None:
        last = last.where(ChangeRow.known_at <= moment.astimezone(UTC))
    found, then = db.session.scalar(last), moment or now
    if found is None:
        first = db.session.scalar(select(func.min(ChangeRow.known_at)))
        told = instant(first).isoformat() if first else "nothing is recorded yet"
        raise BeforeRegister(
            f"At {then.isoformat()} the register knew nothing; it began at {told}.",
            zh=f"该时刻登记系统尚无记录，最早为 {told}",
            first_instant=told,
        )
    return int(found), then.astimezone(SHANGHAI).date()
