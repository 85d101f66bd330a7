"""A list of codes and names against the register: the code first, then names, with what each is to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from flask import Flask

from credit.db import transaction
from credit.identifiers import ALPHABET
from credit.services import (
    code_matches,
    enterprises,
    name_candidates,
    name_index,
    name_scan,
    reading,
)
from credit.services.matching import Matched, match
from schemas.enterprise import EnterpriseIn
from tests.conftest import TODAY
from tests.makers import code_of, make_enterprise

NAME = "铜陵岚檀建筑材料有限公司"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    name_index._common.clear()
    name_scan._held.clear()
    code_matches._irregular_codes.clear()
    with app.app_context():
        yield


def matched(*subjects: tuple[str | None, str | None], day: date = TODAY) -> Matched:
    refs = [str(number) for number in range(len(subjects))]
    codes, names = zip(*subjects, strict=True)
    schema = dict.fromkeys(("ref", "code", "name"), pl.String)
    return match(pl.DataFrame({"ref": refs, "code": codes, "name": names}, schema=schema), day)


def relations(*subjects: tuple[str | None, str | None]) -> list[tuple[str, str, str]]:
    """(ref, code, relation) of everything that was found."""
    return matched(*subjects).found.select("ref", "code", "relation").rows()


def put(number: int, **known: Any) -> str:
    """An enterprise with fields that `make_enterprise` keeps for itself."""
    given = {"code": code_of(number), "region": "340799", "registered_on": "2015-05-05"} | known
    with transaction("test") as change:
        enterprises.put(change, EnterpriseIn(day=TODAY).load(given), TODAY)
    return code_of(number)


def slips(code: str) -> list[str]:
    """Every code that one slip makes of this one: a wrong character, a swap, one too few or too many."""
    places = range(len(code))
    wrong = [code[:p] + other + code[p + 1 :] for p in places for other in ALPHABET + "IO"]
    swapped = [code[:p] + code[p + 1] + code[p] + code[p + 2 :] for p in places[:-1]]
    fewer = [code[:p] + code[p + 1 :] for p in places]
    more = [code[:p] + other + code[p:] for p in places for other in f"{code[p]}0A"]
    return sorted({*wrong, *swapped, *fewer, *more} - {code})


def words(found: Matched) -> list[list[str]]:
    return [[each["word"] for each in reasons] for reasons in found.found["reasons"].to_list()]


# --- the code first ---


def test_an_equal_code_decides_whatever_the_name() -> None:
    code = make_enterprise(1, name=NAME)
    other = make_enterprise(2, name="铜陵沐垚商贸有限公司")
    found = matched((code, NAME), (f" {code[:8].lower()}-{code[8:]}", None), (code, "铜陵沐垚商贸有限公司"))
    told = found.found.select("ref", "code", "relation").rows()
    assert told == [("0", code, "same_code"), ("1", code, "same_code"), ("2", code, "same_code"), ("2", other, "other_code")]
    assert found.found["score"].to_list() == [100, 100, 85, 49]
    assert words(found) == [["same_code"], ["same_code"], ["same_code", "brand"], ["other_code"]]
    assert found.inputs["state"].to_list() == ["ok"] * 3


def test_every_code_with_one_slip_finds_its_firm() -> None:
    code = make_enterprise(1, name=NAME)
    wrong = slips(code)
    found = matched(*((slip, None) for slip in wrong))
    assert set(found.found["ref"]) == {str(number) for number in range(len(wrong))}
    assert set(found.found["relation"]) == {"mended_code"}
    assert set(found.inputs["state"]) == {"invalid"}
    assert set(found.inputs["suggestion"]) == {code}
    assert all(found.inputs["problem_zh"].to_list()) and all(found.inputs["problem_en"].to_list())


def test_a_slip_in_an_irregular_code_that_was_accepted_finds_its_firm() -> None:
    code = code_of(1)
    irregular = code[:-1] + ("1" if code[-1] != "1" else "2")
    known = {"code": irregular, "name": NAME, "region": "340799", "accepted_because": "原件核实"}
    with transaction("test") as change:
        loaded = EnterpriseIn(day=TODAY).load({"code": code, "name": NAME, "region": "340799"})
        enterprises.put(change, loaded | known, TODAY)
    swapped = irregular[:4] + irregular[5] + irregular[4] + irregular[6:]
    assert relations((irregular, None), (swapped, None), (irregular[1:], None)) == [
        (str(number), irregular, relation) for number, relation in enumerate(("same_code", "mended_code", "mended_code"))
    ]


def test_two_valid_codes_with_one_name_are_two_firms() -> None:
    code = make_enterprise(1, name=NAME)
    assert relations((code_of(7), NAME)) == [("0", code, "other_code")]
    assert relations((code_of(7), "铜陵岚檀建筑材科有限公司")) == []
    assert relations((None, NAME)) == [("0", code, "same_name")]


def test_organization_codes_and_registration_numbers_find_firms() -> None:
    code = make_enterprise(1, name=NAME)
    put(2, name="铜陵沐垚商贸有限公司", legacy_id="340700000012344")
    assert relations((code[8:17], None), (f"{code[8:16]}-{code[16]}", NAME), ("340700000012344", None)) == [
        ("0", code, "organization_code"), ("1", code, "organization_code"), ("2", code_of(2), "registration_number"),
    ]  # fmt: skip


def test_what_can_be_no_code_is_told_and_the_name_still_searched() -> None:
    code = make_enterprise(1, name=NAME)
    found = matched(("1.23457E+17", NAME), ("无", "没有这家企业"), ("", ""), (None, None), ("\x00", "\x00"), (None, "不存在公司"))
    assert found.inputs["state"].to_list() == ["invalid", "invalid", "empty", "empty", "empty", "ok"]
    assert "Excel" in found.inputs["problem_en"][0] or "number" in found.inputs["problem_en"][0]
    assert found.found.select("ref", "code", "relation").rows() == [("0", code, "same_name")]


# --- names ---


@pytest.mark.parametrize(
    ("asked", "relation"),
    [
        ("銅陵嵐檀建築材料有限公司", "same_name"),
        ("铜陵岚檀 建筑材料（有限公司）", "same_name"),
        ("安徽省铜陵市岚檀建筑材料有限责任公司", "variant"),
        ("岚檀（铜陵）建筑材料有限公司", "variant"),
        ("岚檀建筑材料有限公司", "variant"),
        ("铜陵岚谭建筑材料有限公司", "hint"),
        ("铜陵岚檀建筑材科有限公司", "hint"),
        ("铜陵岚檀建筑料有限公司", "hint"),
        ("铜陵岚檀建筑材料有限公司第一分公司", "parent"),
        ("芜湖岚檀建筑材料有限公司", None),
        ("铜陵岚檀建筑材料股份有限公司", None),
        ("铜陵沐垚建筑材料有限公司", None),
    ],
)
def test_a_name_finds_its_firm_however_it_is_written(asked: str, relation: str | None) -> None:
    code = make_enterprise(1, name=NAME)
    expected = [("0", code, relation)] if relation else []
    assert relations((None, asked)) == expected
    assert relations((None, asked)) == expected  # what is held from the first time serves again


def test_former_names_are_told_with_their_days() -> None:
    code = make_enterprise(1, name="铜陵沐垚商贸有限公司", valid_from="2020-01-01", day=TODAY)
    make_enterprise(1, name=NAME, valid_from="2024-05-06")
    found = matched((None, "铜陵沐垚商贸有限公司"), (code, "铜陵市沐垚商贸有限公司")).found
    assert found["relation"].to_list() == ["former_name", "same_code"]
    assert found["until"].to_list() == [date(2024, 5, 6), None]
    assert [each["word"] for each in found["reasons"][1]] == ["same_code", "former"]
    assert found["name"].to_list() == [NAME, NAME]


def test_a_branch_is_told_with_its_parent() -> None:
    parent = make_enterprise(1, name=NAME)
    branch = put(2, name=f"{NAME}第一分公司", kind="branch", parent_code=parent)
    found = relations((branch, None), (None, NAME.replace("铜陵", "铜陵市")))
    assert found == [
        ("0", branch, "same_code"), ("0", parent, "parent"), ("1", parent, "variant"), ("1", branch, "branch"),
    ]  # fmt: skip
    assert relations((code_of(9), f"{NAME}第二分公司")) == [("0", parent, "parent")]


def test_duplicates_and_order_are_kept() -> None:
    code = make_enterprise(1, name=NAME)
    subjects: list[Any] = [(None, "没有这家企业"), (code, NAME), (code, NAME)]
    found = matched(*subjects)
    assert found.inputs["ref"].to_list() == ["0", "1", "2"]
    assert found.found["row"].to_list() == [1, 2]
    assert match(pl.DataFrame(schema=dict.fromkeys(("ref", "code", "name"), pl.String)), TODAY).inputs.is_empty()


# --- many ---


def test_a_long_list_finds_what_a_short_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many names go in a single parameter, few one by one."""
    code = make_enterprise(1, name=NAME)
    asked: list[Any] = [(None, NAME), (None, "銅陵嵐檀建築材料有限公司"), (None, "铜陵岚谭建筑材料有限公司"), (None, "别的")]
    short = relations(*asked)
    monkeypatch.setattr(reading, "FEW", 0)
    monkeypatch.setattr(name_candidates, "LONG_LIST", 0)
    assert relations(*asked) == short == [("0", code, "same_name"), ("1", code, "same_name"), ("2", code, "hint")]
    second = make_enterprise(2, name="铜陵沐垚商贸有限公司")
    assert relations((None, "铜陵沐垚商贸有限公司")) == [("0", second, "same_name")]


def test_a_used_up_budget_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        make_enterprise(number, name=f"铜陵岚檀建材{number}有限公司")
    make_enterprise(7, name="天岚饭店")
    found = name_candidates.near(pl.DataFrame({"row": [0], "name": ["天岚饭馆"]}))  # all of its few pairs are read
    assert found.cut.to_list() == []
    asked = pl.DataFrame({"row": [0], "name": ["铜陵岚檀建材六有限公司"]})
    assert name_candidates.near(asked).cut.to_list() == []
    monkeypatch.setattr(name_candidates, "LEAST_EACH", 1)
    assert name_candidates.near(asked, postings=1).cut.to_list() == [0]
