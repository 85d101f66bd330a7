"""Screening of bidders: a tender's list at once, as JSON or as a file that comes back with verdicts."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl
from flask import Response, current_app, request

from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.proof import proved, refuse_many
from credit.screening_files import screened_file
from credit.services.screening.screen import screen
from schemas.screening import FileQuery, ScreeningIn, ScreeningTold

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
TEXT = dict.fromkeys(("ref", "code", "name", "group"), pl.String)


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=json_body(ScreeningIn))
@blueprint.response(200, ScreeningTold)
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(404, "A day of before the register")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(429, "Too many lists from this address")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "A field is wrong or unknown, or there are more than 5,000 bidders")
def screenings() -> Response:
    """Verdicts on a tender's bidders, each with every source by its name. Judged for the day of taking part."""
    refuse_many()
    given, day = ScreeningIn(day=today()).load(one_json_object()), today()
    subjects = pl.DataFrame(given["subjects"], schema=TEXT).with_row_index("row")
    empty = pl.col(*TEXT).replace("", None)
    rows = subjects.with_columns(pl.col("row").cast(pl.Int64), empty)
    found = screen(rows, given["tender"]["kind"], given["as_of"] or day, day)
    body = orjson.dumps(proved(found, given["tender"], given["refers_to"]), default=str)
    return Response(body, 200, [("Cache-Control", "no-store")], mimetype="application/json")


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
    return screened_file(asked["kind"], asked["as_of"])
