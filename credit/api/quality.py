"""Macro quality statistics: two labelled indicators, and the outline's targets. Small groups are never told."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import document
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services import quality
from credit.services.targets import targets
from schemas.quality import QualityQuery, QualityTold, Targets

blueprint = Blueprint("quality", __name__, url_prefix="/api/v1/statistics", description="Macro quality statistics.")


@blueprint.route("/quality")
@blueprint.arguments(QualityQuery, location="query")
@blueprint.response(200, QualityTold)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def shares(asked: dict[str, Any]) -> Response:
    """Qualified share or supervision failure share by year, quarter, region, industry or product, with intervals."""
    return document(QualityTold().dump(quality.told(asked, today())), today())


@blueprint.route("/targets")
@blueprint.response(200, Targets)
@blueprint.alt_response(304, description="Not modified")
def of_the_outline() -> Response:
    """The quality outline's targets: target, value, gap, trend; null where the register knows nothing of it."""
    day = today()
    return document(Targets().dump({"items": targets(quality.prepared(day), day, quality.least(day))}), day)
