"""gunicorn's threaded worker, in which a long poll holds no thread.

An answer that asks to wait (`environ["credit.wait"]`) isn't sent: its connection is put aside, as a kept-alive
one is, and the thread goes on to other requests. One thread of the worker asks the register twice a second
where the feed stands, for all who wait; whoever has something to be told, or has waited long enough, is
answered by an ordinary thread as if the request had just come.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import structlog
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from credit.clock import today
from credit.services import feed

EVERY = 0.5


class Wait(NamedTuple):
    """Until when (by the monotonic clock) to wait for a number after this one."""

    deadline: float
    after: int


class Parked(BaseException):
    """Not an answer but the wish to wait. No Exception, so that gunicorn doesn't answer 500 for it."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait
        self.request: Any = None


class Again:
    """A connection's parser that gives a request once more before it goes on."""

    def __init__(self, parser: Any, request: Any) -> None:
        self.parser: Any = parser.parser if isinstance(parser, Again) else parser
        self.request = request

    def __next__(self) -> Any:
        request, self.request = self.request, None
        return request or next(self.parser)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.parser, name)


class PollingWorker(ThreadWorker):  # type: ignore[misc]
    """Threads for those who are answered, none for those who wait."""

    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[TConn, Parked] = {}
        self.most_waiting = self.cfg.worker_connections // 2
        self._turn = threading.local()
        self._somebody = threading.Event()
        self._watcher: threading.Thread | None = None

    def load_wsgi(self) -> None:
        """The program, which may now ask to wait."""
        super().load_wsgi()
        self.program = self.wsgi
        self.wsgi = self._answer_or_park

    def _answer_or_park(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked: list[Wait] = []
        if getattr(self._turn, "open", False):
            environ["credit.wait"] = partial(self._ask, asked)
        answer: Any = self.program(environ, start_response)
        if not asked:
            found: Iterable[bytes] = answer
            return found
        if hasattr(answer, "close"):
            answer.close()
        raise Parked(asked[0])

    def _ask(self, asked: list[Wait], after: int, seconds: float) -> None:
        """Wait, unless the time of this request is over, too many wait, or the worker stops."""
        now = time.monotonic()
        deadline = self._turn.deadline or now + seconds
        if now < deadline and self.alive and len(self.waiting) < self.most_waiting:
            asked.append(Wait(deadline, after))

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """As gthread does; a request that was put aside keeps the deadline it had."""
        self._turn.open, self._turn.deadline = True, getattr(conn, "deadline", None)
        conn.deadline = None
        try:
            return super().handle_request(req, conn)
        except Parked as parked:
            parked.request = req
            raise
        finally:
            self._turn.open = False

    def handle(self, conn: TConn) -> Any:
        """As gthread does, in a thread: whether the connection is kept, or that it is put aside."""
        try:
            return super().handle(conn)
        except Parked as parked:
            return parked

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """As gthread does, in the main loop."""
        parked = None if fs.cancelled() or fs.exception() else fs.result()
        if not isinstance(parked, Parked):
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        self.waiting[conn] = parked
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._speaks, conn))
        if not self.alive:
            self._answer_now(conn)
        self._somebody.set()
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()

    def _speaks(self, conn: TConn, sock: socket.socket) -> None:
        """Whoever hung up is let go; a next request waits until this one is answered."""
        try:
            gone = not sock.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, ValueError):  # ValueError: TLS can't peek
            gone = False
        except OSError:
            gone = True
        self._off(conn)
        if gone:
            del self.waiting[conn]
            self.nr_conns -= 1
            conn.close()

    def _off(self, conn: TConn) -> None:
        with suppress(OSError, KeyError, ValueError):  # it may have spoken before
            self.poller.unregister(conn.sock)

    def _answer_now(self, conn: TConn) -> None:
        parked = self.waiting.pop(conn)
        self._off(conn)
        conn.deadline = parked.wait.deadline
        conn.parser = Again(conn.parser, parked.request)
        self.enqueue_req(conn)

    def _watch(self) -> None:
        """Ask where the feed stands as long as anybody waits."""
        while True:
            self._somebody.wait()
            time.sleep(EVERY)
            self.method_queue.defer(self._wake, self._place())

    def _place(self) -> feed.Place | None:
        try:
            with self.program.app_context():
                return feed.place(today())
        except Exception as problem:  # whatever it is, it must not end the watch: the next look may succeed
            structlog.get_logger().error("feed watch", error=type(problem).__qualname__)
            return None

    def _wake(self, stands: feed.Place | None) -> None:
        now = time.monotonic()
        for conn, parked in list(self.waiting.items()):
            news = stands is not None and (stands.due or stands.newest > parked.wait.after)
            if news or now >= parked.wait.deadline or not self.alive:
                self._answer_now(conn)
        if not self.waiting:
            self._somebody.clear()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to stop: those who wait are answered at once."""
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._wake, None)
