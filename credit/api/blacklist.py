"""The blacklist as it is in force today, or was on a past day and may still be shown."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import document
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services.blacklist import public_listings
from schemas.listing import ListingPage
from schemas.query import BlacklistQuery

blueprint = Blueprint("blacklist", __name__, url_prefix="/api/v1/blacklist", description="Listings in force.")


@blueprint.route("")
@blueprint.arguments(BlacklistQuery, location="query")
@blueprint.response(200, ListingPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "A day that the register doesn't answer for")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def listings(asked: dict[str, Any]) -> Response:
    """Enterprises on a list now, with ground, basis, term and remedies."""
    day = today()
    page = public_listings(day, **asked)
    return document({"items": page.items, "next": page.next}, day)
