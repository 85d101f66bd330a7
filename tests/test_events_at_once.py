"""Events reported and read at the same time: one event of one document, never without its record."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import func, select

from credit import reader
from credit.db import db
from credit.models import Event
from tests.event_reports import URL
from tests.makers import award, make_enterprise, make_key


def test_eight_reports_of_one_document_at_once_make_one_event(app: Flask) -> None:
    code, headers = make_enterprise(), make_key()
    db.session.remove()
    answers: list[tuple[int, int]] = []

    def report() -> None:
        with app.app_context():
            answer = app.test_client().post(URL, json=award(code), headers=headers)
            answers.append((answer.status_code, answer.json["id"]))
            db.session.remove()
            reader.close()

    threads = [threading.Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert len({event_id for _, event_id in answers}) == 1


def test_a_reader_never_sees_an_event_without_its_record(app: Flask, database_url: str) -> None:
    code, headers = make_enterprise(), make_key()
    db.session.remove()
    seen: set[tuple[int, int]] = set()
    done = threading.Event()

    def read() -> None:
        with app.app_context():
            while not done.is_set():
                seen.add(_events_and_shown(database_url))
            seen.add(_events_and_shown(database_url))
            db.session.remove()

    def write() -> None:
        with app.app_context():
            for number in range(5):
                sent = award(code, document_no=str(number), category="brand")
                app.test_client().post(URL, json=sent, headers=headers)
            done.set()
            db.session.remove()
            reader.close()

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {kept for kept, _ in seen} > {0, 5}
    assert all(kept == shown for kept, shown in seen), seen


def _events_and_shown(url: str) -> tuple[int, int]:
    """Events of an enterprise and awards in its record, as one snapshot tells them."""
    with db.engine.connect().execution_options(isolation_level=_snapshot(url)) as connection:
        events = connection.execute(select(func.count()).select_from(Event)).scalar_one()
        body = connection.exec_driver_sql("SELECT body FROM record").scalar_one()
    return events, bytes(body).count(b'"category":"brand"')


def _snapshot(url: str) -> str:
    return "SERIALIZABLE" if url.startswith("sqlite") else "REPEATABLE READ"
