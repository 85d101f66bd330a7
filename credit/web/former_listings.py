"""Listings that have come off the list, at the desk of auditors; each reading is told by the audit."""

from __future__ import annotations

from flask import g, render_template

from credit.clock import today
from credit.db import transaction
from credit.services import former_listings as service
from credit.web.asked import asked
from credit.web.desk import signed_in

LISTED = 50


@signed_in("audit")
def former_listings() -> str:
    """Former listings with ground, facts, and how each ended, found by code or document number."""
    filters = {"q": asked("q"), "cursor": asked("cursor")}
    with transaction("former-listings", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        page = service.former(today(), filters["q"], filters["cursor"], LISTED)
        change.about |= {"listings": [item["id"] for item in page.items]}
    return render_template("former-listings.html", page=page, filters=filters)
