"""The day's filter of the blacklist, made once for each state of the register."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from flask import current_app

from credit.clock import now
from credit.db import aside, db
from credit.proof import site
from credit.services import private_check, signing

_held: dict[str, tuple[tuple[date, int, str], dict[str, Any]]] = {}


def of_day(day: date) -> dict[str, Any]:
    """The filter of the listings in force on `day`, as the register knows them now."""
    where, state = current_app.config["DATABASE_URL"], (day, private_check.last_seq(), site())
    known = _held.get(where)
    if known is not None and known[0] == state:
        return known[1]
    key = signing.current(db.session.connection())
    if key is None:
        with aside() as connection:
            key = signing.ready(connection, now().astimezone(UTC))
    made = private_check.filter_file(day, state[1], state[2], *key)
    _held[where] = (state, made)
    return made
