"""Back-test over the stored history: movers and matrix by hand, foresight of a planted past, its doors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import transaction
from credit.errors import BeforeRegister, DraftRefused, InvalidInput, PolicyError, TooMuchWork
from credit.policy import load_policy, read_policy
from credit.rules.classification import classify
from credit.rules.law import Law
from credit.services import backtest as service
from credit.services import enactment, look_up
from credit.services.backtest import backtest, first_day_on_file, summary
from credit.services.dossiers import all_ids, load
from credit.services.drafts import read_draft
from credit.services.grading import on_day, public_facts
from credit.services.known import NOW
from credit.services.model_card import model_card
from credit.services.policy_trials import OF_GRADING, on_file, under_each
from tests.conftest import TODAY, Clock
from tests.makers import (
    award,
    code_of,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    make_key,
    make_listing,
    make_officers,
    violation,
)
from tests.policy_versions import GENERAL, STRICTER, checked, enacted, files
from tests.register_files import last_seq

pytestmark = pytest.mark.usefixtures("app")
GENERAL_LEAVES_A = (
    "while a general violation counts}\n  law_of: grading_day\n  values:\n    - {from: 2000-01-01, value: B",
    "while a general violation counts}\n  law_of: grading_day\n  values:\n    - {from: 2000-01-01, value: A",
)
PATH = "/api/v1/policy/backtest"
RATED = ["AAA", "AA", "A", "B", "C", "D", "N", None]


def draft(changes: dict[str, tuple[str, str]]) -> Law:
    return read_policy(files(changes))


def tried(law: Law, first: date = TODAY, last: date = TODAY, **more: Any) -> dict[str, Any]:
    return backtest(law, TODAY, first, last, **more)


@pytest.fixture
def four(app: Flask) -> list[str]:
    """A firm with a pass, one with a violation too, one about which nothing is known, a closed one."""
    codes = [make_enterprise(1), make_enterprise(2), make_enterprise(3), make_enterprise(4, status="deregistered")]
    make_events(inspection(codes[0], item={"product": "甲"}), inspection(codes[1], item={"product": "乙"}))
    make_event(violation(codes[1]), department="示例城管局")
    return codes


# Who moves, by hand: 80 + 1 for the pass + 3 clean years of 2 is 87 (A); 80 + 1 - 10 is 71 (B).
# The draft takes 15 for the violation, 66, and asks for 70: C.
HARSH = STRICTER | {"grades.yaml": ("value: 60, source: own", "value: 70, source: own")}


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


@pytest.fixture
def planted(app: Flask) -> None:
    """Eight firms of 2020 that pass a test each year; the last four are fined in 2024 and fail in 2025."""
    born = date(2020, 1, 1)
    sent = []
    for number in range(1, 9):
        code = make_enterprise(number, day=born)
        for year in (2024, 2025):
            document = {"document_no": f"示例抽〔{year}〕{number}号", "occurred_on": f"{year}-03-0{number}"}
            failed = {"result": "fail", "producer_confirmed": True} if year == 2025 and number > 4 else {}
            sent.append(inspection(code, **document, **failed, item={"product": f"粳米{number}"}))
        if number > 4:
            days = {"occurred_on": "2024-05-01", "decided_on": "2024-06-01"}
            sent.append(violation(code, document_no=f"示例罚〔2024〕{number}号", **days))
    make_events(*sent)


def test_grades_that_foresee_failures_are_told_from_those_that_do_not(planted: None) -> None:
    """By hand: fined firms are B, the others A, and just the fined ones fail: every pair is right.

    To the draft a general violation costs nothing and leaves an A: all are alike, AUC one half.
    """
    blind = read_policy(
        files({"points.yaml": (GENERAL, "value: 0, source: own"), "grades.yaml": GENERAL_LEAVES_A})
    )
    report = tried(blind, date(2025, 1, 1), date(2026, 1, 1))
    told = report["prediction"]
    assert (told["days"], told["asks"], told["incomplete"]) == (["2025-01-01"], 8, 8)
    for who in ("all", "observed"):
        found = told[who]
        assert (found["n"], found["outcomes"]) == (8, 4)
        assert found["grade"]["auc"]["old"]["value"] == 1.0
        assert found["grade"]["auc"]["new"]["value"] == 0.5 and found["grade"]["tied_pairs"]["new"] == 1.0
        assert found["grade"]["rank_correlation"]["old"]["value"] == 1.0
        assert found["grade"]["rank_correlation"]["new"]["reason"] == "one_level"
        assert found["foresight"] == "worse" == report["summary"]["foresight"]
    rates = {row["grade"]: (row["n"], row["outcomes"]) for row in told["all"]["calibration"]["old"] if row["n"]}
    assert rates == {"A": (4, 0), "B": (4, 4)}
    assert [row["day"] for row in report["days"]] == ["2025-01-01", "2026-01-01"]
    assert tried(blind, date(2025, 1, 1), date(2026, 1, 1)) == report
    short = summary(report)
    assert (short["half_years"], short["observed"]["outcomes"], short["moves"]["firms"]) == (1, 4, 8)
    assert "movers" not in short and len(json.dumps(short)) < 6_000


def test_what_was_decided_before_the_day_or_after_the_window_is_not_foreseen(planted: None) -> None:
    days = (date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1))
    told = tried(load_policy(), days[0], date(2026, 7, 1))["prediction"]
    assert told["days"] == [str(day) for day in days]
    assert told["all"]["outcomes"] == 8  # none after 1 July 2025; the fines were before
    assert told["observed"]["n"] == 16


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


def test_values_that_begin_later_are_named(four: list[str]) -> None:
    later = "value: -10, source: own}\n    - {from: 2027-01-01, value: -15, source: own"
    report = tried(draft({"points.yaml": (GENERAL, later)}))
    assert report["policies"]["new"]["not_yet"] == [{"key": "points.violation-general", "from": "2027-01-01"}]
    assert report["limits"][0]["key"] == "not_yet" and report["summary"]["moved"] == 0
    assert "not_yet" not in {limit["key"] for limit in tried(load_policy())["limits"]}
    assert four


def test_days_that_cannot_be_asked_for_are_refused(four: list[str]) -> None:
    law = load_policy()
    for first, last in ((date(2015, 12, 31), TODAY), (TODAY, date(2026, 11, 23))):
        with pytest.raises(BeforeRegister):
            tried(law, first, last)
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


# Drafts that somebody sends

BAD_DRAFTS = {
    "an unknown key": ({"points.yaml": "points.bse:\n  title: {zh: 甲, en: a}"}, "points.yaml", "points.bse"),
    "a wrong value": (files({"points.yaml": ("value: 80", "value: eighty")}), "points.yaml", "points.base"),
    "a head without a name": (files({"policy.yaml": ("id: tongling-2026", "id: ''")}), "policy.yaml", "id"),
    "no YAML": ({"points.yaml": "a: [1"}, "points.yaml", None),
    "a bomb": ({"policy.yaml": "a: &a [x]\nb: [*a, *a]"}, "policy.yaml", None),
    "a deep nest": ({"points.yaml": "[" * 100_000}, "points.yaml", None),
    "a control character": ({"points.yaml": "a: \x00"}, "points.yaml", None),
    "a head without sources": ({"policy.yaml": "id: x"}, "policy.yaml", None),
}


@pytest.mark.parametrize("name", BAD_DRAFTS)
def test_a_bad_draft_is_refused_with_its_file_and_key(name: str) -> None:
    sent, file, key = BAD_DRAFTS[name]
    with pytest.raises(DraftRefused) as refused:
        read_draft(sent, TODAY)
    assert refused.value.extra == {"file": file, "key": key}
    assert file in refused.value.detail and isinstance(refused.value, PolicyError)


def test_a_draft_of_one_file_takes_the_others_from_the_law_in_force() -> None:
    shipped = files(HARSH)
    one = read_draft({"points.yaml": shipped["points.yaml"]}, TODAY)
    assert one == draft(STRICTER)
    law = enacted({"grades.yaml": ("value: 88", "value: 89")})
    two = read_draft({"points.yaml": shipped["points.yaml"]}, TODAY)
    assert two.value("bands.AA", TODAY) == 89 == law.value("bands.AA", TODAY)
    assert two.value("points.violation-general", TODAY) == -15


# The doors


def post(client: FlaskClient, body: Any, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    answer = client.post(PATH, json=body, headers=make_key() if headers is None else headers)
    return answer.status_code, answer.get_json()


def test_the_api_answers_with_the_report(client: FlaskClient, four: list[str]) -> None:
    shipped, span = files(HARSH), {"from": "2026-01-01", "to": str(TODAY), "seed": 3}
    status, told = post(client, {"files": {name: shipped[name] for name in HARSH}, **span})
    assert status == 200
    assert told == tried(draft(HARSH), date(2026, 1, 1), seed=3) and told["movers"][0]["code"] == four[1]
    assert post(client, {"draft": enacted(STRICTER).digest})[1]["summary"]["firms"] == 4
    whole = post(client, {"files": {"points.yaml": shipped["points.yaml"]}})[1]
    assert (whole["first"], whole["last"]) == (str(first_day_on_file(load_policy())), str(TODAY))


GOOD = files(HARSH)
REFUSED: dict[str, tuple[Any, int, str]] = {
    "neither": ({}, 422, "invalid-input"),
    "both": ({"files": {"points.yaml": "a: 1"}, "draft": "0" * 64}, 422, "invalid-input"),
    "a folder": ({"files": {"../points.yaml": "a: 1"}}, 422, "invalid-input"),
    "no text": ({"files": {"points.yaml": 1}}, 422, "invalid-input"),
    "no files": ({"files": {}}, 422, "invalid-input"),
    "many files": ({"files": {f"p{n}.yaml": "a: 1" for n in range(41)}}, 422, "invalid-input"),
    "a long file": ({"files": {"points.yaml": "#" * 500_001}}, 422, "invalid-input"),
    "an unknown field": ({"draft": "0" * 64, "days": 3}, 422, "invalid-input"),
    "no day": ({"draft": "0" * 64, "from": "yesterday"}, 422, "invalid-input"),
    "an unknown digest": ({"draft": "0" * 64}, 404, "unknown-policy"),
    "a part of a digest": ({"draft": "0" * 12}, 422, "invalid-input"),
    "a wrong draft": ({"files": {"points.yaml": "points.bse: 1"}}, 422, "draft-refused"),
    "before the register": ({"files": GOOD, "from": "2015-01-01"}, 404, "before-register"),
    "tomorrow": ({"files": GOOD, "to": "2026-11-23"}, 404, "before-register"),
    "backwards": ({"files": GOOD, "from": "2026-02-01", "to": "2026-01-01"}, 422, "invalid-input"),
    "a list": ([1], 422, "invalid-input"),
}


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_the_api_refuses(client: FlaskClient, database: str) -> None:
    headers = make_key()
    for name, (body, status, code) in REFUSED.items():
        found = post(client, body, headers)
        assert (found[0], found[1]["code"]) == (status, code), (name, found)
    wrong = post(client, REFUSED["a wrong draft"][0], headers)[1]
    assert (wrong["file"], wrong["key"]) == ("points.yaml", "points.bse")
    assert client.post(PATH, data="{", headers=headers, content_type="application/json").status_code == 400


def test_only_supervisors_may_ask_and_not_for_too_much(client: FlaskClient, app: Flask, four: list[str]) -> None:
    body = {"files": files(HARSH), "from": "2025-01-01"}
    assert post(client, body, {})[0] == 401
    assert post(client, body, make_key(scopes=("events:write",)))[0] == 403
    app.config["CREDIT_BACKTEST_MOST"] = "8"
    status, told = post(client, body)
    assert (status, told["code"]) == (422, "too-much-work")
    assert (told["enterprises"], told["days"], told["most"]) == (len(four), 3, 8)
    assert "credit backtest" in told["detail"] and "credit backtest" in told["detail_zh"]


def test_nothing_is_written(client: FlaskClient, four: list[str]) -> None:
    before = client.get(f"/api/v1/enterprises/{four[1]}").data
    headers = make_key()
    seq = last_seq()
    assert post(client, {"files": files(HARSH)}, headers)[0] == 200
    assert last_seq() == seq
    assert client.get(f"/api/v1/enterprises/{four[1]}").data == before


def folder_of(texts: dict[str, str], folder: Path) -> str:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_the_command_tells_and_writes(runner: FlaskCliRunner, four: list[str], tmp_path: Path) -> None:
    here, out = folder_of(files(HARSH), tmp_path / "draft"), tmp_path / "report.json"
    days = ["--from", "2026-01-01", "--to", str(TODAY)]
    result = runner.invoke(args=["credit", "backtest", here, *days, "--json", str(out), "--seed", "5"])
    assert result.exit_code == 0, result.output
    assert "4 enterprises, 1 change: 0 up, 1 down" in result.stdout
    assert f"  {four[1]}  铜都示例2有限公司  B 71 -> C 66" in result.stdout.splitlines()
    assert "no half-year has 12 complete months" in result.stdout
    assert json.loads(out.read_bytes()) == tried(draft(HARSH), date(2026, 1, 1), seed=5)


def test_the_command_tells_what_either_foresaw(runner: FlaskCliRunner, planted: None, tmp_path: Path) -> None:
    here = folder_of(files(HARSH), tmp_path / "draft")
    result = runner.invoke(args=["credit", "backtest", here, "--from", "2025-01-01", "--to", "2026-01-01"])
    assert "foresight: 1 half-years 2025-01-01 to 2025-01-01, 8 gradings" in result.stdout
    assert "AUC by grade: 1.000 (1.000 to 1.000) -> 1.000" in result.stdout


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_command_refuses_a_bad_policy_with_status_2(
    runner: FlaskCliRunner, tmp_path: Path, database: str
) -> None:
    bad = folder_of(files({"points.yaml": ("value: 80", "value: eighty")}), tmp_path / "bad")
    lacking = folder_of({"points.yaml": "{}"}, tmp_path / "lacking")
    good = folder_of(files(), tmp_path / "good")
    for args, words in (
        ((bad,), ("policy-error", "points.yaml", "points.base")),
        ((lacking,), ("policy-error", "industries.yaml")),
        ((str(tmp_path / "none"),), ("Usage",)),
        ((good, "--json", str(tmp_path / "none" / "x.json")), ("Usage", "no folder")),
        ((good, "--from", "2026-02-01", "--to", "2026-01-01"), ("invalid-input",)),
        ((good, "--from", "1990-01-01"), ("before-register",)),
    ):
        result = runner.invoke(args=["credit", "backtest", *args])
        assert (result.exit_code, result.stdout) == (2, ""), args
        assert all(word in result.stderr for word in words), result.stderr


# The model card


def test_the_card_tells_totals_of_what_may_be_shown(client: FlaskClient, four: list[str]) -> None:
    hidden = violation(four[0], document_no="示例罚〔2026〕9号", penalties=["warning"])
    make_event(hidden, department="示例隐身局")
    card = client.get("/api/v1/policy/model-card").get_json()
    data = card["data"]
    assert data["events"] == {"violation": 1, "inspection": 2, "award": 0}
    assert data["departments"] == [{"name": "示例市场监督管理局", "events": 2}, {"name": "示例城管局", "events": 1}]
    assert data["graded"] == {"A": 1, "B": 1, "N": 1} and data["not_rated_share"] == 0.3333
    assert (data["enterprises"], data["first_day"], data["last_day"]) == (4, "2026-01-26", "2026-09-23")
    assert card["policy"]["digest"] == load_policy().digest and card["backtest"] is None
    make_event(award(four[0]))
    assert client.get("/api/v1/policy/model-card").get_json()["data"]["events"]["award"] == 1


def test_the_card_keeps_the_result_of_the_back_test(client: FlaskClient, four: list[str]) -> None:
    found = summary(tried(draft(HARSH)))
    law, who = checked(HARSH, backtest=found), make_officers()
    with transaction("test") as change:
        enactment.propose(change, law.digest, who["decider"], TODAY, "示例理由", TODAY)
        enactment.enact(change, law.digest, who["confirmer"], TODAY)
    text = client.get("/api/v1/policy/model-card").text
    card = json.loads(text)
    assert card["backtest"] == {"kept_on": str(TODAY), **found} and card["policy"]["digest"] == law.digest
    assert "铜都示例" not in text and not any(code in text for code in four) and '"tier' not in text
    before = client.get("/api/v1/policy/model-card?on=2026-11-21").get_json()
    assert before["backtest"] is None and before["until"] == str(TODAY) == card["force_on"]
    given = model_card(law, TODAY, TODAY, found | {"kept_on": "2026-11-01"})
    assert given["backtest"]["kept_on"] == "2026-11-01"


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_card_of_a_wrong_day_is_refused(client: FlaskClient, clock: Clock, database: str) -> None:
    assert client.get("/api/v1/policy/model-card?on=2015-12-31").status_code == 404
    assert client.get("/api/v1/policy/model-card?day=2026-01-01").status_code == 422
    assert client.get("/rulebook/model-card?on=2015-12-31").status_code == 404
    assert client.get("/rulebook/model-card?on=x").status_code == 422
    assert clock.day == TODAY
