"""A real gunicorn on a free port, for the time of a test."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path


class Served(str):
    """The base URL of a register that is served."""

    database: str


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serve(environment: Mapping[str, str], root: Path) -> Iterator[Served]:
    """Start gunicorn as `make serve` does, wait until it answers, stop it afterwards."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "gunicorn.conf.py",
        "-b",
        f"127.0.0.1:{port}",
        "wsgi:app",
    ]
    process = subprocess.Popen(
        command, cwd=root, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    base = Served(f"http://127.0.0.1:{port}")
    base.database = environment["DATABASE_URL"]
    try:
        wait_until_served(base, process)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=20)


def wait_until_served(base: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Return once /healthz answers; fail with gunicorn's words if it ends before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError((process.stderr.read() if process.stderr else b"").decode()[-2000:])
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("gunicorn did not answer in time")
