"""The archive of what was repaired: read by its department and auditors alone, logged, and deleted in time, with proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import retention
from credit.db import db, transaction
from credit.models import Deletion, Event, Filing, Listing
from credit.services import listings
from credit.services.repairs.retention import digest_of, due, rows_of
from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.makers import (
    ago,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    make_officers,
    make_person,
)
from tests.test_repairs import OTHER, PATH, application, fine

AUDITOR = ("audit",)
LONG_AGO = 365 * 9
PAPER = {"document_no": "示例文1号", "reason": "说明"}


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_enterprise()


@pytest.fixture
def repaired(code: str) -> int:
    event = make_event(fine(code))
    make_cessation(code, "示例罚〔2026〕1号", TODAY - timedelta(days=5))
    return event


@pytest.fixture
def read(client: FlaskClient) -> Callable[..., Any]:
    return lambda path, headers: client.get(f"/api/v1{path}", headers=headers)


def test_another_department_reads_neither_the_archive_nor_the_fact_nor_the_past(
    read: Any, code: str, repaired: int
) -> None:
    own, other, auditor = make_key(), make_key(OTHER), make_key(OTHER, AUDITOR)
    archive = f"/repairs/archive?code={code}"
    assert [len(read(archive, who).get_json()["items"]) for who in (own, other, auditor)] == [1, 0, 1]
    assert [read(f"/events/{repaired}", who).status_code for who in (own, other, auditor)] == [200, 403, 200]
    assert read(archive, None).status_code == 401
    past = f"/enterprises/{code}?as_of={ago(30)}"
    told = [read(past, who).get_json()["violations"] for who in (own, other, auditor, None)]
    assert [[one["id"] for one in violations] for violations in told] == [[repaired], [], [repaired], []]
    grades = [read(f"/enterprises/{code}/grades?as_of={ago(30)}", who).get_json()["items"] for who in (own, other)]
    assert len(grades[0]) > len(grades[1])


def test_each_reading_is_logged_before_it_is_told(read: Any, code: str, repaired: int) -> None:
    own, auditor = make_key(), make_key(OTHER, AUDITOR)

    def logged() -> list[Any]:
        items = read("/audit?limit=200", auditor).get_json()["items"]
        return [one for one in items if one["act"] == "archive-reading"]

    for number, path in enumerate((f"/repairs/archive?code={code}", f"/events/{repaired}", f"/enterprises/{code}?as_of={ago(30)}"), 1):
        assert read(path, own).status_code == 200
        assert len(logged()) == number
    assert logged()[0]["about"]["read"] == [repaired]


def test_the_desk_and_the_list_of_duties_tell_others_nothing_of_it(read: Any, code: str, repaired: int) -> None:
    every = read("/alerts?department=*&limit=100", make_key(OTHER)).get_json()["items"]
    assert repaired not in [one["event"] for one in every]


def test_what_was_kept_for_its_time_is_deleted_with_proof(app: Flask, read: Any, code: str) -> None:
    old = make_event(fine(code, LONG_AGO))
    passed = make_event(inspection(code, occurred_on=ago(LONG_AGO)))
    young = make_event(fine(code, 200, document_no="示例罚〔2026〕2号"))
    assert due(TODAY)["event_id"].to_list() == [old]
    proof = digest_of(rows_of(old))
    assert retention.delete_due(TODAY) == 1
    assert set(db.session.scalars(select(Event.event_id))) == {passed, young}
    (told,) = read("/repairs/deletions", make_key()).get_json()["items"]
    assert (told["event"], told["digest"], told["deleted_on"]) == (old, proof, str(TODAY))
    assert told["due_on"] > told["ended_on"] and read(f"/events/{old}", make_key()).status_code == 404
    assert retention.delete_due(TODAY) == 0
    for command in (("verify-gradings",), ("audit", "verify")):
        result = app.test_cli_runner().invoke(args=["credit", *command])
        assert result.exit_code == 0, result.output


def test_nothing_is_deleted_a_day_too_early_or_while_its_enterprise_is_listed(code: str) -> None:
    make_event(fine(code, LONG_AGO))
    (row,) = due(TODAY).to_dicts()
    assert due(row["due_on"] - timedelta(days=1)).is_empty()
    assert due(row["due_on"])["ended_on"].to_list() == [row["ended_on"]]
    make_listing(code, date(TODAY.year, TODAY.month, 1))
    assert due(TODAY).is_empty()


def test_with_a_record_go_the_words_and_files_that_were_filed_about_it(
    app: Flask, client: FlaskClient, code: str
) -> None:
    event = make_event(fine(code))
    assert client.post(PATH, json=application(code, event)).status_code == 200
    folder = Path(app.config["CREDIT_ATTACHMENTS"])
    assert len(list(folder.iterdir())) == 1
    late = TODAY + timedelta(days=365 * 8)
    assert due(late)["event_id"].to_list() == [event]
    retention.delete_due(late)
    left = [db.session.scalar(select(func.count()).select_from(table)) for table in (Event, Filing, Deletion)]
    assert left == [0, 0, 1] and list(folder.iterdir()) == []


LISTED_ON = date(2022, 4, 1)
FIRST_DUE = date(2030, 4, 1)  # three years on the list, five of keeping


@pytest.mark.parametrize(
    ("until", "last_act", "day", "gone"),
    [
        ("publish", None, FIRST_DUE - timedelta(days=1), False), ("publish", None, FIRST_DUE, True),
        ("publish", ("expire", date(2026, 1, 1)), FIRST_DUE, True), ("decide", None, FIRST_DUE, False),
        ("publish", ("revoke", date(2023, 4, 1)), date(2028, 3, 31), False),
        ("publish", ("revoke", date(2023, 4, 1)), date(2028, 4, 1), True),
        ("propose", ("drop", date(2023, 4, 1)), date(2028, 4, 1), True),
    ],
)  # fmt: skip
def test_a_case_of_listing_is_deleted_five_years_after_it_ended(
    code: str, until: str, last_act: tuple[str, date] | None, day: date, gone: bool
) -> None:
    who = make_officers()
    number = make_listing(code, LISTED_ON, until=until, officers=who)
    if last_act:
        name, on = last_act
        with transaction("test") as change:
            listings.act(change, number, name, who["decider" if name != "expire" else "supervisor"], on, PAPER)
    whole = digest_of(rows_of(number, "listing"))
    assert retention.delete_due(day) == int(gone)
    left = [db.session.scalar(select(func.count()).select_from(table)) for table in (Listing, Deletion)]
    assert left == ([0, 1] if gone else [1, 0])
    if gone:
        proof = db.session.scalars(select(Deletion)).one()
        assert (proof.event_id, proof.kind, proof.digest) == (number, "listing", whole)


def test_the_daily_run_deletes_what_is_due(app: Flask, code: str) -> None:
    assert "deleted" not in app.test_cli_runner().invoke(args=["credit", "daily"]).output
    make_event(fine(code, LONG_AGO, document_no="示例罚〔2017〕1号"))
    assert "deleted 1" in app.test_cli_runner().invoke(args=["credit", "daily"]).output


def test_a_listing_that_was_removed_early_is_closed_to_other_departments(client: FlaskClient, code: str) -> None:
    number = make_listing(code, date(TODAY.year - 2, TODAY.month, 1))
    who = {role: make_person(role) for role in (OfficerRole.SUPERVISOR, OfficerRole.DECIDER)}
    sent = application(code, None, document_no="示例列〔2026〕1号")
    case = client.post(PATH, json=sent).get_json()["number"]
    granted = {"outcome": "granted", "document_no": "移出1", "reason": "已履行"}
    for act, given, role in (
        ("accept", {"document_no": "受理1"}, OfficerRole.SUPERVISOR), ("decide", granted, OfficerRole.DECIDER)
    ):  # fmt: skip
        assert client.post(f"{PATH}/{case}/{act}", json=given, headers=who[role]).status_code == 200
    own, other = make_key(), make_key(OTHER)
    for path in (f"/api/v1/listings/{number}", f"/api/v1/listings/{number}/documents"):
        assert [client.get(path, headers=key).status_code for key in (own, other)] == [200, 403], path
    everybody = "/api/v1/listings?department=*"
    for path in (everybody, f"/api/v1/blacklist?as_of={ago(10)}"):
        assert [len(client.get(path, headers=key).get_json()["items"]) for key in (own, other)] == [1, 0], path
