"""Import of register files: real ones as they come, and everything that people get wrong in them.

Real codes are named by their line in the shared tables, never written here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.identifiers import ALPHABET, check_code
from credit.models import Enterprise, EnterpriseVersion, Register
from tests.conftest import TODAY, Clock

REGISTRY = Path(__file__).resolve().parents[2] / "shared" / "data" / "registry"
HEADER = "统一社会信用代码,企业名称,注册日期"
Import = Callable[..., tuple[Result, pl.DataFrame]]


def code_of(number: int) -> str:
    """A fictional code that is valid: division 340799 and a running number."""
    stem = f"91340799{number:08d}"
    return next(stem + x + y for x in "M" for y in ALPHABET if check_code(stem + x + y) is None)


FIRST, SECOND, THIRD = (code_of(number) for number in (1, 2, 3))


def real(name: str) -> Path:
    path = REGISTRY / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path.name}")
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    with real(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def workbook(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return path


def last_seq() -> int:
    db.session.rollback()
    return int(db.session.scalars(select(Register.last_seq)).one())


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Enterprise)) or 0)


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a file, or text or bytes as one; the answer and the report of rejected rows."""

    def run(content: Path | str | bytes, *options: str, name: str = "register.csv") -> tuple[Result, pl.DataFrame]:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        report = tmp_path / "report.csv"
        report.unlink(missing_ok=True)
        args = ["credit", "import-enterprises", str(path), "--report", str(report), *options]
        result = runner.invoke(args=args, catch_exceptions=False)
        rejected = pl.read_csv(report, infer_schema=False) if report.exists() else pl.DataFrame()
        return result, rejected

    return run


def rejects(answer: tuple[Result, pl.DataFrame], *wanted: tuple[int, str, str]) -> None:
    """These rows, as (line, column, reason), and no others were rejected; each with a suggestion."""
    result, rejected = answer
    told = [(int(row["line"]), row["column"], row["reason"]) for row in rejected.iter_rows(named=True)]
    assert told == list(wanted)
    assert rejected["suggestion"].null_count() == 0
    assert result.exit_code == (1 if wanted else 0)


@pytest.mark.real
def test_a_real_register_file_is_taken_whole_and_its_twin_in_gb18030_changes_nothing(take: Import) -> None:
    result, rejected = take(real("tongling_dev_500.csv"))
    assert result.stdout == "new 500, changed 0, unchanged 0, rejected 0\n"
    assert (result.exit_code, len(rejected), count()) == (0, 0, 500)
    before = last_seq()
    for name in ("tongling_dev_500.gb18030.csv", "tongling_dev_500.csv"):
        result, _ = take(real(name))
        assert result.stdout == "new 0, changed 0, unchanged 500, rejected 0\n"
        assert result.exit_code == 0
    assert last_seq() == before


@pytest.mark.real
def test_every_real_enterprise_is_found_by_its_code_however_typed_and_by_its_name(
    take: Import, client: FlaskClient
) -> None:
    take(real("tongling_dev_500.csv"))
    rows = rows_of("tongling_dev_500.csv")
    for place, row in enumerate(rows):
        code, name = row["统一社会信用代码"], row["企业名称"]
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
        typed = (code, code.lower(), wide, code[8:17])[place % 4]
        found = client.get(f"/api/v1/enterprises/{typed}").get_json()
        assert (found["code"], found["name"]) == (code, name), f"line {place + 2}"
        assert (found["status"], found["region_name"] is not None) == ("living", True)
        items = client.get("/api/v1/enterprises", query_string={"q": name}).get_json()["items"]
        assert items[0]["code"] == code, f"line {place + 2}"


@pytest.mark.real
@pytest.mark.parametrize("suffix", [".xlsx", ".jsonl", ".parquet", ".csv"])
def test_the_real_register_is_the_same_in_every_format(take: Import, tmp_path: Path, suffix: str) -> None:
    rows = rows_of("tongling_dev_500.csv")
    table, path = pl.DataFrame(rows), tmp_path / f"register{suffix}"
    if suffix == ".xlsx":
        workbook(path, [list(rows[0]), *[list(row.values()) for row in rows]])
    elif suffix == ".csv":
        path.write_bytes(table.write_csv(separator="\t").encode("utf-16"))
    else:
        (table.write_ndjson if suffix == ".jsonl" else table.write_parquet)(path)
    result, _ = take(path)
    assert (result.stdout, result.exit_code) == ("new 500, changed 0, unchanged 0, rejected 0\n", 0)
    result, _ = take(real("tongling_dev_500.csv"))
    assert result.stdout == "new 0, changed 0, unchanged 500, rejected 0\n"


@pytest.mark.real
def test_of_the_real_anomalies_the_good_rows_are_in_and_each_bad_one_is_named(take: Import) -> None:
    rows = rows_of("anomalies_dev.csv")
    good = {line for line, row in enumerate(rows, 2) if row["anomaly"].startswith("lowercase")}
    good |= {line for line, row in enumerate(rows, 2) if check_code(row["统一社会信用代码"]) is None}
    result, rejected = take(real("anomalies_dev.csv"), "--strict")
    assert (result.exit_code, count(), last_seq()) == (1, 0, 0)
    assert "nothing was kept" in result.stderr
    result, rejected = take(real("anomalies_dev.csv"))
    assert result.exit_code == 1
    assert {int(line) for line in rejected["line"]} == set(range(2, len(rows) + 2)) - good
    assert rejected.columns == ["line", "column", "code", "name", "reason", "suggestion"]
    assert rejected.drop("code", "name").null_count().sum_horizontal().item() == 0
    reasons = {rows[int(line) - 2]["anomaly"]: reason for line, reason in rejected.select("line", "reason").iter_rows()}
    assert reasons["check_digit"] == "check_digit"
    for row in rejected.filter(pl.col("column") == "code").iter_rows(named=True):
        problem = check_code(rows[int(row["line"]) - 2]["统一社会信用代码"])
        assert problem is not None and row["reason"] == problem.reason, f"line {row['line']}"
    assert {reason for tag, reason in reasons.items() if tag.startswith(("length", "literal", "15"))} == {"length"}
    fifteen = [row for row in rejected.iter_rows(named=True) if rows[int(row["line"]) - 2]["anomaly"].startswith("15")]
    assert any("registration number" in row["suggestion"] for row in fifteen)
    assert count() == len(good)
    assert db.session.scalar(select(func.count()).where(Enterprise.code != func.upper(Enterprise.code))) == 0
    before = last_seq()
    assert take(real("anomalies_dev.csv"))[0].stdout.startswith(f"new 0, changed 0, unchanged {len(good)}, ")
    assert last_seq() == before


def test_a_changed_name_becomes_a_former_name_found_under_both(take: Import, client: FlaskClient, clock: Clock) -> None:
    take(f"{HEADER}\n{FIRST},铜陵旧日酿造有限公司,2010-05-01\n")
    clock.day = date(2026, 12, 1)
    result, _ = take(f"{HEADER}\n{FIRST},铜陵新月酿造有限公司,2010-05-01\n")
    assert result.stdout == "new 0, changed 1, unchanged 0, rejected 0\n"
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert found["name"] == "铜陵新月酿造有限公司"
    assert found["former_names"] == [{"name": "铜陵旧日酿造有限公司", "until": "2026-12-01"}]
    for part in ("旧日", "新月"):
        (item,) = client.get("/api/v1/enterprises", query_string={"q": part}).get_json()["items"]
        assert (item["code"], item["name"]) == (FIRST, "铜陵新月酿造有限公司")
        assert item["matched_name"] == ("铜陵旧日酿造有限公司" if part == "旧日" else None)
    before = client.get(f"/api/v1/enterprises/{FIRST}?as_of=2026-11-30").get_json()
    assert before["name"] == "铜陵旧日酿造有限公司"


def test_a_name_changed_on_the_day_of_its_import_is_a_former_name_too(take: Import, client: FlaskClient) -> None:
    take(f"code,name\n{FIRST},铜陵旧日酿造有限公司\n")
    take(f"code,name\n{FIRST},铜陵新月酿造有限公司\n")
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert found["former_names"] == [{"name": "铜陵旧日酿造有限公司", "until": TODAY.isoformat()}]


def test_a_deregistered_enterprise_is_closed_and_a_file_without_status_doesnt_revive_it(
    take: Import, client: FlaskClient
) -> None:
    take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    result, _ = take(f"{HEADER},登记状态\n{FIRST},铜陵甲酿造有限公司,2010-05-01,注销\n")
    assert result.stdout.startswith("new 0, changed 1")
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert (found["status"], found["grade"]) == ("deregistered", None)
    assert not db.session.scalars(select(Enterprise.living)).one()
    result, _ = take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    assert result.stdout.startswith("new 0, changed 0, unchanged 1")
    assert client.get(f"/api/v1/enterprises/{FIRST}").get_json()["status"] == "deregistered"


def test_the_status_is_understood_as_offices_word_it(take: Import) -> None:
    words = {
        "存续（在营、开业、在册）": "living", "吊销，未注销": "revoked", "已注销": "deregistered", "revoked": "revoked", "-": "living",
        "注销中": "living",
    }  # fmt: skip
    rows = [f"{code_of(number)},铜陵甲酿造有限公司,{told}" for number, told in enumerate(words)]
    rejects(take("\n".join(["code,name,status", *rows])))
    kept = db.session.execute(select(EnterpriseVersion.code, EnterpriseVersion.status)).all()
    assert dict(map(tuple, kept)) == {code_of(number): status for number, status in enumerate(words.values())}


def test_an_import_keeps_what_no_register_file_tells(take: Import, runner: FlaskCliRunner) -> None:
    failing = FIRST[:-1] + ("0" if FIRST[-1] != "0" else "1")
    runner.invoke(args=["credit", "accept-code", failing, "--name", "铜陵旧日酿造有限公司", "--because", "见营业执照原件"])
    rejects(take(f"code,name,legacy_id\n{failing},铜陵新月酿造有限公司,340700000000017\n"))
    rejects(take(f"code,name\n{failing},铜陵满月酿造有限公司\n"))
    last = db.session.scalars(select(EnterpriseVersion).order_by(EnterpriseVersion.seq.desc())).first()
    assert last is not None
    assert (last.name, last.legacy_id) == ("铜陵满月酿造有限公司", "340700000000017")
    assert last.accepted_because == "见营业执照原件"


def test_a_wrong_code_is_named_with_its_reason_and_the_known_enterprise_that_it_might_mean(take: Import) -> None:
    take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    wrong = FIRST[:10] + ("7" if FIRST[10] != "7" else "8") + FIRST[11:]
    answer = take(f"{HEADER}\n{wrong},铜陵甲酿造有限公司,\n{SECOND[:17]},铜陵乙,\n91340799I0000001M1,铜陵丙,\n无,铜陵丁,\n,铜陵戊,\n")
    rejects(
        answer, (2, "code", "check_digit"), (3, "code", "length"), (4, "code", "letter"), (5, "code", "length"),
        (6, "code", "length"),
    )  # fmt: skip
    first, second, third, *_ = answer[1]["suggestion"]
    assert first == f"是否为 {FIRST}?"
    assert "17" in second and "“I”" in third
    assert count() == 1


def test_a_code_typed_as_a_number_is_refused_for_excel_has_destroyed_it(take: Import, tmp_path: Path) -> None:
    rows = [["统一社会信用代码", "企业名称", "注册日期"], [int("91340799000000012"), "铜陵甲有限公司", 40_000], [FIRST, "铜陵乙有限公司", "2010-05-01"]]
    answer = take(workbook(tmp_path / "register.xlsx", rows))
    rejects(answer, (2, "code", "number_typed"))
    assert "15位" in answer[1]["suggestion"][0]
    assert db.session.scalars(select(Enterprise.code)).all() == [FIRST]


def test_a_workbook_may_begin_with_empty_rows_and_have_some_between(take: Import, tmp_path: Path) -> None:
    rows: list[list[object]] = [[], ["", "code", "name", ""], [], ["", FIRST, "铜陵甲有限公司"], ["", "wrong", "铜陵乙有限公司"]]
    rejects(take(workbook(tmp_path / "register.xlsx", rows)), (5, "code", "length"))
    assert count() == 1


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "no header"),
    "blank lines": (b"\n\n\n", "no header"),
    "header only": (HEADER.encode(), "header but no rows"),
    "blank rows": (HEADER.encode() + b"\n,,\n\n", "header but no rows"),
    "unknown headers": (b"foo,bar\n1,2\n", "No column for code"),
    "no name": (b"code,bar\n1,2\n", "No column for name"),
    "a header twice": (f"code,name,code\n{FIRST},铜陵甲,{SECOND}\n".encode(), "code stands twice"),
    "latin-1": (f"code,name\n{FIRST},Société Générale à Tongling\n".encode("latin-1"), "neither UTF-8 nor GB18030"),
    "latin-1 that is GB18030 too": (f"code,name\n{FIRST},Générale\n".encode("latin-1"), "neither UTF-8 nor GB18030"),
    "binary": (bytes(range(256)) * 40, "neither UTF-8 nor GB18030"),
    "UTF-16 without mark": (f"code,name\n{FIRST},Abc\n".encode("utf-16-le"), "neither UTF-8 nor GB18030"),
    "lone surrogate": (f"code,name\n{FIRST},".encode() + b"\xed\xa0\x80\n", "neither UTF-8 nor GB18030"),
    "20 MB header": (b"x" * 20_000_000, "first line"),
    "5,000 headers": (b"a," * 5_000 + b"\n1\n", "first line is too long"),
    "no workbook.xlsx": (b"PK no workbook", "no workbook"),
    "no table.parquet": (b"PAR1 none", "no Parquet file"),
    "cut.jsonl": (b'{"code": "x", "name": "y"}\n{"code": \n', "line 2: no JSON"),
    "a list.jsonl": (b'{"code": "x"}\n\n["code"]\n', "line 3: each line must be one JSON object"),
    "surrogate.jsonl": (b'{"code": "\\ud800", "name": "y"}\n', "line 1: no JSON"),
    "blank.jsonl": (b"\n\n", "no rows"),
}


def test_a_file_that_cant_be_read_is_refused_as_a_whole(take: Import) -> None:
    for case, (content, words) in UNREADABLE.items():
        name = case if "." in case else "register.csv"
        result, rejected = take(content, name=name)
        assert (result.exit_code, result.stdout) == (2, ""), case
        assert result.stderr.startswith("file-refused: "), case
        assert words in result.stderr, (case, result.stderr)
        assert rejected.is_empty() and "Traceback" not in result.stderr, case
    assert (count(), last_seq()) == (0, 0)


def test_a_missing_file_is_wrong_use(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert runner.invoke(args=["credit", "import-enterprises", str(tmp_path / "none.csv")]).exit_code == 2


def test_a_report_that_cant_be_written_is_refused_before_anything_is_kept(take: Import, tmp_path: Path) -> None:
    result, _ = take(f"code,name\n{FIRST},铜陵甲有限公司\n", "--report", str(tmp_path / "none" / "report.csv"))
    assert (result.exit_code, count()) == (2, 0)


def test_a_cell_of_20_megabytes_is_named_and_the_other_rows_are_in(take: Import) -> None:
    answer = take(f"code,name,经营范围\n{FIRST},{'长' * 7_000_000},酿造\n{SECOND},铜陵乙有限公司,{'x' * 20_000_000}\n{THIRD},铜陵丙有限公司,酿造\n")
    rejects(answer, (2, "name", "too_long"), (3, "经营范围", "too_long"))
    assert db.session.scalars(select(Enterprise.code)).all() == [THIRD]
    assert answer[1]["name"].str.len_chars().max() <= 300


def test_a_quote_that_is_never_closed_doesnt_swallow_the_rest_in_silence(take: Import) -> None:
    answer = take(f'code,name,scope\n{FIRST},铜陵甲有限公司,酿造\n{SECOND},"铜陵乙有限公司,酿造\n{THIRD},铜陵丙有限公司,酿造\n')
    rejects(answer, (3, "line", "cells"))


def test_ragged_rows_are_named_and_blank_lines_passed_over(take: Import) -> None:
    text = f"{HEADER}\n{FIRST},铜陵甲有限公司,2010-05-01\n\n{SECOND},铜陵乙有限公司\n{THIRD},铜陵丙有限公司,2010-05-01,多\n"
    rejects(take(text), (4, "line", "cells"), (5, "line", "cells"))
    assert db.session.scalars(select(Enterprise.code)).all() == [FIRST]


def test_a_row_that_ends_early_is_no_row_with_empty_cells(take: Import) -> None:
    rejects(take(f"{HEADER}\n{FIRST},铜陵甲有限公司,\n{SECOND},铜陵乙有限公司\n"), (3, "line", "cells"))


def test_lines_are_right_after_line_ends_inside_quotes_in_header_and_rows(take: Import) -> None:
    text = f'\ncode,name,"经营\n范围"\r\n{FIRST},铜陵甲有限公司,"酿造\n销售\n运输"\r\nwrong,铜陵乙有限公司,酿造\r\n{SECOND},"铜陵\n丙",酿造\r\n'
    rejects(take(text), (7, "code", "length"), (8, "name", "control_character"))
    more = text + f"{THIRD},铜陵丁有限公司\r\n"
    rejects(take(more), (7, "code", "length"), (8, "name", "control_character"), (10, "line", "cells"))


def test_a_control_character_is_refused_in_every_field_that_is_kept(take: Import) -> None:
    lines, wanted = io.StringIO(), []
    written = csv.writer(lines, lineterminator="\n")
    written.writerow(["code", "name", "short_name", "legacy_id"])
    for number, (letter, column) in enumerate(product("\x00\x07\x1b\x7f\x85", ["name", "short_name", "legacy_id"])):
        row = {"code": code_of(number), "name": "铜陵甲有限公司", "short_name": "甲厂", "legacy_id": "3407"}
        row[column] = row[column][:2] + letter + row[column][2:]
        written.writerow(row.values())
        wanted.append((number + 2, column, "control_character"))
    written.writerow([code_of(99), "铜陵乙有限公司", "", ""])
    rejects(take(lines.getvalue()), *wanted)
    assert db.session.scalars(select(Enterprise.code)).all() == [code_of(99)]


def test_a_day_that_cant_be_is_refused(take: Import) -> None:
    days = {
        "2026-11-23": "future", "9999-12-31": "future", "2020-02-30": "date", "0020-01-31": "date", "20-01-31": "date",
        "昨天": "date", "40000": "date", "2020-13-01": "date", "0000-00-00": "date",
    }  # fmt: skip
    rows = [f"{code_of(number)},铜陵甲有限公司,{day}" for number, day in enumerate(days)]
    wanted = [(line, "registered_on", reason) for line, reason in enumerate(days.values(), start=2)]
    rejects(take("\n".join([HEADER, *rows])), *wanted)
    assert count() == 0


def test_a_day_is_understood_as_people_write_it(take: Import) -> None:
    days = ["2020-01-05", "2020/1/5", "2020年1月5日", "20200105", "2020.01.05", "2020-01-05 00:00:00"]
    rows = [f"{code_of(number)},铜陵甲有限公司,{day}" for number, day in enumerate(days)]
    rejects(take("\n".join([HEADER, *rows])))
    assert db.session.scalars(select(EnterpriseVersion.registered_on)).all() == [date(2020, 1, 5)] * len(days)


def test_encoding_and_delimiter_are_found_out(take: Import) -> None:
    for number, (encoding, delimiter) in enumerate(product(["utf-8-sig", "utf-16", "gb18030"], ",;\t|")):
        text = f"{HEADER}\r\n{code_of(number)},铜陵甲㛃有限公司,2010-05-01\r\n".replace(",", delimiter)
        rejects(take(text.encode(encoding)))
    assert db.session.scalars(select(EnterpriseVersion.name)).all() == ["铜陵甲㛃有限公司"] * 12


def test_line_ends_of_old_macs_are_line_ends(take: Import) -> None:
    rejects(take(f"{HEADER}\r{FIRST},铜陵甲有限公司,2010-05-01\rwrong,铜陵乙有限公司,\r"), (3, "code", "length"))


def test_the_same_code_twice_is_one_enterprise_unless_the_names_differ(take: Import) -> None:
    text = f"{HEADER}\n{FIRST},铜陵甲有限公司,\n{FIRST.lower()},铜陵甲有限公司,\n{FIRST},铜陵乙有限公司,\n"
    rejects(take(text), (4, "name", "code_twice"))
    assert db.session.scalars(select(EnterpriseVersion.name)).all() == ["铜陵甲有限公司"]


def test_names_and_classes_out_of_bounds_are_refused(take: Import) -> None:
    rows = [
        f"{FIRST},{'长' * 300},,,", f"{SECOND},,,,", f"{THIRD},甲,,,", f"{code_of(4)},铜陵丁,{'简' * 257},,",
        f"{code_of(5)},铜陵戊,,３４０７００,", f"{code_of(6)},铜陵己,,3407,", f"{code_of(7)},铜陵庚,,340700,XYZ",
        f"{code_of(8)},铜陵辛,,,开张大吉",
    ]  # fmt: skip
    header = ["code,name,short_name,region,industry"] + rows[:-1]
    rejects(
        take("\n".join(header)), (2, "name", "name_long"), (3, "name", "name_missing"), (4, "name", "name_missing"),
        (5, "short_name", "short_name"), (6, "region", "region"), (7, "region", "region"), (8, "industry", "industry"),
    )  # fmt: skip
    rejects(take("code,name,short_name,region,status\n" + rows[-1]), (2, "status", "status"))
    assert count() == 0


def test_the_report_holds_no_formula(take: Import, tmp_path: Path) -> None:
    take(f'code,name\n"=HYPERLINK(""http://example"")",+甲有限公司\n@SUM,-乙有限公司\nx,"\t=1+1 有限"\n')
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    for row in rows:
        assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@") for cell in row.values()), row


def test_nothing_is_half_written_when_the_program_fails_midway(
    take: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    from credit.services import way

    def broken(*_: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(way, "advance", broken)
    with pytest.raises(RuntimeError, match="disk is full"):
        take(f"{HEADER}\n{FIRST},铜陵甲有限公司,\n")
    assert (count(), last_seq()) == (0, 0)
