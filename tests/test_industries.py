"""Classes of the industry standard (GB/T 4754-2017): one spelling at every door, and what can be none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import EnterpriseVersion, Record
from credit.policy import load_policy
from credit.rules.industries import SECTIONS, check_industry, normalise_industry
from credit.services.display import industry_name
from tests.conftest import ROOT
from tests.makers import code_of
from tests.register_files import FIRST, Import, count, importer, last_seq, rejects

HEADER = "code,name,registered_on,industry"


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a register file through the command door."""
    return importer(runner, tmp_path)


def test_every_division_of_the_policy_stands_in_its_section() -> None:
    text = (ROOT / "credit/policy/industries.yaml").read_text(encoding="utf-8")
    stands: dict[str, str] = {}
    for block in re.split("^# (?=[A-T] )", text, flags=re.MULTILINE)[1:]:
        stands |= dict.fromkeys(re.findall('^"([0-9]{2})"', block, flags=re.MULTILINE), block[0])
    assert stands == SECTIONS
    assert sorted(load_policy().industries) == sorted(SECTIONS)


@pytest.mark.parametrize(
    "text", ["C1512", "1512", "c1512", "Ｃ１５１２", "１５１２", " c1512\u3000"]
)
def test_each_spelling_of_a_class_becomes_the_one_with_the_letter_of_its_section(text: str) -> None:
    assert normalise_industry(text) == "C1512"
    assert check_industry("C1512") is None
    assert industry_name("C1512", load_policy()) == "酒、饮料和精制茶制造业"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("H15", "section C"), ("C98", "no division 98"), ("0001", "no division 00"), ("C1", "2 to 4 digits"),
        ("C15123", "2 to 4 digits"), ("U15", "2 to 4 digits"), ("", "2 to 4 digits"), ("C٣٩", "2 to 4 digits"),
        ("酒", "2 to 4 digits"), ("C15\x00", "2 to 4 digits"), ("\ud800", "2 to 4 digits"), ("CC15", "2 to 4 digits"),
    ],
)  # fmt: skip
def test_what_is_no_class_is_told_in_words(text: str, told: str) -> None:
    problem = check_industry(normalise_industry(text))
    assert problem is not None and told in problem.en and problem.zh


def test_a_register_file_may_spell_industries_in_any_way(take: Import) -> None:
    spelled = ["C1512", "1512", "c1512", "Ｃ１５１２", "15", "", "-"]
    rows = [
        f"{code_of(number)},铜都{number}有限公司,2010-05-01,{text}"
        for number, text in enumerate(spelled)
    ]
    rejects(take("\n".join([HEADER, *rows])))
    kept = db.session.scalars(select(Record.industry).order_by(Record.code)).all()
    assert sorted(map(str, kept)) == ["C15", *["C1512"] * 4, "None", "None"]


def test_another_spelling_in_the_next_file_changes_nothing(take: Import) -> None:
    take(f"{HEADER}\n{FIRST},铜都甲有限公司,2010-05-01,C1512")
    before = last_seq()
    for text in ("1512", "c1512", "Ｃ１５１２"):
        take(f"{HEADER}\n{FIRST},铜都甲有限公司,2010-05-01,{text}")
    assert last_seq() == before
    assert db.session.scalars(select(EnterpriseVersion.industry)).all() == ["C1512"]


def test_a_row_whose_letter_contradicts_its_division_is_rejected_with_the_right_letter(
    take: Import,
) -> None:
    wrong = ["H1512", "98", "C", "酒业"]
    rows = [
        f"{code_of(number)},铜都{number}有限公司,2010-05-01,{text}"
        for number, text in enumerate(wrong)
    ]
    answer = take("\n".join([HEADER, *rows]))
    rejects(answer, *((line, "industry", "industry") for line in range(2, 6)))
    contradicts, unknown, short, word = answer[1]["suggestion"]
    assert "C1512" in contradicts and "section C" in contradicts and "门类C" in contradicts
    assert "98" in unknown
    assert short == word and "2至4位数字" in short
    assert count() == 0
