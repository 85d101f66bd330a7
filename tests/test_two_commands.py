"""`make serve` as a newcomer types it: it serves, and started again it is quick and keeps the data."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from credit.clock import SHANGHAI
from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "instance", "__pycache__", ".*_cache", ".hypothesis"
)
QUICK = 3.0
TRIES = 3

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project as it is checked out, with the environment that runs this test."""
    if not shutil.which("make"):
        pytest.skip("make is missing")
    if not (ROOT / ".venv" / "requirements.lock").exists():
        pytest.skip("the environment was not built by make")
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@contextmanager
def served(checkout: Path, database: Path) -> Iterator[tuple[float, str, Path]]:
    """`make serve` until it answers: the seconds it took, its address, the file of what it said."""
    port, said = free_port(), checkout.with_suffix(".log")
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{database}",
        "CREDIT_LOG_LEVEL": "WARNING",
    }
    environment.pop("SECRET_KEY", None)
    started = time.perf_counter()
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["make", "serve"],
            cwd=checkout,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, said)
        yield time.perf_counter() - started, f"http://127.0.0.1:{port}", said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes], said: Path) -> None:
    """Return when the address answers; fail with what was said if the process ends before."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, said.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise AssertionError(said.read_text())


def computed(address: str) -> bool:
    """Whether a worker can grade: Polars works in it although it was forked."""
    with urllib.request.urlopen(f"{address}/api/v1/enterprises?limit=1", timeout=10) as answer:
        code = json.load(answer)["items"][0]["code"]
    day = datetime.now(SHANGHAI).date() - timedelta(days=9)
    url = f"{address}/api/v1/enterprises/{code}?as_of={day}"
    with urllib.request.urlopen(url, timeout=20) as answer:
        return bool(json.load(answer)["policy"]["digest"])


def kept(database: Path) -> tuple[int, int]:
    """How many enterprises are on file, and the last change number."""
    with closing(sqlite3.connect(database)) as connection:
        (enterprises,) = connection.execute("SELECT count(*) FROM enterprise").fetchone()
        (seq,) = connection.execute("SELECT last_seq FROM register").fetchone()
    return enterprises, seq


def test_make_serve_serves_and_again_quickly_with_the_same_data(
    checkout: Path, tmp_path: Path
) -> None:
    database = tmp_path / "credit.db"
    with served(checkout, database) as (_, address, said):
        assert urllib.request.urlopen(f"{address}/readyz", timeout=10).status == 200
        assert urllib.request.urlopen(f"{address}/", timeout=10).status == 200
        assert computed(address)
        assert address in said.read_text()
        assert "seeded" in said.read_text()
        secret = checkout / "instance" / "secret_key"
        assert secret.stat().st_mode & 0o077 == 0
        key = secret.read_text()
    before = kept(database)
    assert before[0] >= 50

    took = []
    for _ in range(TRIES):
        with served(checkout, database) as (seconds, address, said):
            assert urllib.request.urlopen(f"{address}/readyz", timeout=10).status == 200
            assert computed(address)
            assert "seeded" not in said.read_text()
        took.append(seconds)
        if seconds < QUICK:
            break
    assert min(took) < QUICK
    assert kept(database) == before
    assert secret.read_text() == key
