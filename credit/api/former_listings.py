"""Listings that have come off the list, for auditors; each reading is told by the audit."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.db import transaction
from credit.services import former_listings
from schemas.listing_case import FormerListings, FormerQuery

blueprint = Blueprint("former_listings", __name__, url_prefix="/api/v1/listings", description="Former listings.")


@blueprint.route("/former")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(FormerQuery, location="query")
@blueprint.response(200, FormerListings)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope audit")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs("audit")
def former(asked: dict[str, Any]) -> Response:
    """Listings that are no longer in force, in full, by number; the reading is logged."""
    with transaction("former-listings", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        page = former_listings.former(today(), asked["q"], asked["cursor"], asked["limit"])
        change.about |= {"listings": [item["id"] for item in page.items]}
    return private_document(FormerListings().dump({"items": page.items, "next": page.next}))
