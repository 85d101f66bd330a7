"""A fall to C or D is shown after five working days unless it is objected to; until then the record says "pending"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.policy import load_policy
from credit.rules.falls import runs, shown, waits
from credit.terms import OfficerRole
from tests.conftest import TODAY, Clock
from tests.desk import make_login, sign_in
from tests.makers import (
    ago,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)
from tests.objections.filings import objection

GRAVE = {"penalties": ["fine", "suspended_business"], "fine": "600000.00"}
DAY = date(2026, 11, 20)  # a Friday: five working days later is the 27th, so the fall is shown from the 28th


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    code = make_enterprise()
    make_event(inspection(code))
    return code


@pytest.fixture
def record(client: FlaskClient, code: str) -> Callable[..., Any]:
    return lambda query="", headers=None: client.get(f"/api/v1/enterprises/{code}{query}", headers=headers).get_json()


def fallen(code: str, **fields: Any) -> int:
    """A serious violation decided on DAY."""
    told = {"occurred_on": ago(60), "decided_on": DAY.isoformat(), "published_on": DAY.isoformat()}
    return make_event(violation(code, **(told | GRAVE | fields)))


@pytest.fixture
def move_to(clock: Clock) -> Callable[[date], None]:
    return lambda day: setattr(clock, "day", day)


def spans_of(*rows: tuple[str, str]) -> pl.DataFrame:
    days = [date.fromisoformat(day) for day, _ in rows]
    return pl.DataFrame(
        {"enterprise": 1, "since": days, "until": [*days[1:], None], "grade": [grade for _, grade in rows]},
        schema={"enterprise": pl.Int64, "since": pl.Date, "until": pl.Date, "grade": pl.String},
    )


def told(*rows: tuple[str, str], listed: str | None = None) -> list[tuple[str, str]]:
    lawful, law = spans_of(*rows), load_policy()
    since = [date.fromisoformat(listed)] if listed else []
    listings = pl.DataFrame({"enterprise": [1] * len(since), "since": since}, schema={"enterprise": pl.Int64, "since": pl.Date})
    none = pl.DataFrame(schema={"enterprise": pl.Int64, "day": pl.Date, "filed_on": pl.Date, "until": pl.Date})
    found = shown(lawful, waits(runs(lawful), law, listings, none))
    return [(str(row["since"]), row["grade"]) for row in found.iter_rows(named=True)]


@pytest.mark.parametrize(
    ("lawful", "expected"),
    [
        ([("2020-01-01", "A"), ("2026-11-20", "C")], [("2020-01-01", "A"), ("2026-11-28", "C")]),
        ([("2020-01-01", "A"), ("2026-10-30", "C")], [("2020-01-01", "A"), ("2026-10-30", "C")]),
        ([("2020-01-01", "A"), ("2026-11-20", "B")], [("2020-01-01", "A"), ("2026-11-20", "B")]),
        ([("2020-01-01", "C"), ("2026-11-20", "A")], [("2020-01-01", "C"), ("2026-11-20", "A")]),
        ([("2026-11-20", "C")], [("2026-11-20", "C")]),
        ([("2020-01-01", "N"), ("2026-11-20", "D")], [("2020-01-01", "N"), ("2026-11-28", "D")]),
        ([("2020-01-01", "C"), ("2026-11-20", "D")], [("2020-01-01", "C"), ("2026-11-28", "D")]),
        ([("2020-01-01", "A"), ("2026-11-20", "C"), ("2026-11-25", "D")],
         [("2020-01-01", "A"), ("2026-11-28", "C"), ("2026-12-03", "D")]),
        ([("2020-01-01", "A"), ("2026-11-20", "D"), ("2026-11-25", "C")], [("2020-01-01", "A"), ("2026-11-28", "C")]),
        ([("2020-01-01", "A"), ("2026-11-20", "C"), ("2026-11-25", "B")], [("2020-01-01", "A"), ("2026-11-25", "B")]),
    ],
)  # fmt: skip
def test_a_fall_is_shown_when_its_wait_is_over_and_a_rise_at_once(lawful: Any, expected: Any) -> None:
    assert told(*lawful) == expected


def test_a_listed_firm_was_heard_before_and_its_fall_is_shown_at_once() -> None:
    lawful = [("2020-01-01", "A"), ("2026-11-20", "D")]
    assert told(*lawful, listed="2026-11-20") == lawful
    assert told(*lawful, listed="2026-11-24") == [("2020-01-01", "A"), ("2026-11-24", "D")]


def test_until_its_wait_is_over_the_record_explains_the_former_grade_and_says_pending(record: Any, code: str) -> None:
    before = record()
    event = fallen(code)
    now = record()
    assert [one["id"] for one in now["violations"]] == [event]
    assert (now["grade"], now["grade_since"], now["score"]) == (before["grade"], before["grade_since"], before["score"])
    assert now["grade_pending"] == {"since": "2026-11-20", "shown_from": "2026-11-28", "contested": False}
    assert now["next_change_on"] == "2026-11-28"
    if now["score"] is not None:
        assert sum(one["points"] for one in now["findings"]) == now["score"]
    assert record(f"?as_of={TODAY}", make_key())["grade_pending"] == now["grade_pending"]


def test_no_public_door_tells_the_grade_that_waits(client: FlaskClient, record: Any, code: str) -> None:
    shown_grade = record()["grade"]
    fallen(code)
    found = client.get(f"/api/v1/enterprises?q={code}").get_json()["items"]
    assert [one["grade"] for one in found] == [shown_grade]
    history = client.get(f"/api/v1/enterprises/{code}/grades").get_json()["items"]
    assert history[0]["grade"] == shown_grade and not {"C", "D"} & {one["grade"] for one in history}
    foretold = client.get(f"/api/v1/enterprises/{code}/forecast").get_json()
    assert (foretold["grade"], foretold["items"]) == (shown_grade, [])
    page = client.get(f"/enterprises/{code}").text
    assert "新等级待公布" in page and "2026年11月28日" in page


def test_on_its_day_it_is_shown_without_any_job(client: FlaskClient, record: Any, code: str, move_to: Any) -> None:
    fallen(code)
    move_to(date(2026, 11, 27))
    assert record()["grade_pending"] is not None
    move_to(date(2026, 11, 28))
    after = record()
    assert after["grade"] in ("C", "D") and after["grade_pending"] is None
    found = client.get(f"/api/v1/enterprises?q={code}").get_json()["items"]
    assert found[0]["grade"] == after["grade"]
    assert client.get(f"/api/v1/enterprises/{code}/grades").get_json()["items"][0]["since"] == "2026-11-28"


def test_an_objection_keeps_it_pending_until_it_is_decided(
    client: FlaskClient, record: Any, code: str, move_to: Any
) -> None:
    event = fallen(code)
    number = client.post("/api/v1/objections", json=objection(code, event)).get_json()["number"]
    assert record()["grade_pending"]["contested"] is True
    move_to(date(2026, 12, 1))
    assert record()["grade_pending"]["contested"] is True and record()["grade"] not in ("C", "D")
    decided = {"outcome": "rejected", "reason": "与决定书一致"}
    assert client.post(f"/api/v1/objections/{number}/decide", json=decided, headers=make_key()).status_code == 200
    assert record()["grade_pending"] is None and record()["grade"] in ("C", "D")


def test_an_objection_that_nobody_decides_holds_it_no_longer_than_its_own_term(
    client: FlaskClient, record: Any, code: str, move_to: Any
) -> None:
    event = fallen(code)
    assert client.post("/api/v1/objections", json=objection(code, event)).status_code == 200
    move_to(TODAY + timedelta(days=40))
    assert record()["grade_pending"] is None and record()["grade"] in ("C", "D")


def test_whoever_is_listed_is_shown_as_d_that_day(record: Any, code: str) -> None:
    make_listing(code, DAY)
    assert (record()["grade"], record()["grade_pending"]) == ("D", None)


def test_a_fall_that_is_mended_in_time_is_never_shown(
    client: FlaskClient, record: Any, code: str, move_to: Any
) -> None:
    before = record()["grade"]
    fallen(code)
    make_cessation(code, "示例罚〔2026〕1号", TODAY + timedelta(days=1))
    move_to(date(2026, 12, 10))
    grades = client.get(f"/api/v1/enterprises/{code}/grades").get_json()["items"]
    assert {one["grade"] for one in grades} <= {before, "N"}


def test_gradings_told_as_pending_are_replayed_as_they_were(app: Flask, record: Any, code: str) -> None:
    fallen(code)
    assert record()["grade_pending"] is not None
    result = app.test_cli_runner().invoke(args=["credit", "verify-gradings"])
    assert result.exit_code == 0, result.output


def test_the_desk_tells_whom_to_notify_why_and_until_when(client: FlaskClient, record: Any, code: str) -> None:
    assert client.get("/api/v1/falls", headers=make_key()).get_json() == {"items": [], "next": None}
    before = record()["grade"]
    event = fallen(code)
    assert client.get("/api/v1/falls").status_code == 401
    (fall,) = client.get("/api/v1/falls", headers=make_key()).get_json()["items"]
    assert (fall["code"], fall["from"], fall["shown_from"]) == (code, before, "2026-11-28") and fall["to"] in ("C", "D")
    assert event in [one["event"] for one in fall["because"]]
    sign_in(client, make_login(OfficerRole.SUPERVISOR))
    assert f"/desk/falls/{code}" in client.get("/desk/falls").text
    notice = client.get(f"/desk/falls/{code}").text
    assert "等级变动告知书" in notice and "2026年11月28日" in notice and "示例罚〔2026〕1号" in notice
    assert client.get(f"/desk/falls/{make_enterprise(2)}").status_code == 404
