"""Classified supervision (分类监管): every enterprise with its tier, for supervisors alone."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.screening_files import MIME
from credit.services import supervision
from credit.tier_files import tier_file
from schemas.supervision import TierFilter, TierPage, TierQuery, TierSummary

blueprint = Blueprint(
    "supervision", __name__, url_prefix="/api/v1/tiers", description="Supervision tiers, internal: never public."
)
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(TierQuery, location="query")
@blueprint.response(200, TierPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(409, "The policy in force knows no frequencies")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def tiers(asked: dict[str, Any]) -> Response:
    """Enterprises by code: grade, tier, product risk, last inspection, when due, and what lowered the grade."""
    page = supervision.page(asked, today())
    return private_document(TierPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("/summary")
@blueprint.doc(**STAFF)
@blueprint.response(200, TierSummary)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(409, "The policy in force knows no frequencies")
@needs(SCOPE)
def summary() -> Response:
    """Tiers with their measures and provisions; strata with what is owed this year and what is done."""
    return private_document(TierSummary().dump(supervision.summary(today())))


@blueprint.route("/list.csv")
@blueprint.doc(**STAFF)
@blueprint.arguments(TierFilter, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(409, "The policy in force knows no frequencies")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def as_csv(asked: dict[str, Any]) -> Response:
    """The whole list as CSV, in the columns that are asked for."""
    return tier_file(asked, "csv", today())


@blueprint.route("/list.xlsx")
@blueprint.doc(**STAFF)
@blueprint.arguments(TierFilter, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=MIME[".xlsx"])
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(409, "The policy in force knows no frequencies")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def as_workbook(asked: dict[str, Any]) -> Response:
    """The same as a workbook."""
    return tier_file(asked, "xlsx", today())
