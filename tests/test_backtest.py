"""Back-test over the stored history: movers and matrix by hand, foresight of a planted past."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.errors import BeforeRegister, InvalidInput, TooMuchWork
from credit.policy import load_policy, read_policy
from credit.rules.classification import classify
from credit.rules.law import Law
from credit.services import backtest as service
from credit.services import look_up
from credit.services.ages import public_facts
from credit.services.backtest import first_day_on_file, summary
from credit.services.dossiers import all_ids, load
from credit.services.grading import on_day
from credit.services.known import NOW
from credit.services.policy_ahead import as_if_begun
from credit.services.policy_trials import OF_GRADING, on_file, under_each
from tests.backtest_register import GENERAL_LEAVES_A, HARSH, draft, four_firms, planted_past, tried
from tests.conftest import TODAY
from tests.makers import (
    award,
    code_of,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)
from tests.policy_versions import GENERAL, enacted, files

pytestmark = pytest.mark.usefixtures("app")
RATED = ["AAA", "AA", "A", "B", "C", "D", "N", None]


@pytest.fixture
def four(app: Flask) -> list[str]:
    return four_firms()


@pytest.fixture
def planted(app: Flask) -> None:
    planted_past()


def test_one_known_mover_and_the_matrix_by_hand(four: list[str]) -> None:
    report = tried(draft(HARSH))
    json.dumps(report, allow_nan=False)
    expected = [[0] * 8 for _ in RATED]
    for old, new in (("A", "A"), ("B", "C"), ("N", "N"), (None, None)):
        expected[RATED.index(old)][RATED.index(new)] += 1
    assert report["grades"] == RATED and report["matrix"] == expected
    assert report["movers"] == [
        {"code": four[1], "name": "铜都示例2有限公司", "old": "B", "new": "C", "old_score": 71, "new_score": 66,
         "steps": -1, "move": "down"}
    ]  # fmt: skip
    total = {"firms": 4, "moved": 1, "down": 1, "same": 3, "up": 0, "gained": 0, "lost": 0, "other": 0}
    assert report["summary"] == total | {"foresight": "unknown"}
    down = {row["value"]: row["down"] for row in report["moved_by"]["department"]}
    assert down == {"示例市场监督管理局": 1, "示例城管局": 1, None: 0}
    assert report["moved_by"]["region"][0] | {"down": 1, "firms": 4} == report["moved_by"]["region"][0]
    assert report["policies"]["old"]["digest"] == load_policy().digest
    assert (report["first"], report["last"], report["enterprises"]) == (str(TODAY), str(TODAY), 4)


def test_the_law_in_force_against_itself_moves_nobody(four: list[str]) -> None:
    assert tried(load_policy())["summary"]["moved"] == 0
    assert four


def test_both_sides_are_what_grading_itself_says(client: FlaskClient, four: list[str]) -> None:
    """Of the register: the public record; of the draft: a grading of the dossier as it classifies it."""
    make_events(
        violation(four[0], document_no="示例罚〔2026〕2号", fine="150000.00", category="metrology"),
        award(four[2], category="quality_prize", level="provincial"),
        inspection(four[2], document_no="示例抽〔2026〕3号", result="fail", safety_item=True, producer_confirmed=True),
    )
    make_listing(four[0])
    make_cessation(four[1], "示例罚〔2026〕1号", TODAY)
    law = draft(HARSH | {"severity.yaml": ("value: 2000000, source", "value: 100000, source")})
    report = tried(law, most=4)
    old = {code: client.get(f"/api/v1/enterprises/{code}").get_json() for code in four}
    facts = public_facts(load(all_ids(), law, NOW, to_show=False).facts, TODAY)
    new = dict(on_day(facts, law, TODAY).gradings.select("enterprise", "grade").iter_rows())
    grades = [(old[code]["grade"], new[number]) for number, code in enumerate(four, 1)]
    for was in RATED:
        for now in RATED:
            found = report["matrix"][RATED.index(was)][RATED.index(now)]
            assert found == grades.count((was, now)), (was, now)
    assert old[four[0]]["grade"] == "D"


def test_a_past_day_is_graded_from_what_could_be_shown_on_it() -> None:
    long_ago = date(2020, 1, 1)
    code = make_enterprise(1, day=long_ago)
    make_events(
        inspection(code, occurred_on="2022-02-01"),
        violation(code, occurred_on="2023-01-05", decided_on="2023-02-01"),
    )
    make_cessation(code, "示例罚〔2026〕1号", date(2024, 3, 1))
    for day in (date(2022, 6, 1), date(2023, 6, 1), date(2025, 6, 1)):
        report = tried(draft(HARSH), day, day)
        (old,) = (grade for grade, row in zip(RATED, report["matrix"], strict=True) if any(row))
        past = look_up.staff_record(code, day, report["seq"], TODAY).as_dict()
        assert (str(day), old) == (report["day"], past["grade"])
        assert report["summary"]["moved"] == (day == date(2023, 6, 1))


# What either foresaw


def test_grades_that_foresee_failures_are_told_from_those_that_do_not(planted: None) -> None:
    """By hand: fined firms are B, the others A, and just the fined ones fail: every pair is right.

    To the draft a general violation costs nothing and leaves an A: all are alike, AUC one half.
    """
    blind = read_policy(
        files({"points.yaml": (GENERAL, "value: 0, source: own"), "grades.yaml": GENERAL_LEAVES_A})
    )
    report = tried(blind, date(2025, 1, 1), date(2026, 1, 1))
    told = report["prediction"]
    assert (told["days"], told["asks"], told["incomplete"]) == (["2025-01-01"], 20, 20)
    for who in ("all", "observed"):
        found = told[who]
        assert (found["n"], found["outcomes"], found["failed"]) == (20, 10, 10)
        assert found["grade"]["auc"]["old"]["value"] == 1.0
        assert found["grade"]["auc"]["new"]["value"] == 0.5 and found["grade"]["tied_pairs"]["new"] == 1.0
        assert found["grade"]["rank_correlation"]["old"]["value"] == 1.0
        assert found["grade"]["rank_correlation"]["new"]["reason"] == "one_level"
        assert found["foresight"] == "worse" == report["summary"]["foresight"]
    rates = {row["grade"]: (row["n"], row["outcomes"]) for row in told["all"]["calibration"]["old"] if row["n"]}
    assert rates == {"A": (10, 0), "B": (10, 10)}
    assert [row["day"] for row in report["days"]] == ["2025-01-01", "2026-01-01"]
    assert tried(blind, date(2025, 1, 1), date(2026, 1, 1)) == report
    short = summary(report)
    assert (short["half_years"], short["observed"]["outcomes"], short["moves"]["firms"]) == (1, 10, 20)
    assert "movers" not in short and len(json.dumps(short)) < 6_000


def test_what_was_decided_before_the_day_or_after_the_window_is_not_foreseen(planted: None) -> None:
    days = (date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1))
    told = tried(load_policy(), days[0], date(2026, 7, 1))["prediction"]
    assert told["days"] == [str(day) for day in days]
    assert told["all"]["outcomes"] == 20  # none after 1 July 2025; the fines were before
    assert told["observed"]["n"] == 40
    each = [(row["day"], row["n"], row["outcomes"]) for row in told["all"]["half_years"]]
    assert each == [("2024-07-01", 20, 10), ("2025-01-01", 20, 10), ("2025-07-01", 20, 0)]
    assert told["all"]["half_years"][2]["grade"]["new"]["reason"] == "no_outcomes"


def test_a_history_too_short_for_a_half_year_says_so(four: list[str]) -> None:
    report = tried(load_policy(), date(2025, 12, 1))
    assert report["prediction"]["days"] == [] and report["prediction"]["asks"] == 0
    assert report["prediction"]["all"]["grade"]["auc"]["difference"]["reason"] == "nothing_rated"
    assert report["summary"]["firms"] == 4 == len(four)


def test_an_empty_register_has_a_report() -> None:
    report = tried(draft(HARSH), date(2020, 1, 1))
    json.dumps(report, allow_nan=False)
    assert report["summary"]["firms"] == report["enterprises"] == 0
    assert report["movers"] == [] and report["days"] == []


# What was known, and which law held


def test_blocks_are_read_as_known_at_one_number(four: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is reported while the first block is graded has no say in the second."""
    monkeypatch.setattr(service, "CHUNK", 1)
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, total: int) -> None:
        if not told:
            make_event(violation(four[2]))
        told.append((done, total))

    before = tried(load_policy())
    report = tried(load_policy(), progress=meanwhile)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert report == before
    assert tried(load_policy())["matrix"] != before["matrix"]


def test_each_past_day_has_the_law_of_its_day(planted: None) -> None:
    """A stricter law takes force today: back to the former one is a move today, and none before."""
    former = load_policy()
    make_event(violation(code_of(1)))
    law = enacted(HARSH)
    report = tried(former, date(2025, 1, 1))
    moves = {row["day"]: row["up"] for row in report["days"]}
    assert moves == {"2025-01-01": 0, "2025-07-01": 0, str(TODAY): 1}
    eras = report["policies"]["old"]["eras"]
    assert [(era["since"], era["digest"]) for era in eras] == [
        (str(former.first_day), former.digest), (str(TODAY), law.digest)
    ]  # fmt: skip
    assert tried(law, TODAY)["summary"]["moved"] == 0


LATER = "value: -10, source: own}\n    - {from: 2027-01-01, value: -15, source: own"


def test_values_that_begin_later_are_tried_as_if_they_had_begun(four: list[str]) -> None:
    law = draft({"points.yaml": (GENERAL, LATER), "grades.yaml": HARSH["grades.yaml"]})
    report = tried(law)
    assert report["policies"]["new"]["digest"] == law.digest
    assert report["policies"]["new"]["not_yet"] == [
        {"key": "points.violation-general", "from": "2027-01-01", "tried": True}
    ]
    at_once = tried(draft(HARSH))
    assert report["movers"] == at_once["movers"] and report["matrix"] == at_once["matrix"]
    assert [row["code"] for row in report["movers"]] == [four[1]]
    assert report["limits"][0]["key"] == "not_yet" and summary(report)["not_yet"][0]["tried"]
    assert "not_yet" not in {limit["key"] for limit in tried(load_policy())["limits"]}


def test_of_several_values_to_come_the_last_is_tried_and_what_the_law_has_too_is_no_news(four: list[str]) -> None:
    law = draft({"points.yaml": (GENERAL, LATER.replace("-15", "-11") + "}\n    - {from: 2028-01-01, value: -15, source: own")})
    found = tried(law)
    assert [(one["from"], one["tried"]) for one in found["policies"]["new"]["not_yet"]] == [
        ("2027-01-01", False), ("2028-01-01", True)
    ]  # fmt: skip
    assert [limit["key"] for limit in found["limits"][:2]] == ["not_tried", "not_yet"]
    assert found["movers"] == [] and next(row for row in found["days"])["down"] == 0
    enacted({"points.yaml": (GENERAL, LATER)})
    assert tried(draft({"points.yaml": (GENERAL, LATER)}))["policies"]["new"]["not_yet"] == []
    assert four


def test_values_that_would_contradict_others_if_they_began_earlier_are_not_tried(four: list[str]) -> None:
    """From 2027 on an A asks for more points than an AA: a text that the loader would refuse."""
    law = load_policy()
    bands = {key: law.value(f"bands.{key}", TODAY) for key in ("AAA", "AA", "A")}
    assert bands["AAA"] > bands["AA"] > bands["A"]
    told = as_if_begun(with_later(law, "bands.A", bands["AA"] + 1), law, TODAY)
    assert told == (with_later(law, "bands.A", bands["AA"] + 1), [{"key": "bands.A", "from": "2027-01-01", "tried": False}])
    assert four


def with_later(law: Law, key: str, value: int) -> Law:
    """The law with another value of one key from 2027 on."""
    found = law.provisions[key]
    later = found.values[-1]._replace(start=date(2027, 1, 1), value=value)
    return replace(law, provisions=law.provisions | {key: replace(found, values=(*found.values, later))})


def test_days_that_cannot_be_asked_for_are_refused(four: list[str]) -> None:
    law, tomorrow = load_policy(), date(2026, 11, 23)
    for first, last, field in (
        (date(2015, 12, 31), TODAY, "from"), (tomorrow, TODAY, "from"), (tomorrow, tomorrow, "from"),
        (TODAY, tomorrow, "to"), (TODAY, date(2015, 12, 31), "to"),
    ):  # fmt: skip
        with pytest.raises(BeforeRegister) as refused:
            tried(law, first, last)
        assert list(refused.value.extra["errors"]) == [field]
    with pytest.raises(InvalidInput):
        tried(law, TODAY, date(2026, 1, 1))
    with pytest.raises(TooMuchWork, match="4 enterprises on 3 days are more than 11"):
        tried(law, date(2025, 1, 1), TODAY, most=11)
    assert tried(law, date(2025, 1, 1), TODAY, most=12)["enterprises"] == len(four)


def test_the_whole_history_begins_with_its_oldest_event(planted: None) -> None:
    assert first_day_on_file(load_policy()) == date(2024, 3, 1)
    late = replace(load_policy(), first_day=date(2025, 1, 1))
    assert first_day_on_file(late) == date(2025, 1, 1)


def test_laws_that_differ_in_grading_alone_share_their_facts(four: list[str]) -> None:
    """Classification reads nothing else: without these values it says the same, and nothing fails."""
    law = load_policy()
    file = on_file(all_ids(), law, NOW)
    bare = {
        key: replace(provision, values=()) if key.partition(".")[0] in OF_GRADING else provision
        for key, provision in law.provisions.items()
    }
    assert classify(file.events, replace(law, provisions=bare)).equals(classify(file.events, law))
    severe = draft({"severity.yaml": ("value: 2000000, source", "value: 50000, source")})
    facts = under_each(file, [law, draft(HARSH), severe])
    assert facts[law.digest] is facts[draft(HARSH).digest] is not facts[severe.digest]
    assert "violation-serious" in facts[severe.digest].events["rule"].to_list()
    assert isinstance(facts[law.digest].events, pl.DataFrame) and four
