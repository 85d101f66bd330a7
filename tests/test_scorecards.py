"""How fresh and how good each department's reports are: counted by month, told to the public in outline."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from credit.db import db, transaction
from credit.models import Event
from credit.rules.working_days import working_days_between, working_days_passed
from credit.services.scorecards import freshness, outline, scorecards
from credit.terms import Cessation
from tests.conftest import TODAY, Clock
from tests.desk import sign_in
from tests.makers import (
    DEPARTMENT,
    ago,
    award,
    inspection,
    make_cessation,
    make_department,
    make_enterprise,
    make_event,
    make_key,
    violation,
)

MONTH = TODAY.replace(day=1)


def of(department: str = DEPARTMENT, month: date = MONTH) -> dict[str, Any]:
    (found,) = [r for r in scorecards(TODAY).to_dicts() if (r["department"], r["month"]) == (department, month)]
    return found


def penalties(count: int, days_ago: int, code: str) -> None:
    for number in range(count):
        when = {"occurred_on": ago(days_ago), "decided_on": ago(days_ago), "notices": None}
        make_event(violation(code, document_no=f"罚{days_ago}-{number}", **when))


def reporting_for(days: int, code: str) -> None:
    """Let the department have reported something that many days ago already."""
    first = make_event(award(code))
    with transaction("test"):
        db.session.execute(update(Event).where(Event.event_id == first).values(received_on=TODAY - timedelta(days)))


def test_lag_and_late_reports_are_counted_in_the_month_in_which_they_came(client: FlaskClient) -> None:
    code = make_enterprise(1)
    reporting_for(500, code)
    penalties(2, 5, code)
    penalties(1, 40, code)
    told = of()
    assert (told["reports"], told["penalties"], told["late"]) == (3, 3, 1)
    assert told["median_lag"] == working_days_between(TODAY - timedelta(days=5), TODAY)


def test_what_a_department_brought_with_it_is_neither_late_nor_slow(client: FlaskClient) -> None:
    code = make_enterprise(1)
    penalties(5, 300, code)
    told = of()
    assert (told["reports"], told["penalties"], told["late"], told["median_lag"]) == (5, 0, 0, None)
    (public,) = outline(TODAY)
    assert (public["reports"], public["on_time"], public["median_lag"]) == (5, None, None)


def test_corrections_withdrawals_and_overturned_results_count_against_the_reporter(client: FlaskClient) -> None:
    code, key = make_enterprise(1), make_key()
    first = client.post("/api/v1/events", json=violation(code), headers=key).json["id"]
    sent = violation(code, fine="70000.00") | {"reason": "金额有误", "document": {"no": "更1", "day": ago(0)}}
    assert client.post(f"/api/v1/events/{first}/corrections", json=sent, headers=key).status_code in (200, 201)
    make_cessation(code, "示例罚〔2026〕1号", TODAY, Cessation.WITHDRAWN)
    failure = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(50), "document_no": "抽1"}
    make_event(inspection(code, **failure))
    again = {"stage": "reinspection", "related_to": [{"document_no": "抽1"}], "result": "pass"}
    make_event(inspection(code, document_no="复检1", occurred_on=ago(45), **again))
    told = of()
    assert (told["corrections"], told["withdrawn"], told["overturned"]) == (1, 1, 1)


def test_everybody_sees_how_fresh_each_department_is_one_that_never_reported_too(client: FlaskClient) -> None:
    make_event(violation(make_enterprise(1)))
    make_department("安静的局")
    found = {row["department"]: row["last_report_on"] for row in freshness(TODAY)}
    assert found == {DEPARTMENT: TODAY, "安静的局": None}
    page = client.get("/statistics/departments").text
    assert "安静的局" in page and "尚未报送" in page


def test_of_few_reports_the_public_is_told_neither_share_nor_median(client: FlaskClient) -> None:
    code = make_enterprise(1)
    reporting_for(500, code)
    penalties(4, 5, code)
    (few,) = outline(TODAY)
    assert (few["reports"], few["on_time"], few["median_lag"]) == (None, None, None)
    penalties(1, 40, code)
    (enough,) = client.get("/api/v1/statistics/departments").json["items"]
    assert enough["reports"] == 5 and enough["on_time"] == 0.8 and enough["median_lag"] is not None


def test_the_public_outline_does_not_move_when_a_record_is_repaired(client: FlaskClient) -> None:
    code = make_enterprise(1)
    for number in range(6):
        make_event(violation(code, document_no=f"罚{number}"))
    before = outline(TODAY)
    make_cessation(code, "罚1", TODAY)
    assert outline(TODAY) == before


def test_each_answer_says_how_fresh_each_department_is(client: FlaskClient, clock: Clock) -> None:
    code = make_enterprise(1)
    make_event(violation(code))
    (told,) = client.get("/api/v1/statistics/departments").json["items"]
    client.application.extensions["freshness"] = (0.0, "")
    for path in (f"/enterprises/{code}", "/blacklist", "/enterprises?q=铜都"):
        assert client.get(f"/api/v1{path}").headers["Data-Freshness"] == f"d{told['id']}={TODAY}"


def test_supervisors_see_the_months_and_nobody_else(client: FlaskClient) -> None:
    make_event(violation(make_enterprise(1)))
    path = "/api/v1/statistics/departments/scorecards"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=make_key(scopes=("events:write",))).status_code == 403
    assert client.get(path, headers=make_key()).json["items"][0]["month"] == MONTH.isoformat()
    sign_in(client)
    assert DEPARTMENT in client.get("/desk/scorecards").text


DAYS = st.dates(date(2010, 1, 1), date(2035, 1, 1))


@settings(deadline=None)
@given(spans=st.lists(st.tuples(DAYS, DAYS)))
def test_working_days_of_many_spans_are_those_of_each(spans: list[tuple[date, date]]) -> None:
    frame = pl.DataFrame(spans, schema={"first": pl.Date, "last": pl.Date}, orient="row")
    assert working_days_passed(frame)["passed"].to_list() == [working_days_between(*span) for span in spans]
