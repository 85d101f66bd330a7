"""Batches of violations, checked, graded and published, against posting singly and against a bare bulk insert."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import make_url, select, text
from werkzeug.test import EnvironBuilder

from credit import create_app
from credit.db import db, transaction
from credit.models import Batch, Event
from credit.services import departments, keys
from tests.benchmarks.lookup import quiet
from tests.benchmarks.measure import Clock, Row, rows_a_second, where_time_goes
from tests.benchmarks.replaying import _resident
from tests.benchmarks.stage import TODAY, Stage, empty, folder, registry_file

FIRMS, EACH, SINGLY = 20_000, 5, 40
SMALLER = 10
MIB = 2**20


def against_single_and_bare(size: int) -> list[Row]:
    """One batch over HTTP of five violations for each of 20,000 enterprises."""
    firms = min(size, FIRMS)
    stage, bare = copy_of(firms, "batch"), copy_of(firms, "bare")
    headers = key(stage)
    with quiet():
        single = posted_singly(stage, headers, firms)
        with where_time_goes() as shares, Clock() as ours:
            posted_at_once(stage, headers, violations(firms))
        theirs = bulk_insert(stage, bare)
    rows = firms * EACH
    what = f"batch of {rows:,} violations of {firms:,} enterprises over HTTP, graded and published"
    notes = {"where the time goes": shares, "wall": ours.wall, "cpu": ours.cpu, "bulk": theirs, "single": single}
    return [
        Row(what, f"posting singly ({SINGLY} measured)", rows / ours.wall * single, 30,
            rows_a_second(rows, ours.wall), rows_a_second(1, single), notes=notes),
        Row(what, "ORM bulk insert of the bare event rows", theirs / ours.wall, 0.5,
            rows_a_second(rows, ours.wall), rows_a_second(rows, theirs), unit="of its rate", notes=notes),
    ]  # fmt: skip


def memory(size: int) -> list[Row]:
    """The command's peak memory for ten times the rows."""
    firms = min(size, FIRMS * SMALLER)
    small, large = (peak(copy_of(firms, f"peak{number}"), number) for number in (firms // SMALLER, firms))
    return [
        Row(f"batch of {firms * EACH:,} rows, peak memory of all its processes", f"of {firms // SMALLER * EACH:,} rows",
            large / small, 1.5, f"{large / MIB:.0f} MiB", f"{small / MIB:.0f} MiB", at_most=True),
    ]  # fmt: skip


def copy_of(firms: int, name: str) -> Stage:
    """A register of these enterprises of its own, without any event."""
    source = without_events(firms)
    with source.app.app_context():
        db.session.rollback()
        db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
        db.session.rollback()
    path = folder() / f"{name}-{firms}.db"
    shutil.copy(str(make_url(source.app.config["DATABASE_URL"]).database), path)
    config = {key: source.app.config[key] for key in ("CREDIT_ENV", "CREDIT_LIMIT_ADDRESS", "CREDIT_LIMIT_KEY", "CLOCK")}
    spool = folder() / f"spool-{name}"
    made = create_app(
        config
        | {
            "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "benchmark " * 4, "CREDIT_SPOOL": str(spool),
            "CREDIT_BATCH_SECONDS": "100000",
        }
    )  # fmt: skip
    return Stage(made, firms)


@cache
def without_events(firms: int) -> Stage:
    """Enterprises only; the register that the other rows share has events once it is graded."""
    stage = empty("sqlite", "plain", firms)
    stage.command("import-enterprises", str(registry_file(firms)))
    return stage


def key(stage: Stage) -> dict[str, str]:
    """Headers with a department's key."""
    with stage.app.app_context(), transaction("key") as change:
        number = departments.add("基准市场监督管理局")
        made = keys.new(change, number, "", ["events:write"]).key
    return {"Authorization": f"Bearer {made}"}


@cache
def violations(firms: int) -> Path:
    """A file of five violations for each enterprise, the enterprises in turns."""
    with without_events(firms).app.app_context():
        codes = list(db.session.scalars(text("SELECT code FROM enterprise ORDER BY id")))
        db.session.rollback()
    path = folder() / f"violations-{firms}.jsonl"
    with path.open("wb") as file:
        for number in range(EACH):
            file.writelines(orjson.dumps(violation(code, f"{place}-{number}")) + b"\n" for place, code in enumerate(codes))
    return path


def violation(code: str, number: str) -> dict[str, Any]:
    """A violation with everything that the law wants said of it."""
    decided = (TODAY - timedelta(days=60)).isoformat()
    notices = dict.fromkeys(("served_on", "publication_notice_on", "repair_notice_on"), decided)
    return {
        "kind": "violation", "code": code, "document_no": f"基准罚〔2026〕{number}号", "decided_on": decided,
        "occurred_on": (TODAY - timedelta(days=90)).isoformat(), "category": "product_quality", "penalties": ["fine"],
        "fine": "60000.00", "facts": "销售不合格的电线电缆。", "basis": "《中华人民共和国产品质量法》第四十九条",
        "notices": notices, "proceedings": False,
    }  # fmt: skip


def posted_singly(stage: Stage, headers: dict[str, str], firms: int) -> float:
    """Seconds that one violation takes over HTTP."""
    with violations(firms).open("rb") as file:
        bodies = [
            orjson.dumps(orjson.loads(line) | {"document_no": "单件"}) for line, _ in zip(file, range(SINGLY), strict=False)
        ]
    call(stage, "/api/v1/events", headers, "application/json", bodies[0])
    start = time.perf_counter()
    for body in bodies[1:]:
        call(stage, "/api/v1/events", headers, "application/json", body)
    return (time.perf_counter() - start) / len(bodies[1:])


def posted_at_once(stage: Stage, headers: dict[str, str], file: Path) -> None:
    """The whole file as one batch."""
    with file.open("rb") as body:
        call(stage, "/api/v1/events/batch", headers, "application/x-ndjson", body, file.stat().st_size)
    with stage.app.app_context():
        batch = db.session.scalars(select(Batch)).one()
        if (batch.state, batch.recorded) != ("done", batch.rows):
            raise AssertionError(f"{batch.state}: {batch.recorded} of {batch.rows} recorded")
        db.session.rollback()


def call(stage: Stage, path: str, headers: dict[str, str], kind: str, body: Any, length: int | None = None) -> None:
    """One request through the whole program; anything but 200 or 201 is an error."""
    environ = EnvironBuilder(
        path=path, method="POST", headers=headers, content_type=kind, content_length=length,
        environ_base={"REMOTE_ADDR": "127.0.0.1"}, **({"data": body} if length is None else {"input_stream": body}),
    ).get_environ()  # fmt: skip
    status: list[str] = []
    answer = stage.app.wsgi_app(environ, lambda line, *_: status.append(line))  # type: ignore[arg-type,return-value]
    told = b"".join(answer)
    if status[0][:3] not in ("200", "201"):
        raise AssertionError(f"{status[0]}: {told[:500].decode()}")


def bulk_insert(source: Stage, target: Stage) -> float:
    """Seconds of a plain ORM bulk insert of the same event rows, into a register without them."""
    with source.app.app_context():
        rows = [dict(row) for row in db.session.execute(select(*Event.__table__.columns)).mappings()]
        db.session.rollback()
    key(target)
    with target.app.app_context():
        for row in rows:
            row["report_id"] = None
        with Clock() as clock, transaction("bulk") as change:
            change.take(len(rows))
            db.session.bulk_insert_mappings(Event.__mapper__, rows)
    return clock.wall


def peak(stage: Stage, firms: int) -> int:
    """Bytes that `credit import-events` and its reader hold at most, together, for the first of the enterprises."""
    whole, part = violations(stage.size), folder() / f"part-{firms}.jsonl"
    with whole.open("rb") as file, part.open("wb") as out:
        lines = list(file)
        for number in range(EACH):
            out.writelines(lines[number * stage.size : number * stage.size + firms])
        del lines
    with stage.app.app_context(), transaction("department"):
        departments.add("基准市场监督管理局")
    words = ["credit", "import-events", "violation", str(part), "--department", "基准市场监督管理局"]
    env = os.environ | {"DATABASE_URL": stage.app.config["DATABASE_URL"], "CREDIT_ENV": "test"}
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", *words], env=env, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, _resident(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise AssertionError(f"import-events ended with {process.returncode}")
    return most
