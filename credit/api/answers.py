"""Answers of public GETs: bytes with an ETag, fresh no longer than the day on which they are true."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import orjson
from flask import Response, request

from credit.clock import now, seconds_left

FRESH = 300


def public(body: bytes, etag: str, day: date) -> Response:
    """A public answer that is true on `day`; 304 when the caller has it. No cache keeps it past midnight."""
    known = "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(etag)
    fresh = f"public, max-age={min(FRESH, seconds_left(day, now()))}"
    # With a key, a past day is told to staff as it was: no cache may mix the two up.
    headers = [("ETag", f'"{etag}"'), ("Cache-Control", fresh), ("Vary", "Authorization")]
    if known:
        return Response(None, 304, headers)
    return Response(body, 200, headers, content_type="application/json")


def private(body: bytes, etag: str) -> Response:
    """An answer to staff, which no cache may keep."""
    headers = [("ETag", f'"{etag}"'), ("Cache-Control", "private, no-store"), ("Vary", "Authorization")]
    if request.if_none_match.contains_weak(etag):
        return Response(None, 304, headers)
    return Response(body, 200, headers, content_type="application/json")


def private_document(value: Any) -> Response:
    """A document made now for staff."""
    body = orjson.dumps(value, default=str)
    return private(body, hashlib.blake2b(body, digest_size=12).hexdigest())


def private_pdf(body: bytes, name: str) -> Response:
    """A PDF for staff, shown in the browser and kept under this name."""
    told = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, 200, told | {"Vary": "Authorization"}, content_type="application/pdf")


def document(value: Any, day: date) -> Response:
    """A document made now."""
    body = orjson.dumps(value, default=str)
    return public(body, hashlib.blake2b(body, digest_size=12).hexdigest(), day)
