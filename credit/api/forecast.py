"""What changes a grade by itself in the next three years."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import document
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services.forecast import forecast as foretold
from schemas.forecast import PublicForecast
from schemas.query import Query

PREFIX = "/api/v1/enterprises"
blueprint = Blueprint("forecast", __name__, url_prefix=PREFIX, description="What lies ahead of a grade.")


@blueprint.route("/<code>/forecast")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, PublicForecast)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "Not a valid code: reason and suggestions")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(422, "A parameter is unknown")
def forecast(_: dict[str, Any], code: str) -> Response:
    """Days in the next 36 months on which the grade changes by itself, to what, and why."""
    day = today()
    return document(foretold(code, day) | {"next": None}, day)
