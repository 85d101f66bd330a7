"""The blacklist: who is listed, on what ground, by whom, until when."""

from __future__ import annotations

from typing import Any

from flask import render_template

from credit.clock import today
from credit.services import blacklist as listings
from credit.web.asked import asked, asked_day

WORDS = ("region", "industry", "ground", "authority", "q")


def blacklist() -> str:
    """Active listings that may be shown, narrowed by place, industry, ground, authority, days and name."""
    day, as_of, cursor = today(), asked_day("as_of"), asked("cursor")
    narrowed: dict[str, Any] = {name: asked(name) for name in WORDS}
    since, until = asked_day("from"), asked_day("to")
    page = listings.public_listings(day, as_of=as_of, cursor=cursor, since=since, until=until, **narrowed)
    filters = narrowed | {"from": since, "to": until, "as_of": as_of, "cursor": cursor}
    return render_template(
        "blacklist.html", page=page, choices=listings.choices(day), filters=filters, day=as_of or day
    )
