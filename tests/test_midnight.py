"""The day changes at midnight in Shanghai, and the holidays of a year may not be announced: said so, never silently wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.clock import on_its_day, seconds_left
from credit.rules.working_days import KNOWN_UNTIL, add_working_days
from credit.services.duties.desk import duties
from tests.conftest import Clock
from tests.makers import make_enterprise, make_event, make_key, make_listing, violation
from tests.objections.filings import PATH, objection

BEFORE, AFTER = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)


def test_the_day_ends_at_sixteen_hours_utc(app: Flask) -> None:
    app.config["CLOCK"] = None
    assert [on_its_day(instant).date().day for instant in (BEFORE, AFTER)] == [22, 23]
    assert [seconds_left(date(2026, 11, 22), instant) for instant in (BEFORE, AFTER)] == [1, 0]


@pytest.mark.parametrize("calls", [1, 2, 3, 5])
def test_an_objection_at_midnight_has_one_day(app: Flask, client: FlaskClient, tmp_path: Path, calls: int) -> None:
    """However often the clock is read before it strikes: the term runs from the day that stands on file."""
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path)
    code = make_enterprise()
    event = make_event(violation(code))
    key, days = make_key(), chain(repeat(date(2026, 11, 22), calls), repeat(date(2026, 11, 23)))
    app.config["CLOCK"] = lambda: next(days)
    told = client.post(PATH, json=objection(code, event)).get_json()
    app.config["CLOCK"] = lambda: date(2026, 11, 23)
    mark = client.get(f"/api/v1/enterprises/{code}").get_json()["violations"][0]["objection"]
    filed = date.fromisoformat(mark["since"])
    assert told["due_on"] == str(add_working_days(filed, 5)[0])
    asked = client.get("/api/v1/alerts?kind=objection", headers=key).get_json()["items"]
    assert [(one["began_on"], one["due_on"]) for one in asked] == [(str(filed), told["due_on"])]


def test_a_clock_into_a_year_without_calendar_is_provisional(client: FlaskClient, clock: Clock, app: Flask, tmp_path: Path) -> None:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path)
    code = make_enterprise()
    event = make_event(violation(code))
    clock.day = KNOWN_UNTIL
    client.post(PATH, json=objection(code, event))
    make_listing(make_enterprise(2), KNOWN_UNTIL, until="confirm")
    told: list[dict[str, Any]] = client.get("/api/v1/alerts?department=*&limit=200", headers=make_key()).get_json()["items"]
    kinds = {one["kind"]: one["provisional"] for one in told if one["due_on"] > str(KNOWN_UNTIL)}
    assert {"objection", "listing-publication"} <= set(kinds)
    assert all(kinds.values())
    later = duties(KNOWN_UNTIL.replace(year=KNOWN_UNTIL.year + 1))
    assert not later.is_empty()
