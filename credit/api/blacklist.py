"""The blacklist as it is in force today, or was on a past day and may still be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g

from credit import archive, filters
from credit.api.answers import document, private_document
from credit.api.blueprint import Blueprint
from credit.api.staff import past_for_staff
from credit.clock import today
from credit.services import private_check
from credit.services.blacklist import Listed, public_listings
from schemas.fingerprint import Beginning, BeginningPage, FilterTold
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


@blueprint.route("/beginning/<prefix>")
@blueprint.response(200, BeginningPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "The prefix is not 2 to 5 hexadecimal digits")
def beginning(prefix: str) -> Response:
    """Listings in force whose code's SHA-256 begins so: you say about whom you ask to nobody, not even to us.

    Send the first 2 to 5 of the 64 digits (4: one code in 65,536 begins like yours) and compare `rest` at home.
    """
    asked = Beginning().load({"prefix": prefix})["prefix"]
    return document({"prefix": asked, "items": private_check.beginning(asked, today())}, today())


@blueprint.route("/filter")
@blueprint.response(200, FilterTold)
@blueprint.alt_response(304, description="Not modified")
def filter_file() -> Response:
    """A signed filter of the listings in force, to check codes offline: `credit precheck`. None negative is wrong."""
    return document(filters.of_day(today()), today())


def _told(page: Listed, on: date) -> dict[str, Any]:
    return {"items": page.items, "next": page.next, "as_of": on.isoformat(), "counts": page.counts}
