"""What is graded again: the whole register with nothing new, the day's due, one event, five times as many."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text
from werkzeug.test import EnvironBuilder

from credit.db import db, transaction
from credit.policy import FOLDER, policy_texts, read_policy
from credit.services import bulk_reading, departments, keys, way
from credit.services.backtest import backtest
from tests.benchmarks.lookup import codes_at_random, quiet, request
from tests.benchmarks.measure import Clock, Row, cpu_of_calls, milliseconds
from tests.benchmarks.stage import TODAY, Stage, graded

DUE = 0.01
GIB = 2**30
SMALLER = 5
EVENT = {
    "kind": "inspection", "occurred_on": "2026-06-01", "result": "pass", "role": "producer",
    "item": {"product": "粳米"}, "type": "supervised_sampling",
}  # fmt: skip


def nothing_changed(size: int) -> list[Row]:
    """A full regrade against sqlite3's own fetchall of the rows that it reads; its peak memory."""
    stage = settled(size)
    clock, statements = regraded(stage)
    fetched = fetch_all(stage, statements)
    peak = peak_memory(stage)
    what = f"full regrade of {size:,} enterprises with {size * 5:,} events, nothing changed"
    return [
        Row(what, "reading the same rows with sqlite3 fetchall", clock.wall / fetched, 1.5,
            f"{clock.wall:.1f} s", f"{fetched:.1f} s", at_most=True, unit="of its time"),
        Row(what, "peak memory of all its processes", peak / GIB, 2.5, f"{peak / GIB:.2f} GiB", "-",
            at_most=True, unit="GiB"),
    ]  # fmt: skip


def settled(size: int) -> Stage:
    """The graded register after one more regrade, so that nothing is new to the next."""
    stage = graded("sqlite", size)
    with stage.app.app_context(), transaction("settle") as change:
        way.regrade(change, TODAY)
    return stage


def regraded(stage: Stage) -> tuple[Clock, list[str]]:
    """What a regrade costs in which nothing may change, and the statements that it read by."""
    read, asked = bulk_reading._arrow, []

    def noted(sql: str) -> Any:
        asked.append(sql)
        return read(sql)

    bulk_reading._arrow = noted
    try:
        with stage.app.app_context(), Clock() as clock, transaction("regrade") as change:
            changed = way.regrade(change, TODAY)
    finally:
        bulk_reading._arrow = read
    if changed:
        raise AssertionError(f"{changed} records changed though nothing was new")
    return clock, asked


def fetch_all(stage: Stage, statements: list[str]) -> float:
    """Seconds that sqlite3 takes to fetch the same rows."""
    connection = sqlite3.connect(stage.app.config["DATABASE_URL"].removeprefix("sqlite:///"))
    start = time.perf_counter()
    for sql in statements:
        connection.execute(sql).fetchall()
    taken = time.perf_counter() - start
    connection.close()
    return taken


def peak_memory(stage: Stage) -> int:
    """Bytes that `credit grade --all` and its reader hold at most, together."""
    words = ["-m", "flask", "--app", "wsgi", "credit", "grade", "--all", "--on", TODAY.isoformat()]
    env = os.environ | {"DATABASE_URL": stage.app.config["DATABASE_URL"], "CREDIT_ENV": "test"}
    process = subprocess.Popen([sys.executable, *words], env=env, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise AssertionError(f"grade --all ended with {process.returncode}")
    return peak


def _resident(pid: int) -> int:
    """Bytes of memory that a process and its children hold now."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(int(child)) for child in children)


def daily(size: int) -> list[Row]:
    """The daily run on the first day on which one in a hundred is due, against a full regrade."""
    stage = settled(size)
    whole, _ = regraded(stage)
    with stage.app.app_context():
        rising = "SELECT expires_on FROM standing ORDER BY expires_on LIMIT 1 OFFSET :n"
        found = db.session.execute(text(rising), {"n": int(size * DUE)}).scalar_one()
        with Clock() as clock, transaction("daily") as change:
            due, changed = way.daily(change, date.fromisoformat(found))
    return [
        Row(f"daily run, {due:,} of {size:,} due, {changed:,} records changed", "own full regrade",
            clock.wall / whole.wall, 0.1, f"{clock.wall:.1f} s", f"{whole.wall:.1f} s",
            at_most=True, unit="of its time"),
    ]  # fmt: skip


def draft_day(size: int) -> list[Row]:
    """A back-test of one day under a draft in which a general violation costs more, against a full regrade."""
    stage = settled(size)
    whole, _ = regraded(stage)
    files = policy_texts(FOLDER)
    head, rule, rest = files["points.yaml"].partition("points.violation-general:")
    files["points.yaml"] = head + rule + rest.replace("value: -10", "value: -29", 1)
    with stage.app.app_context(), Clock() as clock:
        report = backtest(read_policy(files), TODAY, TODAY, TODAY)
    if report["summary"]["firms"] != size or not report["summary"]["moved"]:
        raise AssertionError(report["summary"])
    return [
        Row(f"back-test of one draft day over {size:,} enterprises", "own full regrade",
            clock.wall / whole.wall, 1.5, f"{clock.wall:.1f} s", f"{whole.wall:.1f} s",
            at_most=True, unit="of its time"),
    ]  # fmt: skip


def one_event(size: int) -> list[Row]:
    """An event from the request to the published record, against a hello-world request."""
    stage = graded("sqlite", size)
    codes = codes_at_random(stage.app)
    with stage.app.app_context(), transaction("key") as change:
        number = departments.add("基准市场监督管理局")
        key = keys.new(change, number, "", ["events:write"]).key
    calls = {
        "hello": request(stage.app, "/api/v1/bare/{code}", codes),
        "event": reports(stage, codes, key),
    }
    with quiet():
        cpu = cpu_of_calls(calls, {"hello": 200, "event": 5}, 9)
    return [
        Row(f"one new event, request to published record, {size:,} enterprises", "hello-world call of the same API",
            cpu["event"] / cpu["hello"], 40, milliseconds(cpu["event"]), milliseconds(cpu["hello"]),
            at_most=True, unit="of its CPU", notes=cpu),
    ]  # fmt: skip


def reports(stage: Stage, codes: list[str], key: str) -> Callable[[], object]:
    """A call that reports a new event of the next enterprise; 201 or an error."""

    def bodies() -> Iterator[bytes]:
        for number, code in enumerate(codes):
            yield orjson.dumps(EVENT | {"code": code, "document_no": f"基准〔2026〕{number}号"})

    waiting, wsgi = bodies(), stage.app.wsgi_app

    def call() -> None:
        environ = EnvironBuilder(
            path="/api/v1/events", method="POST", data=next(waiting), content_type="application/json",
            headers={"Authorization": f"Bearer {key}"}, environ_base={"REMOTE_ADDR": "127.0.0.1"},
        ).get_environ()  # fmt: skip
        status: list[str] = []
        answer = wsgi(environ, lambda line, *_: status.append(line))  # type: ignore[arg-type,return-value]
        b"".join(answer)
        if not status[0].startswith("201"):
            raise AssertionError(status[0])

    return call


def growth(size: int) -> list[Row]:
    """A full regrade of five times as many enterprises."""
    small, large = (regraded(settled(number))[0] for number in (size // SMALLER, size))
    return [
        Row(f"full regrade from {size // SMALLER:,} to {size:,} enterprises", "time of the smaller",
            large.wall / small.wall, 5.5, f"{large.wall:.1f} s", f"{small.wall:.1f} s", at_most=True),
    ]  # fmt: skip
