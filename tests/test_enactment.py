"""Enactment: drafted, checked, proposed, enacted by another officer, and no act outside that table."""

from __future__ import annotations

import shutil
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db, transaction
from credit.errors import (
    InvalidInput,
    NotAllowed,
    PolicyError,
    RegisterError,
    UnknownPolicy,
    WrongState,
)
from credit.models import PolicyAct, PolicyText
from credit.policy import FOLDER, load_policy
from credit.rules.enactment import ACTS, STATES, allowed, check
from credit.services import departments, enactment, officers, policies
from credit.services.policy_cases import case_texts, read_cases
from credit.terms import OfficerRole
from tests.conftest import TODAY, Clock
from tests.makers import (
    DEPARTMENT,
    make_department,
    make_enterprise,
    make_event,
    make_officers,
    violation,
)
from tests.policy_versions import (
    CASES,
    GENERAL,
    STRICTER,
    STRICTEST,
    checked,
    drafted,
    enacted,
    files,
    tried,
)

TOMORROW = TODAY + timedelta(days=1)
SHARED = Path(__file__).parent / "cases"


@pytest.fixture
def who(app: Flask) -> dict[str, int]:
    """Officers of one department by what they may do."""
    made = make_officers()
    with transaction("test"):
        number = departments.add(DEPARTMENT)
        made["administrator"] = officers.add(number, "administrator", OfficerRole.ADMINISTRATOR)
    return made


def propose(digest: str, officer: int, force_on: date = TODAY, because: str = "理由", day: date = TODAY) -> None:
    with transaction("test") as change:
        enactment.propose(change, digest, officer, force_on, because, day)


def enact(digest: str, officer: int, day: date = TODAY) -> int:
    with transaction("test") as change:
        return enactment.enact(change, digest, officer, day)


def withdraw(digest: str, officer: int) -> None:
    with transaction("test") as change:
        enactment.withdraw(change, digest, officer, "不再需要", TODAY)


def acts() -> list[str]:
    return list(db.session.scalars(select(PolicyAct.act).order_by(PolicyAct.seq)))


def test_every_transition_outside_the_table_is_refused_with_what_is_allowed() -> None:
    for state in STATES:
        for name, act in ACTS.items():
            if state in act.before:
                assert check(name, state) is act
                continue
            with pytest.raises(WrongState) as refused:
                check(name, state)
            assert refused.value.extra["allowed"] == allowed(state) != []
            assert name not in allowed(state)


def test_each_act_leaves_a_state_of_the_table() -> None:
    assert {act.after for act in ACTS.values()} | {"adopted", None} == set(STATES)


def test_the_whole_way_is_kept(who: dict[str, int]) -> None:
    law = checked()
    propose(law.digest, who["decider"], TOMORROW, "铜陵市质量纲要")
    assert enact(law.digest, who["administrator"]) == 0
    assert acts() == ["adopted", "drafted", "checked", "proposed", "enacted"]
    (old, new) = enactment.listed()
    assert (old["state"], new["state"], new["id"]) == ("adopted", "enacted", law.id)
    told = [(act["officer"], act["force_on"], act["because"]) for act in new["acts"]]
    assert told == [
        (None, None, None), (None, None, None), ("decider", TOMORROW, "铜陵市质量纲要"), ("administrator", TOMORROW, None),
    ]  # fmt: skip
    assert policies.files_of(law.digest) == files(STRICTER)
    assert policies.law_on(TODAY).digest == load_policy().digest
    assert policies.law_on(TOMORROW).digest == law.digest


def refused(kind: type[RegisterError], what: Any, *args: Any) -> RegisterError:
    """A refusal of this kind that leaves the acts as they were."""
    before = acts()
    with pytest.raises(kind) as found:
        what(*args)
    assert acts() == before
    return found.value


def test_one_officer_alone_enacts_nothing(who: dict[str, int]) -> None:
    law = checked()
    propose(law.digest, who["decider"])
    refused(NotAllowed, enact, law.digest, who["decider"])
    enact(law.digest, who["confirmer"])
    assert policies.law_on(TODAY).digest == law.digest


def test_only_deciders_and_administrators_make_law(who: dict[str, int]) -> None:
    law = checked()
    for officer in (who["supervisor"], 999):
        refused(NotAllowed, propose, law.digest, officer)
        refused(NotAllowed, withdraw, law.digest, officer)
    propose(law.digest, who["decider"])
    refused(NotAllowed, enact, law.digest, who["supervisor"])


def test_law_does_not_bite_backwards(who: dict[str, int]) -> None:
    law = checked()
    told = refused(InvalidInput, propose, law.digest, who["decider"], TODAY - timedelta(days=1))
    assert told.extra == {"errors": {"force_on": [f"{TODAY} or later."]}}
    propose(law.digest, who["decider"], TOMORROW)
    refused(InvalidInput, enact, law.digest, who["confirmer"], TOMORROW + timedelta(days=1))
    enact(law.digest, who["confirmer"], TOMORROW)


@pytest.mark.parametrize("because", ["", "  ", "\x00", "长" * 1001])
def test_a_proposal_has_a_reason(who: dict[str, int], because: str) -> None:
    law = checked()
    refused(InvalidInput, propose, law.digest, who["decider"], TODAY, because)


def test_nothing_is_proposed_without_cases_and_back_test(who: dict[str, int]) -> None:
    refused(WrongState, propose, checked(STRICTER, backtest=None).digest, who["decider"])
    other = drafted(STRICTEST)
    refused(WrongState, propose, other.digest, who["decider"])
    with transaction("test") as change:
        assert enactment.check(change, other.digest, TODAY, {}, tried(other))["cases"] is None
    told = refused(WrongState, propose, other.digest, who["decider"])
    assert "cases" in told.detail and told.extra["allowed"] == ["check", "propose", "withdraw"]


def test_a_check_against_a_version_that_was_replaced_is_no_check(who: dict[str, int]) -> None:
    first, second = checked(STRICTER), checked(STRICTEST)
    propose(first.digest, who["decider"])
    propose(second.digest, who["decider"])
    enact(first.digest, who["confirmer"])
    refused(WrongState, enact, second.digest, who["confirmer"])
    withdraw(second.digest, who["confirmer"])
    again = checked(STRICTEST)
    propose(again.digest, who["decider"])
    enact(again.digest, who["confirmer"])


def test_a_withdrawn_version_may_be_drafted_again_and_an_enacted_one_not_withdrawn(who: dict[str, int]) -> None:
    for lead in (drafted, checked):
        withdraw(lead().digest, who["decider"])
    law = checked()
    propose(law.digest, who["decider"])
    withdraw(law.digest, who["decider"])
    refused(WrongState, enact, law.digest, who["confirmer"])
    law = enacted()
    refused(WrongState, withdraw, law.digest, who["decider"])
    refused(WrongState, drafted)
    assert drafted({}).digest == load_policy().digest


def test_the_check_names_each_case_that_is_judged_otherwise(app: Flask) -> None:
    law = drafted()
    with transaction("test") as change:
        found = enactment.check(change, law.digest, TODAY, CASES, None)
    assert (found["against"], found["cases"]["run"], found["backtest"]) == (load_policy().digest, 1, None)
    (row,) = found["cases"]["changed"]
    assert (row["case"], row["file"]) == ("A general violation", "own.yaml")
    assert (row["before"]["score"], row["after"]["score"]) == (70, 65)
    assert row["before"]["findings"] == ["violation-general counted -10 1 2027-09-01"]
    assert enactment._last(law.digest, "checked").fields == found


def test_a_draft_that_contradicts_its_own_cases_fails_and_stays_a_draft(app: Flask) -> None:
    law = drafted(STRICTER, cases=CASES)
    with transaction("test") as change:
        assert enactment.check(change, law.digest, TODAY, {}, None)["cases"]["own"] == 1
    other = drafted(STRICTEST | {"points.yaml": (GENERAL, "value: -16, source: own")}, cases=CASES)

    def attempt() -> None:
        with transaction("test") as change:
            enactment.check(change, other.digest, TODAY, {}, None)

    told = refused(InvalidInput, attempt)
    assert told.extra["errors"]["A general violation"][0] == "score: expected 65, found 64"
    assert enactment.state(other.digest) == "drafted"


def test_all_cases_of_the_tests_run_in_the_program_and_agree_with_the_policy_in_force() -> None:
    from credit.policy import policy_texts
    from credit.services.policy_case_runs import changed, found

    cases, texts = read_cases(case_texts(SHARED)), policy_texts(FOLDER)
    rows = zip(cases, found(cases, texts), strict=True)
    assert {case.name: told for case, row in rows if row is None or (told := case.contradictions(row))} == {}
    assert changed(cases, texts, texts) == []
    assert len(changed(cases, texts, files())) > 50


BAD_CASES = {
    "no YAML": "cases: [", "no cases": "x: 1", "unknown key": "cases: [{name: a, odd: 1}]",
    "no day": "cases: [{name: a, source: {policy: P}, firm: {}, expect: {score: 1, grade: A, tier: 1, findings: []}}]",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_CASES.values(), ids=BAD_CASES)
def test_a_file_of_cases_that_is_not_clear_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"own\.yaml"):
        read_cases({"own.yaml": text})


def test_a_digest_is_found_by_its_beginning(app: Flask) -> None:
    digest = drafted().digest
    assert enactment.find(digest[:8].upper()) == enactment.find(digest) == digest
    for text in (digest[:7], "x" * 12, "%%%%%%%%", digest + "0"):
        with pytest.raises(InvalidInput):
            enactment.find(text)
    with pytest.raises(UnknownPolicy):
        enactment.find("0" * 12)


def test_of_two_officers_at_once_one_enacts(app: Flask, who: dict[str, int]) -> None:
    law = checked()
    propose(law.digest, who["decider"])
    told: list[str] = []

    def attempt(officer: int) -> None:
        with app.app_context():
            try:
                enact(law.digest, officer)
                told.append("enacted")
            except WrongState as late:
                told.append(f"it is {late.extra['state']}")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=attempt, args=(who[name],)) for name in ("confirmer", "administrator")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["enacted", "it is enacted"]
    assert acts().count("enacted") == 1


MISTAKE = ("value: -10, source: own", "value: minus ten, source: own")


def test_a_wrong_policy_file_is_refused_with_file_and_key_and_the_policy_in_force_stays(
    client: FlaskClient, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    make_event(violation(make_enterprise()))
    before = client.get("/api/v1/policy").data
    folder = written(tmp_path, {"points.yaml": MISTAKE})
    result = runner.invoke(args=["credit", "policy", "draft", str(folder)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "points.yaml: points.violation-general: 'minus ten' must be a whole number from -1000 to 0" in result.stderr
    assert db.session.scalar(select(func.count()).select_from(PolicyText)) == 1
    (folder / "grades.yaml").unlink()
    (folder / "sentences.yaml").unlink()
    result = runner.invoke(args=["credit", "policy", "draft", str(folder)])
    assert (result.exit_code, "sentences.yaml" in result.stderr) == (2, True)
    assert client.get("/api/v1/policy").data == before
    with pytest.raises(PolicyError):
        drafted({"points.yaml": MISTAKE})


def written(folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """A folder with the changed policy files."""
    home = folder / "policy"
    shutil.copytree(FOLDER, home, ignore=lambda *_: ["__pycache__"])
    for name, text in files(changes).items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def run(runner: FlaskCliRunner, *args: str, status: int = 0) -> str:
    result = runner.invoke(args=["credit", *args])
    assert result.exit_code == status, result.output
    return result.output


def test_the_commands_lead_a_version_into_force(
    client: FlaskClient, runner: FlaskCliRunner, tmp_path: Path, clock: Clock
) -> None:
    code = make_enterprise(1, registered_on="2010-05-01")
    make_event(violation(code))
    make_department("示例局")
    run(runner, "officer", "add", "甲", "--department", "示例局", "--role", "decider")
    run(runner, "officer", "add", "乙", "--department", "示例局", "--role", "administrator")
    assert run(runner, "officer", "list") == "1  甲  decider  示例局\n2  乙  administrator  示例局\n"
    folder = written(tmp_path, STRICTER)
    (folder / "cases").mkdir()
    (folder / "cases" / "own.yaml").write_text(CASES["own.yaml"], encoding="utf-8")
    digest = run(runner, "policy", "draft", str(folder)).split()[1]
    short = digest[:8]
    told = run(runner, "policy", "check", short)
    assert told.startswith(f"cases {len(read_cases(case_texts(SHARED))) + 1}, of its own 1, judged otherwise ")
    assert "score: 70 -> 65" in told and told.endswith(f" to {TODAY}: of 1 enterprises 0 change, 0 up, 0 down\n")
    assert run(runner, "policy", "diff", short) == (
        "points.violation-general from 2000-01-01  \u221210 分 -> \u221215 分\ndifferences 1\n"
    )
    act = ("policy", "propose", short, "--from", str(TOMORROW), "--because", "理由", "--officer")
    assert run(runner, *act, "1").startswith(f"proposed {digest[:12]}, to take force on {TOMORROW}")
    assert "not-allowed" in run(runner, "policy", "enact", short, "--officer", "1", status=2)
    told = run(runner, "policy", "enact", short, "--officer", "2")
    assert told.splitlines()[0] == f"enacted {digest[:12]}: 1 records changed"
    assert told.splitlines()[-1].startswith(f"  from {TOMORROW}  {digest[:12]}")
    assert f"  {TODAY} proposed by 甲, in force from {TOMORROW}: 理由\n" in run(runner, "policy", "list")
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["score"] == 70
    clock.day = TOMORROW
    assert client.get(f"/api/v1/enterprises/{code}").get_json()["score"] == 65
    assert "wrong-state" in run(runner, "policy", "withdraw", short, "--officer", "1", "--because", "x", status=2)
    old = load_policy().digest
    assert run(runner, "policy", "diff", old[:12], short).endswith("differences 1\n")
    assert run(runner, "policy", "diff", short) == "differences 0\n"
