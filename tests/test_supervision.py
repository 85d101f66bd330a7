"""Classified supervision: who is due when by tier and risk, what is owed this year; told to supervisors, never to the public."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from credit.db import db, transaction
from credit.models import Standing
from credit.policy import load_policy
from credit.rules import supervision as rules
from credit.services import workbooks
from tests.conftest import TODAY, Once
from tests.desk import make_login, sign_in
from tests.draws.registers import make_tiers, sampled
from tests.makers import ago, make_enterprise, make_events, make_key

URL = "/api/v1/tiers"


def firms(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Firms of tier, risk, living, last inspection, planned ones this year."""
    schema = {"tier": pl.String, "risk": pl.String, "living": pl.Boolean, "last": pl.Date, "planned": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.mark.parametrize(
    ("tier", "risk", "living", "last", "due", "due_on"),
    [
        ("4", "III", True, date(2026, 3, 1), "later", date(2027, 3, 1)),  # once a year
        ("4", "I", True, date(2026, 3, 1), "overdue", date(2026, 9, 1)),  # high risk: twice a year
        ("4", "III", True, date(2025, 12, 31), "soon", date(2026, 12, 31)),
        ("4", "III", True, date(2025, 11, 22), "soon", date(2026, 11, 22)),  # due today is not overdue
        ("4", "III", True, date(2025, 11, 21), "overdue", date(2026, 11, 21)),
        ("4", "III", True, None, "soon", date(2026, 12, 31)),  # never inspected: by the year's end
        ("3", "I", True, None, "draw", None),
        ("1", "III", True, date(2020, 1, 1), "draw", None),
        ("4", "III", False, None, "none", None),  # closed
        (None, "III", True, None, "none", None),  # no tier
    ],
)
def test_when_an_enterprise_is_due(
    tier: str | None, risk: str, living: bool, last: date | None, due: str, due_on: date | None
) -> None:
    (told,) = rules.due(firms((tier, risk, living, last, 0)), load_policy(), TODAY).to_dicts()
    assert (told["due"], told["due_on"]) == (due, due_on)


def test_what_is_owed_this_year_equals_a_table_made_by_hand() -> None:
    known = firms(
        *[("3", "I", True, None, 1)] * 3, *[("3", "I", True, None, 0)] * 17, ("3", "I", False, None, 0),
        ("4", "III", True, None, 2), ("4", "III", True, None, 0), (None, "III", True, None, 0),
    )  # fmt: skip
    told = rules.strata(known, load_policy(), TODAY).to_dicts()
    assert told == [
        {"tier": "3", "risk": "I", "enterprises": 20, "rate": 0.2, "owed": 4.0, "done": 3, "share": 75.0},
        {"tier": "4", "risk": "III", "enterprises": 2, "rate": 1.0, "owed": 2.0, "done": 1, "share": 50.0},
    ]


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def test_the_list_tells_each_enterprise_with_its_tier_and_why(client: FlaskClient, codes: Any) -> None:
    key = make_key()
    every = client.get(f"{URL}?limit=200", headers=key).json["items"]
    assert {one["code"]: one["tier"] for one in every} == {code: tier for tier, some in codes.items() for code in some}
    (worst, _) = [one for one in every if one["tier"] == "4"]
    assert worst["grade"] == "C" and any("停产停业" in told["zh"] or "扣" in told["zh"] for told in worst["reasons"])
    (first, *_) = [one for one in every if one["tier"] == "1"]
    assert (first["due"], first["rate"], first["last_result"]) == ("draw", 0.02, "pass")  # food: high risk doubles 1%
    assert [one["code"] for one in every] == sorted(one["code"] for one in every)


def test_filters_and_pages_meet(client: FlaskClient, codes: Any) -> None:
    key = make_key()
    def codes_of(asked: str) -> list[str]:
        return [one["code"] for one in client.get(f"{URL}?{asked}", headers=key).json["items"]]

    assert codes_of("tier=4&limit=200") == sorted(codes["4"]) == codes_of("due=soon&limit=200")
    assert codes_of("grade=AA") == sorted(codes["1"]) and codes_of("risk=III") == [] and codes_of("industry=A") == []
    assert len(codes_of("region=3407&limit=200")) == 21 and codes_of(f"q={codes['2'][0]}") == codes["2"][:1]
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"{URL}?limit=2&tier=2&cursor={cursor}", headers=key).json
        found += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert found == sorted(codes["2"])
    for wrong in ("tier=9", "grade=E", "risk=IV", "due=now", "region=x", "industry=酒", "cursor=x", "q=x", "colour=red"):
        assert client.get(f"{URL}?{wrong}", headers=key).status_code == 422, wrong


def test_a_standing_that_ended_is_judged_anew_before_it_is_told(client: FlaskClient, codes: Any) -> None:
    with transaction("test"):
        db.session.execute(update(Standing).values(tier="1", grade="AAA", expires_on=TODAY))
    every = client.get(f"{URL}?limit=200", headers=make_key()).json["items"]
    assert {one["code"] for one in every if one["tier"] == "4"} == set(codes["4"])
    assert [one["code"] for one in client.get(f"{URL}?tier=4", headers=make_key()).json["items"]] == sorted(codes["4"])


def test_planned_inspections_of_the_year_count_by_days(client: FlaskClient, codes: Any) -> None:
    code = codes["4"][0]
    make_events(sampled(code, 20), sampled(code, 40), sampled(code, 400), sampled(code, 10, type="special"))
    (told,) = client.get(f"{URL}?q={code}", headers=make_key()).json["items"]
    assert (told["planned"], told["cap"], told["last"], told["last_type"]) == (2, 4, ago(10), "special")
    strata = client.get(f"{URL}/summary", headers=make_key()).json["strata"]
    (mine,) = [one for one in strata if (one["tier"], one["risk"]) == ("4", "I")]
    assert (mine["enterprises"], mine["owed"], mine["done"]) == (2, 4.0, 1)


def test_files_hold_the_chosen_columns_and_no_formula(client: FlaskClient, tmp_path: Path) -> None:
    make_enterprise(61, name="=1+1有限公司")
    key = make_key()
    told = client.get(f"{URL}/list.csv?columns=code,name,tier,due", headers=key)
    rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig"))))
    assert rows[0] == ["统一社会信用代码", "名称", "监管类别", "应检"] and rows[1][1] == "'=1+1有限公司"
    path = tmp_path / "tiers.xlsx"
    path.write_bytes(client.get(f"{URL}/list.xlsx", headers=key).data)
    assert len(list(workbooks.rows(path))) == 1
    assert client.get(f"{URL}/list.csv?columns=secret", headers=key).status_code == 422
    empty = client.get(f"{URL}/list.csv?tier=4", headers=key).data.decode("utf-8-sig")
    assert empty.startswith("统一社会信用代码") and len(empty.splitlines()) == 1


def test_nobody_else_reads_tiers(client: FlaskClient) -> None:
    for path in (URL, f"{URL}/summary", f"{URL}/list.csv", f"{URL}/list.xlsx"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=make_key(scopes=("events:write",))).status_code == 403
    sign_in(client, make_login("auditor"))
    assert client.get("/desk/tiers").status_code == 403


def test_the_desk_shows_picture_strata_and_list_and_names_a_wrong_filter(client: FlaskClient, codes: Any) -> None:
    sign_in(client, make_login("supervisor"))
    page = client.get("/desk/tiers")
    assert page.status_code == 200 and "加严监管" in page.text and "不得公开" in page.text
    some = client.get("/desk/tiers?tier=4&columns=rate&columns=reasons")
    assert all(code in some.text for code in codes["4"]) and codes["1"][0] not in some.text
    wrong = client.get("/desk/tiers?industry=酒")
    assert wrong.status_code == 422 and 'id="industry-mistake"' in wrong.text
    assert "没有符合条件的企业" in client.get("/desk/tiers?region=11").text
    file = client.get("/desk/tiers/list.csv?tier=4&columns=code&columns=tier")
    assert len(file.data.decode("utf-8-sig").splitlines()) == 3
