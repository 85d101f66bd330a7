"""Long polls at a real gunicorn: more who wait than it has threads, and everybody else is served at once."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from credit import create_app
from credit.db import db
from tests.conftest import QUIET, ROOT
from tests.makers import make_enterprise
from tests.serving import Served, serve

THREADS = 2 * 8
PATH = "/api/v1/changes"


@pytest.fixture(scope="module")
def waited_at(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A register of its own, served by two workers."""
    path = tmp_path_factory.mktemp("waited") / "credit.db"
    shutil.copy(sqlite_template, path)
    environment = {**os.environ, **QUIET, "DATABASE_URL": f"sqlite:///{path}", "WEB_CONCURRENCY": "2"}
    yield from serve(environment | {"CREDIT_LOG_LEVEL": "WARNING"}, ROOT)


class Poller:
    """One connection that asks and may be left waiting."""

    def __init__(self, base: str) -> None:
        host, _, port = base.removeprefix("http://").partition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.answers = self.socket.makefile("rb")

    def ask(self, after: int, wait: int) -> None:
        self.socket.sendall(f"GET {PATH}?after={after}&wait={wait} HTTP/1.1\r\nHost: register\r\n\r\n".encode())

    def answer(self) -> dict[str, Any]:
        """The answer, once it is there. Chunks and lengths: whatever the server uses."""
        assert b" 200 " in self.answers.readline()
        length = 0
        while (line := self.answers.readline().strip()) != b"":
            name, _, value = line.lower().partition(b":")
            length = int(value) if name == b"content-length" else length
        found: dict[str, Any] = json.loads(self.answers.read(length))
        return found

    def is_answered(self) -> bool:
        self.socket.setblocking(False)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(30)

    def hang_up(self) -> None:
        self.answers.close()
        self.socket.close()


def get(base: str, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(base + path, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def register(base: Served, number: int) -> str:
    """A new enterprise, written by another process than those that serve."""
    app = create_app({**QUIET, "DATABASE_URL": base.database})
    with app.app_context():
        code = make_enterprise(number)
        db.engine.dispose()
    return code


def test_more_wait_than_there_are_threads_and_nobody_else_waits(waited_at: Served) -> None:
    before = get(waited_at, PATH)["seq"]
    pollers = [Poller(waited_at) for _ in range(2 * THREADS + 8)]
    for poller in pollers:
        poller.ask(before, 60)
    for _ in range(THREADS):
        begun = time.monotonic()
        get(waited_at, "/healthz")
        assert time.monotonic() - begun < 5
    assert not any(poller.is_answered() for poller in pollers)
    gone, *waiting = pollers
    gone.hang_up()
    code = register(waited_at, 1)
    for poller in waiting:
        page = poller.answer()
        assert [item["code"] for item in page["items"]] == [code]
    again, *others = waiting
    for poller in others:
        poller.hang_up()
    again.ask(page["seq"], 60)
    code = register(waited_at, 2)
    assert [item["code"] for item in again.answer()["items"]] == [code], "a connection may wait again"
    again.hang_up()


def test_who_waits_in_vain_is_told_so_in_time(waited_at: Served) -> None:
    last, poller = get(waited_at, PATH)["seq"], Poller(waited_at)
    begun = time.monotonic()
    poller.ask(last, 1)
    page = poller.answer()
    assert (page["items"], page["next"], page["seq"]) == ([], None, last)
    assert 1 <= time.monotonic() - begun < 15
    poller.hang_up()


def test_two_questions_at_once_on_one_connection_are_answered_one_after_the_other(waited_at: Served) -> None:
    last, poller = get(waited_at, PATH)["seq"], Poller(waited_at)
    poller.ask(last, 1)
    poller.ask(0, 0)
    assert poller.answer()["items"] == []
    assert poller.answer()["seq"] == last
    poller.hang_up()


def test_a_worker_that_stops_answers_those_who_wait(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "credit.db"
    shutil.copy(sqlite_template, path)
    serving = serve({**os.environ, **QUIET, "DATABASE_URL": f"sqlite:///{path}", "CREDIT_LOG_LEVEL": "WARNING"}, ROOT)
    base = next(serving)
    poller = Poller(base)
    poller.ask(0, 60)
    get(base, "/healthz")
    time.sleep(0.5)  # it must be waiting before the worker stops
    begun = time.monotonic()
    serving.close()
    assert poller.answer()["items"] == []
    assert time.monotonic() - begun < 15
    poller.hang_up()
