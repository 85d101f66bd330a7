"""Two versions of the policy: every difference is told, to programs, to citizens, on the day of its force."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.policy import load_policy, read_policy
from credit.services.policy_differences import told as differences
from tests.conftest import TODAY
from tests.makers import make_enterprise
from tests.policy_versions import Changes, drafted, enacted, files

CHANGED: Changes = {
    "points.yaml": (
        "value: -10, source: own}", "value: -10, source: own}\n    - {from: 2027-01-01, value: -15, source: order45}",
    ),
    "publication.yaml": ("general: 12", "general: 18"),
    "lists.yaml": ("term_months: 36", "term_months: 24"),
    "severity.yaml": ("[warning, criticism]", "[warning]"),
    "grades.yaml": ("[pass_on_file]", "[pass_on_file, registered_months]"),
    "windows.yaml": ("value: 15, source: quality_law", "value: 15, source: own"),
    "sentences.yaml": ("每家参评", "每个参评"),
}  # fmt: skip
# What goes by the event's day may only get a new dated value: a version that rewrites one isn't taken.
OF_EVENT_DAYS = {
    "publication.yaml": "publication.months.general", "lists.yaml": "lists.samr-44.term_months",
    "severity.yaml": "severity.light-kinds",
}  # fmt: skip
ENACTED: Changes = {name: change for name, change in CHANGED.items() if name not in OF_EVENT_DAYS}
TOLD = {
    "points.violation-general": ("2027-01-01", "\u221210 分", "\u221215 分", "\u221210 points", "\u221215 points"),
    "publication.months.general": ("2025-12-25", "12 个月", "18 个月", "12 months", "18 months"),
    "lists.samr-44.term_months": ("2021-09-01", "36 个月", "24 个月", "36 months", "24 months"),
    "severity.light-kinds": ("2000-01-01", "警告、通报批评", "警告", "warning, notice of criticism", "warning"),
    "preconditions.A": (
        "2000-01-01", "有检验合格的记录", "有检验合格的记录、登记满规定月数",
        "a passed test on file", "a passed test on file, registered for the months asked",
    ),
    "finality.objection-days": (
        "2000-01-01", "《中华人民共和国产品质量法》产品质量法 15", "《本登记系统自定标准（各省不同，可调整）》P",
        "《中华人民共和国产品质量法》产品质量法 15", "《本登记系统自定标准（各省不同，可调整）》P",
    ),
    "sentences.base": (
        None, "每家参评企业的基础分为 〔分值〕 分。", "每个参评企业的基础分为 〔分值〕 分。",
        "Every rated enterprise starts from [points] points.", "Every rated enterprise starts from [points] points.",
    ),
}  # fmt: skip


def test_every_difference_is_told_with_key_day_and_both_values() -> None:
    old, new = load_policy(), read_policy(files(CHANGED))
    rows = differences(old, new)
    found = {
        row["key"]: (row["since"], *(row[side][lang] for lang in ("zh", "en") for side in ("old", "new"))) for row in rows
    }
    assert found == TOLD
    others = {"finality.objection-days": "source", "sentences.base": "wording"}
    assert {row["key"]: row["kind"] for row in rows} == dict.fromkeys(TOLD, "value") | others
    assert rows[-1]["kind"] == "wording"
    sources = {row["key"]: row["source"]["number"] for row in rows if row["source"]}
    assert sources["points.violation-general"] == "市场监管总局令第45号"
    assert set(TOLD) - set(sources) == {"sentences.base"}
    assert differences(old, old) == []
    assert len(differences(new, old)) == len(rows)


@pytest.mark.parametrize("key", load_policy().provisions)
def test_a_change_of_any_key_is_told_in_words(key: str) -> None:
    """Another value of each key of the policy, one after the other, never leaves a bare word of the file."""
    old = load_policy()
    provision = old.provisions[key]
    first = provision.values[0]._replace(value=other_value(provision.values[-1].value))
    new = replace(old, provisions=old.provisions | {key: replace(provision, values=(first,))})
    rows = differences(old, new)
    assert rows and {row["key"].startswith(key) for row in rows} == {True}
    for row in (row for row in rows if row["kind"] == "value"):
        for side in (row["title"], row["old"], row["new"]):
            assert side and not re.search(r"[a-z_]", side["zh"].removeprefix("unasked"))
            assert not re.search(r"[一-鿿_]", side["en"])


def other_value(value: Any) -> Any:
    """Something else of the same shape."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return {"publication_day": "decision_day", "decision_day": "publication_day"}.get(value, "C" if value == "B" else "B")
    if isinstance(value, list):
        return value[:-1]
    return {key: f"{part}。" if key == "zh" else other_value(part) for key, part in value.items()}


def told_of_enacted() -> set[str]:
    return set(TOLD) - set(OF_EVENT_DAYS.values())


def test_versions_and_differences_stand_on_the_page_of_their_day(app: Flask) -> None:
    make_enterprise()
    force_on = TODAY + timedelta(days=10)
    new = enacted(ENACTED, force_on)
    client = app.test_client()
    before, after = (client.get(f"/rulebook?on={day}&lang=en").text for day in (TODAY, force_on))
    for page in (before, after):
        assert load_policy().digest[:16] in page and new.digest[:16] in page
    assert "This is the first version." in before
    assert f'<a href="/rulebook?on={force_on}&amp;lang=en">' in before
    assert "This is the first version." not in after
    for key in told_of_enacted():
        _, _, _, old_value, new_value = TOLD[key]
        assert key == "sentences.base" or (old_value in after and new_value in after), key
    assert "Only the Chinese wording changed." in after
    assert "每个参评企业的基础分为 〔分值〕 分。" in client.get(f"/rulebook?on={force_on}&lang=zh").text


def test_the_interface_tells_the_versions_and_the_policy_of_any_day(client: FlaskClient) -> None:
    make_enterprise()
    old, force_on = load_policy(), TODAY + timedelta(days=10)
    assert client.get("/api/v1/policy/versions").get_json()["items"] == [
        {
            "digest": old.digest, "id": old.id, "name": {"zh": old.zh, "en": old.en}, "force_on": str(old.first_day),
            "until": None, "enacted_on": str(TODAY), "differences": 0,
        }
    ]  # fmt: skip
    new = enacted(ENACTED, force_on)
    first, second = client.get("/api/v1/policy/versions").get_json()["items"]
    assert first["until"] == second["force_on"] == str(force_on)
    assert (second["digest"], second["differences"], second["enacted_on"]) == (
        new.digest, len(told_of_enacted()), str(TODAY),
    )  # fmt: skip
    days = {TODAY: old, force_on - timedelta(days=1): old, force_on: new, force_on + timedelta(days=900): new}
    for day, law in days.items():
        assert client.get(f"/api/v1/policy?on={day}").get_json()["digest"] == law.digest
    assert client.get("/api/v1/policy").get_json()["digest"] == old.digest
    assert client.get("/api/v1/policy/versions?on=2026-01-01").status_code == 422


def test_a_draft_that_nobody_enacted_is_not_among_the_versions(client: FlaskClient) -> None:
    make_enterprise()
    drafted(CHANGED)
    assert len(client.get("/api/v1/policy/versions").get_json()["items"]) == 1
