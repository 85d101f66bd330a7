"""Writers in processes of their own: each reports events as a department does, some of them in vain."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from multiprocessing import get_context
from typing import Any

import credit.db
from credit import create_app
from credit.db import db, transaction
from credit.policy import load_policy
from credit.rules.names import letters_of_characters
from credit.services import enterprises, events, way
from credit.services.grading import prepare
from credit.services.policies import eras
from schemas.event import load_event
from tests.conftest import QUIET, TODAY
from tests.makers import violation

# What is slow the first time is done once, in the process that the writers are forked from.
letters_of_characters()


class Mishap(Exception):
    """What makes a transaction fail after it has taken its numbers."""


class BackwardClock(datetime):
    """A machine's clock that steps back by a minute each time it is asked."""

    steps = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        cls.steps += 1
        return datetime.now(tz) - timedelta(minutes=cls.steps)


@dataclass(frozen=True)
class Told:
    """What a writer says at its end: the events that were acknowledged, how often it failed, and why it died."""

    documents: dict[str, int]
    mishaps: int
    error: str


def write(url: str, number: int, codes: list[str], department: int, seconds: float, gate: Any, told: Any) -> None:
    """Report events for some seconds, beginning with all the other writers."""
    documents: dict[str, int] = {}
    mishaps, error = 0, ""
    try:
        if number % 2:
            credit.db.datetime = BackwardClock  # type: ignore[attr-defined]
        with create_app({**QUIET, "DATABASE_URL": url}).app_context():
            prepare([enterprises.find(codes[0])], eras(), TODAY)
            db.session.remove()
            gate.wait(60)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                document = f"示例罚〔{number}〕{len(documents) + mishaps}号"
                try:
                    documents[document] = _report(
                        codes[len(documents) % len(codes)], document, department, mishaps * 3 < len(documents)
                    )
                except Mishap:
                    mishaps += 1
                time.sleep(0.02)  # else a writer on SQLite lets no other one in
    except BaseException as problem:
        error = repr(problem)
    told.put(Told(documents, mishaps, error))


def _report(code: str, document: str, department: int, in_vain: bool) -> int:
    with transaction("event", document) as change:
        loaded = load_event(violation(code, document_no=document), TODAY)
        event, enterprise, _ = events.record(change, department, loaded, load_policy())
        if event % 2:
            way.advance(change, [enterprise], TODAY)
        enterprises.put(change, {"code": code, "name": f"铜都{document}有限公司"}, TODAY)
        if in_vain:
            raise Mishap
    return event


def start(count: int, *given: Any) -> tuple[list[Any], Any]:
    """Processes that write, forked from one that has the program loaded but not used; and their queue."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.writers"])
    gate, told = context.Barrier(count + 1), context.Queue()
    url, codes, department, seconds = given
    processes = [
        context.Process(target=write, args=(url, number, codes, department, seconds, gate, told))
        for number in range(count)
    ]
    for process in processes:
        process.start()
    gate.wait(60)
    return processes, told
