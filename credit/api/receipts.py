"""Receipts: what anybody may check of one, what its holder may read, and the keys that signed."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson
from flask import Response, request

from credit.api.answers import document
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import now, today
from credit.db import aside
from credit.proof import held
from credit.rules.verification import checks
from credit.services import receipts, signing
from credit.services.screening import clearances, tenders
from schemas.receipts import CheckedTold, ClearanceIn, ClearanceOut, ReceiptFile, ReceiptTold

blueprint = Blueprint("receipts", __name__, url_prefix="/api/v1/receipts", description="Receipts of screenings.")
keys = Blueprint("keys", __name__, url_prefix="/.well-known", description="Keys that sign receipts.")
SECRET = {
    "in": "header", "name": "Receipt-Secret", "required": False, "schema": {"type": "string", "maxLength": 64},
    "description": "told once, with the screening: opens the body",
}  # fmt: skip


@blueprint.route("/<number>")
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, ReceiptTold)
@blueprint.refuses(404, "No such receipt, or its secret is another one")
@blueprint.refuses(429, "Too many wrong secrets")
def receipt(number: str) -> Response:
    """Digest and signature; with the holder's secret the body too."""
    found = receipts.find(number)
    told, secret = receipts.public(found), request.headers.get("Receipt-Secret")
    if secret is None:
        return document(told, today())
    of = held(number, secret)
    cleared = clearances.of(of.root).to_dicts()
    return _private(told | {"body": of.body, "checks": tenders.checks(of.root), "clearances": cleared})


def _private(told: Any, status: int = 200) -> Response:
    headers = [("Cache-Control", "private, no-store")]
    return Response(orjson.dumps(told, default=str), status, headers, mimetype="application/json")


@blueprint.route("/<number>/clearances", methods=["POST"])
@blueprint.doc(parameters=[SECRET], requestBody=json_body(ClearanceIn))
@blueprint.response(200, ClearanceOut)
@blueprint.alt_response(201, schema=ClearanceOut, description="Cleared: later checks of the tender leave it out")
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(404, "No such receipt, or its secret is another one")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown, or the last check found no such likeness")
@blueprint.refuses(429, "Too many wrong secrets")
def clear(number: str) -> Response:
    """Say that a bidder is not the firm, or the list's entry, that bears its name: who says so, and why.

    It holds for this tender alone. What was found by a code can't be cleared.
    """
    of, given = held(number, request.headers.get("Receipt-Secret", "")), ClearanceIn().load(one_json_object())
    with aside() as connection:
        made = clearances.add(connection, of.root, given, of.body["results"], now().astimezone(UTC))
    return _private({"id": made}, 201)


@blueprint.route("/<number>/clearances/<int:clearance>", methods=["DELETE"])
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, ClearanceOut)
@blueprint.refuses(404, "No such receipt or clearance, or its secret is another one")
@blueprint.refuses(429, "Too many wrong secrets")
def take_back(number: str, clearance: int) -> Response:
    """Take a clearance back: later checks find what it left out."""
    of = held(number, request.headers.get("Receipt-Secret", ""))
    with aside() as connection:
        clearances.withdraw(connection, of.root, clearance)
    return _private({"id": clearance})


@blueprint.route("/verify", methods=["POST"])
@blueprint.doc(requestBody=json_body(ReceiptFile))
@blueprint.response(200, CheckedTold)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown")
def verify() -> Any:
    """Whether a receipt is good: its signature, its key, its body. `credit verify` says the same offline."""
    given = ReceiptFile().load(one_json_object())
    found = checks(given, signing.key_set())
    return next((one for one in found if not one.good), found[0])._asdict()


@keys.route("/jwks.json")
@keys.response(200, description="Every key with its days, public parts alone (RFC 7517)")
def jwks() -> Response:
    """The keys that sign receipts, those of before too."""
    return document(signing.key_set(), today())
