"""The process beside gunicorn's workers: it serves receivers, comes back when it dies, and ends with gunicorn."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from credit import background, create_app, reader
from credit.clock import now
from credit.db import aside, db, transaction
from credit.services import feed, webhooks
from credit.services.suppliers import delivery, follow, lists
from tests.conftest import QUIET, ROOT, TODAY, Clock
from tests.makers import (
    ago,
    award,
    make_department,
    make_enterprise,
    make_event,
    make_listing,
    violation,
)
from tests.public_answers import get
from tests.receivers import Receiver, receiver
from tests.screening import fresh_lists
from tests.serving import serve


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    """What becomes true within this time."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)
    return found


def make_webhook(there: Receiver) -> int:
    department = make_department()
    with transaction("test") as change:
        number = webhooks.add(department, there.url, 0, change.recorded_at.date(), change.recorded_at)
    there.secret = webhooks.secret_of(number)
    return number


@pytest.fixture
def works(app: Flask) -> Iterator[background.Background]:
    """The tasks of the application, whose queue the test empties itself."""
    found = background.Background(app)
    yield found
    found.huey.storage.close()


def test_a_job_of_the_queue_serves_its_receiver_and_the_queue_stays_out_of_the_register(
    client: FlaskClient, works: background.Background
) -> None:
    with receiver() as there:
        make_enterprise()
        number = make_webhook(there)
        works.deliver(number)
        job = works.huey.dequeue()
        works.huey.execute(job)
        assert there.taken == get(client, "/changes")["items"]
        assert works.huey.dequeue() is None
    assert not [name for name in inspect(db.engine).get_table_names() if re.search("huey|task|schedule|kv", name)]


def test_a_followed_suppliers_new_verdict_is_told_signed_and_a_dead_receiver_keeps_no_other_waiting(
    client: FlaskClient, works: background.Background, tmp_path: Path
) -> None:
    fresh_lists(tmp_path)
    code = make_enterprise()
    with receiver() as there:
        for url in ("http://127.0.0.1:9/nobody", there.url):
            given = {"name": "常用", "kind": "government-procurement", "codes": [code], "url": url}
            with aside() as connection:
                made = lists.add(connection, given, TODAY, now())
            follow.up_to_date(made.id, TODAY, now())
        there.secret = delivery.secret_of(made.id)
        grave = {"penalties": ["suspended_business"], "fine": None, "occurred_on": ago(20), "decided_on": ago(10)}
        make_event(violation(code, document_no="示例罚〔2026〕9号", **grave))
        works.follow()
        works.huey.execute(works.huey.dequeue())
        (told,) = there.taken
    assert [(one["code"], one["verdict"]) for one in told["changed"]] == [(code, "excluded")] and told["list"] == made.id


def test_the_calendar_is_kept_without_a_command(
    client: FlaskClient, clock: Clock, works: background.Background
) -> None:
    code = make_enterprise()
    make_event(award(code, category="brand", valid_until="2026-11-25"))
    before = get(client, "/changes")["seq"]
    clock.day += timedelta(days=10)
    assert feed.place(clock.day).due
    works.keep_day()
    works.huey.execute(works.huey.dequeue())
    assert not feed.place(clock.day).due
    (item,) = get(client, f"/changes?after={before}")["items"]
    assert item["graded_on"] == "2026-12-02"
    assert works.day == clock.day


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc tells which processes live")
def test_killed_in_the_middle_it_comes_back_and_nothing_is_lost(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "credit.db"
    shutil.copy(sqlite_template, path)
    secret = {"SECRET_KEY": "a secret of this test alone, long enough"}
    environment = {**os.environ, **QUIET, **secret, "DATABASE_URL": f"sqlite:///{path}", "CREDIT_LOG_LEVEL": "WARNING"}
    app = create_app({**QUIET, **secret, "DATABASE_URL": f"sqlite:///{path}"})
    serving = contextmanager(serve)(environment, ROOT)
    with receiver() as there, app.app_context(), serving:
        lock = Path(f"{path}.background.lock")
        consumer = until(lambda: lock.exists() and lock.read_text().strip())
        make_webhook(there)
        killed = []

        def kill_in_the_middle(item: dict[str, Any]) -> int:
            if len(there.tried) == 4:
                os.kill(int(consumer), signal.SIGKILL)
                killed.append(item["seq"])
            return 204

        there.answer = kill_in_the_middle
        codes = [make_enterprise(number) for number in range(1, 7)]
        make_listing(codes[0])
        items = get(app.test_client(), "/changes")["items"]
        wanted = {item["id"]: item["seq"] for item in items}
        until(lambda: there.holds() == wanted, 60)
        assert len(killed) == 1
        assert lock.read_text().strip() != consumer, "another process came after it"
        for code in codes:
            told = [item["seq"] for item in there.taken if item.get("code") == code and item["type"] == "enterprise"]
            assert told == sorted(told), "in order for each enterprise"
        last = int(lock.read_text())
        assert alive(last)
        db.session.remove()
        db.engine.dispose()
        reader.close()
    until(lambda: not alive(last))
