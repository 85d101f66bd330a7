"""Screening through its doors: JSON, a file that comes back, the page, the command; each as lists of bidders come."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from credit.db import Base, db
from tests.conftest import TODAY
from tests.makers import make_enterprise, make_listing
from tests.screening import fresh_lists
from tests.test_screening import entry

API = "/api/v1/screenings"
NAME = "铜都示例1有限公司"


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config |= {"CREDIT_SPOOL": str(tmp_path / "spool"), "CREDIT_KEYS": str(tmp_path / "keys")}
    fresh_lists(tmp_path, court_debtors=entry(name="被执行有限公司"))
    return make_enterprise()


def test_a_tender_is_screened_at_once_and_the_answer_says_on_what_it_rests(client: FlaskClient, code: str) -> None:
    make_listing(code)
    sent = {"tender": {"number": "示采〔2026〕1号"}, "subjects": [{"ref": "甲", "code": code}, {"name": "被执行有限公司"}, {}]}
    answer = client.post(API, json=sent)
    told = answer.get_json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert [(one["ref"], one["verdict"]) for one in told["results"]] == [("甲", "consider"), (None, "review"), (None, "invalid")]
    assert told["summary"] == {"excluded": 0, "review": 1, "consider": 1, "unknown": 0, "invalid": 1, "clear": 0}
    assert (told["as_of"], told["tender"]["number"]) == (str(TODAY), "示采〔2026〕1号")
    assert told["seq"] > 0 and len(told["policy"]) == 64 and told["known_at"].endswith("Z")
    assert "grade" not in str(told) and "tier" not in str(told)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"subjects": []}, "subjects"), ({"subjects": [{}] * 5001}, "subjects"), ({"as_of": "2026-11-23"}, "as_of"),
        ({"tender": {"kind": "lottery"}}, "kind"), ({"colour": "red"}, "colour"),
        ({"subjects": [{"code": "甲\x00"}]}, "subjects"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(client: FlaskClient, code: str, more: dict[str, Any], field: str) -> None:
    refused = client.post(API, json={"subjects": [{"code": code}]} | more)
    assert refused.status_code == 422 and field in refused.get_json()["errors"]


def test_a_screening_writes_its_receipt_and_nothing_else(client: FlaskClient, code: str) -> None:
    def rows() -> dict[str, int]:
        db.session.rollback()
        tables = Base.metadata.sorted_tables
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    before = rows()
    client.post(API, json={"subjects": [{"code": code}]})
    client.post("/screening", data={"list": code})
    file_back(client, f"{code}\n{code}\n".encode(), "a.csv")
    after = rows()
    assert {name for name in before if after[name] != before[name]} == {"receipt", "signing_key"}
    assert after["receipt"] == 3


def file_back(client: FlaskClient, body: bytes, name: str) -> Any:
    return client.post(f"{API}/file", data={"file": (io.BytesIO(body), name)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_file_comes_back_with_its_columns_in_their_order_and_the_verdicts(
    client: FlaskClient, code: str, encoding: str, delimiter: str
) -> None:
    rows = [["序号", "投标人名称", "报价", "统一社会信用代码"], ["2", NAME, "=1+1", code], ["1", "外地有限公司", "9", ""]]
    back = file_back(client, "\n".join(delimiter.join(row) for row in rows).encode(encoding), "名单.csv")
    assert back.status_code == 200 and "attachment" in back.headers["Content-Disposition"]
    table = pl.read_csv(back.data, infer_schema=False)
    assert table.columns == [*rows[0], "核查结果", "核查说明", "登记名称", "登记代码", "verdict"]
    assert table.select("序号", "报价", "verdict", "登记代码").rows() == [("2", "'=1+1", "clear", code), ("1", "9", "unknown", "")]


@pytest.mark.parametrize("cells", [["{code}"], [NAME], ["{code}", NAME], [NAME, "{code}"], ["1", NAME, "{code}"]])
def test_a_list_without_a_header_or_of_codes_or_names_alone_is_understood(
    client: FlaskClient, code: str, cells: list[str]
) -> None:
    line = ",".join(cells).replace("{code}", code)
    back = file_back(client, f"{line}\n{line}\n".encode(), "list.txt")
    assert back.status_code == 200, back.text
    assert pl.read_csv(back.data, infer_schema=False)["verdict"].to_list() == ["clear", "clear"]


def workbook(*rows: list[Any], sheets: int = 1) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_workbook_comes_back_as_one_and_codes_that_excel_destroyed_are_named(client: FlaskClient, code: str) -> None:
    sent = workbook(["企业名称", "代码"], [NAME, code], ["被毁有限公司", 913407990000000000])
    back = file_back(client, sent, "list.xlsx")
    assert back.status_code == 200, back.text
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(back.data)).get_sheet_by_index(0).to_python()
    assert [row[head.index("verdict")] for row in rows] == ["clear", "invalid"]
    assert rows[1][head.index("核查说明")]


@pytest.mark.parametrize(
    ("body", "name"),
    [(b"", "a.csv"), (b"code,name\n", "a.csv"), (b"PK\x03\x04rubbish", "a.xlsx"), ("颜色,重量\n红,3\n".encode(), "a.csv")],
)
def test_a_file_that_is_no_list_of_bidders_is_refused_with_the_mend(
    client: FlaskClient, code: str, body: bytes, name: str
) -> None:
    refused = file_back(client, body, name)
    assert refused.status_code == 400 and refused.get_json()["detail_zh"]
    assert client.post(f"{API}/file").status_code == 422


def test_the_page_takes_a_pasted_list_and_tells_each_bidder_why(client: FlaskClient, code: str) -> None:
    assert "投标人核查" in client.get("/screening").text
    pasted = f"{code}\t{NAME}\n被执行有限公司\n{code[:17]}{'0' if code[17] != '0' else '1'} 错码有限公司"
    page = client.post("/screening", data={"list": pasted}).text
    assert "3 家：" in page and "仅名称相同，须人工核对" in page and f'>{code}</a>' in page and "未见" in page
    empty = client.post("/screening", data={"list": " \n"})
    assert empty.status_code == 422 and 'href="#list"' in empty.text
    wrong = client.post("/screening", data={"list": code, "as_of": "2031-01-01"})
    assert wrong.status_code in (404, 422) and code in wrong.text
    english = client.post("/screening?lang=en", data={"list": code}).text
    assert "1 bidders" in english and "nothing found" in english


def test_the_page_gives_a_file_back(client: FlaskClient, code: str) -> None:
    sent = {"as": "file", "file": (io.BytesIO(f"{code}\n{code}\n".encode()), "a.csv")}
    back = client.post("/screening", data=sent)
    assert back.mimetype == "text/csv" and back.text.count("未见") == 2


def test_the_command_screens_a_file_of_any_size(runner: FlaskCliRunner, code: str, tmp_path: Path) -> None:
    sent, out = tmp_path / "in.csv", tmp_path / "out.xlsx"
    sent.write_text("code,name\n" + "".join(f"{code},{NAME}\n" for _ in range(3000)), encoding="utf-8")
    done = runner.invoke(args=["credit", "screen", str(sent), "-o", str(out), "--as-of", str(TODAY)])
    assert (done.exit_code, done.output.strip()) == (0, "nothing found 3000")
    assert len(CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()) == 3001
    sent.write_text(f"code,name\n{code},{NAME}\nx,\n", encoding="utf-8")
    assert runner.invoke(args=["credit", "screen", str(sent), "-o", str(out)]).exit_code == 1


def test_an_address_that_sends_too_many_lists_is_refused(client: FlaskClient, code: str, app: Flask) -> None:
    app.config["CREDIT_LIMIT_SCREENINGS"] = "2 per minute"
    sent = [client.post(API, json={"subjects": [{"code": code}]}).status_code for _ in range(3)]
    page = client.post("/screening", data={"list": code})
    assert (sent, page.status_code) == ([200, 200, 429], 429) and "次数过多" in page.text


def sheets_of(*sheets: tuple[str, list[list[str]]]) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            if len(rows[0]) == 1 and len(rows) > 1 and len(rows[1]) > 1:
                sheet.merge_range(0, 0, 0, len(rows[1]) - 1, "")
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return body.getvalue()


def sent_back(client: FlaskClient, body: bytes, name: str = "名单.xlsx") -> Any:
    return client.post(f"{API}/file", data={"file": (io.BytesIO(body), name)})


def test_the_sheet_with_the_list_is_found_and_a_merged_title_stands_above_its_header(
    client: FlaskClient, code: str
) -> None:
    rows = [["2026年第一批投标人"], ["序号", "投标人名称", "统一社会信用代码", "联系人"], ["1", NAME, code, "王某"]]
    back = sent_back(client, sheets_of(("填表说明", [["请看第二页"], ["联系采购中心"]]), ("名单", rows)))
    assert back.status_code == 200, back.text
    found = CalamineWorkbook.from_filelike(io.BytesIO(back.data)).get_sheet_by_index(0).to_python()
    assert found[0][:4] == rows[1] and found[1][:4] == rows[2] and found[1][4] == "未见"


def test_two_sheets_with_bidders_are_refused_by_their_names_so_that_nobody_is_left_out(
    client: FlaskClient, code: str
) -> None:
    rows = [["企业名称"], [NAME]]
    refused = sent_back(client, sheets_of(("一标段", rows), ("二标段", rows)))
    assert refused.status_code == 400 and "一标段、二标段" in refused.get_json()["detail_zh"]


def test_a_code_that_excel_rounded_is_told_as_such(client: FlaskClient, code: str) -> None:
    back = sent_back(client, "代码\n1.23457E+17\n123456789012345696\n123456789012345678\n".encode(), "a.csv")
    said = [row.split(",")[2] for row in back.data.decode("utf-8-sig").splitlines()[1:]]
    assert ["数字" in one for one in said] == [True, True, False]


def test_a_bidder_that_stands_twice_is_told(client: FlaskClient, code: str) -> None:
    subjects = [{"ref": "甲", "code": code}, {"ref": "乙", "name": "外地有限公司"}, {"ref": "丙", "code": f"{code[:9]}-{code[9:]}"},
                {"ref": "丁", "name": "外地有限公司"}, {"ref": "戊"}, {"ref": "己"}]  # fmt: skip
    told = client.post(API, json={"subjects": subjects}).get_json()["results"]
    assert [one["same_as"] for one in told] == [None, None, "甲", "乙", None, None]


def test_the_returned_file_names_lists_as_people_do(client: FlaskClient, code: str) -> None:
    make_listing(code)
    back = sent_back(client, f"代码\n{code}\n{code}\n".encode(), "a.csv").data.decode("utf-8-sig")
    assert "严重违法失信名单：" in back and "samr-44" not in back and "与第 1 行是同一家" in back
