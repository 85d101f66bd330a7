"""Serving one receiver: in the order of seq for each enterprise, at least once, from its own number on.

What an enterprise's changes are refused for holds up that enterprise alone; a receiver that doesn't answer
is left alone for longer and longer. What was tried often enough is dead: kept, listed, and passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from credit.db import db, instant
from credit.models import WebhookLetter
from credit.services import feed, webhooks
from credit.services.feed import Item
from credit.services.webhook_sending import Outcome
from credit.services.webhooks import DEAD, HELD

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=6)
Send = Callable[[Item], Outcome]


@dataclass(frozen=True)
class Letter:
    """Changes of one enterprise from `seq` on that were not taken."""

    seq: int
    enterprise_id: int
    tries: int
    retry_at: datetime
    reason: str
    state: str = HELD


@dataclass
class Served:
    """How far one turn came: to be kept by `keep`. `more`: there is more to send at once."""

    number: int
    before: int
    served: int
    failures: int
    retry_at: datetime | None
    letters: list[Letter]
    sent: int = 0
    refused: int = 0
    more: bool = False

    def keep(self) -> bool:
        """Note it, in the transaction that is open."""
        progress: dict[str, Any] = {"served": self.served, "failures": self.failures, "retry_at": self.retry_at}
        return webhooks.keep(self.number, self.before, progress, [asdict(letter) for letter in self.letters])


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures: three times as long each time, at most six hours."""
    grown: int = 3 ** min(failures - 1, 12)
    return min(FIRST_PAUSE * grown, LONGEST_PAUSE)


def serve(number: int, day: date, now: datetime, send: Send, most: int, tries: int) -> Served:
    """One turn: first what is due again, then up to `most` new changes. Nothing is written here."""
    turn = _Turn(number, day, now, send, tries)
    if turn.is_awake() and turn.send_again():
        turn.send_new(most)
    return turn.done


class _Turn:
    """The turn of one receiver; `done` is how far it came."""

    def __init__(self, number: int, day: date, now: datetime, send: Send, tries: int) -> None:
        hook = webhooks.find(number)
        held = select(WebhookLetter).where(WebhookLetter.webhook_id == number, WebhookLetter.state == HELD)
        letters = [
            Letter(row.seq, row.enterprise_id, row.tries, instant(row.retry_at), row.reason)
            for row in db.session.scalars(held.order_by(WebhookLetter.seq))
        ]
        self.day, self.now, self.send, self.tries = day, now, send, tries
        retry_at = instant(hook.retry_at) if hook.retry_at else None
        self.done = Served(number, hook.served, hook.served, hook.failures, retry_at, letters)

    def is_awake(self) -> bool:
        return self.done.retry_at is None or self.done.retry_at <= self.now

    def send_again(self) -> bool:
        """What was not taken and is due again. False once the receiver doesn't answer."""
        for letter in list(self.done.letters):
            if letter.retry_at > self.now:
                continue
            items = feed.of_enterprise(letter.enterprise_id, letter.seq, self.done.served, self.day)
            if items is None:  # stale: its new state is about to come
                continue
            self.done.letters.remove(letter)
            for item in items:
                outcome = self._try(item)
                if not outcome.taken:
                    self._hold(replace(letter, seq=item.seq), outcome)
                    if not outcome.well:
                        return False
                    break
        return True

    def send_new(self, most: int) -> None:
        """The changes after the last that was served; those of an enterprise that is held wait behind it."""
        page = feed.page(self.done.served, most, self.day, feed.place(self.day))
        for item in page.items:
            held = {letter.enterprise_id for letter in self.done.letters if letter.state == HELD}
            outcome = Outcome(True, True) if item.enterprise_id in held else self._try(item)
            self.done.served = item.seq
            if not outcome.taken:
                self._hold(Letter(item.seq, item.enterprise_id, 0, self.now, ""), outcome)
                if not outcome.well:
                    return
        self.done.more = bool(page.items) and page.more

    def _try(self, item: Item) -> Outcome:
        outcome = self.send(item)
        self.done.sent += outcome.taken
        self.done.refused += not outcome.taken
        if outcome.well:
            self.done.failures, self.done.retry_at = 0, None
        else:
            self.done.failures += 1
            self.done.retry_at = self.now + pause(self.done.failures)
        return outcome

    def _hold(self, letter: Letter, outcome: Outcome) -> None:
        count = letter.tries + 1
        state = DEAD if count >= self.tries else HELD
        again = self.now + pause(count)
        self.done.letters.append(replace(letter, tries=count, retry_at=again, reason=outcome.reason[:64], state=state))
