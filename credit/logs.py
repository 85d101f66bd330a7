"""One JSON line for each request: which route, how it ended, how long it took. No personal data.

Neither path, query, body nor address is written: they hold codes and names. Of an error the type
and the place are written, not its words, since these may quote what was sent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import FileIO
from secrets import token_hex
from time import perf_counter
from traceback import extract_tb
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# 9, 11 and 15 to 18 signs: a code, a telephone or an identity number, which no log may hold.
SAFE_ID = re.compile(r"(?!\w{9}\Z|\w{11}\Z|\w{15,18}\Z)[\w.-]{1,64}", re.ASCII)
FRAMES = 8
STDERR = 2


def init_app(app: Flask) -> None:
    """Number and time every request, and log it when it is answered."""
    log = _logger(app.config["CREDIT_LOG_LEVEL"])
    if app.config["CREDIT_ENV"] == "production":
        _log_errors_plainly(app, log)

    def begin() -> None:
        g.started = perf_counter()
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if SAFE_ID.fullmatch(given) else token_hex(16)

    def end(response: Response) -> Response:
        request_id = g.request_id
        response.headers.add("X-Request-ID", request_id)
        method, route = told()
        log.info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            ms=round(seconds() * 1000, 2),
            request=request_id,
        )
        return response

    app.before_request(begin)
    app.after_request(end)


def told() -> tuple[str, str]:
    """Method and route rule of this request, safe to keep: from short lists, not what was sent."""
    method, rule = request.method, request.url_rule
    return method if method in METHODS else "OTHER", rule.rule if rule else "-"


def seconds() -> float:
    """How long this request has taken so far."""
    started: float = g.started
    return perf_counter() - started


def _logger(level: str) -> Any:
    # Unbuffered: one write a line, so that the lines of several workers don't mix.
    stderr = FileIO(STDERR, "w", closefd=False)
    structlog.configure(
        processors=[_line],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.BytesLoggerFactory(stderr),
    )
    return structlog.get_logger().bind()


def _line(_log: Any, level: str, event: Any) -> bytes:
    return orjson.dumps({"at": datetime.now(UTC), "level": level, **event}, option=orjson.OPT_UTC_Z)


def _log_errors_plainly(app: Flask, log: Any) -> None:
    """Flask's own words for an error hold the path, and the traceback ends with what was sent."""

    def log_exception(raised: Any) -> None:
        kind, _, trace = raised
        log.error(
            "failure",
            error=kind.__qualname__,
            where=[f"{at.filename}:{at.lineno} {at.name}" for at in extract_tb(trace)[-FRAMES:]],
            request=g.get("request_id"),
        )

    app.log_exception = log_exception  # type: ignore[method-assign, assignment]
