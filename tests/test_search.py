"""Search finds an enterprise by any name it bore, by initials and by code, and pages without repeat or gap."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from credit.db import transaction
from credit.errors import InvalidInput
from credit.reader import reader
from credit.services import enterprises, search_names, way
from credit.services import search as search_by_code
from credit.services.dossiers import all_ids
from credit.services.search import search
from tests.conftest import TODAY
from tests.makers import code_of, make_enterprise, make_event, violation

LION = "铜都醒狮電器（集團）有限公司"
BY_NAME = [
    "醒狮电", "铜都醒狮电器(集团)有限公司", "醒獅電器", "醒狮電器（集团）", "醒 狮 电", "雄狮", "雄獅", "狮tl", "ＴＬ３Ｍ",
    "tl3m", "TL-3M", "睡狮", "tdxsdq", "TDXSDQ", "xsdq", "tdss", "狮电", "電器", "3m", "３Ｍ",
]  # fmt: skip
HOSTILE = [
    '"铜陵"', "铜陵*", "铜陵 OR 安徽", "铜陵 NEAR 安徽", "NEAR(铜陵)", "^铜陵", "铜陵:", "-铜陵", "铜陵%", "铜陵_", "铜陵\\",
    "铜陵'; DROP TABLE name; --", "铜陵\x00", "\x00铜陵", "铜陵\uffff", "\uffff\uffff", "铜\ud800陵", "铜陵" * 5000, "a" * 5000,
    "91" * 20, "{tokens}", "铜陵\n", "ＡＮＤ", "tokens:铜陵", '"" OR ""', "%s%s", ":tokens", "91%", "91_", "'91", "\U0010ffff" * 3,
]  # fmt: skip
BAD_CURSORS = [
    "x", "c", "r", "r5", "n-1", "r1.5", "n" + "9" * 19, "r1-", "r1-9999", "c铜陵", "c\x00", "c'91", "n٣", "0", "\ud800",
    "c" + "9" * 19 + "-1", "n1\n", "cC\n", "c91", "c91-", "c-1", "c91-x", "c91--1", "c91-٣", "c91-1\n", "c91-" + "9" * 19,
]  # fmt: skip


def found(q: str | None, day: date = TODAY, **asked: str) -> list[str]:
    """The names on the first page, which is long enough."""
    return [item["name"] for item in search(q, day, limit=200, **asked).items]


def every_page(q: str | None, limit: int, of: str = "code", **asked: str) -> list[str]:
    """The codes (or what else is told `of` each) of all pages, which each hold `limit` items but the last."""
    page = search(q, TODAY, limit=limit, **asked)
    told = [item[of] for item in page.items]
    while page.next:
        assert len(page.items) == limit
        page = search(q, TODAY, limit=limit, cursor=page.next, **asked)
        told += [item[of] for item in page.items]
    return told


def register_many(count: int, name: str) -> None:
    """Enterprises in one transaction, the number of each in its name."""
    with transaction("enterprise", "test") as change:
        for number in range(count):
            enterprises.put(change, {"code": code_of(number), "name": name.format(number), "region": "340799"}, TODAY)
        way.advance(change, all_ids(), TODAY)


def accept(code: str, name: str) -> str:
    """Register an enterprise whose code fails, but was verified."""
    with transaction("accept-code", "test") as change:
        enterprise, _ = enterprises.put(change, {"code": code, "name": name, "accepted_because": "样例"}, TODAY)
        way.advance(change, [enterprise], TODAY)
    return code


@pytest.fixture
def lion(app: Flask) -> str:
    """An enterprise with a short name and a former name, beside one that is nearly the same."""
    make_enterprise(2, name="铜都醒狮食品（集团）有限公司")
    make_enterprise(1, date(2020, 1, 1), name="铜都睡狮电器有限公司")
    return make_enterprise(1, date(2024, 1, 1), name=LION, short_name="雄狮 ＴＬ-3M")


def test_an_enterprise_is_found_by_any_part_of_any_name_it_bore(lion: str) -> None:
    assert {q: found(q) for q in BY_NAME} == {q: [LION] for q in BY_NAME}
    absent = ["铜狮", "xsd9", "tdsx", "狮子", "zz", "睡醒", "ds", "公司铜都"]
    assert [q for q in absent if found(q)] == []


def test_both_of_two_nearly_equal_names_are_found_the_shorter_present_one_first(lion: str) -> None:
    both = ["铜都醒狮食品（集团）有限公司", LION]
    assert found("醒狮") == both
    assert set(found("有限公司")) == set(found("yxgs")) == set(found("铜都")) == set(both)


def test_the_name_that_matched_is_told_if_the_present_one_does_not(lion: str) -> None:
    told = {q: search(q, TODAY).items[0]["matched_name"] for q in ("睡狮", "雄狮", "醒狮电", "tdss", "铜都")}
    assert told == {
        "睡狮": "铜都睡狮电器有限公司", "雄狮": "雄狮 ＴＬ-3M", "醒狮电": None, "tdss": "铜都睡狮电器有限公司", "铜都": None,
    }  # fmt: skip


def test_initials_are_found_in_every_reading(app: Flask) -> None:
    make_enterprise(1, name="重庆长风机电有限公司")
    for q in ("cqcf", "cqzf", "zqcf", "zqzf", "CQCF", "ｃｑｃｆ"):
        assert found(q) == ["重庆长风机电有限公司"]


def test_without_words_all_come_in_the_order_of_their_codes(lion: str) -> None:
    for q in ("", " ", "\u3000", None):
        assert every_page(q, 1) == every_page(q, 2) == sorted([code_of(1), code_of(2)])


def test_a_single_character_is_refused_with_a_reason(lion: str) -> None:
    for q in ("醒", "（", "…", "9", "x", "\x00", "-8", "醒）", "\ud800\ud801"):
        with pytest.raises(InvalidInput, match="at least 2"):
            search(q, TODAY)


def test_an_enterprise_is_found_by_its_code_and_by_its_organization_code(lion: str) -> None:
    for length in (2, 8, 9, 12, 17, 18):
        assert lion in every_page(lion[:length], 1)
        assert found(lion[:length].lower()) == found(f" {lion[:2]}-{lion[2:length]} ") == found(lion[:length])
    assert found(lion[8:17]) == found(f"{lion[8:16]}-{lion[16]}".lower()) == [LION]


def test_digits_find_codes_first_and_then_names_each_once(app: Flask) -> None:
    register_many(3, "铜都{}号矿业有限公司")
    both = make_enterprise(20, name="铜都9134化工有限公司")
    named = [accept(f"1234079900000000{n}A", name) for n, name in enumerate(["甲9134公司", "9134公司", "9134"])]
    expected = [*sorted([*map(code_of, range(3)), both]), named[2], named[1], named[0]]
    assert {limit: every_page("9134", limit) for limit in range(1, 9)} == dict.fromkeys(range(1, 9), expected)


def test_letters_that_could_begin_a_code_are_names_as_well(app: Flask) -> None:
    accept("Y2340799MAFK7777A0", "铜都民兵靶场")
    make_enterprise(1, name="铜都Y2机械有限公司")
    make_enterprise(2, name="银杏果实有限公司")
    assert found("y2") == ["铜都民兵靶场", "铜都Y2机械有限公司"]
    assert found("Y234") == ["铜都民兵靶场"]
    assert sorted(found("yxgs")) == ["铜都Y2机械有限公司", "银杏果实有限公司"]


@pytest.mark.parametrize("few", [3, 200])
def test_pages_hold_each_hit_once_however_many_there_are(
    app: Flask, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_names, "FEW", few)
    for count in (few, few + 1 + few // 9):
        register_many(count, "铜都{}号科技有限公司")
        for q in ("科技", "hkjy", "91340799"):
            pages = every_page(q, max(2, few // 7))
            assert len(pages) == count and set(pages) == set(map(code_of, range(count)))


@pytest.mark.parametrize("few", [3, 20, 200])
def test_an_enterprise_with_several_matching_names_stands_once_in_all_pages(
    app: Flask, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_names, "FEW", few)
    register_many(17, "铜都{}号科技有限公司")
    register_many(17, "新{}号科技有限公司")
    for limit in (1, 4, 16, 17, 200):
        assert sorted(every_page("科技", limit)) == sorted(map(code_of, range(17)))


def test_who_pages_on_misses_nothing_though_new_hits_come_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_names, "FEW", 8)
    register_many(7, "铜都{}号科技有限公司")
    first = search("科技", TODAY, limit=3)
    for number in (100, 101, 102):
        make_enterprise(number, name=f"芜湖{number}科技")
    second = search("科技", TODAY, limit=200, cursor=first.next)
    codes = [item["code"] for item in first.items + second.items]
    assert sorted(codes) == sorted(map(code_of, range(7)))
    assert len(every_page("科技", 3)) == 10


def test_filters_narrow_and_the_grade_is_that_of_the_readers_day(app: Flask) -> None:
    one = make_enterprise(1, name="铜都甲科技有限公司", region="340799", industry="C3911")
    make_enterprise(2, name="铜都乙科技有限公司", region="340700", industry="C1311")
    make_event(violation(one, decided_on="2026-06-01", occurred_on="2026-05-01"))
    for q in ("科技", "91", None, "kjyx"):
        assert found(q, grade="B") == found(q, region="340799") == found(q, industry="C39") == ["铜都甲科技有限公司"]
        assert found(q, grade="N") == found(q, region="3407", industry="C13") == found(q, region="340700")
        assert found(q, grade="B", region="340700") == found(q, grade="AAA") == found(q, region="11") == []
        assert found(q, date(2027, 5, 31), grade="B") == ["铜都甲科技有限公司"]
        assert found(q, date(2027, 6, 1), grade="B") == []
        assert len(found(q, date(2027, 6, 1), grade="N")) == 2


def test_an_industry_is_found_however_it_was_sent_and_however_it_is_asked_for(app: Flask) -> None:
    for number, sent in enumerate(["C1512", "1512", "c1512", "Ｃ１５", "A0111", "C13"]):
        make_enterprise(number, name=f"铜都{number}科技有限公司", industry=sent)
    drinks = {code_of(number) for number in range(4)}
    for q in (None, "91", "科技", "kjyx"):
        for asked in ("C15", "c15", "15", "Ｃ１５", "１５", " c15 "):
            assert set(every_page(q, 2, industry=asked)) == drinks, (q, asked)
        assert set(every_page(q, 2, industry="1512")) == drinks - {code_of(3)}
        assert set(every_page(q, 2, industry="c")) == drinks | {code_of(5)} == set(every_page(q, 2, industry="C1"))
        assert every_page(q, 2, industry="01") == every_page(q, 2, industry="a") == [code_of(4)]
        assert every_page(q, 2, industry="B") == []
    assert {item["industry"] for item in search(None, TODAY, industry="15").items} == {"C1512", "C15"}


def test_an_industry_under_the_letter_of_another_section_is_refused_with_the_right_one(app: Flask) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(None, TODAY, industry="h15")
    assert "section C" in refused.value.extra["errors"]["industry"][0]


def test_a_filter_that_is_none_is_refused(app: Flask) -> None:
    for name, wrong in [
        ("grade", "E"), ("grade", "a"), ("grade", "A|B"), ("region", "34%"), ("region", "\x00"), ("region", "1234567"),
        ("region", "٣٤"), ("industry", "C_"), ("industry", "H39"), ("industry", "98"),
        ("industry", "3"), ("industry", "Z1"), ("industry", "C٣٩"), ("industry", "C391112"), ("industry", " "),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            search("科技", TODAY, **{name: wrong})
        assert name in refused.value.extra["errors"]
    for limit in (0, -1, 201):
        with pytest.raises(InvalidInput):
            search("科技", TODAY, limit=limit)


def test_hostile_words_are_plain_text_or_refused(lion: str) -> None:
    for q in HOSTILE:
        try:
            codes = found(q)
        except InvalidInput as refused:
            codes = [] if "q" in refused.extra["errors"] else ["another reason"]
        assert codes == [], q
    for q in ('"醒狮"', "醒狮*", "醒狮%", "_醒狮", "醒狮\\", "醒狮\x00", "醒'狮"):
        assert found(q) == found("醒狮"), q
    assert found("醒狮 OR 睡狮") == found("醒% 电") == []
    assert len(found("铜都")) == 2


def test_a_cursor_of_another_list_is_refused(lion: str) -> None:
    for q in ("有限", "9134", None, "yxgs"):
        for cursor in BAD_CURSORS:
            with pytest.raises(InvalidInput, match="next"):
                search(q, TODAY, cursor=cursor)
    with pytest.raises(InvalidInput, match="next"):
        search("有限", TODAY, cursor=f"c{lion}-1")
    assert search("有限", TODAY, cursor="r5-20").items == search("有限", TODAY, cursor="n999").items == []


def reborn(number: int) -> list[str]:
    """The names of two enterprises that bore one code, the second after the end of the first."""
    names = [f"铜都旧{number}科技有限公司", f"铜都新{number}科技有限公司"]
    make_enterprise(number, date(2020, 1, 1), name=names[0])
    make_enterprise(number, date(2024, 3, 1), name=names[0], status="deregistered")
    make_enterprise(number, date(2025, 1, 1), name=names[1], registered_on="2025-01-01", status="living")
    return names


def test_two_enterprises_that_bore_one_code_stand_in_the_pages_wherever_a_page_ends(app: Flask) -> None:
    code, others = code_of(1), [code_of(2), code_of(3)]
    both = reborn(1)
    for number in (2, 3):
        make_enterprise(number)
    for limit in (1, 2, 3, 4, 200):
        for q in (None, code[:2], code[:9]):
            assert every_page(q, limit) == sorted([code, code, *others]), (q, limit)
            assert [name for name in every_page(q, limit, of="name") if name in both] == both, (q, limit)
        for q in (code, code[8:17]):
            assert every_page(q, limit, of="name") == both, (q, limit)
            assert every_page(q, limit, of="name", grade="N") == both[1:], (q, limit)


def test_a_cursor_from_before_the_asked_prefix_begins_with_the_prefix(lion: str) -> None:
    assert [item["code"] for item in search(lion, TODAY, cursor="c00-1").items] == [lion]
    assert search(lion, TODAY, cursor=f"cZZ-{10**17}").items == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_of_codes_is_read_along_an_index_from_where_it_begins(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[list[str]] = []

    class Explaining:
        """A reader that tells how the database would go about it."""

        def all(self, sql: str, **values: object) -> list[object]:
            plans.append([row[3] for row in reader().all(f"EXPLAIN QUERY PLAN {sql}", **values)])
            return []

    monkeypatch.setattr(search_by_code, "reader", Explaining)
    for q, cursor in [(None, None), (None, "c91-1"), ("9134", None), ("9134", "c91341-1"), ("MA0000391", None)]:
        for asked in ({}, {"grade": "N"}, {"region": "34"}):
            search_by_code.search(q, TODAY, cursor=cursor, **asked)
    for plan in plans:
        assert not [step for step in plan if step.startswith("SCAN")], plan
    assert {plan[0].partition("INDEX ")[2] for plan in plans} == {
        "ix_record_code (code>?)", "ix_record_code (code>? AND code<?)",
        "ix_span_grade_code (grade=? AND code>?)", "ix_span_grade_code (grade=? AND code>? AND code<?)",
        "ix_enterprise_org_code (org_code=?)",
    }  # fmt: skip
    # The few holders of an organization code are sorted as a whole, a list by code never is.
    for plan in plans:
        assert "org_code" in plan[0] or "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
