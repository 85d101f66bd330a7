"""Numbers of the day that take long to count: told as counted a while ago where counting anew would cost too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any

from flask import current_app

from credit.reader import reader

SMALL = 20_000  # a register with no more changes than that is counted after each
SHARE = 100  # else counting may take one hundredth of the time
_forgetful: list[Tally] = []


@dataclass(frozen=True)
class Counted:
    """Numbers of a day as known at a change number, when they were counted and how long it took."""

    day: date
    seq: int
    at: float
    took: float
    numbers: Any

    def serves(self, day: date, seq: int) -> bool:
        """Whether they may be told on `day` when the register is at `seq`."""
        soon = seq > SMALL and monotonic() - self.at < SHARE * self.took
        return self.day == day and (self.seq == seq or soon)


class Tally:
    """What `count(day, known)` finds, counted by one visitor at a time and never told on another day.

    `known` is the instant of the register's last change, as text, or None.
    """

    def __init__(self, count: Callable[[date, str | None], Any]) -> None:
        self.count = count
        self.counting = Lock()
        self.held: dict[str, Counted] = {}
        _forgetful.append(self)

    def of(self, day: date) -> Any:
        """The numbers of a day. While another visitor counts, those of before if they are of that day."""
        where = current_app.config["DATABASE_URL"]
        seq, known = reader().one("SELECT last_seq, last_instant FROM register") or (0, None)
        held = self.held.get(where)
        if held is not None and held.serves(day, seq):
            return held.numbers
        of_today = held is not None and held.day == day
        if not self.counting.acquire(blocking=not of_today):
            return held.numbers if held else None
        try:
            held = self.held.get(where)
            if held is None or not held.serves(day, seq):
                start = monotonic()
                found = self.count(day, str(known)[:19].replace(" ", "T") + "Z" if known else None)
                held = self.held[where] = Counted(day, seq, monotonic(), monotonic() - start, found)
            return held.numbers
        finally:
            self.counting.release()


def forget() -> None:
    """Count everything anew at the next visit."""
    for tally in _forgetful:
        tally.held.clear()
