"""The checks of one tender hang together: the first pins the register's state, each later one tells what changed.

Whoever holds the number and the secret of any of them holds the tender.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from credit.db import db, instant
from credit.models import Receipt
from credit.rules.rechecks import changes, subjects
from credit.services import receipts
from credit.services.publication import instant_text

Told = dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """An earlier check, opened by its holder: what was answered, and the number of its tender's first check."""

    id: str
    root: str
    body: Told

    def subjects(self) -> list[Told]:
        """Its bidders, to be checked again."""
        return subjects(self.body["results"])

    def since(self, results: list[Told]) -> Told:
        """What changed since, in the shape of schemas.tenders.SinceTold."""
        told = {"receipt": self.id, "seq": self.body["seq"], "known_at": self.body["known_at"]}
        return told | changes(self.body["results"], results)


def opened(number: str, secret: str) -> Earlier:
    """A check, for whoever has its secret. Raises UnknownReceipt."""
    found = receipts.find(number)
    return Earlier(found.id, found.root or found.id, receipts.body(found, secret))


def checks(root: str) -> list[Told]:
    """Every check of a tender, the first one first: id, seq, as_of, made_at, refers_to."""
    held = select(Receipt.id, Receipt.seq, Receipt.as_of, Receipt.made_at, Receipt.refers_to)
    rows = db.session.execute(held.where(or_(Receipt.id == root, Receipt.root == root)).order_by(Receipt.made_at))
    return [row._asdict() | {"made_at": instant_text(instant(row.made_at))} for row in rows]
