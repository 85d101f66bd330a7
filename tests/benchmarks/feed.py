"""The change feed over HTTP, 10,000 changes a page, against reading the same rows from the same database."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.test import EnvironBuilder

from credit import reader
from credit.services.feed import LONGEST
from tests.benchmarks.lookup import quiet
from tests.benchmarks.measure import Row, cpu_of_calls
from tests.benchmarks.stage import graded

ROUNDS = 15
EACH = {"rows": 3, "page": 3}


def pages_of_10000(size: int) -> list[Row]:
    return [_row(engine, label, size) for engine, label in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))]


def _row(engine: str, label: str, size: int) -> Row:
    app = graded(engine, size).app
    answer = app.test_client().get("/api/v1/changes?limit=10000")
    count, length = len(answer.json["items"]), len(answer.data)
    asked = {"rows": _read_rows, "page": _page_of(app)}
    with app.app_context(), quiet():
        cpu = cpu_of_calls(asked, EACH, ROUNDS)
        reader.close()
    what = f"feed, a page of {count:,} changes ({length / 1e6:.1f} MB), {label}"
    notes = {"measure": "CPU of the process per page, median of interleaved rounds", **cpu}
    return Row(
        what, "reading the rows", cpu["page"] / cpu["rows"], 3, _ms(cpu["page"]), _ms(cpu["rows"]),
        at_most=True, unit="of its CPU", notes=notes,
    )  # fmt: skip


def _read_rows() -> None:
    """The rows of one page, as the driver gives them."""
    sql = "SELECT seq, enterprise_id, body FROM record WHERE seq > 0 ORDER BY seq LIMIT :count"
    assert reader.reader().all(sql, count=LONGEST)


def _page_of(app: Flask) -> Callable[[], object]:
    """The page as the server gets it from the program, a piece at a time."""
    environ = EnvironBuilder(path="/api/v1/changes", query_string="limit=10000").get_environ()
    answered: list[str] = []

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        answered[:] = [status]
        return bytearray().extend

    def call() -> None:
        answer = app.wsgi_app(environ | {"REMOTE_ADDR": "127.0.0.1"}, start_response)
        length = sum(map(len, answer))
        answer.close()  # type: ignore[attr-defined]
        assert answered == ["200 OK"]
        assert length > 0

    return call


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"
