"""Screening of bidders: a tender's list at once, as JSON or as a file that comes back with verdicts."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, current_app, request
from marshmallow import ValidationError

from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.api.receipts import SECRET
from credit.clock import today
from credit.proof import check, held, proved, refuse_many
from credit.screening_files import screened_file
from schemas.screening import FileQuery, ScreeningIn, ScreeningTold, TenderIn

blueprint = Blueprint(
    "screenings", __name__, url_prefix="/api/v1/screenings", description="Screening of bidders before a tender."
)
FILE = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}  # fmt: skip


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(ScreeningIn), parameters=[SECRET])
@blueprint.response(200, ScreeningTold)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(404, "A day of before the register, or the earlier check's secret is another one")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(429, "Too many lists, or wrong secrets, from this address")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown, or there are more than 5,000 bidders")
def screenings() -> Response:
    """Verdicts on a tender's bidders, each with every source by its name. Judged for the day of taking part.

    A later check of the same tender (`refers_to`, Receipt-Secret) tells what changed since, and heeds what was cleared.
    """
    refuse_many()
    given, secret = ScreeningIn(day=today()).load(one_json_object()), request.headers.get("Receipt-Secret")
    earlier = held(given["refers_to"], secret) if given["refers_to"] and secret else None
    if given["subjects"] is None and earlier is None:
        raise ValidationError({"subjects": ["Send bidders, or the earlier check's secret in Receipt-Secret."]})
    tender = given["tender"] or (earlier.body["tender"] if earlier else TenderIn().load({}))
    found = check(given["subjects"] or (earlier.subjects() if earlier else []), tender, given["as_of"], earlier)
    return once(proved(found, tender, given["refers_to"], earlier))


def once(told: Any, status: int = 200) -> Response:
    """An answer with a secret in it, which no cache may keep."""
    return Response(
        orjson.dumps(told, default=str), status, [("Cache-Control", "no-store")], mimetype="application/json"
    )


@blueprint.route("/file", methods=["POST"])
@blueprint.doc(requestBody=FILE)
@blueprint.arguments(FileQuery, location="query")
@blueprint.response(200, description="The same list with verdict columns")
@blueprint.refuses(400, "The file can't be read, or holds no bidders")
@blueprint.refuses(404, "A day of before the register")
@blueprint.refuses(413, "The file is too large")
@blueprint.refuses(429, "Too many lists from this address")
@blueprint.refuses(422, "No file, or a parameter is wrong")
def screenings_file(asked: dict[str, Any]) -> Response:
    """The list of bidders that was sent (CSV or XLSX, as it comes), with what was found of each in added columns."""
    refuse_many()
    request.max_content_length = int(current_app.config["CREDIT_MAX_SCREENING"])
    return screened_file({"kind": asked["kind"]}, asked["as_of"])
