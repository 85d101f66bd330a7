"""The policy files: what the loader refuses, and what a dated value and a digest mean."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from credit.errors import BeforeRegister, PolicyError
from credit.policy.loader import FOLDER, load_policy

Change = Callable[[str, str, str], Path]
BASE = "{from: 2000-01-01, value: 80, source: own}"
ORDER = "市场监督管理严重违法失信名单管理办法(市场监管总局令第44号)"
LEGAL_BASIS = f"legal_basis: {{zh: {ORDER}, en: SAMR Order 44, level: rule}}"

REFUSED = {
    "a key that stands twice in a file": (
        "points.yaml", "points.repeat:", "points.base:", ["points.yaml", "points.base", "twice"],
    ),
    "a key that stands twice in a value": (
        "points.yaml", "law_of: grading_day", "law_of: grading_day\n  law_of: event_day",
        ["points.yaml", "law_of", "twice"],
    ),
    "a key that stands in two files": (
        "windows.yaml", "windows.award:", "points.base:", ["windows.yaml", "points.base", "two files"],
    ),
    "an unknown key of a provision": (
        "points.yaml", "law_of: grading_day", "law_of: grading_day\n  note: x", ["points.yaml", "points.base", "note"],
    ),
    "an unknown key of a value": (
        "points.yaml", BASE, BASE.replace("own", "own, note: x"), ["points.yaml", "points.base", "note"],
    ),
    "a title in one language": (
        "points.yaml", ", en: base of every rated enterprise", "", ["points.yaml", "points.base.title", "en"],
    ),
    "no value at all": (
        "points.yaml", f"values:\n    - {BASE}", "values: []", ["points.yaml", "points.base", "dated value"],
    ),
    "a day that is no day of the calendar": (
        "points.yaml", "2000-01-01", "2000-13-01", ["points.yaml", "month"],
    ),
    "a day that is text": (
        "points.yaml", "2000-01-01", "spring 2000", ["points.yaml", "points.base", "spring 2000"],
    ),
    "an instant in place of a day": (
        "points.yaml", "2000-01-01", "2000-01-01 10:00:00", ["points.yaml", "points.base", "no day"],
    ),
    "days out of order": (
        "points.yaml", BASE, f"{BASE}\n    - {BASE.replace('2000', '1999')}",
        ["points.yaml", "points.base", "1999-01-01"],
    ),
    "the same day twice": (
        "points.yaml", BASE, f"{BASE}\n    - {BASE}", ["points.yaml", "points.base", "2000-01-01"],
    ),
    "a value without source": (
        "points.yaml", BASE, "{from: 2000-01-01, value: 80}", ["points.yaml", "points.base", "source"],
    ),
    "an unknown source": (
        "points.yaml", "source: own", "source: rumour", ["points.yaml", "points.base", "rumour", "known"],
    ),
    "a source of unknown certainty": (
        "policy.yaml", "certainty: own", "certainty: sure", ["policy.yaml", "sources.own", "certainty"],
    ),
    "law of an unknown day": (
        "points.yaml", "law_of: grading_day", "law_of: lucky_day", ["points.yaml", "points.base", "event_day"],
    ),
    "a band that no score reaches": (
        "grades.yaml", "value: 88", "value: 95", ["bands", "2000-01-01", "out of reach"],
    ),
    "a list without legal basis": (
        "lists.yaml", f"        {LEGAL_BASIS}\n", "", ["lists.samr-44", "legal_basis"],
    ),
    "a list whose basis has no standing": (
        "lists.yaml", "level: rule", "level: notice", ["lists.samr-44", "level"],
    ),
    "an unknown predicate": (
        "grades.yaml", "[pass_on_file]", "[good_name]", ["preconditions.A", "good_name", "pass_on_file"],
    ),
    "an unknown ground": (
        "grades.yaml", "[listed,", "[disliked,", ["grounds.D", "disliked"],
    ),
    "an unknown ceiling": (
        "grades.yaml", "value: C, source: own", "value: E, source: own", ["ceilings.violation-serious", "'E'"],
    ),
    "points with a fraction": (
        "points.yaml", "value: 80", "value: 80.5", ["points.base", "80.5", "whole number"],
    ),
    "points as text": (
        "points.yaml", "value: 80", "value: '80'", ["points.base", "'80'", "whole number"],
    ),
    "a truth value for points": (
        "points.yaml", "value: 80", "value: true", ["points.base", "whole number"],
    ),
    "a rule without sentence": (
        "sentences.yaml", "\npledge:", "\npromise:", ["sentences.yaml", "pledge"],
    ),
    "a sentence in one language": (
        "sentences.yaml", "base: {zh:", "base: {nl:", ["sentences.yaml", "base", "zh"],
    ),
    "a file that is no mapping": (
        "severity.yaml", "severity.serious-kinds:", "- severity.serious-kinds\n#", ["severity.yaml"],
    ),
}  # fmt: skip


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the policy in which one text stands for another (its first place in the file)."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for each in FOLDER.glob("*.yaml"):
            shutil.copy(each, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize("mistake", REFUSED)
def test_the_loader_refuses_and_names_the_place(changed: Change, mistake: str) -> None:
    file, old, new, named = REFUSED[mistake]
    with pytest.raises(PolicyError) as refused:
        load_policy(changed(file, old, new))
    assert [word for word in named if word not in str(refused.value)] == []


def test_a_file_that_is_missing_is_named(changed: Change) -> None:
    folder = changed("points.yaml", "80", "80")
    (folder / "industries.yaml").unlink()
    with pytest.raises(PolicyError, match=r"industries\.yaml"):
        load_policy(folder)


def test_the_policy_in_force_loads_and_every_value_has_its_source() -> None:
    law = load_policy()
    values = [dated for provision in law.provisions.values() for dated in provision.values]
    assert len(values) >= len(law.provisions) >= 70
    assert all(dated.source.title and dated.source.certainty in ("V", "S", "R", "own") for dated in values)
    assert {dated.source.number for dated in values if dated.source.certainty == "own"} == {"P"}


def test_a_policy_is_read_once_for_each_folder(changed: Change) -> None:
    folder = changed("points.yaml", "value: 80", "value: 79")
    assert load_policy() is load_policy()
    assert load_policy(folder) is load_policy(folder)
    assert load_policy(folder) is not load_policy()


def test_before_its_first_day_a_value_does_not_exist() -> None:
    law = load_policy()
    with pytest.raises(BeforeRegister, match=r"lists\.samr-44 has no value before 2021-09-01"):
        law.value("lists.samr-44", date(2021, 8, 31))
    assert law.value("lists.samr-44", date(2021, 9, 1))["term_months"] == 36


def test_a_value_holds_until_the_day_of_the_next_one(changed: Change) -> None:
    later = BASE.replace("2000-01-01, value: 80", "2027-01-01, value: 75")
    law = load_policy(changed("points.yaml", BASE, f"{BASE}\n    - {later}"))
    assert law.value("points.base", date(2026, 12, 31)) == 80
    assert law.value("points.base", date(2027, 1, 1)) == 75
    assert date(2027, 1, 1) in law.change_days
    assert date(2027, 1, 1) not in load_policy().change_days


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("points.yaml", "points.base:", "# Why eighty: a remark.\npoints.base:"),
        ("points.yaml", BASE, "{source: own, value: 80, from: 2000-01-01}"),
        ("points.yaml", BASE, "{from: 2000-01-01,   value: 80, source: 'own'}"),
    ],
    ids=["a comment", "another order", "other spaces"],
)
def test_what_changes_no_meaning_changes_no_digest(changed: Change, file: str, old: str, new: str) -> None:
    assert load_policy(changed(file, old, new)).digest == load_policy().digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("points.yaml", "value: 80", "value: 81"),
        ("points.yaml", "from: 2000-01-01", "from: 2000-01-02"),
        ("policy.yaml", 'article: "9、51"', 'article: "9、52"'),
        ("sentences.yaml", "Every rated enterprise", "Each rated enterprise"),
        ("industries.yaml", "crop farming, risk: II", "crop farming, risk: III"),
    ],
    ids=["points", "day", "source", "sentence", "risk"],
)
def test_what_changes_a_meaning_changes_the_digest(changed: Change, file: str, old: str, new: str) -> None:
    assert load_policy(changed(file, old, new)).digest != load_policy().digest
