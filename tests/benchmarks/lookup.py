"""Look-up by code over HTTP, against a hello-world in the same app and against the ORM."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import EnvironBuilder

from credit.db import db
from tests.benchmarks.measure import Row, cpu_of_calls, milliseconds
from tests.benchmarks.stage import graded

EACH = {"hello": 400, "look-up": 400, "naive": 60}
ROUNDS = 21
CODES = 20_000


def on_sqlite(size: int) -> list[Row]:
    return _rows("sqlite", "SQLite", 1.25, size)


def on_postgres(size: int) -> list[Row]:
    return _rows("postgres", "PostgreSQL", 2.0, size)


def _rows(engine: str, label: str, reach: float, size: int) -> list[Row]:
    stage = graded(engine, size)
    codes = codes_at_random(stage.app)
    requests = {
        "hello": request(stage.app, "/api/v1/bare/{code}", codes),
        "look-up": request(stage.app, "/api/v1/enterprises/{code}", codes),
        "naive": request(stage.app, "/naive/{code}", codes),
    }
    with quiet():
        cpu = cpu_of_calls(requests, EACH, ROUNDS)
    what, ours = f"look-up by code, {size:,} enterprises, {label}", milliseconds(cpu["look-up"])
    notes = {
        "measure": "CPU of the serving process per request, median of interleaved rounds",
        **cpu,
    }
    return [
        Row(what, "hello-world call of the same API", cpu["look-up"] / cpu["hello"], reach, ours,
            milliseconds(cpu["hello"]), at_most=True, unit="of its CPU", notes=notes),
        Row(what, "the same by ORM and marshmallow", cpu["look-up"] / cpu["naive"], 0.25, ours,
            milliseconds(cpu["naive"]), at_most=True, unit="of its CPU", notes=notes),
    ]  # fmt: skip


def codes_at_random(app: Flask) -> list[str]:
    with app.app_context():
        codes = list(db.session.scalars(text("SELECT code FROM enterprise ORDER BY id")))
    return random.Random(5).choices(codes, k=CODES)


def request(app: Flask, path: str, codes: list[str]) -> Callable[[], object]:
    """A call of the WSGI app with the next code, its answer read to the end; 200 or an error."""
    base = EnvironBuilder(path="/", environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()
    wsgi = app.wsgi_app

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            for code in codes:
                yield base | {"PATH_INFO": path.replace("{code}", code)}

    environs = endless()
    answered: list[str] = []

    def start_response(
        status: str, _headers: object, _exc_info: object = None
    ) -> Callable[[bytes], object]:
        answered[:] = [status]
        return bytearray().extend

    def call() -> None:
        answer = wsgi(next(environs), start_response)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not answered[0].startswith("200"):
            raise AssertionError(f"{path}: {answered[0]} {body[:500]!r}")

    return call


@contextmanager
def quiet() -> Iterator[None]:
    """Logs are written as ever, but to nowhere."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
