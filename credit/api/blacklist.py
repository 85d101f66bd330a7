"""The blacklist as it is in force today, or was on a past day and may still be shown."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from credit.api.answers import document
from credit.clock import today
from credit.services.blacklist import public_listings
from schemas.listing import ListingPage
from schemas.query import BlacklistQuery

blueprint = Blueprint("blacklist", __name__, url_prefix="/api/v1/blacklist", description="Listings in force.")


@blueprint.route("")
@blueprint.arguments(BlacklistQuery, location="query")
@blueprint.response(200, ListingPage)
def listings(asked: dict[str, Any]) -> Response:
    """Enterprises on a list now, with ground, basis, term and remedies."""
    page = public_listings(today(), **asked)
    return document({"items": page.items, "next": page.next})
