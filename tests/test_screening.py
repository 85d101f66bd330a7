"""Screening of bidders: each source by its name, what excludes by law, what is weighed, and who is never clear."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from credit.db import transaction
from credit.errors import BeforeRegister, InvalidInput
from credit.identifiers import mends
from credit.services import listings
from credit.services.screening.screen import results
from credit.terms import Cessation
from tests.conftest import TODAY
from tests.makers import (
    ago,
    code_of,
    make_cessation,
    make_enterprise,
    make_event,
    make_listing,
    make_officers,
    violation,
)
from tests.screening import LISTS, fresh_lists, screened, take, verdict

NAME = "铜都示例1有限公司"


@pytest.fixture
def code(app: Flask) -> str:
    return make_enterprise()


def entry(code: str = "", name: str = NAME, since: str = "2026-01-05", until: str = "") -> str:
    return f"{name},{code},有履行能力而拒不履行,(2026)示执9号,示例法院,{since},{until}"


def test_whoever_is_found_nowhere_is_clear_and_each_source_tells_as_of_when(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path)
    told = results(screened({"code": code}))[0]
    assert told["verdict"] == "clear"
    assert [(one["list"], one["state"], one["data_as_of"]) for one in told["sources"]] == [
        (name, "not_found", TODAY) for name in (*LISTS, "samr-44", "record")
    ]
    assert [(one["code"], one["relation"], one["score"]) for one in told["matches"]] == [(code, "same_code", 100)]


@pytest.mark.parametrize("missing", LISTS)
def test_nobody_is_clear_while_a_list_was_not_looked_into(code: str, tmp_path: Path, missing: str) -> None:
    for name in LISTS:
        if name != missing:
            take(tmp_path, name)
    told = results(screened({"code": code}))[0]
    source = next(one for one in told["sources"] if one["list"] == missing)
    assert (told["verdict"], source["state"], source["data_as_of"]) == ("review", "not_checked", None)
    take(tmp_path, missing, on=TODAY - timedelta(days=60))
    told = results(screened({"code": code}))[0]
    source = next(one for one in told["sources"] if one["list"] == missing)
    assert (told["verdict"], source["state"]) == ("review", "not_checked")
    assert source["data_as_of"] == TODAY - timedelta(days=60) and "过旧" in source["why"]["zh"]


@pytest.mark.parametrize(
    ("kind", "where", "expected"),
    [
        ("government-procurement", "court_debtors", "excluded"), ("government-procurement", "tax", "excluded"),
        ("government-procurement", "procurement", "excluded"), ("tendered-works", "court_debtors", "consider"),
        ("tendered-works", "tax", "consider"), ("own-purchase", "court_debtors", "consider"),
    ],
)  # fmt: skip
def test_the_kind_of_tender_says_what_excludes(
    code: str, tmp_path: Path, kind: str, where: str, expected: str
) -> None:
    fresh_lists(tmp_path, **{where: entry(code)})
    told = results(screened({"code": code}, kind=kind))[0]
    assert told["verdict"] == expected
    (found,) = told["exclusions"] if expected == "excluded" else told["considerations"]
    assert (found["document_no"], found["authority"], found["since"], found["until"], found["sure"]) == (
        "(2026)示执9号", "示例法院", date(2026, 1, 5), None, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "on", "expected"),
    [
        ("2026-01-05", "2026-11-22", TODAY, "clear"), ("2026-01-05", "2026-11-23", TODAY, "excluded"),
        ("2026-11-22", "", TODAY, "excluded"),
    ],
)  # fmt: skip
def test_an_entry_holds_from_its_day_to_its_end(
    code: str, tmp_path: Path, since: str, until: str, on: date, expected: str
) -> None:
    fresh_lists(tmp_path, procurement=entry(code, since=since, until=until))
    assert verdict(code=code, on=on) == expected


def test_a_name_alone_never_excludes_and_two_codes_are_two_firms(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path, court_debtors=entry(name=NAME), tax=entry(code_of(77), name=NAME))
    told = results(screened({"code": code}, {"name": NAME}, {"name": "铜都示例１有限公司"}, {"code": code_of(5), "name": "别家"}))
    assert [one["verdict"] for one in told] == ["review", "review", "review", "unknown"]
    assert [(one["list"], one["sure"]) for one in told[0]["exclusions"]] == [("court-debtors", False)]
    assert [one["list"] for one in told[1]["exclusions"]] == ["court-debtors", "tax"]


def test_a_firm_unknown_here_is_still_found_on_the_lists_of_others(app: Flask, tmp_path: Path) -> None:
    stranger = code_of(9)
    fresh_lists(tmp_path, court_debtors=entry(stranger, name="外地企业有限公司"))
    assert verdict(code=stranger) == "excluded" and verdict(code=code_of(8)) == "unknown"


def test_the_registers_own_list_is_weighed_and_never_excludes(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path)
    make_listing(code, TODAY - timedelta(days=30))
    told = results(screened({"code": code}))[0]
    assert (told["verdict"], told["exclusions"]) == ("consider", [])
    (found,) = told["considerations"]
    assert (found["list"], found["document_no"], found["since"]) == ("samr-44", "示例列〔2026〕1号", date(2026, 10, 23))
    assert verdict(code=code, on=TODAY - timedelta(days=31)) == "review", "no copy of the lists is that old"


def test_every_one_edit_of_a_listed_firms_code_leads_to_it_and_is_never_clear(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path, court_debtors=entry(code))
    make_listing(code)
    wrong = [code[:n] + letter + code[n + 1 :] for n in range(18) for letter in "07Q" if letter != code[n]]
    wrong += [code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(17) if code[n] != code[n + 1]]
    told = results(screened(*({"code": one} for one in wrong)))
    assert {one["verdict"] for one in told} <= {"invalid", "unknown"}
    led = [one for one, typed in zip(told, wrong, strict=True) if one["verdict"] == "invalid" and code in mends(typed)]
    assert len(led) > 40 and all(one["suggestion"] == code and one["input_error"]["zh"] for one in led)


def test_no_code_and_no_name_or_a_wrong_code_is_an_input_to_mend(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path)
    told = results(screened({}, {"code": "1.23457E+17", "name": "甲"}, {"code": f" {code[:8].lower()}-{code[8:]} "}))
    assert [one["verdict"] for one in told] == ["invalid", "invalid", "clear"]
    assert "代码" in told[0]["input_error"]["zh"] and told[1]["input_error"]["en"]


GRAVE = {"penalties": ["suspended_business"], "occurred_on": ago(200), "decided_on": ago(190)}


@pytest.mark.parametrize(
    ("more", "kind", "expected"),
    [
        ({}, "government-procurement", "excluded"), ({}, "own-purchase", "consider"),
        ({"penalties": ["revoked_licence"]}, "government-procurement", "excluded"),
        ({"penalties": ["fine"], "fine": 1_999_999}, "government-procurement", "clear"),
        ({"penalties": ["fine"], "fine": 2_000_000}, "government-procurement", "excluded"),
        ({"penalties": ["lowered_qualification"]}, "government-procurement", "consider"),
        ({"penalties": ["fine"], "fine": 5000}, "government-procurement", "clear"),
    ],
)  # fmt: skip
def test_the_record_of_three_years_excludes_as_article_19_has_it(
    code: str, tmp_path: Path, more: dict[str, Any], kind: str, expected: str
) -> None:
    fresh_lists(tmp_path)
    make_event(violation(code, document_no="示例罚〔2026〕9号", **(GRAVE | {"fine": None} | more)))
    told = results(screened({"code": code}, kind=kind))[0]
    assert told["verdict"] == expected
    found = told["exclusions"] + told["considerations"]
    assert [(one["list"], one["document_no"]) for one in found] == (
        [("record", "示例罚〔2026〕9号")] if expected != "clear" else []
    )


def test_what_was_repaired_is_told_to_no_buyer(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path)
    make_event(violation(code, document_no="示例罚〔2026〕9号", fine=None, **GRAVE))
    make_cessation(code, "示例罚〔2026〕9号", TODAY - timedelta(days=2), Cessation.REPAIRED)
    assert verdict(code=code) == "clear"


def test_a_listing_that_was_removed_is_told_to_no_buyer_of_a_day_before(code: str, tmp_path: Path) -> None:
    who = make_officers()
    for name in LISTS:
        take(tmp_path, name, on=TODAY - timedelta(days=12))
    listing = make_listing(code, TODAY - timedelta(days=30), officers=who)
    before = TODAY - timedelta(days=10)
    assert verdict(code=code, on=before) == "consider"
    with transaction("test") as change:
        listings.act(change, listing, "revoke", who["decider"], TODAY, {"document_no": "撤1", "reason": "撤销"})
    assert [one["considerations"] for one in results(screened({"code": code}, on=before))] == [[]]


def test_one_excluded_member_excludes_the_consortium(code: str, tmp_path: Path) -> None:
    other = make_enterprise(2)
    fresh_lists(tmp_path, tax=entry(other))
    given = [{"code": code, "group": "联合体一"}, {"code": other, "group": "联合体一"}, {"code": code}]
    told = results(screened(*given))
    assert [(one["verdict"], one["by_group"]) for one in told] == [("excluded", True), ("excluded", False), ("clear", False)]


def test_former_names_and_organization_codes_lead_to_the_firm(code: str, tmp_path: Path) -> None:
    fresh_lists(tmp_path)
    make_enterprise(name="铜都改名有限公司")
    told = results(screened({"name": NAME}, {"name": "铜都改名有限公司"}, {"code": code[8:17]}))
    assert [(one["verdict"], one["matches"][0]["relation"]) for one in told] == [
        ("review", "former_name"), ("clear", "same_name"), ("clear", "organization_code"),
    ]  # fmt: skip


def test_an_unknown_kind_and_a_day_to_come_are_refused(code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        screened({"code": code}, kind="lottery")
    assert list(refused.value.extra["errors"]) == ["kind"]
    with pytest.raises(BeforeRegister):
        screened({"code": code}, on=TODAY + timedelta(days=1))
