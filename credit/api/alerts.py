"""Duties with their clocks, for supervisors."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services import departments
from credit.services.duties.desk import duties, page
from schemas.duty import AlertPage, AlertQuery

blueprint = Blueprint("alerts", __name__, url_prefix="/api/v1/alerts", description="What is due, and what is overdue.")


@blueprint.route("")
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(AlertQuery, location="query")
@blueprint.response(200, AlertPage)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "Unknown department")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs("supervise")
def alerts(asked: dict[str, Any]) -> Response:
    """Reports, publications, corrections, re-checks by deadline; your department's unless asked."""
    day, name = today(), asked["department"]
    whose = None if name == "*" else departments.find(name) if name else g.department_id
    wanted = {name: asked[name] for name in ("kind", "state", "cursor", "limit")}
    return private_document(page(duties(day, whose), day, **wanted))
