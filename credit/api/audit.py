"""The audit, for auditors."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.services.audit import entries
from credit.services.publication import instant_text
from schemas.audit import AuditPage, AuditQuery

blueprint = Blueprint("audit", __name__, url_prefix="/api/v1/audit", description="Who did what, for auditors.")


@blueprint.route("")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(AuditQuery, location="query")
@blueprint.response(200, AuditPage)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope audit")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs("audit")
def audit(asked: dict[str, Any]) -> Response:
    """Every act, done or refused, from the newest back."""
    page = entries(**asked)
    told = [entry | {"at": instant_text(entry["at"])} for entry in page.items]
    return private_document({"items": told, "next": page.next})
