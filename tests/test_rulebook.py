"""The rulebook tells what the policy holds: every number, every source, on every day."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.api.problems import CODES
from credit.errors import BeforeRegister, RegisterError
from credit.policy.loader import FOLDER, load_policy
from credit.rules.blacklist import ACTS, FACTOR_TEST, UPPER_CONSENT, edges
from credit.rules.law import Law
from credit.services import rulebook as service
from credit.terms import Grade, ListingState, Severity
from credit.web.docs import docs
from credit.web.state_diagram import ENDS, drawn
from schemas.policy import PolicyDocument

TODAY = date(2026, 11, 22)
LATER = {
    "points.yaml": ("value: -10, source: own", "-12"),
    "grades.yaml": ("value: 88, source: own", "89"),
    "windows.yaml": ("value: 5, source: own", "4"),
}
FIRST = load_policy().first_day
BOOK = {
    "id", "name", "digest", "day", "first_day", "change_days", "points", "limits", "grades", "severity",
    "draws", "tasks", "warnings", "publication", "repairs", "screening", "tiers", "lists", "clocks",
}  # fmt: skip


def rulebook(day: date, law: Law | None = None) -> dict[str, Any]:
    return service.rulebook(day, law or load_policy())


def policy_on(day: date) -> dict[str, Any]:
    return service.policy_on(day, load_policy())


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Law:
    """The policy with a later value of one rule, one band and one cap from 2027 on."""
    folder: Path = tmp_path_factory.mktemp("amended")
    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, folder)
    for name, (old, value) in LATER.items():
        text = (folder / name).read_text(encoding="utf-8")
        added = f"{old}}}\n    - {{from: 2027-01-01, value: {value}, source: own"
        (folder / name).write_text(text.replace(old, added, 1), encoding="utf-8")
    return load_policy(folder)


def days_of(law: Law) -> list[date]:
    """Every day on which some value starts, the day before it, and today."""
    starts = {dated.start for provision in law.provisions.values() for dated in provision.values}
    around = {day for start in starts for day in (start - timedelta(days=1), start)}
    return sorted(day for day in around | {TODAY, law.first_day} if day >= law.first_day)


def told(book: dict[str, Any]) -> list[str]:
    """All Chinese wording of the limits, for rules and as a whole."""
    limits = [row["limit"] for row in book["points"] if row["limit"]]
    return [words["zh"] for words in limits + [row["sentence"] for row in book["limits"]]]


def in_force(law: Law, prefix: str, day: date) -> dict[str, Any]:
    provisions = law.under(prefix).items()
    return {key: p.on(day) for key, p in provisions if p.values[0].start <= day}


def check_numbers(law: Law, day: date) -> None:
    book = rulebook(day, law)
    points = {row["rule"]: row for row in book["points"]}
    held = in_force(law, "points", day)
    assert {rule: row["points"] for rule, row in points.items()} == {rule: d.value for rule, d in held.items()}
    assert all(points[rule]["source"] == dated.source._asdict() for rule, dated in held.items())
    for rule, row in points.items():
        values = [(str(d.start), d.value) for d in law.provisions[f"points.{rule}"].values]
        assert [(value["from"], value["value"]) for value in row["values"]] == values
    bands = {row["grade"]: row["from_score"] for row in book["grades"] if row["from_score"] is not None}
    assert bands == {grade: dated.value for grade, dated in in_force(law, "bands", day).items()}
    for prefix in ("caps", "bounds"):
        for key, dated in in_force(law, prefix, day).items():
            figure = f"{law.provisions[f'{prefix}.{key}'].zh}：{dated.value}"
            assert any(figure in sentence for sentence in told(book)), figure


def test_every_point_band_and_cap_stands_in_the_rulebook_of_its_day() -> None:
    for day in days_of(load_policy()):
        check_numbers(load_policy(), day)


def test_a_later_value_stands_in_the_rulebook_from_its_own_day_on(amended: Law) -> None:
    for day in days_of(amended):
        check_numbers(amended, day)
    before, after = (rulebook(day, amended) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    points = [next(r["points"] for r in book["points"] if r["rule"] == "violation-general") for book in (before, after)]
    bands = [next(r["from_score"] for r in book["grades"] if r["grade"] == "AA") for book in (before, after)]
    assert (points, bands) == ([-10, -12], [88, 89])
    assert "抽检合格最多计次：5" in " ".join(told(before))
    assert "抽检合格最多计次：4" in " ".join(told(after))
    assert "2027-01-01" in before["change_days"]


def test_the_base_comes_first_and_grades_stand_best_first() -> None:
    book = rulebook(TODAY)
    assert book["points"][0]["rule"] == "base"
    assert [row["grade"] for row in book["grades"]] == [str(grade) for grade in Grade]
    assert [row["severity"] for row in book["severity"]] == [str(severity) for severity in reversed(Severity)]


def test_every_precondition_and_ceiling_stands_with_its_grade() -> None:
    law, book = load_policy(), rulebook(TODAY)
    for row in book["grades"]:
        key = "grounds.D" if row["grade"] == "D" else f"preconditions.{row['grade']}"
        if key in law.provisions:
            assert len(row["preconditions"]) == len(law.value(key, TODAY))
        ceilings = {p.zh for p in law.under("ceilings").values() if p.on(TODAY).value == row["grade"]}
        assert {words["zh"] for words in row["ceilings"]} == ceilings
    a = next(row for row in book["grades"] if row["grade"] == "A")
    assert str(law.value("windows.on-file", TODAY)) in a["preconditions"][0]["en"]


@pytest.mark.parametrize(
    ("day", "general", "repair", "start"),
    [
        (date(2025, 12, 24), 36, 6, "公示之日"),
        (date(2025, 12, 25), 12, 3, "公示之日"),
        (date(2026, 3, 31), 12, 3, "公示之日"),
        (date(2026, 4, 1), 12, 3, "决定之日"),
    ],
)
def test_periods_are_those_of_the_day(day: date, general: int, repair: int, start: str) -> None:
    book = rulebook(day)
    row = next(row for row in book["severity"] if row["severity"] == "general")
    assert re.findall(r"\d+", row["publication"]["zh"]) == [str(general)]
    assert re.findall(r"\d+", row["repair"]["zh"]) == [str(repair)]
    assert book["publication"][0]["value"]["zh"].endswith(start)


def test_every_grade_has_its_tier() -> None:
    law, book = load_policy(), rulebook(TODAY)
    placed = {grade: int(row["tier"]) for row in book["tiers"] for grade in row["grades"]}
    assert placed == {str(grade): law.value(f"tiers.{grade}", TODAY) for grade in Grade}


def test_every_list_shows_its_legal_basis_its_grounds_and_the_way_off() -> None:
    law, book = load_policy(), rulebook(TODAY)
    assert {row["id"] for row in book["lists"]} == set(law.under("lists"))
    for row in book["lists"]:
        terms = law.value(f"lists.{row['id']}", TODAY)
        assert row["basis"]["title"]
        assert row["basis"]["title"] in terms["legal_basis"]["zh"]
        assert [ground["ground"] for ground in row["grounds"]] == list(terms["grounds"])
        assert all(ground["source"]["title"] for ground in row["grounds"])
        assert str(terms["term_months"]) in row["term"]["zh"]
        assert terms["measures"] in row["effects"]
        assert terms["removal_conditions"] in row["removal"]
        assert terms["remedies"] in row["removal"]


def test_before_its_order_there_is_no_list() -> None:
    assert rulebook(date(2021, 8, 31))["lists"] == []
    assert [row["id"] for row in rulebook(date(2021, 9, 1))["lists"]] == ["samr-44"]


def words_in(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        found = [value] if set(value) == {"zh", "en"} else []
        return found + [words for part in value.values() for words in words_in(part)]
    return [words for part in value for words in words_in(part)] if isinstance(value, list) else []


def test_all_wording_is_in_both_languages_on_every_day() -> None:
    for day in days_of(load_policy()):
        book = rulebook(day)
        assert set(book) == BOOK
        found = words_in(book)
        assert len(found) > 80
        assert all(bool(words["zh"]) == bool(words["en"]) for words in found)
        assert not [words for words in found if "{" in words["zh"] + words["en"]]
        assert not [words for words in found if re.search("[一-鿿]", words["en"])]


def test_the_policy_document_holds_exactly_what_is_in_force() -> None:
    law = load_policy()
    for day in days_of(law):
        document = policy_on(day)
        assert PolicyDocument().validate(document) == {}
        keys = [value["key"] for value in document["values"]]
        assert keys == [key for key, provision in law.provisions.items() if provision.values[0].start <= day]
        assert all(value["since"] <= str(day) for value in document["values"])
        assert (document["id"], document["digest"], document["on"]) == (law.id, law.digest, str(day))


@pytest.mark.parametrize("ask", [rulebook, policy_on])
def test_before_the_first_day_there_is_no_answer(ask: Any) -> None:
    with pytest.raises(BeforeRegister) as refused:
        ask(FIRST - timedelta(days=1))
    assert refused.value.extra == {"first_day": str(FIRST)}
    assert ask(FIRST)["first_day"] == str(FIRST)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_every_rule_and_every_basis(app: Flask, language: str) -> None:
    for day in days_of(load_policy()):
        book = rulebook(day)
        page = app.test_client().get(f"/rulebook?on={day}&lang={language}")
        assert page.status_code == 200
        assert [row for row in book["points"] if row["label"][language] not in page.text] == []
        assert [row for row in book["lists"] if row["basis"]["title"] not in page.text] == []


def test_the_interface_page_tells_every_call_and_every_error(app: Flask) -> None:
    with app.test_request_context("/docs"):
        page = docs()
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    methods = [(path, method) for path, item in spec["paths"].items() for method in item]
    calls = [f"{method.upper()} {path}" for path, method in methods if method != "parameters"]
    anchors = set(re.findall(r' id="([^"]+)"', page))
    assert len(calls) >= 7
    assert [call for call in calls if call not in page] == []
    assert {error.code for error in RegisterError.__subclasses__()} | set(CODES.values()) <= anchors
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    assert re.findall(r'(?:src|<link[^>]* href)="(?!/)[^"]*"', page) == []


def test_the_diagram_of_a_listing_draws_every_edge_of_the_table_and_no_other(client: FlaskClient) -> None:
    steps = {FACTOR_TEST, UPPER_CONSENT}
    picture = drawn(steps)
    told = {
        (node["name"]["zh"], edge["act"]["zh"], edge["after"]["zh"]) for node in picture["nodes"] for edge in node["edges"]
    }
    table = {(e.before.zh, ACTS[e.act].zh, e.after.zh) for state in ListingState for e in edges(state, steps)}
    assert told == {row for row in table if row[0] not in {end.zh for end in ENDS}}
    lines = len(picture["steps"]) + len(picture["leaps"])
    between = {(e.before, e.after) for state in ListingState for e in edges(state, steps)}
    assert lines == len({pair for pair in between if pair[0] != pair[1] and not ENDS & {*pair}})
    page = client.get("/rulebook").text
    assert page.count('width="188"') == len(ListingState) - len(ENDS)
    assert "上级同意" in page and len(drawn(())["leaps"]) != len(picture["leaps"])


def test_it_says_what_excludes_a_bidder_and_from_when_the_figure_holds(client: FlaskClient) -> None:
    page = client.get("/rulebook").text
    for word in ("政府采购", "依法禁止参加：失信被执行人名单", "审慎考虑：严重违法失信名单", "2,000,000", "财库〔2022〕3号"):
        assert word in page, word
    assert "较大数额罚款（元）" in page and "较大数额罚款（元）" not in client.get("/rulebook?on=2021-06-01").text
