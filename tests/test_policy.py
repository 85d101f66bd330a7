"""The policy files: what the loader refuses, and what a dated value and a digest mean."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from credit.errors import BeforeRegister, PolicyError
from credit.policy.keys import BAD, CEILINGS
from credit.policy.loader import FOLDER, load_policy
from tests.policy_mistakes import BASE, CROSSED, NEEDED, REFUSED

Change = Callable[[str, str, str], Path]


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
    assert [word for word in (file, *named) if word not in str(refused.value)] == []


@pytest.mark.parametrize("mistake", CROSSED)
def test_the_loader_refuses_values_that_do_not_fit_together(changed: Change, mistake: str) -> None:
    file, old, new, named = CROSSED[mistake]
    with pytest.raises(PolicyError) as refused:
        load_policy(changed(file, old, new))
    assert [word for word in named if word not in str(refused.value)] == []


@pytest.mark.parametrize("key", NEEDED)
def test_a_key_that_the_program_reads_must_be_there(changed: Change, key: str) -> None:
    (file,) = (each.name for each in FOLDER.glob("*.yaml") if f"\n{key}:" in "\n" + each.read_text(encoding="utf-8"))
    whole = (FOLDER / file).read_text(encoding="utf-8")
    provision = whole[whole.index(f"{key}:") :].split("\n\n")[0].rstrip("\n")
    with pytest.raises(PolicyError) as refused:
        load_policy(changed(file, provision, "# abolished"))
    assert key in str(refused.value) and "missing" in str(refused.value)


def test_a_list_that_means_d_must_be_among_the_lists(changed: Change) -> None:
    whole = (FOLDER / "lists.yaml").read_text(encoding="utf-8")
    with pytest.raises(PolicyError, match=r"grades\.yaml: grounds\.D: listed can never hold"):
        load_policy(changed("lists.yaml", whole, "{}"))


@pytest.mark.parametrize("rule", [*BAD, *(f"ceiling-{rule}" for rule in CEILINGS)])
def test_what_burdens_an_enterprise_says_what_until_when_and_what_ends_it_earlier(rule: str) -> None:
    zh, en = load_policy().sentences[rule]["zh"], load_policy().sentences[rule]["en"]
    cost = "{number}" if rule.startswith("ceiling-") else "{points}"
    assert all(hole in text for hole in ("{document}", cost, "{until}") for text in (zh, en))
    assert any(word in zh.split("{until}")[1] for word in ("修复", "撤销", "复查合格"))
    assert "at once" in en.split("{until}")[1]


def test_an_award_may_be_worth_no_points(changed: Change) -> None:
    whole = (FOLDER / "points.yaml").read_text(encoding="utf-8")
    brand = next(part for part in whole.split("\n\n") if part.startswith("points.brand:"))
    folder = changed("points.yaml", brand, "# abolished")
    text = (folder / "sentences.yaml").read_text(encoding="utf-8")
    (folder / "sentences.yaml").write_text(text.replace("\nbrand:", "\n# brand:"), encoding="utf-8")
    assert "points.brand" not in load_policy(folder).provisions


def test_a_file_that_is_not_utf_8_is_named(changed: Change) -> None:
    folder = changed("points.yaml", "80", "80")
    (folder / "tiers.yaml").write_bytes("标题".encode("gb18030"))
    with pytest.raises(PolicyError, match=r"tiers\.yaml: .*utf-8"):
        load_policy(folder)


def test_no_message_tells_the_machine_s_folders(changed: Change) -> None:
    folder = changed("points.yaml", "zh: 评价基础分", "zh: '评价基础分")
    with pytest.raises(PolicyError) as refused:
        load_policy(folder)
    assert str(folder) not in str(refused.value)


def test_the_policy_loads_in_a_blink(changed: Change) -> None:
    folder = changed("points.yaml", "value: 80", "value: 78")
    began = time.process_time()
    load_policy(folder)
    assert time.process_time() - began < 0.2


def test_a_file_that_is_missing_is_named(changed: Change) -> None:
    folder = changed("points.yaml", "80", "80")
    (folder / "industries.yaml").unlink()
    with pytest.raises(PolicyError, match=r"industries\.yaml") as refused:
        load_policy(folder)
    assert str(folder) not in str(refused.value)


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
