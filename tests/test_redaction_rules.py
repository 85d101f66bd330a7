"""What a text tells of people: found in every spelling, nothing else, in linear time, and masked for good."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from credit.rules.redaction import Personal, findings, mask, masked, only_masked
from seed.codes import fictional_code

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
FULL_WIDTH = str.maketrans("0123456789Xx+-", "０１２３４５６７８９Ｘｘ＋－")
WORDS = st.sampled_from(["证人张三", "消费者李四光", "13800138000", "340702199001010113", "，", "家住铜官区", "号", "3幢502室", "学生",
                         "12岁", "a@b.cn", "[电话号码已隐去]", "某", "0562-2812345", "账号", "6222021234567890128", " ", "。", "王", "《", "》"])
TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map("".join))
LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Nd", "Nl", "No", "L", "M", "Cf", "Sk")), max_size=6)


def kinds(text: str) -> list[Personal]:
    return [one.kind for one in findings(text)]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_text_tells_of_people_what_its_case_says(case: dict[str, Any]) -> None:
    found = [[str(one.kind), case["text"][one.start : one.end]] for one in findings(case["text"])]
    assert found == case["found"]


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2020, 12, 31)))
    start = f"{draw(st.sampled_from(['110105', '340702', '440305', '510104']))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return start + ric.calc_check_digit(start + "0")


@given(number=identity_numbers(), before=LINE, after=LINE, wide=st.booleans(), gap=st.sampled_from(["", " "]))
def test_every_identity_number_is_found_in_every_spelling(number: str, before: str, after: str, wide: bool, gap: str) -> None:
    spelt = gap.join([number[:6], number[6:14], number[14:]])
    spelt = spelt.translate(FULL_WIDTH) if wide else spelt
    text = f"当事人{before}，{spelt}，{after}等"
    (found,) = [one for one in findings(text) if one.kind is Personal.IDENTITY]
    assert text[found.start : found.end] == spelt
    assert number[6:14] not in masked(text)


@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), prefix=st.sampled_from(["", "+86", "+86 ", "0086-", "86"]), wide=st.booleans())
def test_every_mobile_telephone_is_found(number: str, prefix: str, wide: bool) -> None:
    spelt = (prefix + number).translate(FULL_WIDTH) if wide else prefix + number
    text = f"联系{spelt}无果"
    (found,) = findings(text)
    assert found.kind is Personal.PHONE and text[found.start : found.end] == spelt


@given(start=st.from_regex(r"62[0-9]{13,16}", fullmatch=True))
def test_every_card_that_passes_its_check_is_found(start: str) -> None:
    number = start + luhn.calc_check_digit(start)
    assert set(kinds(f"汇入{number}。")) <= {Personal.ACCOUNT, Personal.IDENTITY} and kinds(f"汇入{number}。")


@given(number=st.integers(0, 10**4 - 1), day=st.dates(), yuan=st.decimals(0, 10**9, places=2), year=st.integers(2000, 2030))
def test_numbers_of_things_are_nobodys(number: int, day: Any, yuan: Any, year: int) -> None:
    text = (
        f"{fictional_code(number)}，示市监罚〔{year}〕{number}号，{day}，{day:%Y年%m月%d日}，{yuan}元，GB {number}.1-{year}，"
        f"GB/T {number}-{year}，SC1013407020{number:04}，批号{day:%Y%m%d}{number:04}，{number}箱，DB34/T {number}-{year}"
    )
    assert findings(text) == []


@given(text=TEXT)
def test_what_is_masked_tells_nothing_more(text: str) -> None:
    """And each mark stands where something stood: the masked text says nothing of its own."""
    done = masked(text)
    assert findings(done) == []
    assert only_masked(text, done) or "某" in text or "已隐去" in text


@given(text=TEXT)
def test_findings_stand_apart_and_in_order(text: str) -> None:
    found, place = findings(text), 0
    for one in found:
        assert place <= one.start < one.end <= len(text)
        place = one.end
    assert mask(text, []) == text


@pytest.mark.parametrize("kind", [Personal.IDENTITY, Personal.PASSPORT, Personal.ACCOUNT, Personal.PHONE])
def test_numbers_are_masked_wholly(kind: Personal) -> None:
    """In a small town four digits and a name are enough."""
    for case in CASES:
        for one in findings(case["text"]):
            if one.kind is kind:
                assert not any(letter.isdigit() for letter in one.shown)


def test_a_person_keeps_no_more_than_the_surname() -> None:
    assert masked("证人张三丰和欧阳静称") == "证人张某和欧阳某称"


def test_the_enterprise_is_no_third_person() -> None:
    text = "经营者王致和向消费者王致和道歉"
    assert kinds(text) and not findings(text, own=["王致和"])


HOSTILE = ["1", "1 ", "0-", "证人", "证人张", "王、", "市路1号", "室1号1", "@", "a@", "a.", "+86", "身份证1*", "微信a", "账号1 ", "《", "某", "＊", "①", "\u200b1", "(0", "[电", "学生1班", "十岁", "岁", "家住"]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """No pattern backtracks: four times the text takes about four times the time, whatever the machine does."""

    def taken(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            findings(text)
            best = min(best, time.process_time() - begun)
        return best

    short, long = taken(50_000), taken(200_000)
    assert long < 8 * short + 0.05, (short, long)


class TestAlignment:
    @pytest.mark.parametrize(
        ("original", "shown"),
        [
            ("证人张三，电话13800138000。", "证人张某，电话[电话号码已隐去]。"),
            ("证人张三，电话13800138000。", "证人[姓名已隐去]，电话＊＊＊。"),
            ("甲乙丙", "[全文已隐去]"),
            ("当事人张某", "当事人张某"),
            ("欧阳小明和李四", "欧阳某和李某"),
            ("张三与张四", "张某与张某"),
        ],
    )  # fmt: skip
    def test_marks_may_stand_for_parts(self, original: str, shown: str) -> None:
        assert only_masked(original, shown)

    @pytest.mark.parametrize(
        ("original", "shown"),
        [
            ("产品不合格", "产品合格"),
            ("张三未销售不合格产品", "张某销售不合格产品"),
            ("罚款6万元", "罚款60万元"),
            ("甲乙丙", "甲乙丙[已补充已隐去]"),
            ("甲乙丙", "丙[全文已隐去]"),
            ("甲乙", "乙[全文已隐去]甲"),
            ("当事人销售", "当事人[姓名已隐去]销售"),
            ("甲乙丙", ""),
            ("张三在市场销售", "张某销售"),
        ],
    )  # fmt: skip
    def test_nothing_else_may_be_said(self, original: str, shown: str) -> None:
        """A silent omission could turn a sentence round; so could a name's mark that swallows a 未."""
        assert not only_masked(original, shown)

    @given(text=st.text("甲乙某张", max_size=12), marks=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4)), max_size=3))
    def test_whatever_is_replaced_by_a_visible_mark_is_proved(self, text: str, marks: list[tuple[int, int]]) -> None:
        shown = text
        for start, length in marks:
            if start + length <= len(shown) and "[" not in shown[start : start + length] and "]" not in shown[start : start + length]:
                if "[" in shown and shown.rfind("[", 0, start) > shown.rfind("]", 0, start):
                    continue
                shown = f"{shown[:start]}[甲已隐去]{shown[start + length :]}"
        assert only_masked(text, shown) or "某" in shown

    def test_a_hostile_alignment_is_proved_at_once(self) -> None:
        begun = time.process_time()
        assert not only_masked("甲" * 10_000, "甲某" * 9_000)
        assert only_masked("甲乙" * 5_000, "甲[乙已隐去]" * 5_000)
        assert time.process_time() - begun < 5
