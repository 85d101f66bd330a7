"""Risk warnings (风险预警): what the monitors found, who has it in hand, and how often they came true. Internal."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services.risk_warnings import acts
from schemas.warning import MonitorRecords, WarningActIn, WarningOut, WarningPage, WarningQuery

blueprint = Blueprint("warnings", __name__, url_prefix="/api/v1/warnings", description="Risk warnings, internal.")
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(WarningQuery, location="query")
@blueprint.response(200, WarningPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def warnings(asked: dict[str, Any]) -> Response:
    """Warnings, the newest first, with their evidence."""
    page = acts.page(asked)
    return private_document(WarningPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("/record")
@blueprint.doc(**STAFF)
@blueprint.response(200, MonitorRecords)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@needs(SCOPE)
def record() -> Response:
    """How often the warnings of each monitor came true, with an interval."""
    return private_document(MonitorRecords().dump({"items": acts.record()}))


@blueprint.route("/<int:number>")
@blueprint.doc(**STAFF)
@blueprint.response(200, WarningOut)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such warning")
@needs(SCOPE)
def warning(number: int) -> Response:
    """One warning: its evidence, every act, and what may follow."""
    return private_document(WarningOut().dump(acts.one(number)))


@blueprint.route("/<int:number>/acts", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(WarningActIn))
@blueprint.response(200, WarningOut)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such warning")
@blueprint.refuses(409, "Not possible now: state and allowed")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def act(number: int) -> Any:
    """Take it in hand, note something, or close it with its outcome."""
    given = WarningActIn().load(one_json_object())
    with transaction("warning-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        acts.act(change, number, g.bearer, given, today())
    return acts.one(number)
