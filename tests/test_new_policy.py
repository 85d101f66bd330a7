"""A new policy: it comes into force by enactment on its day, whatever job runs, and never by deployment."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit import cli_set_up
from credit.db import db, transaction
from credit.models import Classification, Grading, PolicyAct, Record
from credit.policy import load_policy, read_policy
from credit.services import classification, dossiers, enactment, policies, way
from tests.conftest import TODAY, Clock, Once
from tests.makers import (
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_listing,
    violation,
)
from tests.policy_versions import STRICTER, STRICTEST, enacted, files

FORCE = TODAY + timedelta(days=40)
EVE = FORCE - timedelta(days=1)
PAGES = ("/", "/enterprises?q=铜都", "/blacklist", "/enterprises/{code}", "/rulebook")
NUMBERED = re.compile(
    r'"data_as_of":"[^"]*","seq":\d+|<div><dt>(?:数据截至|变更序号)</dt>.*?</div>|数据截至 <time.*?</time>', re.DOTALL
)
CALLS = (
    "/api/v1/enterprises/{code}", "/api/v1/enterprises/{code}/grades", "/api/v1/enterprises?q=铜都",
    "/api/v1/enterprises?grade=A", "/api/v1/enterprises?grade=B", "/api/v1/blacklist", "/api/v1/policy",
)  # fmt: skip


def record(client: FlaskClient, code: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/enterprises/{code}").get_json()
    return found


def test_events_of_before_a_policy_are_graded_by_it_when_it_is_enacted(client: FlaskClient) -> None:
    code = make_enterprise(1, registered_on="2010-05-01")
    make_event(violation(code))
    before = record(client, code)
    assert before["score"] == 70
    new = enacted(STRICTER)
    assert len(dossiers.load([1], new).facts.events) == 1
    after = record(client, code)
    assert after["score"] == 65
    assert after["policy"]["digest"] == new.digest != before["policy"]["digest"] == load_policy().digest
    kept = select(func.count()).where(Classification.digest == new.digest)
    assert db.session.scalar(kept) == 1
    assert classification.keep_missing(new) == 0
    assert not way.policy_is_new(TODAY)
    last = select(Grading.digest).order_by(Grading.seq.desc()).limit(1)
    assert db.session.scalar(last) == new.digest


def test_until_its_day_the_old_policy_grades_and_the_new_one_is_foreseen(client: FlaskClient) -> None:
    code = make_enterprise(1, registered_on="2010-05-01")
    make_event(inspection(code))
    other = make_enterprise(2)
    before = record(client, code)
    assert (before["grade"], before["next_change_on"] > str(FORCE)) == ("A", True)
    enacted(STRICTEST, FORCE)
    after = record(client, code)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"next_change_on", "seq", "data_as_of"}
    assert after["next_change_on"] == str(FORCE)
    assert {row.expires_on for row in db.session.scalars(select(Record))} == {FORCE}
    spans = client.get(f"/api/v1/enterprises/{other}/grades").get_json()
    assert [span["until"] for span in spans["items"]][:1] == [None]


def answers(app: Flask, codes: list[str]) -> dict[str, str]:
    """Every public answer about the register, as text without number and instant of what is known."""
    client, found = app.test_client(), {}
    for path in (*CALLS, *PAGES):
        for code in codes if "{code}" in path else [""]:
            answer = client.get(path.format(code=code))
            assert answer.status_code == 200, (path, answer.text)
            found[path.format(code=code)] = NUMBERED.sub("", answer.text)
    return found


@pytest.fixture
def foreseen(once: Once) -> list[str]:
    codes: list[str] = once("foreseen", _foreseen)
    return codes


def _foreseen() -> list[str]:
    """A register in which a policy was enacted ahead, and which took in facts afterwards."""
    codes = [make_enterprise(number, registered_on="2010-05-01") for number in range(1, 4)]
    codes.append(make_enterprise(4, registered_on="2024-05-01"))
    make_event(inspection(codes[0]))
    make_event(violation(codes[1]))
    make_listing(codes[2])
    enacted(STRICTEST, FORCE)
    make_event(violation(codes[0], document_no="示例罚〔2026〕7号"))
    make_event(inspection(codes[3], document_no="示例抽〔2026〕7号"))
    make_cessation(codes[1], "示例罚〔2026〕1号", TODAY)
    return [*codes, make_enterprise(9, registered_on="2010-05-01")]


@pytest.mark.parametrize("day", [EVE, FORCE, FORCE + timedelta(days=3)])
def test_skipping_the_daily_run_changes_no_public_answer(
    app: Flask, clock: Clock, runner: FlaskCliRunner, foreseen: list[str], day: date
) -> None:
    clock.day = day
    skipped = answers(app, foreseen)
    digests = {record(app.test_client(), code)["policy"]["digest"] for code in foreseen}
    assert digests == {policies.law_on(day).digest}
    result = runner.invoke(args=["credit", "daily"])
    assert result.output == ("due 0, changed 0\n" if day == EVE else "due 5, changed 5\n")
    assert answers(app, foreseen) == skipped
    assert not way.policy_is_new(day)


def test_a_day_before_the_new_policy_is_told_by_the_old_one(
    app: Flask, clock: Clock, foreseen: list[str]
) -> None:
    clock.day = FORCE
    client = app.test_client()
    now, then = record(client, foreseen[3]), client.get(f"/api/v1/enterprises/{foreseen[3]}?as_of={EVE}").get_json()
    assert (now["grade"], then["grade"]) == ("B", "A")
    assert then["policy"]["digest"] == load_policy().digest
    spans = client.get(f"/api/v1/enterprises/{foreseen[3]}/grades").get_json()["items"]
    assert (spans[0]["since"], spans[0]["grade"], spans[1]["grade"]) == (str(FORCE), "B", "A")


def test_another_policy_in_the_program_waits_as_a_draft(
    runner: FlaskCliRunner, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.invoke(args=["credit", "set-up"])
    old, texts = load_policy(), files(STRICTER)
    new = read_policy(texts)
    monkeypatch.setattr(cli_set_up, "load_policy", lambda: new)
    monkeypatch.setattr(enactment, "load_policy", lambda: new)
    monkeypatch.setattr(enactment, "policy_texts", lambda _: texts)
    for _ in range(2):
        output = runner.invoke(args=["credit", "set-up"]).output
        assert output.startswith(f"the program brings policy {new.digest[:12]}, which is not in force but a draft")
    assert policies.law_on(TODAY).digest == old.digest
    assert client.get("/api/v1/policy").get_json()["digest"] == old.digest
    acts = db.session.scalars(select(PolicyAct).order_by(PolicyAct.seq)).all()
    assert [(act.act, act.digest) for act in acts] == [("adopted", old.digest), ("drafted", new.digest)]
    assert acts[1].fields["origin"] == "program"


def test_the_first_set_up_adopts_what_the_program_brings_and_says_nothing(runner: FlaskCliRunner) -> None:
    make_enterprise()
    assert runner.invoke(args=["credit", "set-up"]).output == ""
    assert [(era.law.digest, era.since) for era in policies.eras()] == [(load_policy().digest, date.min)]


def test_a_force_day_that_set_up_meets_first_is_taken(runner: FlaskCliRunner, clock: Clock) -> None:
    make_event(violation(make_enterprise(1)))
    enacted(STRICTER, FORCE)
    clock.day = FORCE
    assert way.policy_is_new(FORCE)
    assert runner.invoke(args=["credit", "set-up"]).output == "another policy is in force: 1 records graded anew\n"
    assert runner.invoke(args=["credit", "set-up"]).output == ""


def test_an_enactment_that_comes_before_another_takes_its_place(app: Flask) -> None:
    make_enterprise()
    enacted(STRICTER, FORCE)
    sooner = enacted(STRICTEST, EVE)
    assert [era.law.digest for era in policies.eras()] == [load_policy().digest, sooner.digest]
    with transaction("test") as change:
        assert enactment.draft(change, files({}), TODAY).digest == load_policy().digest
