"""Tenders: opened when they are announced, so that a later check tells what changed since."""

from __future__ import annotations

from flask import Response

from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.api.screenings import once
from credit.proof import check, proved, refuse_many
from schemas.screening import ScreeningTold, TenderIn

blueprint = Blueprint("tenders", __name__, url_prefix="/api/v1/tenders", description="Tenders and their checks.")


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(TenderIn))
@blueprint.response(200, ScreeningTold)
@blueprint.alt_response(201, schema=ScreeningTold, description="The register's state is pinned: number and secret")
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown")
@blueprint.refuses(429, "Too many from this address")
def announce() -> Response:
    """Pin the register's state when a tender is announced, before anybody has bid: a receipt without bidders.

    Check the bidders later with `refers_to` and the secret: what changed since is told, and the receipts hang together.
    """
    refuse_many()
    tender = TenderIn().load(one_json_object())
    return once(proved(check([], tender, None), tender), 201)
