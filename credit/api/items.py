"""Items: the public trace of one; departments report who holds a prefix, and recalls."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services.items import prefixes, recalls
from credit.services.items.trace import trace as trace_of
from schemas.item import (
    ClosureIn,
    ItemQuery,
    PrefixIn,
    PrefixReceipt,
    RecallIn,
    RecallReceipt,
    Trace,
)

blueprint = Blueprint("items", __name__, url_prefix="/api/v1", description="Items by GTIN and lot, prefixes, recalls.")


@blueprint.route("/items/<gtin>")
@blueprint.arguments(ItemQuery, location="query")
@blueprint.response(200, Trace)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(400, "Not a GTIN: reason")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def trace(asked: dict[str, Any], gtin: str) -> Response:
    """An item's enterprise, inspections, violations and open recalls, by GTIN-8, -12, -13 or -14."""
    day = today()
    return document(trace_of(gtin, asked["lot"], day), day)


@blueprint.route("/items/prefixes", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(PrefixIn))
@blueprint.response(201, PrefixReceipt)
@blueprint.alt_response(200, schema=PrefixReceipt, description="On file already")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope enterprises:write")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(409, "Another enterprise holds the prefix on some of the days")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field")
@needs("enterprises:write")
def hold() -> Any:
    """Report which enterprise holds a GS1 company prefix, and on which days."""
    given = PrefixIn().load(one_json_object())
    with transaction("item-prefix", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        code, new = prefixes.hold(change, g.department_id, given)
    told = {"prefix": given["prefix"], "code": code, "state": "recorded" if new else "on_file"}
    return told, 201 if new else 200


@blueprint.route("/recalls", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(RecallIn))
@blueprint.response(201, RecallReceipt)
@blueprint.alt_response(200, schema=RecallReceipt, description="On file already")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope events:write")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(409, "The document is on file with other content")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field")
@needs("events:write")
def recall() -> Any:
    """Report a recall of an item, or of some of its lots."""
    given = RecallIn(day=today()).load(one_json_object())
    with transaction("recall", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number, new = recalls.open_recall(change, g.department_id, given)
    told = {"id": number, "state": "recorded" if new else "on_file", "item": f"/api/v1/items/{given['gtin']}"}
    return told, 201 if new else 200


@blueprint.route("/recalls/<int:number>/closure", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(ClosureIn))
@blueprint.response(200, RecallReceipt)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department's recall, or no scope events:write")
@blueprint.refuses(404, "Unknown recall")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field")
@needs("events:write")
def close(number: int) -> Any:
    """End a recall."""
    day, given = today(), ClosureIn().load(one_json_object())
    with transaction("recall-closure", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        gtin = recalls.close(change, g.department_id, number, given["closed_on"], day)
    return {"id": number, "state": "closed", "item": f"/api/v1/items/{gtin}"}
