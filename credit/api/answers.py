"""Answers of public GETs: bytes with an ETag, fresh no longer than the day on which they are true."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, request

from credit.clock import seconds_left_today

FRESH = 300


def public(body: bytes, etag: str) -> Response:
    """A public answer; 304 when the caller has it. No cache may keep it past midnight."""
    if request.if_none_match.contains(etag):
        answer = Response(status=304)
    else:
        answer = Response(body, mimetype="application/json")
    answer.headers["ETag"] = f'"{etag}"'
    answer.headers["Cache-Control"] = f"public, max-age={min(FRESH, seconds_left_today())}"
    return answer


def document(value: Any) -> Response:
    """A document made now."""
    body = orjson.dumps(value, default=str)
    return public(body, hashlib.blake2b(body, digest_size=12).hexdigest())
