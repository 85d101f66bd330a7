"""Draws (双随机): supervisors plan, approve, commit, draw and reveal; the public can check what was revealed."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, g, request

from credit.api.answers import document, private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services.draws import acts, proofs, told
from schemas.draw import PlanIn
from schemas.draw_told import CommitmentPage, DrawActIn, DrawOut, DrawPage, DrawQuery, ProofOut

blueprint = Blueprint("draws", __name__, url_prefix="/api/v1/draws", description="Draws of inspections (双随机).")
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(DrawQuery, location="query")
@blueprint.response(200, DrawPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def draws(asked: dict[str, Any]) -> Response:
    """Plans and draws, the latest first."""
    page = told.page(asked["cursor"], asked["limit"])
    return private_document(DrawPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(PlanIn))
@blueprint.response(200, DrawOut, description="The same plan is on file")
@blueprint.alt_response(201, schema=DrawOut, description="The plan is on file, with what it asks for")
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, or the key lacks the scope supervise")
@blueprint.refuses(404, "Unknown department of the plan")
@blueprint.refuses(409, "The policy in force knows no draws")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field; or a quota exceeds its stratum")
@needs(SCOPE)
def plan() -> Any:
    """Make a plan; another person approves it."""
    given, day = PlanIn().load(one_json_object()), today()
    with transaction("draw-plan", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number, new = acts.make(change, g.bearer, given, day)
    return told.one(number, day), 201 if new else 200


@blueprint.route("/<int:number>")
@blueprint.doc(**STAFF)
@blueprint.response(200, DrawOut)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such draw")
@needs(SCOPE)
def draw(number: int) -> Response:
    """One draw: plan, budget and load by month, every act, who was drawn and who inspects."""
    return private_document(DrawOut().dump(told.one(number, today())))


@blueprint.route("/<int:number>/acts", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(DrawActIn))
@blueprint.response(200, DrawOut)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, another department's draw, or who made the plan approves it")
@blueprint.refuses(404, "No such draw")
@blueprint.refuses(409, "Not possible now: state and allowed; drawn already; or the register changed")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong, another seed, too few inspectors, or a quota exceeds its stratum")
@needs(SCOPE)
def act(number: int) -> Any:
    """Approve, commit, draw, or reveal when the inspections are over."""
    given, day = DrawActIn().load(one_json_object()), today()
    name = given.pop("act")
    with transaction("draw-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        known = {key: value for key, value in given.items() if value is not None}
        acts.BY_NAME[name](change, number, g.bearer, day, **known)
    return told.one(number, day)


@blueprint.route("/commitments")
@blueprint.arguments(DrawQuery, location="query")
@blueprint.response(200, CommitmentPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def commitments(asked: dict[str, Any]) -> Response:
    """What was committed to, the latest draw first; who is inspected isn't told."""
    page = proofs.page(asked["cursor"], asked["limit"])
    return document(CommitmentPage().dump({"items": page.items, "next": page.next}), today())


@blueprint.route("/<int:number>/proof")
@blueprint.response(200, ProofOut)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "Nothing was committed to")
def proof(number: int) -> Response:
    """The commitment; once the inspections are over the seed and what proves the draw, without names or tiers."""
    return document(ProofOut().dump(proofs.proof(number)), today())


@blueprint.route("/<int:number>/inputs")
@blueprint.response(200, {"type": "string"}, content_type="text/csv", description="key,stratum by key")
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "Not revealed yet")
@blueprint.refuses(409, "The inputs would tell a firm's tier")
def inputs(number: int) -> Any:
    """The salted, pseudonymised candidates that were drawn from: with the seed anybody draws the same list."""
    body = proofs.inputs(number)
    answer = Response(body, content_type="text/csv; charset=utf-8", headers={"Cache-Control": "public, max-age=300"})
    answer.set_etag(hashlib.blake2b(body, digest_size=12).hexdigest())
    return answer.make_conditional(request)
