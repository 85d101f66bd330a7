"""The sheet of a draw's tasks: given as a workbook, filled in without a network, kept whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit.db import db
from credit.models import Event, InspectionAct, InspectionTask
from credit.services import workbooks
from tests import inspection_cases as cases
from tests.conftest import TODAY, Once
from tests.draws.registers import make_tiers
from tests.makers import make_key, make_person

URL = "/api/v1/inspection-tasks/sheets"
Sheet = tuple[list[str], list[list[str]]]


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def read(body: bytes, folder: Path) -> Sheet:
    """Headers and rows of a workbook."""
    path = folder / "given.xlsx"
    path.write_bytes(body)
    rows = list(workbooks.rows(path))
    return rows[0][1], [list(cells) for _, _, cells, _ in rows]


def workbook(headers: list[str], rows: list[list[str]]) -> bytes:
    """A workbook of texts."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate([headers, *rows]):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)
    return body.getvalue()


def fill(sheet: Sheet, places: Any = None, **changed: str) -> Sheet:
    """Rows at these places inspected today and passed; some cells changed."""
    headers, rows = sheet
    for place in range(len(rows)) if places is None else places:
        told = dict(zip(headers, rows[place], strict=True))
        told |= {header: "是" for header in headers if header[:1].isdigit()}
        told |= {"检查日期": str(TODAY), "检查结果": "合格"} | changed
        rows[place] = [told[header] for header in headers]
    return headers, rows


def send(client: FlaskClient, draw: int, sheet: Sheet, person: dict[str, str]) -> Any:
    """The sheet uploaded."""
    data = {"file": (io.BytesIO(workbook(*sheet)), "tasks.xlsx")}
    return client.post(f"{URL}/{draw}", data=data, headers=person, content_type="multipart/form-data")


def kept() -> tuple[int | None, int | None]:
    """How many events and acts there are."""
    return db.session.scalar(select(func.count(Event.seq))), db.session.scalar(select(func.count(InspectionAct.seq)))


def test_a_sheet_goes_out_and_comes_back(client: FlaskClient, codes: Any, tmp_path: Path) -> None:
    person = make_person()
    draw, tasks = cases.drawn(1)
    given = client.get(f"{URL}/{draw}", headers=person)
    headers, rows = read(given.data, tmp_path)
    assert len(rows) == len(tasks) == 14 and headers[:3] == ["任务号", "计划编号", "统一社会信用代码"]
    assert [row[2] for row in rows] == [task.code for task in tasks]
    sheet = fill((headers, rows), range(3))
    sheet = fill(sheet, [2], 检查结果="不合格", 商品条码="6901234567892", 批号="L1", 不合格项目="酒精度；甲醇")
    sheet = fill(sheet, [3], 检查结果="")
    back = send(client, draw, sheet, person)
    assert back.status_code == 200, back.json
    assert back.json == {"visited": 4, "results": 3, "left": 10, "on_file": 0}
    states = db.session.scalars(select(InspectionTask.state).order_by(InspectionTask.place)).all()
    assert states[:5] == ["done", "done", "done", "visited", "open"]
    failed = db.session.scalars(select(Event).where(Event.result == "fail")).one()
    assert (failed.gtin, failed.lot, failed.type) == ("6901234567892", "L1", "random_draw")
    again = send(client, draw, sheet, person)
    assert again.json == {"visited": 0, "results": 0, "left": 10, "on_file": 3}, "the same sheet again changes nothing"
    later = fill(sheet, [3])
    assert send(client, draw, later, person).json["results"] == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"任务号": "999999"}, "任务号"),
        ({"任务号": "一"}, "任务号"),
        ({"计划编号": "计划2"}, "计划编号"),
        ({"统一社会信用代码": "91340799MA5TXY0008"}, "统一社会信用代码"),
        ({"检查日期": "2026-13-01"}, "检查日期"),
        ({"检查日期": "2026-11-23"}, "检查日期"),
        ({"检查日期": ""}, "检查日期"),
        ({"检查结果": "很好"}, "检查结果"),
        ({"商品条码": "6901234567890"}, "商品条码"),
        ({"4-marking 产品标识、条码和说明真实完整": "否"}, "情况说明 4-marking"),
        ({"4-marking 产品标识、条码和说明真实完整": ""}, "检查表 4-marking"),
        ({"检查人员（删去未到场者）": "999 某；998 某"}, "检查人员（删去未到场者）"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_of_the_sheet_is_kept(
    client: FlaskClient, codes: Any, tmp_path: Path, changed: dict[str, str], field: str
) -> None:
    person = make_person()
    draw, _ = cases.drawn(1)
    before = kept()
    sheet = read(client.get(f"{URL}/{draw}", headers=person).data, tmp_path)
    refused = send(client, draw, fill(fill(sheet), [1], **changed), person)
    assert refused.status_code == 422 and refused.json["code"] == "sheet-refused", refused.json
    assert {(one["line"], one["field"]) for one in refused.json["lines"]} == {(3, field)}
    assert kept() == before


def test_a_row_that_stands_twice_and_a_sheet_of_another_plan_are_refused(
    client: FlaskClient, codes: Any, tmp_path: Path
) -> None:
    person = make_person()
    draw, _ = cases.drawn(1)
    other, _ = cases.drawn(2)
    before = kept()
    headers, rows = fill(read(client.get(f"{URL}/{draw}", headers=person).data, tmp_path))
    twice = send(client, draw, (headers, [*rows, rows[0]]), person)
    assert [(one["line"], one["field"]) for one in twice.json["lines"]] == [(16, "任务号")]
    elsewhere = send(client, other, (headers, rows), person)
    assert elsewhere.status_code == 422 and len(elsewhere.json["lines"]) == 14
    assert all(one["field"] == "计划编号" for one in elsewhere.json["lines"])
    assert send(client, draw, (["任务号"], [["1"]]), person).status_code == 400
    assert send(client, draw, (headers, rows), make_person(department="示例农业农村局")).status_code == 403
    assert send(client, draw, (headers, rows), make_key()).status_code == 403
    assert send(client, 10**6, (headers, rows), person).status_code == 404
    none = client.post(f"{URL}/{draw}", headers=person, data={}, content_type="multipart/form-data")
    assert none.status_code == 422 and "file" in none.json["errors"]
    assert kept() == before


def test_a_name_that_looks_like_a_formula_stays_a_text(client: FlaskClient, codes: Any, tmp_path: Path) -> None:
    person = make_person()
    draw, _ = cases.drawn(3, title="=1+1", items=["=HYPERLINK(1)"])
    _, rows = read(client.get(f"{URL}/{draw}", headers=person).data, tmp_path)
    assert all(not cell.startswith("=") for row in rows for cell in row)
