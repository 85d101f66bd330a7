"""A batch as a process of its own, killed at some moment; and what two registers hold, compared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, create_engine

from credit.db import Base

ROOT = Path(__file__).resolve().parents[1]
SMALL = """
import sys
from credit.services.batches import work
work.ROWS, work.FIRMS = {rows}, {firms}
from flask.cli import main
sys.argv = ["flask", *sys.argv[1:]]
main()
"""
SOME_REJECTED = 1
# What is computed from instants: digests of the audit chain, and records that say of when their data are.
NOT_COMPARED = {"register": {"audit_head"}, "audit": {"previous", "digest"}, "record": {"body"}}


def started(url: str, file: Path, department: str, rows: int, firms: int) -> subprocess.Popen[bytes]:
    """`credit import-events` over a register, in steps of so many rows and enterprises."""
    words = ["--app", "wsgi", "credit", "import-events", "violation", str(file), "--department", department]
    program = [sys.executable, "-c", SMALL.format(rows=rows, firms=firms), *words]
    env = os.environ | {"DATABASE_URL": url, "CREDIT_ENV": "test"}
    pipe = subprocess.PIPE
    return subprocess.Popen(program, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, start_new_session=True)


def ended(process: subprocess.Popen[bytes]) -> str:
    """What a process that ran to its end said."""
    out, error = process.communicate(timeout=600)
    assert process.returncode == SOME_REJECTED, error.decode()
    return out.decode()


def killed(process: subprocess.Popen[bytes], url: str, beyond: int, linger: float) -> bool:
    """Kill a process and its children some moments after its batch has come so far. Whether it hadn't ended."""
    while process.poll() is None and progress(url) < beyond:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
    with suppress(subprocess.TimeoutExpired):
        process.wait(linger)
        process.communicate()
        assert process.returncode == SOME_REJECTED
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return True


def progress(url: str) -> int:
    """How many rows were worked and enterprises graded."""
    return sum(done + graded for done, graded, _ in _batches(url))


def is_done(url: str) -> bool:
    """Whether the batch of a register was begun and is done."""
    return [state for *_, state in _batches(url)] == ["done"]


def _batches(url: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.exec_driver_sql("SELECT done, graded, state FROM batch"))
    engine.dispose()
    return found


def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table as it is stored, but for instants."""
    engine, found = create_engine(url), {}
    with engine.connect() as connection:
        for name, table in Base.metadata.tables.items():
            left_out = NOT_COMPARED.get(name, set())
            kept = [one for one in table.columns if not isinstance(one.type, DateTime) and one.name not in left_out]
            named = ", ".join(f'"{one.name}"' for one in kept)
            rows = connection.exec_driver_sql(f'SELECT {named} FROM "{name}"')
            found[name] = sorted(map(tuple, rows), key=repr)
    engine.dispose()
    return found
