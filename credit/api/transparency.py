"""The transparency log: signed heads, and the proofs with which an outsider sees any quiet edit of history."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import document
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services.transparency import heads, openings
from schemas.query import Paged
from schemas.transparency import (
    ConsistencyQuery,
    ConsistencyTold,
    EvidenceList,
    HeadPage,
    HeadTold,
    InclusionQuery,
    InclusionTold,
    LeafPage,
)

blueprint = Blueprint(
    "transparency", __name__, url_prefix="/api/v1/log", description="The transparency log (RFC 9162 in shape)."
)


@blueprint.route("")
@blueprint.response(200, HeadTold)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No head is signed yet")
def head() -> Response:
    """The last signed head. Keep it: with the next one and a proof of consistency you see whether history stands."""
    return document(heads.latest(), today())


@blueprint.route("/heads")
@blueprint.arguments(Paged, location="query")
@blueprint.response(200, HeadPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def all_heads(asked: dict[str, Any]) -> Response:
    """Every head that was signed, one a day at least."""
    page = heads.page(asked["cursor"], asked["limit"])
    return document({"items": page.items, "next": page.next}, today())


@blueprint.route("/leaves")
@blueprint.arguments(Paged, location="query")
@blueprint.response(200, LeafPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def leaves(asked: dict[str, Any]) -> Response:
    """The hashes of all leaves: who mirrors them can make every root anew."""
    page = heads.leaves(asked["cursor"], asked["limit"])
    return document({"items": page.items, "next": page.next}, today())


@blueprint.route("/inclusion")
@blueprint.arguments(InclusionQuery, location="query")
@blueprint.response(200, InclusionTold)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No head holds this leaf")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def inclusion(asked: dict[str, Any]) -> Response:
    """The proof that a leaf is in a head's tree."""
    return document(heads.inclusion(asked["number"], asked["size"]), today())


@blueprint.route("/consistency")
@blueprint.arguments(ConsistencyQuery, location="query")
@blueprint.response(200, ConsistencyTold)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "No head of this size was signed")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def consistency(asked: dict[str, Any]) -> Response:
    """The proof that a later head holds all of an earlier one, unchanged."""
    return document(heads.consistency(asked["first"], asked["second"]), today())


@blueprint.route("/listings/<code>")
@blueprint.response(200, EvidenceList)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(400, "Not a valid code")
def listings(code: str) -> Response:
    """Evidence of the listings of an enterprise that are in force today; of ended ones nothing is told."""
    return document({"items": openings.of_enterprise(code, today())}, today())
