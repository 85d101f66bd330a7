"""Credit repair: applied for by the enterprise with proof and pledge, accepted and decided by the department."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import orjson
from flask import Response, current_app, g, request

from credit import archive, filing
from credit.api.answers import private_document
from credit.api.auth import caller, key_sent, needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import Change, transaction
from credit.quota import refuse_flood
from credit.services import way
from credit.services.objections import cases, told
from credit.services.repairs import acts, masks, retention
from credit.terms import FilingKind
from schemas.objection import Case, FilingReceipt
from schemas.repair import (
    AcceptanceIn,
    ApplicationIn,
    ArchiveAnswer,
    ArchiveQuery,
    DeletionPage,
    MaskEndIn,
    MaskIn,
    MaskOut,
    MaskPage,
    MaskQuery,
    RepairDecisionIn,
    RepairPage,
    RepairQuery,
    RepairRefusalIn,
)

blueprint = Blueprint(
    "repairs", __name__, url_prefix="/api/v1/repairs", description="Credit repair, and masks by ruling of a court."
)
SCOPE = "supervise"
READERS = "supervise or audit"
STAFF: dict[str, Any] = {"security": [{"key": []}]}
SECRET = {
    "in": "header", "name": "Repair-Secret", "required": True, "schema": {"type": "string", "maxLength": 64},
    "description": "told once, when repair was applied for",
}  # fmt: skip
OTHER = "Another department's case, a listing and no officer's own key, or the key lacks the scope supervise"
Step = Callable[[Change, int, Any, dict[str, Any], Any], int]


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(ApplicationIn))
@blueprint.response(200, FilingReceipt)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code")
@blueprint.refuses(401, "The key that was sent isn't valid")
@blueprint.refuses(403, "The key that was sent lacks the scope supervise")
@blueprint.refuses(404, "No such enterprise, or its record shows no such entry with this document number")
@blueprint.refuses(409, "A condition isn't met (each is told), or repair is applied for already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields or attachments are wrong: errors by field; nothing was kept")
@blueprint.refuses(429, "Too many from this address")
def apply() -> Response:
    """Apply for repair of an entry that is shown. With a supervisor's key: brought to the department's desk."""
    refuse_flood("objections", current_app.config["CREDIT_LIMIT_OBJECTIONS"])
    request.max_content_length = filing.most_bytes()
    day = today()
    given = ApplicationIn(day=day).load(one_json_object()) | {"kind": FilingKind.REPAIR}
    if key_sent() is not None:
        filed = filing.at_desk(caller(SCOPE), given, day)
    else:
        filed = filing.from_outside(given | {"received_on": None}, day)
    answer = told.told(cases.of(filed.number, acts.KINDS), day) | {"secret": filed.secret}
    return _once(answer)


def _once(value: Any) -> Response:
    """What no cache may keep."""
    headers = [("Cache-Control", "no-store")]
    return Response(orjson.dumps(value, default=str), 200, headers, mimetype="application/json")


@blueprint.route("/<int:number>")
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, Case)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No such application, or another secret: which of them isn't told")
@blueprint.refuses(429, "Too many wrong tries from this address")
def follow(number: int) -> Response:
    """An application for whoever has its secret: state, clock, outcome and reasons."""
    return private_document(told.told(filing.of_holder(number, request.headers.get("Repair-Secret", "")), today()))


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(RepairQuery, location="query")
@blueprint.response(200, RepairPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def listed(asked: dict[str, Any]) -> Response:
    """Your department's applications for repair, the latest first. No personal data."""
    every = asked["department"] == "*"
    page = told.page(g.bearer, today(), asked["state"], every, asked["cursor"], asked["limit"], acts.KINDS)
    return private_document({"items": page.items, "next": page.next})


def _in_case(number: int) -> dict[str, Any]:
    """Who acts on an application, for the audit."""
    return {"actor": g.bearer.actor, "on_behalf": g.bearer.behalf, "about": {"repair": number}}


def _act(number: int, opened: AbstractContextManager[Change], step: Step, given: dict[str, Any]) -> Any:
    """One act on an application; grade and publication follow before the answer."""
    day = today()
    with opened as change:
        way.advance(change, [step(change, number, g.bearer, given, day)], day)
    return told.told(cases.of(number, acts.KINDS), day)


@blueprint.route("/<int:number>/accept", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(AcceptanceIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such application")
@blueprint.refuses(409, "A condition isn't met (each is told), or it is accepted or decided already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def accept(number: int) -> Any:
    """Accept an application: its pledge stands beside the entry until the decision."""
    given = AcceptanceIn().load(one_json_object())
    return _act(number, transaction("repair-acceptance", **_in_case(number)), acts.accept, given)


@blueprint.route("/<int:number>/reject", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(RepairRefusalIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such application")
@blueprint.refuses(409, "It is accepted or decided already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def reject(number: int) -> Any:
    """Not accept an application, with reasons."""
    given = RepairRefusalIn().load(one_json_object())
    return _act(number, transaction("repair-acceptance", **_in_case(number)), acts.reject, given)


@blueprint.route("/<int:number>/decide", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(RepairDecisionIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such application")
@blueprint.refuses(409, "It isn't accepted, it is decided, or a condition isn't met (each is told)")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def decide(number: int) -> Any:
    """Grant repair or not. Granted, publication ends and the grade is made anew before the answer."""
    given = RepairDecisionIn().load(one_json_object())
    return _act(number, transaction("repair-decision", **_in_case(number)), acts.decide, given)


@blueprint.route("/<int:number>/revoke", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(RepairRefusalIn))
@blueprint.response(200, Case)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, OTHER)
@blueprint.refuses(404, "No such application")
@blueprint.refuses(409, "No repair by this application stands, or it is a listing's")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def revoke(number: int) -> Any:
    """Revoke a repair that false documents had brought about: the entry is shown again."""
    given = RepairRefusalIn().load(one_json_object())
    return _act(number, transaction("repair-revocation", **_in_case(number)), acts.revoke, given)


@blueprint.route("/archive")
@blueprint.doc(**STAFF)
@blueprint.arguments(ArchiveQuery, location="query")
@blueprint.response(200, ArchiveAnswer)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "Not a valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(READERS)
def archived(asked: dict[str, Any]) -> Response:
    """What was repaired: your department's own, to auditors all. Each reading is logged before it is answered."""
    return _once({"items": archive.read(g.bearer, asked["code"], today())})


@blueprint.route("/deletions")
@blueprint.doc(**STAFF)
@blueprint.arguments(MaskQuery, location="query")
@blueprint.response(200, DeletionPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(READERS)
def deletions(asked: dict[str, Any]) -> Response:
    """Proofs that records were deleted when their time of keeping was over: no word of what they said."""
    page = retention.page(asked["cursor"], asked["limit"])
    return private_document({"items": page.items, "next": page.next})


@blueprint.route("/masks")
@blueprint.doc(**STAFF)
@blueprint.arguments(MaskQuery, location="query")
@blueprint.response(200, MaskPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def masked(asked: dict[str, Any]) -> Response:
    """What your department masks by rulings of courts."""
    page = masks.page(g.bearer, asked["cursor"], asked["limit"])
    return private_document(MaskPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("/masks", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(MaskIn))
@blueprint.response(200, MaskOut, description="The same ruling masks already")
@blueprint.alt_response(201, schema=MaskOut, description="What is bad is hidden")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such enterprise")
@blueprint.refuses(409, "A mask is on already, or nothing bad of your department is shown")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def mask() -> Any:
    """Hide what your department shows of an enterprise while its court-approved plan is carried out."""
    day = today()
    given = MaskIn(day=day).load(one_json_object())
    with transaction("mask", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number, enterprise_id, new = masks.mask(change, g.bearer, given, day)
        way.advance(change, [enterprise_id], day)
    return masks.told(number), 201 if new else 200


@blueprint.route("/masks/<int:number>/end", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(MaskEndIn))
@blueprint.response(200, MaskOut)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department's mask, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such mask")
@blueprint.refuses(409, "It has ended")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def end_mask(number: int) -> Any:
    """End a mask: performed repairs what it hid, failed shows it again."""
    given, day = MaskEndIn().load(one_json_object()), today()
    about = {"mask": number}
    with transaction("mask-end", g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
        way.advance(change, [masks.end(change, number, g.bearer, given, day)], day)
    return masks.told(number)


apply.auth_rule = filing.BY_DOCUMENT
follow.auth_rule = filing.BY_SECRET
