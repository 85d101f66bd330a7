"""The blacklist: who is listed, on what ground, until when."""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import blacklist as listings
from credit.web.asked import asked, asked_day


def blacklist() -> str:
    """Active listings that may be shown, narrowed by place, ground, name and day."""
    region, ground, q, cursor = map(asked, ("region", "ground", "q", "cursor"))
    as_of = asked_day("as_of")
    page = listings.public_listings(today(), region, ground, q, as_of, cursor)
    return render_template(
        "blacklist.html", page=page, choices=listings.choices(today()),
        region=region, ground=ground, q=q, as_of=as_of, cursor=cursor,
    )  # fmt: skip
