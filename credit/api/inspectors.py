"""The directory of inspectors from which draws choose."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services.draws import directory
from schemas.draw_told import DrawQuery, InspectorNew, InspectorOut, InspectorPage, RecusalIn

blueprint = Blueprint(
    "inspectors", __name__, url_prefix="/api/v1/draws/inspectors", description="The directory of inspectors."
)
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(DrawQuery, location="query")
@blueprint.response(200, InspectorPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def inspectors(asked: dict[str, Any]) -> Response:
    """Who inspects, for what and where, from whom they stay away, and how much they were given this year."""
    page = directory.page(asked["cursor"], asked["limit"], today())
    return private_document(InspectorPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(InspectorNew))
@blueprint.response(200, InspectorOut)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def add() -> Any:
    """Add an inspector of your department."""
    given = InspectorNew().load(one_json_object())
    with transaction("inspector", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number = directory.add(change, g.bearer, given)
    return directory.told(number, today())


@blueprint.route("/<int:number>/recusals", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(RecusalIn))
@blueprint.response(200, InspectorOut)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON object, or no valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department's inspector, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such inspector or enterprise")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def recuse(number: int) -> Any:
    """An enterprise from which the inspector stays away (回避)."""
    given, day = RecusalIn().load(one_json_object()), today()
    with transaction("inspector-recusal", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        directory.recuse(change, number, g.bearer, given, day)
    return directory.told(number, day)


@blueprint.route("/<int:number>/leave", methods=["POST"])
@blueprint.doc(**STAFF)
@blueprint.response(200, InspectorOut)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department's inspector, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such inspector")
@blueprint.refuses(409, "Has left already")
@needs(SCOPE)
def leave(number: int) -> Any:
    """The inspector leaves and is drawn no more; tasks that were given stay."""
    day = today()
    with transaction("inspector-leaves", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        directory.leave(change, number, g.bearer, day)
    return directory.told(number, day)
