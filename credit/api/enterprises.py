"""Enterprises: look-up, search, grade history; departments record what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint

from credit.api.answers import document, public
from credit.api.auth import needs
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services import enterprises, publication, way
from credit.services.search import search
from schemas.enterprise import EnterpriseIn, EnterprisePage, EnterprisePut
from schemas.query import AsOf, KnownAt, Search
from schemas.record import GradeHistory, PublicRecord

blueprint = Blueprint("enterprises", __name__, url_prefix="/api/v1/enterprises", description="Look-up, search, history.")
QUERY = {"in": "query", "schema": {"type": "string", "format": "date"}}


@blueprint.route("/<code>")
@blueprint.doc(parameters=[{"name": "as_of", "description": "a past day; told as it may be shown today", **QUERY}])
@blueprint.response(200, PublicRecord)
@blueprint.alt_response(304, description="Not modified")
@blueprint.alt_response(300, description="Several enterprises share the organization code")
@blueprint.alt_response(400, description="Not a valid code: reason and suggestions")
@blueprint.alt_response(404, description="Unknown enterprise or day")
def look_up(code: str) -> Response:
    """The public record of an enterprise, by 18-character code or 9-character organization code."""
    as_of = _as_of() if request.query_string else None
    record = publication.public_record(code, today(), as_of)
    return public(record.body, record.etag)


def _as_of() -> date | None:
    found: date | None = KnownAt().load(request.args.to_dict())["as_of"]
    return found


@blueprint.route("")
@blueprint.arguments(Search, location="query")
@blueprint.response(200, EnterprisePage)
def find(asked: dict[str, Any]) -> Response:
    """Enterprises by part of a name, pinyin initials or code prefix; all of them without `q`."""
    page = search(day=today(), **asked)
    return document({"items": page.items, "next": page.next})


@blueprint.route("/<code>/grades")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, GradeHistory)
@blueprint.alt_response(404, description="Unknown enterprise")
def grades(asked: dict[str, Any], code: str) -> Response:
    """Spans of grade, latest first, from the facts that may be shown today."""
    spans = publication.grade_history(code, today(), asked["as_of"])
    return document({"items": spans, "next": None})


@blueprint.route("/<code>", methods=["PUT"])
@blueprint.doc(security=[{"key": []}], requestBody={"required": True, "content": {"application/json": {"schema": EnterpriseIn}}})
@blueprint.response(200, EnterprisePut)
@blueprint.alt_response(401, description="No key")
@needs("enterprises:write")
def put(code: str) -> Any:
    """Register an enterprise, or record what changed about it."""
    day = today()
    given = EnterpriseIn(day=day).load(one_json_object() | {"code": code})
    with transaction("enterprise", f"department:{g.department_id}") as change:
        enterprise_id, changed = enterprises.put(change, given, day)
        way.advance(change, [enterprise_id], day)
    return {"code": given["code"], "changed": changed}
