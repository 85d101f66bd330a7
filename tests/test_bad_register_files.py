"""Everything that people get wrong in register files: named by field and row, nothing half-written."""

from __future__ import annotations

import csv
import io
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import Enterprise, EnterpriseVersion
from seed.codes import fictional_code
from tests.register_files import (
    FIRST,
    HEADER,
    SECOND,
    THIRD,
    Import,
    count,
    importer,
    last_seq,
    rejects,
    workbook,
)


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a register file through the command door."""
    return importer(runner, tmp_path)


def test_a_wrong_code_is_named_with_its_reason_and_the_known_enterprise_that_it_might_mean(
    take: Import,
) -> None:
    take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    wrong = FIRST[:10] + ("7" if FIRST[10] != "7" else "8") + FIRST[11:]
    answer = take(
        f"{HEADER}\n{wrong},铜陵甲酿造有限公司,\n{SECOND[:17]},铜陵乙,\n91340799I0000001M1,铜陵丙,\n无,铜陵丁,\n,铜陵戊,\n"
    )
    rejects(
        answer, (2, "code", "check_digit"), (3, "code", "length"), (4, "code", "letter"), (5, "code", "length"),
        (6, "code", "length"),
    )  # fmt: skip
    first, second, third, *_ = answer[1]["suggestion"]
    assert first == f"是否为 {FIRST}?"
    assert "17" in second and "“I”" in third
    assert count() == 1


def test_a_code_typed_as_a_number_is_refused_for_excel_has_destroyed_it(
    take: Import, tmp_path: Path
) -> None:
    rows = [
        ["统一社会信用代码", "企业名称", "注册日期"],
        [int("91340799000000012"), "铜陵甲有限公司", 40_000],
        [FIRST, "铜陵乙有限公司", "2010-05-01"],
    ]
    answer = take(workbook(tmp_path / "register.xlsx", rows))
    rejects(answer, (2, "code", "number_typed"))
    assert "15位" in answer[1]["suggestion"][0]
    assert db.session.scalars(select(Enterprise.code)).all() == [FIRST]


def test_a_workbook_may_begin_with_empty_rows_and_have_some_between(
    take: Import, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        [],
        ["", "code", "name", ""],
        [],
        ["", FIRST, "铜陵甲有限公司"],
        ["", "wrong", "铜陵乙有限公司"],
    ]
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
    "latin-1": (
        f"code,name\n{FIRST},Société Générale à Tongling\n".encode("latin-1"),
        "neither UTF-8 nor GB18030",
    ),
    "latin-1 that is GB18030 too": (
        f"code,name\n{FIRST},Générale\n".encode("latin-1"),
        "neither UTF-8 nor GB18030",
    ),
    "binary": (bytes(range(256)) * 40, "neither UTF-8 nor GB18030"),
    "UTF-16 without mark": (
        f"code,name\n{FIRST},Abc\n".encode("utf-16-le"),
        "neither UTF-8 nor GB18030",
    ),
    "lone surrogate": (
        f"code,name\n{FIRST},".encode() + b"\xed\xa0\x80\n",
        "neither UTF-8 nor GB18030",
    ),
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
    assert (
        runner.invoke(args=["credit", "import-enterprises", str(tmp_path / "none.csv")]).exit_code
        == 2
    )


def test_a_report_that_cant_be_written_is_refused_before_anything_is_kept(
    take: Import, tmp_path: Path
) -> None:
    result, _ = take(
        f"code,name\n{FIRST},铜陵甲有限公司\n", "--report", str(tmp_path / "none" / "report.csv")
    )
    assert (result.exit_code, count()) == (2, 0)


def test_a_cell_of_20_megabytes_is_named_and_the_other_rows_are_in(take: Import) -> None:
    answer = take(
        f"code,name,经营范围\n{FIRST},{'长' * 7_000_000},酿造\n"
        f"{SECOND},铜陵乙有限公司,{'x' * 20_000_000}\n{THIRD},铜陵丙有限公司,酿造\n"
    )
    rejects(answer, (2, "name", "too_long"), (3, "经营范围", "too_long"))
    assert db.session.scalars(select(Enterprise.code)).all() == [THIRD]
    assert answer[1]["name"].str.len_chars().max() <= 300


def test_a_quote_that_is_never_closed_doesnt_swallow_the_rest_in_silence(take: Import) -> None:
    answer = take(
        f'code,name,scope\n{FIRST},铜陵甲有限公司,酿造\n{SECOND},"铜陵乙有限公司,酿造\n{THIRD},铜陵丙有限公司,酿造\n'
    )
    rejects(answer, (3, "line", "cells"))


def test_ragged_rows_are_named_and_blank_lines_passed_over(take: Import) -> None:
    text = f"{HEADER}\n{FIRST},铜陵甲有限公司,2010-05-01\n\n{SECOND},铜陵乙有限公司\n"
    text += f"{THIRD},铜陵丙有限公司,2010-05-01,多\n"
    rejects(take(text), (4, "line", "cells"), (5, "line", "cells"))
    assert db.session.scalars(select(Enterprise.code)).all() == [FIRST]


def test_a_row_that_ends_early_is_no_row_with_empty_cells(take: Import) -> None:
    rejects(
        take(f"{HEADER}\n{FIRST},铜陵甲有限公司,\n{SECOND},铜陵乙有限公司\n"), (3, "line", "cells")
    )


def test_lines_are_right_after_line_ends_inside_quotes_in_header_and_rows(take: Import) -> None:
    text = f'\ncode,name,"经营\n范围"\r\n{FIRST},铜陵甲有限公司,"酿造\n销售\n运输"\r\n'
    text += f'wrong,铜陵乙有限公司,酿造\r\n{SECOND},"铜陵\n丙",酿造\r\n'
    rejects(take(text), (7, "code", "length"), (8, "name", "control_character"))
    more = text + f"{THIRD},铜陵丁有限公司\r\n"
    rejects(
        take(more), (7, "code", "length"), (8, "name", "control_character"), (10, "line", "cells")
    )


def test_a_control_character_is_refused_in_every_field_that_is_kept(take: Import) -> None:
    lines, wanted = io.StringIO(), []
    written = csv.writer(lines, lineterminator="\n")
    written.writerow(["code", "name", "short_name", "legacy_id"])
    for number, (letter, column) in enumerate(
        product("\x00\x07\x1b\x7f\x85", ["name", "short_name", "legacy_id"])
    ):
        row = {
            "code": fictional_code(number),
            "name": "铜陵甲有限公司",
            "short_name": "甲厂",
            "legacy_id": "3407",
        }
        row[column] = row[column][:2] + letter + row[column][2:]
        written.writerow(row.values())
        wanted.append((number + 2, column, "control_character"))
    written.writerow([fictional_code(99), "铜陵乙有限公司", "", ""])
    rejects(take(lines.getvalue()), *wanted)
    assert db.session.scalars(select(Enterprise.code)).all() == [fictional_code(99)]


def test_a_day_that_cant_be_is_refused(take: Import) -> None:
    days = {
        "2026-11-23": "future", "9999-12-31": "future", "2020-02-30": "date", "0020-01-31": "date", "20-01-31": "date",
        "昨天": "date", "40000": "date", "2020-13-01": "date", "0000-00-00": "date",
    }  # fmt: skip
    rows = [f"{fictional_code(number)},铜陵甲有限公司,{day}" for number, day in enumerate(days)]
    wanted = [(line, "registered_on", reason) for line, reason in enumerate(days.values(), start=2)]
    rejects(take("\n".join([HEADER, *rows])), *wanted)
    assert count() == 0


def test_a_day_is_understood_as_people_write_it(take: Import) -> None:
    days = [
        "2020-01-05",
        "2020/1/5",
        "2020年1月5日",
        "20200105",
        "2020.01.05",
        "2020-01-05 00:00:00",
    ]
    rows = [f"{fictional_code(number)},铜陵甲有限公司,{day}" for number, day in enumerate(days)]
    rejects(take("\n".join([HEADER, *rows])))
    assert db.session.scalars(select(EnterpriseVersion.registered_on)).all() == [
        date(2020, 1, 5)
    ] * len(days)


def test_encoding_and_delimiter_are_found_out(take: Import) -> None:
    for number, (encoding, delimiter) in enumerate(
        zip(["utf-8-sig", "utf-16", "gb18030", "gb18030"], ";\t|,", strict=True)
    ):
        text = f"{HEADER}\r\n{fictional_code(number)},铜陵甲㛃有限公司,2010-05-01\r\n".replace(
            ",", delimiter
        )
        rejects(take(text.encode(encoding)))
    assert db.session.scalars(select(EnterpriseVersion.name)).all() == ["铜陵甲㛃有限公司"] * 4


def test_line_ends_of_old_macs_are_line_ends(take: Import) -> None:
    rejects(
        take(f"{HEADER}\r{FIRST},铜陵甲有限公司,2010-05-01\rwrong,铜陵乙有限公司,\r"),
        (3, "code", "length"),
    )


def test_the_same_code_twice_is_one_enterprise_unless_the_names_differ(take: Import) -> None:
    text = f"{HEADER}\n{FIRST},铜陵甲有限公司,\n{FIRST.lower()},铜陵甲有限公司,\n{FIRST},铜陵乙有限公司,\n"
    rejects(take(text), (4, "name", "code_twice"))
    assert db.session.scalars(select(EnterpriseVersion.name)).all() == ["铜陵甲有限公司"]


def test_names_and_classes_out_of_bounds_are_refused(take: Import) -> None:
    rows = [
        f"{FIRST},{'长' * 300},,,", f"{SECOND},,,,", f"{THIRD},甲,,,", f"{fictional_code(4)},铜陵丁,{'简' * 257},,",
        f"{fictional_code(5)},铜陵戊,,３４０７００,", f"{fictional_code(6)},铜陵己,,3407,",
        f"{fictional_code(7)},铜陵庚,,340700,XYZ",
        f"{fictional_code(8)},铜陵辛,,,开张大吉",
    ]  # fmt: skip
    header = ["code,name,short_name,region,industry", *rows[:-1]]
    rejects(
        take("\n".join(header)), (2, "name", "name_long"), (3, "name", "name_missing"), (4, "name", "name_missing"),
        (5, "short_name", "short_name"), (6, "region", "region"), (7, "region", "region"), (8, "industry", "industry"),
    )  # fmt: skip
    rejects(take("code,name,short_name,region,status\n" + rows[-1]), (2, "status", "status"))
    assert count() == 0


def test_the_report_holds_no_formula(take: Import, tmp_path: Path) -> None:
    take(
        'code,name\n"=HYPERLINK(""http://example"")",+甲有限公司\n@SUM,-乙有限公司\nx,"\t=1+1 有限"\n'
    )
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
