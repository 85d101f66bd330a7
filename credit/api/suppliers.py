"""Supplier lists: a buyer saves whom it follows, and is told by feed or webhook when a verdict changes."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from credit import supplier_lists
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.api.screenings import once
from credit.services.suppliers import lists
from schemas.suppliers import SupplierListIn, SupplierListMade, SupplierListTold

blueprint = Blueprint(
    "suppliers", __name__, url_prefix="/api/v1/supplier-lists", description="Suppliers that buyers follow."
)
SECRET: dict[str, Any] = {
    "in": "header", "name": "List-Secret", "required": True, "schema": {"type": "string", "maxLength": 64},
    "description": "told once, when the list was saved",
}  # fmt: skip


def _secret() -> str:
    return request.headers.get("List-Secret", "")


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(SupplierListIn))
@blueprint.response(200, SupplierListMade)
@blueprint.alt_response(201, schema=SupplierListMade, description="Saved; secret and feed are told this once")
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown: a code, the kind, an address that may not be called")
@blueprint.refuses(429, "Too many from this address")
def save() -> Response:
    """Save a list of suppliers by their codes. Nobody but its secret's holder learns whom you follow."""
    made, key = supplier_lists.make(SupplierListIn().load(one_json_object()))
    told = lists.told(lists.opened(made.id, made.secret))
    feed = url_for("web.supplier_feed", number=made.id, token=made.feed, _external=True)
    return once(told | {"secret": made.secret, "feed": feed, "signing_key": key}, 201)


@blueprint.route("/<number>")
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, SupplierListTold)
@blueprint.refuses(404, "No such list, or its secret is another one")
@blueprint.refuses(429, "Too many wrong secrets")
def followed(number: str) -> Response:
    """A list with the verdicts of today."""
    return once(lists.told(supplier_lists.held(number, _secret())))


@blueprint.route("/<number>", methods=["PUT"])
@blueprint.doc(parameters=[SECRET], requestBody=json_body(SupplierListIn))
@blueprint.response(200, SupplierListTold)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(404, "No such list, or its secret is another one")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown: a code, the kind, an address that may not be called")
@blueprint.refuses(429, "Too many wrong secrets")
def change(number: str) -> Response:
    """Put another content in its place; who stays keeps verdict and change."""
    return once(lists.told(supplier_lists.replace(number, _secret(), SupplierListIn().load(one_json_object()))))


@blueprint.route("/<number>", methods=["DELETE"])
@blueprint.doc(parameters=[SECRET])
@blueprint.response(200, SupplierListTold)
@blueprint.refuses(404, "No such list, or its secret is another one")
@blueprint.refuses(429, "Too many wrong secrets")
def forget(number: str) -> Response:
    """Delete a list with all that it holds."""
    return once(supplier_lists.remove(number, _secret()))
