"""Supplier lists as every door handles them: guarded against guessing, brought up to date before they are told."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from flask import current_app

from credit.clock import now, today
from credit.db import aside
from credit.errors import InvalidInput, UnknownSupplierList
from credit.models import SupplierList
from credit.quota import limit_subject, refuse_flood, refuse_guessing, wrong_guess
from credit.services.suppliers import delivery, follow, lists

Told = dict[str, Any]


def make(given: Told) -> tuple[lists.Made, str | None]:
    """Save a list: what is told of it once, the key that signs its webhooks. Raises InvalidInput, TooManyRequests."""
    refuse_flood("supplier list", current_app.config["CREDIT_LIMIT_SCREENINGS"])
    _may_be_called(given)
    kept = lists.checked(given, today())
    with aside() as connection:
        made = lists.add(connection, kept, today(), now())
    follow.up_to_date(made.id, today(), now())
    return made, _signing_key(made.id) if given["url"] else None


def _signing_key(number: str) -> str:
    return f"whsec_{base64.b64encode(delivery.secret_of(number)).decode()}"


def _may_be_called(given: Told) -> None:
    """Receivers are called for departments alone: anybody could have a stranger's server called."""
    if given["url"] and not limit_subject().startswith("key:"):
        told = "A receiver needs a department's key; the feed is for everybody."
        raise InvalidInput(told, zh="推送地址须以部门密钥登记；订阅地址人人可用", errors={"url": [told]})


def held(number: str, secret: str, of: str = "secret") -> SupplierList:
    """A list for whoever has its secret (or feed's token), up to date. Raises UnknownSupplierList, TooManyRequests."""
    refuse_guessing("supplier list")
    try:
        found = lists.opened(number, secret, of)
    except UnknownSupplierList:
        wrong_guess("supplier list")
        raise
    follow.up_to_date(found.id, today(), now())
    return lists.opened(number, secret, of)


def replace(number: str, secret: str, given: Told) -> SupplierList:
    """Put another content in a list's place. Raises UnknownSupplierList, InvalidInput."""
    held(number, secret)
    _may_be_called(given)
    kept = lists.checked(given, today())
    with aside() as connection:
        lists.replace(connection, number, kept)
    return held(number, secret)


def forget_unseen(day: date) -> int:
    """Delete lists that nobody has looked at for long. Returns how many."""
    gone = 0
    while numbers := lists.unseen(day):
        with aside() as connection:
            lists.remove(connection, numbers)
        gone += len(numbers)
    return gone


def remove(number: str, secret: str) -> Told:
    """Delete a list. Returns what it was. Raises UnknownSupplierList."""
    told = lists.told(held(number, secret))
    with aside() as connection:
        lists.remove(connection, [number])
    return told
