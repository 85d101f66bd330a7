"""Files that would harm or mislead: each is refused or marked in both languages, in bounded memory, nothing guessed."""

from __future__ import annotations

import csv
import gzip
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from credit.errors import FileRefused
from credit.services import archives, workbook_worker, workbooks
from credit.services.chunks import read_chunks
from credit.services.delimited import LONGEST_FILE_CELL
from credit.services.event_columns import document
from credit.services.files import read_table
from tests.register_files import workbook
from tests.test_chunks import as_csv, rows_of

SHEET = "xl/worksheets/sheet1.xml"
GB, UTF8 = "gb18030", "utf-8"


def refused(path: Path, words: str, table: bool = True) -> FileRefused:
    """The file is refused with these words, in both languages, whole or in chunks."""
    with pytest.raises(FileRefused, match=words) as found:
        rows_of(path)
    if table:
        with pytest.raises(FileRefused, match=words):
            read_table(path)
    assert re.search("[一-鿿]", found.value.detail_zh)
    return found.value


def mixed(*parts: tuple[str, str]) -> bytes:
    return b"".join(text.encode(encoding) for text, encoding in parts)


MIXED = {
    "UTF-8, then GB18030": (mixed(("code,名称\n1,铜陵甲\n", UTF8), ("2,ascii\n3,铜陵乙\n", GB)), 4),
    "GB18030, then UTF-8": (mixed(("code,名称\n1,铜陵甲有限公司\n", GB), ("2,铜陵乙有限公司\n", UTF8)), 3),
    "two letters of UTF-8, then GB18030": (mixed(("code,no\n1,罚甲\n", UTF8), ("2,铜陵乙有限公司\n", GB)), 2),
    "one line of GB18030 far down": (mixed(("名称\n" + "铜陵甲有限公司\n" * 60_000, UTF8), ("铜陵乙\n", GB)), 60_002),
    "one line of UTF-8 among GB18030": (
        mixed(("名称\n" + "铜陵甲有限公司\n" * 900, GB), ("铜陵乙有限公司\n", UTF8), ("铜陵丙\n", GB)), 902
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MIXED)
def test_of_a_file_in_two_encodings_the_line_is_named_where_they_meet(tmp_path: Path, case: str) -> None:
    data, line = MIXED[case]
    (tmp_path / "a.csv").write_bytes(data)
    found = refused(tmp_path / "a.csv", f"line {line}: the file is")
    assert found.extra["line"] == line and f"第{line}行" in found.detail_zh
    (tmp_path / "a.jsonl").write_bytes(data)
    refused(tmp_path / "a.jsonl", f"line {line}: the file is")


ENCODED = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODED)
def test_one_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("代码,名称\n1,铜陵甲㛃\n2,联通\n".encode(encoding))
    assert [row for _, row, _ in rows_of(tmp_path / "a.csv")] == [{"代码": "1", "名称": "铜陵甲㛃"}, {"代码": "2", "名称": "联通"}]


def test_short_words_of_gb18030_that_are_utf8_by_chance_are_no_second_encoding(tmp_path: Path) -> None:
    data = mixed(("名称\n", GB)) + b"\xc4\xa3\xc4\xa3\xc4\xa3\n" * 3 + mixed(("铜陵甲有限公司\n", GB))
    (tmp_path / "a.csv").write_bytes(data)
    assert [row["名称"] for _, row, _ in rows_of(tmp_path / "a.csv")] == ["模模模"] * 3 + ["铜陵甲有限公司"]


CUT: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "cut.xlsx": (lambda path: workbook(path / "whole.xlsx", [["a"], *[[f"x{n}"] for n in range(99)]]).read_bytes(), "cut off"),
    "cut.parquet": (lambda path: parquet(path / "whole.parquet"), "cut off"),
    "cut.csv.gz": (lambda path: gzip.compress(b"a,b\n" + b"1,2\n" * 5_000 + bytes(range(9)) * 999), "cut off"),
    "cut.csv": (lambda path: "a,b\n1,铜陵甲有限公司".encode("utf-16")[:-1] * 2, "breaks off"),
}  # fmt: skip


def parquet(path: Path) -> bytes:
    pl.DataFrame({"a": [str(number) for number in range(999)]}).write_parquet(path)
    return path.read_bytes()


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_is_cut_off_says_so(tmp_path: Path, name: str) -> None:
    make, words = CUT[name]
    data = make(tmp_path)
    (tmp_path / name).write_bytes(data[: len(data) * 2 // 3] if name != "cut.csv" else data[:-1])
    refused(tmp_path / name, words, table=name != "cut.csv.gz")


def test_a_truncated_line_of_json_is_that_rows_fault_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n[1]\n\n{"a": NaN}\n{"a": 1e999}\n{"a": 2}\n{"a": "x')
    found = rows_of(tmp_path / "a.jsonl")
    assert [(line, row) for line, row, marks in found if not marks] == [(1, {"a": 1}), (6, {"a": 2})]
    assert [line for line, _, marks in found if "#broken" in marks] == [2, 4, 5, 7]
    assert "one JSON object" in found[1][2]["#broken"]


def test_a_file_whose_lines_are_no_json_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("code,name\n1,2\n")
    assert refused(tmp_path / "a.jsonl", "line 1: no JSON", table=False).extra["line"] == 1


@pytest.mark.parametrize("deep", [20, 900, 2_000, 200_000])
def test_json_that_nests_without_end_is_that_rows_fault(tmp_path: Path, deep: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        bomb = '{"a":' + opening * deep + "1" + closing * deep + "}"
        (tmp_path / "a.jsonl").write_text('{"a": 1}\n' + bomb + '\n{"a": [[{"b": [1]}]]}\n')
        first, second, third = rows_of(tmp_path / "a.jsonl")
        assert second == (2, {}, {"#deep": True})
        assert not first[2] and not third[2]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_a_field_of_10_megabytes_is_cut_and_marked_and_the_next_row_is_read(tmp_path: Path, suffix: str) -> None:
    file, most = tmp_path / f"a{suffix}", 32_000 if suffix == ".xlsx" else 10_000_000
    rows = [{"a": "1", "b": "x" * most}, {"a": "2", "b": "短"}]
    if suffix == ".csv":
        file.write_text(as_csv([["a", "b"], *[list(row.values()) for row in rows]]))
    elif suffix == ".xlsx":
        workbook(file, [["a", "b"], *[list(row.values()) for row in rows]])
    else:
        (pl.DataFrame(rows).write_ndjson if suffix == ".jsonl" else pl.DataFrame(rows).write_parquet)(file)
    first, second = rows_of(file)
    assert second[1:] == ({"a": "2", "b": "短"}, {})
    if suffix != ".xlsx":  # Excel itself keeps no longer cell
        assert first[2] == {"#too_long": "b"} and len(first[1]["b"]) == 100


def test_a_line_of_json_longer_than_any_is_marked_and_the_next_row_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{"a": "' + "x" * 16_100_000 + '"}\n{"a": {"b": "' + "y" * 200_000 + '"}}\n')
    first, second, third = rows_of(tmp_path / "a.jsonl")
    assert (first[2], second[1:], third[2]) == ({}, ({}, {"#too_long": "line"}), {"#too_long": "a"})


def test_a_quote_that_swallows_more_than_a_cell_may_have_is_named_by_its_line(tmp_path: Path) -> None:
    usual = csv.field_size_limit(1_000_000)
    try:
        (tmp_path / "a.csv").write_text('a,b\n1,2\n3,"4' + "x" * 1_100_000)
        assert refused(tmp_path / "a.csv", "line 3: .*quote").extra["line"] == 3
    finally:
        csv.field_size_limit(usual)
    assert usual == LONGEST_FILE_CELL


HEADERS = {
    "nothing": ("", "is empty"), "blank": ("\n\n", "no header"), "commas": (",,\n1,2,3\n", "no header"),
    "twice": ("a,b,a\n1,2,3\n", "a stands twice"), "only": ("a,b\n", "header but no rows"), "blank rows": ("a,b\n,\n \n", "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_a_header_that_is_none_is_refused(tmp_path: Path, case: str) -> None:
    text, words = HEADERS[case]
    (tmp_path / "a.csv").write_text(text)
    refused(tmp_path / "a.csv", words)


def test_one_column_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code\n1\n2\n")
    assert [row for _, row, _ in rows_of(tmp_path / "a.csv")] == [{"code": "1"}, {"code": "2"}]


def test_nul_bytes_stay_for_the_shape_to_refuse_and_many_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,name\n1,甲\x00乙\n2,丙\n")
    assert [row["name"] for _, row, _ in rows_of(tmp_path / "a.csv")] == ["甲\x00乙", "丙"]
    (tmp_path / "b.csv").write_bytes(b"code\n" + b"\x00" * 99)
    refused(tmp_path / "b.csv", "neither UTF-8 nor GB18030")


@pytest.mark.parametrize("name", ["book.csv", "table.jsonl", "old.csv"])
def test_a_file_under_a_wrong_name_is_told_what_it_is(tmp_path: Path, name: str) -> None:
    start = {"book.csv": b"PK\x03\x04", "table.jsonl": b"PAR1", "old.csv": b"\xd0\xcf\x11\xe0"}[name]
    (tmp_path / name).write_bytes(start + b"rest")
    refused(tmp_path / name, "Name it", table=False)


def bomb(path: Path, size: int, member: str = SHEET, lie: bool = False) -> Path:
    """A workbook whose sheet unpacks to `size`; `lie`: its table of contents says 100 bytes."""
    with zipfile.ZipFile(workbook(path, [["a"], ["1"]]), "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(member, "w", force_zip64=False) as sheet:
            for _ in range(size // 2**20):
                sheet.write(b" " * 2**20)
        if lie:
            archive.infolist()[-1].file_size = 100
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("lie", [False, True])
def test_a_bomb_in_a_workbook_is_refused_before_it_is_opened(
    tmp_path: Path, lie: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "WORKER", tmp_path / "never.py")  # nothing is opened
    refused(bomb(tmp_path / "a.xlsx", 100 * 2**20, lie=lie), "unpacks to more than")


def test_what_a_workbook_claims_to_unpack_to_is_enough_to_refuse_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, b"x")
        archive.infolist()[-1].file_size = archives.MOST_UNPACKED + 1
    with pytest.raises(FileRefused, match="unpacks to more"):
        archives.check_archive(tmp_path / "a.xlsx")


@pytest.mark.parametrize(("parts", "name"), [(archives.MOST_MEMBERS + 1, "x{}.xml"), (archives.MOST_SHEETS + 1, "xl/worksheets/sheet{}.xml")])
def test_a_workbook_of_countless_parts_or_sheets_is_refused(tmp_path: Path, parts: int, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for number in range(parts):
            archive.writestr(name.format(number), b"")
    refused(tmp_path / "a.xlsx", f"has {parts} parts")


CORNER = """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>
<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>b</t></is></c></row></sheetData></worksheet>"""


def changed_sheet(path: Path, sheet: str) -> Path:
    """A workbook with this XML as its sheet."""
    whole = workbook(path.with_name("whole.xlsx"), [["a"], ["1"]])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, sheet if member == SHEET else old.read(member))
    return path


def test_a_cell_in_the_last_corner_costs_a_process_of_its_own_and_no_memory_here(tmp_path: Path) -> None:
    file = changed_sheet(tmp_path / "a.xlsx", CORNER)
    assert file.stat().st_size < 10_000
    refused(file, "no workbook that can be read")


def test_the_reading_of_a_workbook_may_take_so_much_memory_and_no_more() -> None:
    assert workbook_worker.MOST_MEMORY <= 2 * 2**30


def test_no_process_is_left_where_a_workbook_is_read_in_part(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [["a"], *[[f"{number}"] for number in range(20_000)]])
    parts = read_chunks(file, rows=10)
    assert next(parts).rows[0] == {"a": "0"}
    parts.close()


def test_formulas_are_never_evaluated_and_what_looks_like_one_is_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(("a", "b", "c")):
            sheet.write_string(0, place, name)
        sheet.write_formula(1, 0, "=1+1", None, 5)
        sheet.write_formula(1, 1, '=HYPERLINK("http://example")', None, "")
        sheet.write_string(1, 2, '=cmd|"/c calc"!A1')
    ((line, row, _),) = rows_of(tmp_path / "a.xlsx")
    assert (line, row) == (2, {"a": "5", "c": '=cmd|"/c calc"!A1'})


def test_a_gzip_bomb_is_refused_while_it_is_unpacked(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wb") as file:
        file.write(b"a\n")
        for _ in range(100):
            file.write(b"1\n" * 2**19)
    assert (tmp_path / "a.csv.gz").stat().st_size < 200_000
    refused(tmp_path / "a.csv.gz", "unpacks to more", table=False)


@pytest.mark.parametrize("name", ["a.xlsx.gz", "a.parquet.gz"])
def test_what_is_packed_already_is_not_packed_again(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"PK"))
    refused(tmp_path / name, "without gzip", table=False)


def test_cells_typed_as_numbers_are_marked(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [["code", "fine"], [913407990000000123, 6.5], ["x", "6"]])
    first, second = rows_of(file)
    assert first[2] == {"#number_typed": ["code", "fine"]} and second[2] == {}


def test_digits_of_full_width_are_what_they_look_like() -> None:
    row = {"occurred_on": "２０２６年５月１日", "fine": "６０，０００．５０", "decided_on": "２０２６０６０１"}
    made = document("violation", row)
    assert (made["occurred_on"], made["fine"], made["decided_on"]) == ("2026-05-01", "60000.50", "2026-06-01")


@pytest.mark.parametrize("text", ["1e999", "NaN", "Infinity", "-5", "0x10", "六万", "1_000", "9" * 400])
def test_what_is_no_amount_stays_for_the_shape_to_refuse(text: str) -> None:
    assert document("violation", {"fine": text})["fine"] == text
