"""How fresh each department's reports are: for everybody in outline, for supervisors by month."""

from __future__ import annotations

from flask import Response

from credit.api.answers import document, private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services.scorecards import outline, scorecards
from schemas.scorecard import Outlines, Scorecards

blueprint = Blueprint(
    "departments", __name__, url_prefix="/api/v1/statistics/departments", description="How fresh the sources are."
)


@blueprint.route("")
@blueprint.response(200, Outlines)
@blueprint.alt_response(304, description="Not modified")
def freshness() -> Response:
    """Each department's latest report, and how timely it reported in the last twelve months."""
    day = today()
    return document({"items": outline(day), "next": None}, day)


@blueprint.route("/scorecards")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, Scorecards)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@needs("supervise")
def by_month() -> Response:
    """Lag, late reports, rejected rows, corrections, withdrawals and overturned results, by department and month."""
    return private_document({"items": scorecards(today()).to_dicts(), "next": None})
