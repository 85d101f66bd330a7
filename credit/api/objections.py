"""Objections and statements: filed by the enterprise, followed up with the secret, dealt with by departments."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, current_app, g, request

from credit import filing
from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.quota import refuse_flood
from credit.services import way
from credit.services.objections import acts, cases, told
from schemas.objection import (
    AnswerIn,
    AskIn,
    Case,
    CasePage,
    CaseQuery,
    DecisionIn,
    FilingIn,
    FilingReceipt,
    ResumptionIn,
    load_decision,
)

blueprint = Blueprint(
    "objections", __name__, url_prefix="/api/v1/objections", description="Objections and statements of enterprises."
)
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}
SECRET = {
    "in": "header", "name": "Objection-Secret", "required": True, "schema": {"type": "string", "maxLength": 64},
    "description": "told once, when the case was filed",
}  # fmt: skip
OTHER = "Another department's case, or the key lacks the scope supervise"


def _in_case(number: int) -> dict[str, Any]:
    """Who acts on a case, for the audit."""
    return {"actor": g.bearer.actor, "on_behalf": g.bearer.behalf, "about": {"objection": number}}


def _once(value: Any) -> Response:
    """What no cache may keep."""
    return Response(orjson.dumps(value, default=str), 200, [("Cache-Control", "no-store")], mimetype="application/json")


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(FilingIn))
@blueprint.response(200, FilingReceipt)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code")
@blueprint.refuses(404, "No such enterprise, or its record shows no such entry with this document number")
@blueprint.refuses(409, "It is under objection already, or the same was decided before")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields or attachments are wrong: errors by field; nothing was kept")
@blueprint.refuses(429, "Too many from this address")
def file() -> Response:
    """Object to an entry of the public record (marked at once), or say something to it (shown once checked)."""
    refuse_flood("objections", current_app.config["CREDIT_LIMIT_OBJECTIONS"])
    request.max_content_length = filing.most_bytes()
    filed = filing.from_outside(FilingIn().load(one_json_object()), today())
    return _once(told.told(cases.of(filed.number), today()) | {"secret": filed.secret})


@blueprint.route("/<int:number>")
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, Case)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No such case, or another secret: which of them isn't told")
@blueprint.refuses(429, "Too many wrong tries from this address")
def follow(number: int) -> Response:
    """A case for whoever has its secret: state, clock, outcome and reasons."""
    found = filing.of_holder(number, request.headers.get("Objection-Secret", ""))
    return private_document(told.told(found, today()))


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(CaseQuery, location="query")
@blueprint.response(200, CasePage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def listed(asked: dict[str, Any]) -> Response:
    """Your department's cases and those that it was asked about, the latest first. No personal data."""
    every = asked["department"] == "*"
    page = told.page(g.bearer, today(), asked["state"], every, asked["cursor"], asked["limit"])
    return private_document({"items": page.items, "next": page.next})


@blueprint.route("/<int:number>/ask", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(AskIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such case or department")
@blueprint.refuses(409, "It is decided, or this department is asked already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def ask(number: int) -> Any:
    """Ask another department; it answers in its own time, and the case is decided in the longer one."""
    given, day = AskIn().load(one_json_object()), today()
    with transaction("objection-ask", **_in_case(number)) as change:
        acts.ask(change, number, g.bearer, given, day)
    return told.told(cases.of(number), day)


@blueprint.route("/<int:number>/answer", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(AnswerIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Your department is asked nothing here, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such case")
@blueprint.refuses(409, "It is decided")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def answer(number: int) -> Any:
    """Answer what your department was asked about a case."""
    given, day = AnswerIn().load(one_json_object()), today()
    with transaction("objection-answer", **_in_case(number)) as change:
        acts.answer(change, number, g.bearer, given, day)
    return told.told(cases.of(number), day)


@blueprint.route("/<int:number>/decide", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(DecisionIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such case")
@blueprint.refuses(409, "It is decided already, or upheld and nothing was mended")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def decide(number: int) -> Any:
    """Decide a case with reasons. The mark goes, and what was mended is graded and published, before the answer."""
    day = today()
    given = load_decision(one_json_object(), day)
    with transaction("objection-decision", **_in_case(number)) as change:
        enterprise_id = acts.decide(change, number, g.bearer, given, day)
        way.advance(change, [enterprise_id], day)
    return told.told(cases.of(number), day)


@blueprint.route("/<int:number>/resume", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(ResumptionIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such case")
@blueprint.refuses(409, "Nothing is suspended by this case")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def resume(number: int) -> Any:
    """Show again what was suspended because it couldn't be verified, and now is."""
    given, day = ResumptionIn().load(one_json_object()), today()
    with transaction("objection-resumption", **_in_case(number)) as change:
        enterprise_id = acts.resume(change, number, g.bearer, given, day)
        way.advance(change, [enterprise_id], day)
    return told.told(cases.of(number), day)


file.auth_rule = filing.BY_DOCUMENT
follow.auth_rule = filing.BY_SECRET
