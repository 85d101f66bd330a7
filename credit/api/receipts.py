"""Receipts: what anybody may check of one, what its holder may read, and the keys that signed."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from credit.api.answers import document
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.errors import UnknownReceipt
from credit.quota import refuse_guessing, wrong_guess
from credit.rules.verification import checks
from credit.services import receipts, signing
from schemas.receipts import CheckedTold, ReceiptFile, ReceiptTold

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
    refuse_guessing("receipt")
    try:
        whole = told | {"body": receipts.body(found, secret)}
    except UnknownReceipt:
        wrong_guess("receipt")
        raise
    return Response(orjson.dumps(whole), 200, [("Cache-Control", "private, no-store")], mimetype="application/json")


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
