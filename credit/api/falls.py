"""Falls to C or D that wait to be shown: whom to tell, why, and until when they may object."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services import falls_ledger
from schemas.fall import FallPage, FallQuery

blueprint = Blueprint("falls", __name__, url_prefix="/api/v1/falls", description="Falls that wait to be shown.")


@blueprint.route("")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(FallQuery, location="query")
@blueprint.response(200, FallPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs("supervise")
def falls(asked: dict[str, Any]) -> Response:
    """Enterprises whose fall to C or D isn't shown yet: from and to which grade, why, shown from when."""
    page = falls_ledger.page(today(), asked["cursor"], asked["limit"])
    return private_document({"items": page.items, "next": page.next})
