"""Errors as problem details (RFC 9457) for programs; browsers get a page."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, request
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, ValidationError, fields
from werkzeug.exceptions import BadRequest, HTTPException

from credit.errors import InvalidInput, RegisterError
from credit.refusals import note
from credit.web.errors import error_page

CODES = {
    400: "bad-request", 401: "no-key", 403: "not-allowed", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 413: "too-large", 414: "too-long", 415: "unsupported-media-type",
    422: "invalid-input", 429: "too-many-requests", 500: "internal-error",
}  # fmt: skip
PROBLEM = "application/problem+json"


class Problem(Schema):
    """A problem (RFC 9457): what went wrong, which field, and how to mend it. Codes add members of their own."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String()
    detail_zh = fields.String()
    errors = fields.Dict()
    suggestions = fields.List(fields.String())
    choices = fields.List(fields.Dict())


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest whose errors are problem details."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        """Document errors with their own content type."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def _register_error_handlers(self) -> None:
        """Our own handler answers for pages and API alike."""


def problem(status: int, code: str, title: str, **more: Any) -> Response:
    """One problem document."""
    body = {"type": f"/docs#{code}", "title": title, "status": status, "code": code, **more}
    text = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)  # errors in a list have numbers
    answer = Response(text, status, mimetype=PROBLEM)
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def answer_problems(app: Flask) -> None:
    """One handler each for our errors, marshmallow's and HTTP's."""

    def ours(error: RegisterError) -> Any:
        note(error)
        if not _for_program():
            return error_page(error)
        told = {"detail": error.detail, "detail_zh": error.detail_zh, **error.extra}
        return problem(error.status, error.code, error.title, **told)

    def invalid(error: ValidationError) -> Any:
        named = _named(error.normalized_messages())
        return ours(InvalidInput("See errors for each field.", zh="请逐项查看 errors", errors=named))

    def http(error: HTTPException) -> Any:
        if not _for_program():
            return error_page(error)
        status = error.code or 500
        if status < 400:
            return error
        code = CODES.get(status, f"http-{status}")
        answer = problem(status, code, error.name, detail=error.description or error.name)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer

    app.register_error_handler(RegisterError, ours)
    app.register_error_handler(ValidationError, invalid)
    app.register_error_handler(HTTPException, http)


def _for_program() -> bool:
    return request.path.startswith("/api/") or request.path in ("/readyz", "/metrics", "/healthz")


def _named(messages: Any) -> dict[str, Any]:
    """Errors by field; what webargs puts under the place (query, json) moves up."""
    if isinstance(messages, dict) and set(messages) <= {"json", "query", "headers", "files", "form"}:
        flat: dict[str, Any] = {}
        for errors in messages.values():
            flat |= errors if isinstance(errors, dict) else {"body": errors}
        return flat
    return messages if isinstance(messages, dict) else {"body": messages}


def one_json_object() -> dict[str, Any]:
    """The body as one JSON object, or an error that says what is wrong with it."""
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise InvalidInput("Send one JSON object.", errors={"body": ["Send one JSON object."]})
    return found
