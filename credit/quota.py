"""Rate limits: a known key has its own quota, everybody else shares that of the address.

Counted in fixed windows, in memory or in Redis. flask-limiter was measured at 150 us a request, as
much as the rest of a small request, and leaves unknown paths unlimited; this costs 20 us.
"""

from __future__ import annotations

import re
import sqlite3
from ipaddress import IPv6Address, ip_network
from threading import Lock
from time import monotonic, time
from typing import NamedTuple

import psycopg
import structlog
from flask import Flask, Response, g, request
from redis import Redis, RedisError

from credit.errors import TooManyRequests
from credit.reader import reader
from credit.services.departments import digest

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
EXEMPT = frozenset({"health.healthz", "health.readyz", "health.metrics"})
KEY = "SELECT id FROM api_key WHERE digest = :digest AND revoked_at IS NULL"
PATIENCE = 0.5
PAUSE = 5.0


class Limit(NamedTuple):
    """So many requests in a window of so many seconds."""

    amount: int
    seconds: int


def limit(text: str) -> Limit:
    """A limit as the settings write it: `600 per minute`."""
    found = re.fullmatch(r"(\d+) per (second|minute|hour|day)", text.strip())
    if not found:
        raise ValueError(f"{text!r} is no limit: write for example '600 per minute'.")
    return Limit(int(found[1]), SECONDS[found[2]])


class Memory:
    """Counts of this process. All of a window are forgotten at once when the next begins."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.windows: dict[int, tuple[int, dict[str, int]]] = {}

    def count(self, subject: str, seconds: int, window: int) -> int:
        """How many requests of the subject this window has seen, this one included."""
        with self.lock:
            running, counts = self.windows.get(seconds, (0, {}))
            if running != window:
                counts = {}
                self.windows[seconds] = window, counts
            counts[subject] = used = counts.get(subject, 0) + 1
            return used


class Shared:
    """Counts in Redis, of all processes; in memory for a while when it doesn't answer."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self.memory = Memory()
        self.away_until = 0.0

    def count(self, subject: str, seconds: int, window: int) -> int:
        """As Memory.count, over all processes."""
        if self.away_until > monotonic():
            return self.memory.count(subject, seconds, window)
        try:
            with self.redis.pipeline(transaction=False) as both:
                name = f"credit:{seconds}:{window}:{subject}"
                both.incr(name)
                both.expire(name, seconds)
                return int(both.execute()[0])
        except RedisError:
            self.away_until = monotonic() + PAUSE
            structlog.get_logger().warning("limits-in-memory", because="Redis doesn't answer")
            return self.memory.count(subject, seconds, window)


def init_app(app: Flask) -> None:
    """Count every request before its view, and tell the caller what is left."""
    store = app.config["CREDIT_LIMIT_STORE"]
    counter = Memory() if store == "memory://" else Shared(store)
    of_key, of_address = (
        limit(app.config[f"CREDIT_LIMIT_{whose}"]) for whose in ("KEY", "ADDRESS")
    )

    def count() -> None:
        endpoint = request.endpoint
        if endpoint and (endpoint in EXEMPT or endpoint.endswith("static")):
            return
        subject = limit_subject()
        amount, seconds = of_key if subject.startswith("key:") else of_address
        now = time()
        wait = seconds - int(now % seconds)
        left = amount - counter.count(subject, seconds, int(now // seconds))
        g.quota = amount, max(left, 0), wait
        if left < 0:
            raise TooManyRequests(
                f"The limit is {amount} requests in {seconds} seconds. Try again in {wait} seconds.",
                zh=f"每 {seconds} 秒最多 {amount} 次请求，请在 {wait} 秒后再试",
            )

    app.before_request(count)
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if quota := g.get("quota"):
        amount, left, wait = quota
        headers = response.headers
        headers.add("RateLimit-Limit", str(amount))
        headers.add("RateLimit-Remaining", str(left))
        headers.add("RateLimit-Reset", str(wait))
        if response.status_code == 429:
            headers.add("Retry-After", str(wait))
    return response


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
    return int(row[0]) if row else None


def _network(address: str) -> str:
    """One household or firm has a whole /64 of IPv6 addresses."""
    return str(ip_network((IPv6Address(address.partition("%")[0]), 64), strict=False))
