"""Complaints and reports: sent by anybody, followed up with the secret, dealt with by the department's own officers."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g, request

from credit import complaining, filing
from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.errors import UnknownComplaint
from credit.services.complaints import acts, cases, told
from schemas.complaint import (
    ActIn,
    ComplaintCase,
    ComplaintIn,
    ComplaintPage,
    ComplaintQuery,
    ComplaintReceipt,
    Opened,
    OpeningIn,
)

blueprint = Blueprint(
    "complaints",
    __name__,
    url_prefix="/api/v1/complaints",
    description="Complaints and reports of the public.",
)
SCOPE = "complaints"
STAFF: dict[str, Any] = {"security": [{"key": []}]}
SECRET = {
    "in": "header", "name": "Complaint-Secret", "required": True, "schema": {"type": "string", "maxLength": 64},
    "description": "told once, when the case was sent",
}  # fmt: skip
OTHER = "Another department's case, or the key lacks the scope complaints"


def _once(value: Any) -> Response:
    """What no cache may keep."""
    return Response(
        orjson.dumps(value, default=str),
        200,
        [("Cache-Control", "no-store")],
        mimetype="application/json",
    )


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(ComplaintIn))
@blueprint.response(200, ComplaintReceipt)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(404, "No such department")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields or attachments are wrong: errors by field; nothing was kept")
@blueprint.refuses(429, "Too many from this address or telephone")
def send() -> Response:
    """Complain or report. Nothing of it is public and it changes no grade; keep number and secret."""
    complaining.flood()
    request.max_content_length = filing.most_bytes()
    kept = complaining.from_outside(ComplaintIn(day=today()).load(one_json_object()), today())
    return _once(
        told.told(cases.of(kept.number), today()) | {"secret": kept.secret, "reward": kept.reward}
    )


@blueprint.route("/<int:number>")
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, ComplaintCase)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No such case, or another secret: which of them isn't told")
@blueprint.refuses(429, "Too many wrong tries from this address")
def follow(number: int) -> Response:
    """A case for whoever has its secret: state, clock, and the answers."""
    found = complaining.of_holder(number, request.headers.get("Complaint-Secret", ""))
    return private_document(told.told(found, today()))


@blueprint.route("/<int:number>/withdrawal", methods=["POST"])
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, ComplaintCase)
@blueprint.refuses(404, "No such case, or another secret: which of them isn't told")
@blueprint.refuses(409, "It is answered or over already")
@blueprint.refuses(429, "Too many wrong tries from this address")
def withdrawal(number: int) -> Any:
    """Take one's own case back, for good."""
    complaining.withdraw(number, request.headers.get("Complaint-Secret", ""), today())
    return told.told(cases.of(number), today())


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(ComplaintQuery, location="query")
@blueprint.response(200, ComplaintPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope complaints")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def listed(asked: dict[str, Any]) -> Response:
    """Your department's cases, the latest first. No personal data."""
    page = told.page(g.bearer, today(), asked["state"], asked["cursor"], asked["limit"])
    return private_document({"items": page.items, "next": page.next})


@blueprint.route("/<int:number>/opening", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(OpeningIn))
@blueprint.response(200, Opened)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such case, or its words were deleted at the end of keeping")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def opening(number: int) -> Response:
    """Read what was said and by whom: the audit keeps who did, and why."""
    found = complaining.opened(number, g.bearer, OpeningIn().load(one_json_object())["reason"])
    if found is None:
        raise UnknownComplaint
    return _once(found)


@blueprint.route("/<int:number>/acts", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(ActIn))
@blueprint.response(200, ComplaintCase)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such case or department")
@blueprint.refuses(
    409, "This act can't follow the state of the case: `allowed` names those that can"
)
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def act(number: int) -> Any:
    """One act on a case of your department; its reason is told to the sender and holds no personal data."""
    given, day = ActIn().load(one_json_object()), today()
    with transaction("complaint-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        acts.act(change, number, given["act"], g.bearer, given, day)
    return told.told(cases.of(number), day)


send.auth_rule = complaining.BY_LIMIT
follow.auth_rule = withdrawal.auth_rule = complaining.BY_SECRET
