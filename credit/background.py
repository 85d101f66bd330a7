"""Background work: receivers are served, and what the calendar makes due is published. Nothing of truth rests on it.

One process for all of gunicorn's workers (and, by a lock, for all machines on one database) runs huey's
consumer: its queue says only which receiver to look at. A lost or doubled job loses or changes nothing,
since each receiver is served from its own number.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer

from credit import due
from credit.clock import now, today
from credit.db import transaction
from credit.log_heads import sign_head
from credit.services import feed, way, webhooks
from credit.services.feed import Item
from credit.services.feed_ids import opaque
from credit.services.suppliers import delivery, follow
from credit.services.webhook_delivery import serve
from credit.services.webhook_sending import Outcome, post, signed

EVERY = 1.0
WORKERS = 4
AT_ONCE, TURNS = 50, 20
FOLLOWED_EVERY = 60.0  # seconds: a busy register changes more often than anybody need be told
DAY, FOLLOWING = 0, -1  # what else is busy: receivers have their own numbers
SCHEMA = "background"


def queue(app: Flask) -> Huey:
    """The queue beside the register: a SQLite file of its own, or a schema of its own in PostgreSQL."""
    url = str(app.config["DATABASE_URL"])
    if url.startswith("sqlite:///"):
        return SqliteHuey("credit", filename=f"{url.removeprefix('sqlite:///')}.background")
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    return PostgresHuey("credit", dsn=plain, options=f"-c search_path={SCHEMA}")


def deliver(number: int) -> int:
    """Serve one receiver until it has everything, does not answer, or had its share. Returns how much it took."""
    from flask import current_app as app

    local = app.config["CREDIT_ENV"] in ("development", "test")
    url, secret = webhooks.find(number).url, webhooks.secret_of(number)
    tries, sent = int(app.config["CREDIT_WEBHOOK_TRIES"]), 0

    def send(item: Item) -> Outcome:
        message = f"msg_{opaque(f'webhook {number}', item.seq)}"
        return post(url, signed(secret, message, now(), item.body), item.body, local)

    for _ in range(TURNS):
        turn = serve(number, today(), now(), send, AT_ONCE, tries)
        if turn.sent or turn.refused or turn.served != turn.before:
            told = {"webhook": number, "after": turn.before, "served": turn.served, "sent": turn.sent}
            with transaction("webhook-delivery", "background", about=told | {"refused": turn.refused}):
                turn.keep()
        sent += turn.sent
        if not turn.more:
            break
    return sent


class Background:
    """The tasks of one application, and the watch that gives them out."""

    def __init__(self, app: Flask) -> None:
        self.app, self.huey = app, queue(app)
        self.huey.flush()  # what was left over is seen again by the watch
        self.busy: set[int] = set()
        self.day: date | None = None
        self.follow_at = 0.0
        self.deliver = self.huey.task()(self._deliver)
        self.follow = self.huey.task()(self._follow)
        self.keep_day = self.huey.task()(self._keep_day)

    def watch(self) -> None:
        """Once a second: which receivers are to be served, and whether the calendar has made anything due."""
        while True:
            with self._safely("watch"):
                for number in webhooks.waiting(today(), now()):
                    if number not in self.busy:
                        self.busy.add(number)
                        self.deliver(number)
                if FOLLOWING not in self.busy and time.monotonic() >= self.follow_at and follow.waiting(today(), now()):
                    self.busy.add(FOLLOWING)
                    self.follow_at = time.monotonic() + FOLLOWED_EVERY
                    self.follow()
                if (self.day != today() or feed.place(today()).due) and DAY not in self.busy:
                    self.busy.add(DAY)
                    self.keep_day()
            time.sleep(EVERY)

    def _deliver(self, number: int) -> None:
        with self._safely("deliver", number):
            deliver(number)

    def _follow(self) -> None:
        """Supplier lists with a receiver: screened again, and told what changed."""
        with self._safely("follow", FOLLOWING):
            local = self.app.config["CREDIT_ENV"] in ("development", "test")

            def send(url: str, secret: bytes, message: str, body: bytes) -> Outcome:
                return post(url, signed(secret, message, now(), body), body, local)

            for number in follow.waiting(today(), now()):
                with self._safely("follow"):  # one that fails keeps no other waiting
                    delivery.serve(number, today(), now(), send)

    def _keep_day(self) -> None:
        """The daily run, once a day; in between whatever became due."""
        with self._safely("daily", DAY):
            if self.day != today():
                with transaction("daily", "background") as change:
                    way.daily(change, today())
                self.day = today()
                with self._safely("log head"):
                    sign_head("background")
            elif feed.place(today()).due:
                due.publish_due(today(), due.AT_ONCE)

    @contextmanager
    def _safely(self, task: str, number: int | None = None) -> Any:
        """In the application; a failure is a line of the log, and the next look tries again."""
        try:
            with self.app.app_context():
                yield
        except Exception as problem:
            structlog.get_logger().error("background", task=task, error=type(problem).__qualname__)
        finally:
            if number is not None:
                self.busy.discard(number)


def run(app: Flask) -> None:
    """The consumer, in this process until it is told to stop. Waits while another one works."""
    with only_one(app):
        background = Background(app)
        threading.Thread(target=background.watch, daemon=True).start()
        Consumer(background.huey, workers=WORKERS, max_delay=0.5, periodic=False, graceful_signal="TERM").run()


@contextmanager
def only_one(app: Flask) -> Any:
    """Held by one process for each database: by a lock of the file, or of PostgreSQL."""
    url = str(app.config["DATABASE_URL"])
    if url.startswith("sqlite:///"):
        with open(f"{url.removeprefix('sqlite:///')}.background.lock", "a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            print(os.getpid(), file=file, flush=True)  # for whoever looks which process it is
            yield
        return
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('credit background'))")
        yield


def keep(work: Callable[[], None]) -> None:
    """Keep a child that works, start it again if it dies, and end with whoever started this process."""
    parent, stopping = os.getppid(), threading.Event()
    for name in ("HUP", "INT", "QUIT", "USR1", "USR2", "WINCH", "TTIN", "TTOU", "CHLD"):
        signal.signal(getattr(signal, f"SIG{name}"), signal.SIG_DFL if name == "CHLD" else signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    while not stopping.is_set() and os.getppid() == parent:
        child = os.fork()
        if child == 0:
            _work(work)
        while not os.waitpid(child, os.WNOHANG)[0]:
            if stopping.wait(EVERY / 2) or os.getppid() != parent:
                os.kill(child, signal.SIGTERM)
                os.waitpid(child, 0)
                return
        stopping.wait(EVERY)


def _work(work: Callable[[], None]) -> None:
    """In the child: work until told to stop, or until the keeper is gone."""
    keeper = os.getppid()

    def end_with_keeper() -> None:
        while os.getppid() == keeper:
            time.sleep(EVERY)
        os._exit(1)

    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        threading.Thread(target=end_with_keeper, daemon=True).start()
        work()
    except BaseException as problem:
        structlog.get_logger().error("background", task="consumer", error=type(problem).__qualname__)
        os._exit(1)
    os._exit(0)
