"""Receivers of webhooks: real HTTP servers on this machine, which check signatures and answer as told."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Answer = Callable[[dict[str, Any]], int]


class Receiver:
    """What was sent here, in order: items that were taken, and the ids of all messages."""

    def __init__(self) -> None:
        self.answer: Answer = lambda item: 204
        self.secret = b""
        self.tried: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.url = ""
        self._lock = Lock()

    def receive(self, headers: Any, body: bytes) -> int:
        item = json.loads(body)
        with self._lock:
            if self.secret:
                assert headers["Webhook-Signature"] == self.signature(headers, body)
            self.tried.append(item)
            status = self.answer(item)
            self.messages.append(headers["Webhook-Id"])
            if status < 300:
                self.taken.append(item)
        return status

    def signature(self, headers: Any, body: bytes) -> str:
        """As Standard Webhooks says it."""
        told = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
        return f"v1,{base64.b64encode(hmac.digest(self.secret, told, sha256)).decode()}"

    def holds(self) -> dict[str, int]:
        """The last number that was taken of each id."""
        return {item["id"]: item["seq"] for item in self.taken}


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens for the time of the block."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status = found.receive(self.headers, body)
            except AssertionError:
                status = 401
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}/changes"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
