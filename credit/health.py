"""How the register does: /healthz (alive), /readyz (database and migrations), /metrics."""

from __future__ import annotations

import hmac
import os
import sqlite3
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address

import psycopg
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from credit.clock import today
from credit.errors import NoKey, NotReady
from credit.logs import seconds, told
from credit.reader import reader
from credit.services.duty_totals import duty_totals

blueprint = Blueprint("health", __name__)
SECONDS = Histogram(
    "credit_request_seconds",
    "Requests by method, route and status, and how long they took.",
    ["method", "route", "status"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5),
)
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")
MEND = "Run `flask --app wsgi credit set-up`, and check DATABASE_URL."


def init_app(app: Flask) -> None:
    """Register the three routes and measure every request."""
    app.register_blueprint(blueprint)
    app.after_request(_measure)


def _measure(response: Response) -> Response:
    SECONDS.labels(*told(), str(response.status_code)).observe(seconds())
    return response


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@blueprint.get("/readyz")
def readyz() -> dict[str, str]:
    """The database answers and has the newest form; 503 with what to do otherwise."""
    newest = _newest(current_app.extensions["migrate"].directory)
    try:
        row = reader().one("SELECT version_num FROM alembic_version")
    except (sqlite3.Error, psycopg.Error) as error:
        raise NotReady(
            f"The database doesn't answer or is empty. {MEND}", zh="数据库无应答或尚未建立"
        ) from error
    found = row[0] if row else "none"
    if found != newest:
        raise NotReady(
            f"The database is at migration {found}, the program at {newest}. {MEND}",
            zh=f"数据库版本为 {found}，程序需要 {newest}",
        )
    return {"status": "ready", "migration": newest}


@blueprint.get("/metrics")
def metrics() -> Response:
    """Measurements for Prometheus, to local callers or with the key CREDIT_METRICS_KEY."""
    if not _is_local() and not _has_key():
        raise NoKey("Ask from this machine, or send the key of CREDIT_METRICS_KEY as a bearer.")
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry) + _duties(), content_type=CONTENT_TYPE_LATEST)


class _Duties:
    """Duties by kind and state, read from the register itself at each visit: no worker keeps a number of its own."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        told = "Duties that wait, by kind and state (open, overdue), of all departments."
        family = GaugeMetricFamily("credit_duties", told, labels=["kind", "state"])
        for (kind, state), count in duty_totals(today()).items():
            family.add_metric([kind, state], count)
        yield family


def _duties() -> bytes:
    """What waits, for Prometheus; nothing where the register doesn't answer."""
    registry = CollectorRegistry()
    try:
        registry.register(_Duties())
        return bytes(generate_latest(registry))
    except (sqlite3.Error, psycopg.Error, SQLAlchemyError):
        return b""


@blueprint.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@cache
def _newest(directory: str) -> str:
    """The revision that the migrations lead to."""
    return str(ScriptDirectory(directory).get_current_head())


def _is_local() -> bool:
    """Asked from this machine itself: what a proxy on it passes on has come from elsewhere."""
    address = request.remote_addr
    if not address or any(name in request.headers for name in FORWARDED):
        return False
    return ip_address(address).is_loopback


def _has_key() -> bool:
    key = str(current_app.config["CREDIT_METRICS_KEY"])
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(
        key and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), key.encode())
    )
