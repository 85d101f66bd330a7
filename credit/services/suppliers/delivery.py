"""Telling a list's receiver what changed: one signed message with all that is new to it, again until it is taken."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256

import orjson
from flask import current_app
from sqlalchemy import update

from credit.db import aside, db
from credit.models import SupplierList
from credit.services.suppliers import follow, lists
from credit.services.webhook_delivery import pause
from credit.services.webhook_sending import Outcome

Send = Callable[[str, bytes, str, bytes], Outcome]
MOST = 5_000


def secret_of(number: str) -> bytes:
    """The key that signs what a list's receiver is sent: from the installation's secret, kept nowhere."""
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), f"supplier list {number}".encode(), sha256)


def serve(number: str, day: date, now: datetime, send: Send) -> bool:
    """Bring a list up to date and tell its receiver. Returns whether it has everything now.

    `send`: url, signing key, message id, body. A message says verdicts of today, never what they were before.
    """
    follow.up_to_date(number, day, now)
    db.session.rollback()
    found = db.session.get_one(SupplierList, number)
    if found.url is None or found.told >= found.last_change:
        return True
    upto, failures = found.last_change, found.failures
    told = [lists.supplier(one) for one in follow.changed(number, found.told, MOST)]
    body = orjson.dumps({"list": number, "name": found.name, "as_of": day, "changed": told})
    outcome = send(found.url, secret_of(number), f"msg_{number}_{upto}", body)
    noted = {"told": upto, "failures": 0, "retry_at": None} if outcome.taken else {
        "failures": failures + 1, "retry_at": now + pause(failures + 1)
    }  # fmt: skip
    with aside() as connection:
        connection.execute(update(SupplierList).where(SupplierList.id == number).values(**noted))
    return outcome.taken
