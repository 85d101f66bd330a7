"""Enterprises: look-up, search, grade history; departments record what changed."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from credit import archive
from credit.api.answers import document, private, private_document, public
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import PROBLEM, Problem, one_json_object
from credit.api.staff import past_for_staff
from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput
from credit.identifiers import normalise
from credit.services import enterprises, way
from credit.services import look_up as records
from credit.services.search import search
from schemas.enterprise import EnterpriseIn, EnterprisePage, EnterprisePut
from schemas.query import AS_OF, KNOWN_AT, BothTimes, Search
from schemas.record import GradeHistory, PublicRecord

PREFIX = "/api/v1/enterprises"
blueprint = Blueprint("enterprises", __name__, url_prefix=PREFIX, description="Look-up, search, history.")
REFUSED = {"content": {PROBLEM: {"schema": Problem}}}
BODY = json_body(EnterpriseIn(exclude=["code"]))
INSTANT = {"type": "string", "format": "date-time"}
QUERY = {"in": "query", "schema": {"type": "string", "format": "date"}}


@blueprint.route("/<code>")
@blueprint.doc(
    parameters=[
        {"name": "as_of", "description": AS_OF, **QUERY},
        {"name": "known_at", "description": KNOWN_AT, "in": "query", "schema": INSTANT},
    ],
    security=[{}, {"key": []}],
    responses={
        "200": {"description": "OK", "content": {"application/json": {"schema": PublicRecord}}},
        "304": {"description": "Not modified"},
        "300": {"description": "Several enterprises share the organization code", **REFUSED},
        "400": {"description": "Not a valid code, or an instant that has not come", **REFUSED},
        "401": {"description": "known_at without a key", **REFUSED},
        "403": {"description": "The key lacks the scope supervise", **REFUSED},
        "404": {"description": "Unknown enterprise or day", **REFUSED},
        "422": {"description": "A query parameter is wrong", **REFUSED},
        "default": {"description": "A problem", **REFUSED},
    },
)
def look_up(code: str) -> Response:
    """The public record of an enterprise, by 18-character code or 9-character organization code.

    Documented by hand: each decorator that answers costs the busiest call of the register 10 us.
    """
    day, as_of = today(), None
    if request.query_string:
        asked = BothTimes().load(request.args.to_dict())
        as_of, past = asked["as_of"], past_for_staff(**asked)
        if past is not None:
            record = records.staff_record(code, past.as_of, past.seq, past.last, _hidden)
            return private(record.body, record.etag)
    record = records.public_record(code, day, as_of)
    return public(record.body, record.etag, day)


@blueprint.route("")
@blueprint.arguments(Search, location="query")
@blueprint.response(200, EnterprisePage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def find(asked: dict[str, Any]) -> Response:
    """Enterprises by part of a name, pinyin initials or code prefix; all of them without `q`."""
    day = today()
    page = search(day=day, **asked)
    return document({"items": page.items, "next": page.next}, day)


def _hidden(enterprise_id: int) -> frozenset[int]:
    """What was repaired and is none of the caller's business; what is, is logged as read."""
    return archive.hidden_from(g.bearer, enterprise_id)


@blueprint.route("/<code>/grades")
@blueprint.doc(security=[{}, {"key": []}])
@blueprint.arguments(BothTimes, location="query")
@blueprint.response(200, GradeHistory)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "Not a valid code, or an instant that has not come")
@blueprint.refuses(401, "known_at without a key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "Unknown enterprise or day")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def grades(asked: dict[str, Any], code: str) -> Response:
    """Spans of grade, latest first, from the facts that may be shown today; to staff, as they were."""
    day, past = today(), past_for_staff(**asked)
    if past is not None:
        spans = records.staff_history(code, past.as_of, past.seq, past.last, _hidden)
        return private_document({"items": spans, "next": None})
    spans = records.grade_history(code, day, asked["as_of"])
    return document({"items": spans, "next": None}, day)


@blueprint.route("/<code>", methods=["PUT"])
@blueprint.doc(security=[{"key": []}], requestBody=BODY)
@blueprint.response(200, EnterprisePut)
@blueprint.refuses(400, "No JSON, or not a valid code: reason and suggestions")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field")
@needs("enterprises:write")
def put(code: str) -> Any:
    """Register an enterprise, or record what changed about it."""
    day = today()
    sent = one_json_object()
    given = EnterpriseIn(day=day).load({"code": code} | sent)
    if given["code"] != normalise(code):
        wrong = {"code": ["Leave it out, or send the code of the address."]}
        raise InvalidInput("Another code stands in the address.", zh="与网址中的代码不一致", errors=wrong)
    with transaction("enterprise", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        enterprise_id, changed = enterprises.put(change, given, day)
        way.advance(change, [enterprise_id], day)
    return {"code": given["code"], "changed": changed}
