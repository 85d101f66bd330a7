"""Rate limits by flask-limiter: a known key has its own quota, everybody else shares the address's."""

from __future__ import annotations

import sqlite3
from ipaddress import IPv6Address, ip_network

import psycopg
from flask import Flask, current_app, request
from flask_limiter import HeaderNames, Limiter
from limits import parse
from limits.strategies import RateLimiter

from credit.clock import now
from credit.db import instant
from credit.errors import TooManyRequests
from credit.reader import reader
from credit.services.keys import digest

EXEMPT = frozenset({"health.healthz", "health.readyz", "health.metrics"})
KEY = "SELECT id, expires_at FROM api_key WHERE digest = :digest AND revoked_at IS NULL"
GUESSES = parse("10 per 15 minutes")
HEADERS = {
    HeaderNames.LIMIT: "RateLimit-Limit",
    HeaderNames.REMAINING: "RateLimit-Remaining",
    HeaderNames.RESET: "RateLimit-Reset",
    HeaderNames.RETRY_AFTER: "Retry-After",
}


def init_app(app: Flask) -> None:
    """Count every request, unknown paths too; a limit that is none is refused at start.

    Without its Redis each process counts for itself.
    """
    of_key, of_address = (checked(app.config[f"CREDIT_LIMIT_{whose}"]) for whose in ("KEY", "ADDRESS"))
    for what in ("OBJECTIONS", "SCREENINGS"):
        checked(app.config[f"CREDIT_LIMIT_{what}"])

    def quota() -> str:
        return of_key if limit_subject().startswith("key:") else of_address

    limiter = Limiter(
        limit_subject,
        application_limits=[quota],
        application_limits_exempt_when=_exempt,
        headers_enabled=True,
        header_name_mapping=HEADERS,
        retry_after="delta-seconds",
        storage_uri=app.config["CREDIT_LIMIT_STORE"],
        in_memory_fallback_enabled=True,
        request_identifier=lambda: request.endpoint or "unknown path",
    )
    limiter.init_app(app)


def refuse_flood(what: str, limit: str) -> None:
    """Count a request that writes, or costs much, without a key. Raises TooManyRequests beyond its address's limit."""
    if not _limiter().hit(parse(limit), what, limit_subject()):
        raise TooManyRequests(
            "Too many were sent from here: try again later, or write to the department.",
            zh="从此地址提交的次数过多，请稍后再试，或书面联系报送部门",
        )


def refuse_guessing(what: str) -> None:
    """Raises TooManyRequests where this address has given too many wrong answers of a kind."""
    if not _limiter().test(GUESSES, what, limit_subject()):
        raise TooManyRequests("Too many wrong tries from here: wait 15 minutes.", zh="错误次数过多，请 15 分钟后再试")


def wrong_guess(what: str) -> None:
    """Count a wrong answer of this address."""
    _limiter().hit(GUESSES, what, limit_subject())


def _limiter() -> RateLimiter:
    (limiter,) = current_app.extensions["limiter"]
    found: RateLimiter = limiter.limiter
    return found


def checked(text: str) -> str:
    """A limit as the settings write it: `600 per minute`."""
    try:
        parse(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no limit: write for example '600 per minute'.") from error
    return text


def _exempt() -> bool:
    endpoint = request.endpoint or ""
    return endpoint in EXEMPT or endpoint.endswith("static")


def limit_subject() -> str:
    """Whose quota this request takes: that of a known key, else that of the address.

    An invented key counts for the address, so that inventing keys gains nothing.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if key and scheme.lower() == "bearer" and (key_id := _known_key(key.strip())) is not None:
        return f"key:{key_id}"
    address = request.remote_addr or "unknown"
    return f"address:{_network(address) if ':' in address else address}"


def _known_key(key: str) -> int | None:
    try:
        row = reader().one(KEY, digest=digest(key))
    except (sqlite3.Error, psycopg.Error):
        return None
    if row is None or (row[1] is not None and instant(row[1]) <= now()):
        return None
    return int(row[0])


def _network(address: str) -> str:
    """One household or firm has a whole /64 of IPv6 addresses."""
    return str(ip_network((IPv6Address(address.partition("%")[0]), 64), strict=False))
