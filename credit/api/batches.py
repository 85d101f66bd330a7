"""Intake of a batch of events with a department's key: sent, watched, resumed, its results taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.exceptions import UnsupportedMediaType

from credit import batch_work, spool
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.errors import InvalidInput
from credit.services.batches import store, telling
from credit.services.batches.store import Sent
from credit.services.mappings import Mapping, load_mapping, standard
from schemas.batch import BatchQuery, BatchTold, ResultQuery

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1/events/batch", description="Batches of events.")
TYPES = {
    "application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl", "application/json-lines": ".jsonl",
    "text/csv": ".csv", "application/vnd.apache.parquet": ".parquet", "application/x-parquet": ".parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip
FILE = {"type": "string", "format": "binary"}
BODY = {
    "required": True,
    "content": {kind: {"schema": FILE} for kind in TYPES}
    | {"multipart/form-data": {"schema": {"type": "object", "properties": {"file": FILE, "mapping": FILE}}}},
}
JSON_LINES = {"200": {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}
KEY = {
    "in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "maxLength": 200},
    "description": "the same key with the same body is the same batch; derived from the body if left out",
}  # fmt: skip
KEYS = re.compile(r"[\x21-\x7e]{1,200}")


@blueprint.route("", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=BODY, parameters=[KEY])
@blueprint.arguments(BatchQuery, location="query")
@blueprint.response(200, BatchTold, description="The batch is done")
@blueprint.alt_response(202, schema=BatchTold, description="The batch is not done yet: resume it")
@blueprint.refuses(400, "The file can't be read, or it is cut off: nothing was kept")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such mapping")
@blueprint.refuses(409, "The key was used for another batch: both digests are shown")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "Neither JSON lines, CSV, XLSX nor Parquet")
@blueprint.refuses(422, "Too many rows, a wrong mapping, or a parameter is wrong or unknown")
@needs("events:write")
def send(asked: dict[str, Any]) -> Any:
    """Send up to 100,000 rows as JSON lines, CSV, XLSX or Parquet. One bad row keeps no good one out."""
    key = _key()
    request.max_content_length = int(current_app.config["CREDIT_MAX_BATCH"])
    with _sent(asked) as sent:
        return _told(batch_work.receive(sent, key))


@blueprint.route("/<int:number>")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, BatchTold)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such batch of this department")
@needs("events:write")
def batch(number: int) -> Any:
    """How far a batch is, and what became of its rows."""
    return telling.told(store.find(number, g.department_id))


@blueprint.route("/<int:number>/resume", methods=["POST"])
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, BatchTold, description="The batch is done")
@blueprint.alt_response(202, schema=BatchTold, description="The batch is not done yet: resume it again")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such batch of this department")
@blueprint.refuses(409, "Its file waits here no more: send it again with the same key")
@needs("events:write")
def resume(number: int) -> Any:
    """Go on with a batch whose work was cut short."""
    return _told(batch_work.go_on(number))


@blueprint.route("/<int:number>/results")
@blueprint.doc(security=[{"key": []}], responses=JSON_LINES)
@blueprint.arguments(ResultQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/csv", description="CSV or JSON lines")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "No such batch of this department")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs("events:write")
def result_file(asked: dict[str, Any], number: int) -> Response:
    """Every row worked so far with its own columns: line, status, code, column, reason, suggestion, event."""
    found = store.find(number, g.department_id)
    return batch_work.results_file(found, asked.get("format"))


def _told(found: Any) -> tuple[dict[str, Any], int]:
    return telling.told(found), 202 if found.state in store.OPEN else 200


def _key() -> str | None:
    """The Idempotency-Key; None where none is sent."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not KEYS.fullmatch(given):
        told = "Idempotency-Key needs 1 to 200 visible ASCII characters."
        raise InvalidInput(told, zh="幂等键应为 1 至 200 个可见 ASCII 字符", errors={"Idempotency-Key": [told]})
    return given


@contextmanager
def _sent(asked: dict[str, Any]) -> Iterator[Sent]:
    """The body on disk, with what is said about it."""
    if request.mimetype != "multipart/form-data":
        suffix = TYPES.get(request.mimetype)
        if suffix is None:
            raise UnsupportedMediaType(f"Send one of: {', '.join(TYPES)}, or multipart/form-data with a file.")
        with spool.spooled(request.stream, suffix, request.content_length) as path:
            yield Sent(path, f"batch{suffix}", suffix, batch_work.options_of(asked), _mapping(asked, None))
        return
    file, form = request.files.get("file"), BatchQuery().load(request.form.to_dict())
    if file is None or not file.filename:
        told = "Send the file in the part `file`."
        raise InvalidInput(told, zh="请在 file 部分上传文件", errors={"file": [told]})
    asked = asked | {name: form[name] for name in request.form if name in form}
    suffix = batch_work.suffix_of(file.filename)
    with spool.spooled(file.stream, suffix) as path:
        options, given = batch_work.options_of(asked), request.files.get("mapping")
        text = given.stream.read().decode(errors="replace") if given else None
        yield Sent(path, file.filename, suffix, options, _mapping(asked, text))


def _mapping(asked: dict[str, Any], text: str | None) -> Mapping | None:
    if text is not None:
        return load_mapping(text)
    return standard(asked["mapping"]) if asked.get("mapping") else None
