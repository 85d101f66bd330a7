"""Statistics equal a table computed by hand, on both databases; public doors tell no small group and no tier."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from credit.services import workbooks
from credit.terms import Cessation
from tests.conftest import TODAY, Once
from tests.desk import make_login, sign_in
from tests.makers import ago, award, inspection, make_cessation, make_enterprise, make_events
from tests.pdf import said

URL = "/api/v1/statistics"


def lots(code: str, first: int, **results: int) -> list[dict[str, Any]]:
    """So many samples with each result, 100 days ago."""
    every = [result for result, many in results.items() for _ in range(many)]
    return [
        inspection(
            code, result=result, document_no=f"抽{first + place}", occurred_on=ago(100), role="seller",
            type="supervised_sampling", item={"product": "粳米"},
        )
        for place, result in enumerate(every)
    ]  # fmt: skip


def _register() -> None:
    food = make_enterprise(1, industry="C1311", region="340705")
    farm = make_enterprise(2, industry="A0111", region="340706")
    shop = make_enterprise(3, industry="F5212", region="340706", name="=1+1商店")
    make_events(*lots(food, 1, **{"pass": 14, "fail": 2, "refused": 3, "invalid": 1}), *lots(farm, 100, **{"pass": 8}))
    routine = [inspection(farm, document_no=f"查{place}", occurred_on=ago(40), type="random_draw") for place in range(4)]
    asked = [inspection(farm, document_no=f"委{place}", occurred_on=ago(40), type="requested") for place in range(9)]
    make_events(*routine, *asked, *lots(shop, 200, **{"pass": 2}))
    # One more failure, overturned by the re-inspection: it has passed. Another isn't final, another was taken back.
    overturned, _ = make_events(*lots(food, 300, fail=2))
    make_events(
        inspection(food, document_no="复1", stage="reinspection", of=overturned, result="pass", occurred_on=ago(90)),
        inspection(food, document_no="新1", result="fail", occurred_on=ago(3), type="supervised_sampling"),
    )
    make_cessation(food, "抽301", TODAY - timedelta(days=80), Cessation.WITHDRAWN)
    make_events(award(food, document_no="奖1", category="quality_prize", level="provincial", valid_from=ago(30)))


@pytest.fixture
def register(once: Once) -> None:
    """Known lots. Of C13: 14 + 1 passed, 2 failed of 17; of A01: 12 passed of 12; of F52: 2 of 2."""
    once("statistics", _register)


@pytest.mark.usefixtures("register")
class TestApi:
    def test_shares_equal_the_table_made_by_hand(self, client: FlaskClient) -> None:
        told = client.get(f"{URL}/quality?by=industry").json
        assert [(one["group"], one["numerator"], one["denominator"], one["value"]) for one in told["items"]] == [
            ("A01", None, None, None), ("C13", 15, 17, 88.24), ("F52", None, None, None),
        ], "F52 has 2 lots, and A01 would tell of it by difference"  # fmt: skip
        (year,) = client.get(f"{URL}/quality?by=year").json["items"]
        assert (year["group"], year["numerator"], year["denominator"]) == ("2026", 29, 31)
        (failure,) = client.get(f"{URL}/quality?indicator=failure&by=year").json["items"]
        assert (failure["numerator"], failure["denominator"], failure["value"]) == (2, 27, 7.41)
        regions = client.get(f"{URL}/quality?by=region&indicator=failure").json["items"]
        assert [(one["label"]["zh"], one["numerator"], one["denominator"]) for one in regions] == [
            ("安徽省铜陵市铜官区", 2, 17), ("安徽省铜陵市义安区", 0, 10),
        ]  # fmt: skip

    def test_a_wrong_question_is_named(self, client: FlaskClient) -> None:
        for wrong in ("indicator=luck", "by=moon", "region=x", "industry=酒", "quarter=2026Q5", "colour=red"):
            told = client.get(f"{URL}/quality?{wrong}")
            assert told.status_code == 422 and wrong.split("=")[0] in told.json["errors"], wrong

    def test_targets_tell_gap_and_what_nobody_knows(self, client: FlaskClient) -> None:
        told = {one["key"]: one for one in client.get(f"{URL}/targets").json["items"]}
        assert (told["farm-share"]["value"], told["farm-share"]["gap"], told["farm-share"]["lots"]) == (100.0, 3.0, 12)
        assert (told["industry-share"]["value"], told["industry-share"]["gap"]) == (88.24, -1.76)
        assert told["industry-share"]["low"] < 88.24 < told["industry-share"]["high"]
        assert told["works-share"]["value"] is None and told["works-share"]["known"] is True
        assert told["satisfaction"] == told["satisfaction"] | {"known": False, "value": None, "gap": None}
        assert (told["provincial-prizes"]["value"], told["provincial-prizes"]["gap"]) == (1, -1)


@pytest.mark.usefixtures("register")
class TestPages:
    def test_the_public_page_is_whole_without_a_script(self, client: FlaskClient) -> None:
        page = client.get("/statistics").text
        assert "<title id=" in page and "<desc id=" in page and "88.2%" in page and "批次太少，不公布" in page
        assert "监管类别" not in page and "加严监管" not in page
        assert "qualified share" in client.get("/statistics?lang=en").text
        client.get("/statistics?x=evil")
        assert "evil" not in client.get("/statistics").text, "nobody reads what somebody else typed"

    def test_the_page_follows_what_is_reported(self, client: FlaskClient) -> None:
        before = client.get("/statistics").text
        assert client.get("/statistics").text == before
        make_events(*lots(make_enterprise(9, industry="C1311"), 900, **{"pass": 3}))
        assert client.get("/statistics").text != before

    def test_a_file_opens_in_a_spreadsheet_and_holds_no_formula(self, client: FlaskClient) -> None:
        told = client.get("/statistics/quality.csv?by=product")
        rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig"))))
        assert rows[0][0] == "分组" and rows[1][:3] == ["粳米", "29", "31"]
        assert client.get("/statistics/quality.csv?by=moon").status_code == 422

    def test_a_quarters_report_as_pdf_and_workbook(self, client: FlaskClient, tmp_path: Path) -> None:
        report = client.get("/statistics/report/2026Q3.pdf")
        assert "88.2%" in said(report).replace(" ", "")
        assert client.get("/statistics/report/2026Q3.pdf").data == report.data, "equal numbers, equal bytes"
        path = tmp_path / "report.xlsx"
        path.write_bytes(client.get("/statistics/report/2026Q3.xlsx").data)
        assert workbooks.sheets(path)[:2] == ["合格率-季度", "不合格率-季度"]
        for wrong in ("2027Q1.pdf", "1890Q1.xlsx", "2026Q7.pdf", "x.pdf"):
            assert client.get(f"/statistics/report/{wrong}").status_code == 404, wrong

    def test_staff_filter_and_see_small_groups_and_tiers(self, client: FlaskClient) -> None:
        assert client.get("/desk/statistics").status_code == 303
        sign_in(client, make_login("supervisor"))
        page = client.get("/desk/statistics?by=industry").text
        assert "100.0%" in page and "加严监管" in page and "批次太少" not in page
        wrong = client.get("/desk/statistics?region=x")
        assert wrong.status_code == 422 and 'id="region-mistake"' in wrong.text
        assert TODAY.year == 2026


def test_an_empty_register_says_so(client: FlaskClient) -> None:
    page = client.get("/statistics").text
    assert "还没有终局的检验结果" in page and "没有。" in page
    assert client.get(f"{URL}/quality").json["items"] == []
    assert client.get("/statistics/report/2026Q3.pdf").status_code == 200
