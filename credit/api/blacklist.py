"""The blacklist as it is in force today, or was on a past day and may still be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g

from credit import archive
from credit.api.answers import document, private_document
from credit.api.blueprint import Blueprint
from credit.api.staff import past_for_staff
from credit.clock import today
from credit.services.blacklist import Listed, public_listings
from schemas.listing import ListingPage
from schemas.query import BlacklistQuery

blueprint = Blueprint("blacklist", __name__, url_prefix="/api/v1/blacklist", description="Listings in force.")


@blueprint.route("")
@blueprint.doc(security=[{}, {"key": []}])
@blueprint.arguments(BlacklistQuery, location="query")
@blueprint.response(200, ListingPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(400, "An instant that has not come")
@blueprint.refuses(401, "known_at without a key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "A day that the register doesn't answer for")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def listings(asked: dict[str, Any]) -> Response:
    """Enterprises on a list now, with ground, basis, term and remedies."""
    day = today()
    past = past_for_staff(asked["as_of"], asked.pop("known_at"))
    if past is not None:
        hidden = archive.hidden_listings(g.bearer)
        page = public_listings(past.last, **(asked | {"as_of": past.as_of}), seq=past.seq, hidden=hidden)
        return private_document(_told(page, past.as_of))
    return document(_told(public_listings(day, **asked), asked["as_of"] or day), day)


def _told(page: Listed, on: date) -> dict[str, Any]:
    return {"items": page.items, "next": page.next, "as_of": on.isoformat(), "counts": page.counts}
