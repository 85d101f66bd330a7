"""Staff ask about the past exactly as it was; the public is told what may still be shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from credit.api.auth import caller, key_sent
from credit.clock import now
from credit.errors import NoKey, NotAllowed
from credit.services.instants import seq_at

SCOPE = "supervise or audit"


@dataclass(frozen=True)
class Past:
    """A day of the law, as known at a change number; `last` is the day it was at that number."""

    as_of: date
    seq: int
    last: date


def past_for_staff(as_of: date | None, known_at: datetime | None) -> Past | None:
    """What a caller with a supervisor's key asks about the past; None: answer as to the public.

    `known_at` needs the key (401, 403); `as_of` with a key that can't ask for more is the public's.
    Raises InvalidInstant and BeforeRegister as `seq_at`.
    """
    if as_of is None and known_at is None:
        return None
    if known_at is None:
        if not supervises():
            return None
    elif key_sent() is None:
        raise NoKey("known_at needs a supervisor's key.", zh="known_at 仅供持监管密钥者使用")
    else:
        caller(SCOPE)
    seq, last = seq_at(known_at, now())
    return Past(as_of or last, seq, last)


def supervises() -> bool:
    """Whether the caller sent a supervisor's key. Raises NoKey for one that isn't valid."""
    if key_sent() is None:
        return False
    try:
        caller(SCOPE)
    except NotAllowed:
        return False
    return True
