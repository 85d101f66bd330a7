"""Mappings as data: what a mapping file may say, and how each thing that it may not is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from credit.errors import FileRefused, InvalidInput, MappingRefused
from credit.services.mappings import (
    STANDARDS,
    Reader,
    apply,
    from_plain,
    load_mapping,
    recognise,
    standard,
)
from credit.services.mappings.yaml_reading import MOST_BYTES
from tests.foreign_files import CONVICTIONS, PENALTY, chunk, document, faults, made
from tests.register_files import FIRST, SECOND

LEAST = """\
name: mine
title: {zh: 我的, en: mine}
kind: violation
places:
  code: 代码
  document_no: 文号
  occurred_on: 日期
  decided_on: 日期
  category: {constant: food_safety}
  penalties: {constant: [warning]}
"""


def with_places(*lines: str, rest: str = "") -> str:
    """The least mapping with more places."""
    return LEAST + "".join(f"  {line}\n" for line in lines) + rest


WRONG: dict[str, tuple[str, str, str]] = {
    "an unknown key": (LEAST + "colour: red\n", "colour", "Allowed: name"),
    "an unknown key of a place": (with_places("fine: {column: a}"), "places.fine.column", "Allowed: columns"),
    "an unknown place": (with_places("fnie: a"), "places.fnie", "fine"),
    "an unknown kind": (LEAST.replace("violation", "verdict"), "kind", "violation, inspection, award"),
    "no name": (LEAST.replace("name: mine\n", ""), "name", "missing"),
    "a name with blanks": (LEAST.replace("name: mine", "name: my own"), "name", "hyphens"),
    "no title": (LEAST.replace("title: {zh: 我的, en: mine}\n", ""), "title", "missing"),
    "a title in one language": (LEAST.replace("zh: 我的, ", ""), "title.zh", "missing"),
    "a place that is needed": (LEAST.replace("  document_no: 文号\n", ""), "places.document_no", "needs this place"),
    "no origin": (with_places("fine: {scale: 1}"), "places.fine", "exactly one origin"),
    "two origins": (with_places("fine: {columns: a, constant: '5'}"), "places.fine", "exactly one origin"),
    "a constant that isn't allowed": (LEAST.replace("food_safety", "bad_mood"), "places.category.constant", "labelling"),
    "a word that isn't allowed": (with_places("severity: {columns: a, values: {重: grave}}"), "places.severity.重", "serious"),
    "a number for text": (with_places("severity: {columns: a, values: {重: 3}}"), "places.severity.values.重", "quotes"),
    "a list for text": (with_places("facts: {columns: [[a]]}"), "places.facts.columns.0", "must be text"),
    "a scale of an unknown size": (with_places("fine: {columns: a, scale: 7}"), "places.fine.scale", "10000"),
    "a scale of a day": (with_places("performed_on: {columns: a, scale: 100}"), "places.performed_on.scale", "no amount"),
    "dates of an amount": (with_places("fine: {columns: a, dates: YYYYMMDD}"), "places.fine.dates", "no date"),
    "an unknown date format": (with_places("performed_on: {columns: a, dates: YYMMDD}"), "places.performed_on.dates", "YYYYMMDD"),
    "a split of one value": (with_places("severity: {columns: a, split: ','}"), "places.severity.split", "one value"),
    "a template without a column": (with_places("facts: {template: nothing}"), "places.facts.template", "braces"),
    "a template left open": (with_places("facts: {template: '{a'}"), "places.facts.template", "braces"),
    "words of a template": (with_places("facts: {template: '{a}', values: {a: b}}"), "places.facts.values", "columns only"),
    "another place that isn't mapped": (with_places("performed_on: {columns: a, or_place: published_on}"), "places.performed_on", "not mapped"),
    "a crosswalk that isn't given": (LEAST.replace("code: 代码", "code: {crosswalk: true}"), "crosswalk", "none is given"),
    "a skip without a test": (LEAST + "skip: [{columns: a, because: {zh: 甲, en: a}}]\n", "skip.0", "exactly one test"),
    "a skip without a reason": (LEAST + "skip: [{columns: a, is: [x]}]\n", "skip.0.because", "missing"),
    "unlisted otherwise": (LEAST + "unlisted: perhaps\n", "unlisted", "refuse, ignore"),
    "a built-in mapping that isn't there": (LEAST + "extends: theirs\n", "extends", "shuanggongshi-penalties"),
    "an identity number": (with_places("facts: 身份证号码"), "places.facts", "personal data"),
    "an identity number in a template": (with_places("facts: {template: '{cf_fr_sfzh}'}"), "places.facts", "personal data"),
    "a private column": (with_places("facts: a", rest="private: [A]\n"), "places.facts", "personal data"),
    "a key twice": (LEAST + "name: again\n", "line 11", "stands twice"),
    "a key twice below": (with_places("fine: {columns: a, columns: b}"), "line 11", "stands twice"),
    "a key that is no text": (LEAST + "crosswalk: {column: a, table: {219: x}}\n", "line 11", "in quotes"),
    "an anchor": (LEAST + "ignored: &a [x]\n", "line 11", "anchors"),
    "a tag": (LEAST + "ignored: !!python/tuple [x]\n", "line 11", "tags"),
    "no mapping": ("- a\n", "", "must be a mapping"),
    "nothing": ("", "", "must be a mapping"),
    "no YAML": ("a: [", "line 2", "no valid YAML"),
    "a control character": (LEAST + "unlisted: \x01", "", "no valid YAML"),
    "nesting without end": ("a: " + "[" * 50_000, "line 1", "too deep"),
    "more than a mapping may have": ("#" * (MOST_BYTES + 1), "", "at most"),
    "a day that can't be": (with_places("performed_on: {constant: 2026-02-30}"), "", "no valid YAML"),
    "a file beside nothing": (CONVICTIONS, "crosswalk.file", "attach the crosswalk"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_whatever_is_wrong_in_a_mapping_is_named_by_its_key_with_what_is_allowed(case: str) -> None:
    text, key, words = WRONG[case]
    with pytest.raises(MappingRefused) as refused:
        load_mapping(text)
    assert (refused.value.extra["key"], words in refused.value.detail) == (key, True), refused.value.detail
    assert re.search("[一-鿿]", refused.value.detail_zh) and refused.value.status == 422


def test_the_least_mapping_makes_an_event() -> None:
    assert document(load_mapping(LEAST), 代码=FIRST, 文号="罚1", 日期="2026年5月1日") == {
        "kind": "violation", "code": FIRST, "document_no": "罚1", "occurred_on": "2026-05-01", "decided_on": "2026-05-01",
        "category": "food_safety", "penalties": ["warning"],
    }  # fmt: skip


def test_a_mapping_can_be_stored_as_plain_data_and_means_the_same() -> None:
    for name in STANDARDS:
        stored = orjson.loads(orjson.dumps(standard(name).source))
        assert from_plain(stored) == standard(name)


def test_a_mapping_that_extends_a_built_in_one_changes_only_what_it_says() -> None:
    told = "name: ours\nextends: shuanggongshi-penalties\nunlisted: refuse\nplaces:\n  fine: {scale: 1}\n"
    told += "  category: {constant: food_safety}\n  basis: 依据\n"
    mapping = load_mapping(told)
    found = document(mapping, **PENALTY | {"依据": "食品安全法", "cf_wfxw": "计量"})
    assert (found["fine"], found["confiscated"]) == ("6.000000", "1234.56")
    assert (found["category"], found["basis"]) == ("food_safety", "食品安全法")
    assert mapping.recognised_by == () and mapping.digest != standard("shuanggongshi-penalties").digest


def test_a_column_that_the_mapping_doesnt_know_is_refused_with_the_one_that_is_meant() -> None:
    reader = Reader(load_mapping(LEAST))
    with pytest.raises(FileRefused, match="no column 颜色"):
        reader.check(["代码", "文号", "日期", "颜色"])
    lenient = Reader(standard("shuanggongshi-penalties"))
    assert lenient.check([*PENALTY, "jd_extra"]) == ["jd_extra"]
    with pytest.raises(FileRefused, match="is it cf_nr_fk") as refused:
        lenient.check([name if name != "cf_nr_fk" else "cf_nr_fkk" for name in PENALTY])
    assert "是否为" in refused.value.detail_zh


def test_a_needed_column_that_lacks_and_one_that_stands_twice_are_refused() -> None:
    reader = Reader(load_mapping(LEAST))
    with pytest.raises(FileRefused, match="No column for document_no"):
        reader.check(["代码", "日期"])
    with pytest.raises(FileRefused, match="mean the same column"):
        reader.check(["代码", "文号", "日期", " 文号"])
    assert Reader(load_mapping(LEAST)).check(["代码", "文号", "日期", "身份证号"]) == []


def test_in_json_an_unknown_key_is_named_in_its_row() -> None:
    mapping = load_mapping(LEAST)
    first, second = made(mapping, {"代码": FIRST, "文号": "1", "日期": "20260501"}, {"代码": FIRST, "颜色": "红"})
    assert first.document is not None and second.document is None
    assert [(fault.column, fault.reason) for fault in second.faults] == [("颜色", "unlisted")]


AMOUNTS = [
    ("6", "60000.00"), ("0.000001", "0.01"), ("1,234.5", "12345000.00"), ("１２．５", "125000.00"), ("5万元", "50000.00"),
    ("60000元", "60000"), ("￥6", "60000.00"), (6, "60000.00"), (0.1, "1000.00"), ("0.0000001", "0.0010000"), (0, "0.00"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "yuan"), AMOUNTS)
def test_ten_thousands_become_yuan_without_a_float(cell: Any, yuan: str) -> None:
    assert document(standard("shuanggongshi-penalties"), **PENALTY | {"cf_nr_fk": cell})["fine"] == yuan


@pytest.mark.parametrize("cell", ["1e999", "1e5", "NaN", "inf", "-1", "六万", "9" * 40, float("nan"), float("inf"), 1e300])
def test_what_is_no_amount_is_never_taken_unscaled(cell: Any) -> None:
    assert faults(standard("shuanggongshi-penalties"), **PENALTY | {"cf_nr_fk": cell}) == [("fine", "amount")]


def test_days_are_read_by_the_formats_that_the_mapping_names_and_no_others() -> None:
    places = with_places("performed_on: {columns: 履行, dates: [DD/MM/YYYY, excel]}")
    row = {"代码": FIRST, "文号": "1", "日期": "２０２６-０５-０１"}
    mapping = load_mapping(places)
    found = [document(mapping, **row | {"履行": day})["performed_on"] for day in ("03/04/2026", "3/4/2026", "46115", 46115)]
    assert found == ["2026-04-03"] * 4
    assert document(mapping, **row)["occurred_on"] == "2026-05-01"
    assert faults(mapping, **row | {"履行": "2026-04-03"}) == [("performed_on", "date")]


def test_a_serial_number_of_excel_is_told_as_the_day_that_it_may_mean() -> None:
    (one,) = made(standard("shuanggongshi-penalties"), PENALTY | {"cf_jdrq": "46174"})
    (fault,) = one.faults
    assert (fault.column, fault.reason) == ("decided_on", "excel_date")
    assert "2026-06-01" in fault.told.zh and "2026-06-01" in fault.told.en


def test_words_are_understood_by_table_by_part_and_otherwise() -> None:
    place = "severity: {columns: 程度, values: {'3': serious, 甲: null}, contains: {严重: serious, 轻: minor}, otherwise: general}"
    mapping = load_mapping(with_places(place))
    row = {"代码": FIRST, "文号": "1", "日期": "2026-05-01"}
    told = ["3", "３", "严重失信", "较轻", "不明", 3]
    found = [document(mapping, **row | {"程度": word})["severity"] for word in told]
    assert found == ["serious", "serious", "serious", "minor", "general", "serious"]
    assert "severity" not in document(mapping, **row | {"程度": "甲"})
    assert "severity" not in document(mapping, **row | {"程度": "无"})


def test_a_template_without_all_its_cells_makes_nothing_and_no_cell_is_read_as_a_template() -> None:
    mapping = load_mapping(with_places("source_ref: {template: '{甲}-{乙}'}"))
    row = {"代码": FIRST, "文号": "1", "日期": "2026-05-01", "甲": "{乙}"}
    assert "source_ref" not in document(mapping, **row)
    assert document(mapping, **row | {"乙": "2"})["source_ref"] == "{乙}-2"


def test_rows_that_are_no_event_are_told_so_with_the_reason() -> None:
    rule = "skip:\n  - {columns: [态, 况], is_not: [有效], because: {zh: 无效, en: not valid}}\n"
    mapping = load_mapping(LEAST + "ignored: [态, 况]\n" + rule)
    row = {"代码": FIRST, "文号": "1", "日期": "2026-05-01"}
    valid, other, silent = made(mapping, row | {"态": "有 效"}, row | {"况": "失效"}, row)
    assert (valid.skipped, silent.skipped, other.document) == (None, None, None)
    assert other.skipped == ("无效", "not valid")


def test_a_crosswalk_gives_codes_and_names_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "crosswalk.csv").write_text(f"business,code\n219,{FIRST}\n813,{SECOND}\n219,{FIRST}\n")
    (tmp_path / "mapping.yaml").write_text(CONVICTIONS)
    mapping = load_mapping(tmp_path / "mapping.yaml")
    row = {"id_poursuite": "1", "business_id": "813", "date": "20150514", "date_jugement": "20160329", "montant": "1000"}
    assert document(mapping, **row)["code"] == SECOND
    assert document(mapping, **row | {"business_id": 219})["code"] == FIRST
    assert faults(mapping, **row | {"business_id": "77"}) == [("business_id", "crosswalk")]
    (tmp_path / "other.csv").write_text(f"business,code\n77,{FIRST}\n")
    other = load_mapping(tmp_path / "mapping.yaml", tmp_path / "other.csv")
    assert document(other, **row | {"business_id": "77"})["code"] == FIRST


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (f"business,code\n1,{FIRST}\n1,{SECOND}\n", "line 3: 1 has two codes"),
        ("business,code\n1,\n", "line 2: lacks business or code"),
        (f"id,code\n1,{FIRST}\n", "line 2: lacks business or code"),
        ("", "empty"),
    ],
)
def test_a_crosswalk_that_is_wrong_is_refused(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "crosswalk.csv").write_text(table)
    (tmp_path / "mapping.yaml").write_text(CONVICTIONS)
    with pytest.raises(MappingRefused, match=words):
        load_mapping(tmp_path / "mapping.yaml")


@pytest.mark.parametrize("file", ["/etc/passwd", "../crosswalk.csv", "a/b.csv", ".hidden"])
def test_a_mapping_names_no_file_elsewhere(tmp_path: Path, file: str) -> None:
    (tmp_path / "mapping.yaml").write_text(CONVICTIONS.replace("crosswalk.csv", file))
    with pytest.raises(MappingRefused, match="bare name"):
        load_mapping(tmp_path / "mapping.yaml")


def test_one_row_alone_is_made_or_refused_by_name() -> None:
    mapping = standard("shuanggongshi-penalties")
    assert apply(mapping, PENALTY)["fine"] == "60000.00"
    with pytest.raises(InvalidInput) as refused:
        apply(mapping, PENALTY | {"cf_nr_fk": "x"})
    assert list(refused.value.extra["errors"]) == ["fine"]
    with pytest.raises(InvalidInput) as refused:
        apply(mapping, PENALTY | {"cf_xdr_lb": "自然人"})
    assert "自然人" in refused.value.extra["errors"]["line"][0]


def test_many_rows_make_what_each_makes_alone() -> None:
    mapping = standard("shuanggongshi-penalties")
    rows = [PENALTY | {"cf_nr_fk": cell, "cf_wsh": f"罚{place}", "cf_cflb": words}
            for place, (cell, words) in enumerate((cell, words) for cell in ("1", "x", "", "3万元")
                                                  for words in ("罚款", "警告", "罚款、警告", "鞭打", ""))]  # fmt: skip
    together = made(mapping, *rows)
    alone = [made(mapping, row)[0] for row in rows]
    assert [one._replace(line=2) for one in together] == alone
    lists = [one.document["penalties"] for one in together if one.document and "penalties" in one.document]
    assert len({id(found) for found in lists}) == len(lists)


def test_marks_of_the_reading_are_faults_of_the_row() -> None:
    reader = Reader(standard("shuanggongshi-penalties"))
    for marks, column, reason in (
        ({"#cells": 1}, "line", "cells"), ({"#too_long": "cf_sy"}, "cf_sy", "too_long"), ({"#broken": "no JSON"}, "line", "broken"),
        ({"#deep": True}, "line", "too_deep"), ({"#number_typed": ["cf_xdr_shxym"]}, "code", "number_typed"),
    ):  # fmt: skip
        (one,) = reader.read(chunk(PENALTY, marks=marks))
        assert [(fault.column, fault.reason) for fault in one.faults] == [(column, reason)]
    (one,) = reader.read(chunk(PENALTY, marks={"#number_typed": ["cf_nr_fk"]}))
    assert one.document is not None


def test_no_mapping_is_recognised_where_headers_are_the_registers_own_or_of_two_mappings() -> None:
    assert recognise(["code", "行政处罚决定书文号", "处罚决定日期", "罚款金额"]) is None
    assert recognise(["cf_wsh", "cf_jdrq", "xk_wsh", "xk_jdrq"]) is None
    with pytest.raises(MappingRefused, match="shuanggongshi-licences"):
        standard("theirs")
