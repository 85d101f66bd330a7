"""/metrics tells how many duties wait, by kind and state, from the register and the day alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from credit.rules.working_days import add_working_days
from credit.services import duty_totals as module
from credit.services.duties.desk import WORDS
from tests.conftest import TODAY, Clock
from tests.makers import code_of, make_enterprise, make_listing


def told(client: FlaskClient) -> dict[tuple[str, str], int]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if line.startswith("credit_duties{")]
    parts = [line.split('"') for line in lines]
    return {(part[1], part[3]): int(float(part[4].strip("} "))) for part in parts}


def test_every_kind_is_told_and_the_day_alone_makes_a_duty_overdue(client: FlaskClient, clock: Clock) -> None:
    assert told(client) == {(kind, state): 0 for kind in WORDS for state in ("open", "overdue")}
    make_enterprise(1)
    make_listing(code_of(1), until="decide")
    assert told(client)["listing-publication", "open"] == 1
    clock.day = add_working_days(TODAY, 20)[0]
    assert told(client)["listing-publication", "open"] == 1
    clock.day += timedelta(days=1)
    found = told(client)
    assert (found["listing-publication", "open"], found["listing-publication", "overdue"]) == (0, 1)


def test_a_second_scrape_of_an_unchanged_register_counts_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(client)
    monkeypatch.setattr(module, "duties", lambda _day: pytest.fail("counted again"))
    assert told(client)


def test_without_a_database_the_other_measurements_are_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_day: object) -> None:
        from sqlite3 import OperationalError

        raise OperationalError("gone")

    monkeypatch.setattr("credit.health.duty_totals", broken)
    answer = client.get("/metrics")
    assert answer.status_code == 200 and "credit_duties" not in answer.text and "credit_request_seconds" in answer.text
