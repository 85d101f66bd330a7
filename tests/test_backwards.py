"""Law doesn't bite backwards: a draft that judges the past otherwise is refused with file, key and mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from credit.db import AuditRow, db, transaction
from credit.errors import DraftRefused, WrongState
from credit.policy import FOLDER, policy_texts, read_policy
from credit.rules.backwards import backwards
from credit.services import backtest, enactment, policies
from tests.conftest import TODAY
from tests.makers import ago, inspection, make_enterprise, make_event, make_officers, violation
from tests.policy_versions import CASES, STRICTER, STRICTEST, checked, drafted, enacted, tried
from tests.public_answers import get

MONTHS = {"minor": 3, "general": 6, "serious": 36}
Document = dict[str, Any]


def changed(name: str, change: Callable[[Document], None]) -> dict[str, str]:
    """The program's policy files, one of them changed."""
    texts = policy_texts(FOLDER)
    document = yaml.safe_load(texts[name])
    change(document)
    return texts | {name: yaml.safe_dump(document, allow_unicode=True)}


def longer(document: Document) -> None:
    for dated in document["publication.months"]["values"]:
        dated["value"] = {**dated["value"], "general": 36}


def shorter_from(day: date) -> Callable[[Document], None]:
    def add(document: Document) -> None:
        values = document["publication.months"]["values"]
        values.append({"from": day, "value": MONTHS, "source": values[0]["source"]})

    return add


def a_list_that_starts_later(document: Document) -> None:
    document["lists.samr-44"]["values"][0]["from"] = date(2026, 11, 1)


def a_list_with_another_key(document: Document) -> None:
    document["lists.samr-99"] = document.pop("lists.samr-44")


def heavier_fine(document: Document) -> None:
    document["severity.serious-fine"]["values"][0]["value"] = 60000


REFUSED = {
    "a longer publication of old records": ("publication.yaml", "publication.months", longer),
    "a new value that begins yesterday": ("publication.yaml", "publication.months", shorter_from(date(2026, 11, 21))),
    "a list that starts after listings": ("lists.yaml", "lists.samr-44", a_list_that_starts_later),
    "a list with another key": ("lists.yaml", "lists.samr-44", a_list_with_another_key),
    "another severity of old records": ("severity.yaml", "severity.serious-fine", heavier_fine),
}


def draft(files: dict[str, str]) -> str:
    with transaction("test") as change:
        return enactment.draft(change, files, TODAY).digest


def check(digest: str) -> None:
    with transaction("test") as change:
        enactment.check(change, digest, TODAY, CASES, tried(policies.law_by(digest)))


@pytest.mark.parametrize(("file", "key", "change"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_file_key_and_mend(
    app: Flask, file: str, key: str, change: Callable[[Document], None]
) -> None:
    digest = draft(changed(file, change))
    with pytest.raises(DraftRefused, match="keep ") as refused:
        check(digest)
    assert (refused.value.extra["file"], refused.value.extra["key"]) == (file, key)
    assert f"{file}: {key}: " in refused.value.detail and "请保留" in refused.value.detail_zh
    assert enactment.state(digest) == "drafted"


def test_a_record_that_has_expired_does_not_come_back(client: FlaskClient) -> None:
    code = make_enterprise()
    make_event(inspection(code))
    make_event(violation(code, occurred_on=ago(800), decided_on=ago(790)))
    assert get(client, f"/enterprises/{code}")["violations"] == []
    with pytest.raises(DraftRefused):
        check(draft(changed("publication.yaml", longer)))


def test_a_new_dated_value_may_be_enacted_from_its_own_day_or_earlier(app: Flask) -> None:
    soon, who = TODAY + timedelta(days=10), make_officers()
    digest = draft(changed("publication.yaml", shorter_from(soon)))
    check(digest)

    def propose(force_on: date) -> None:
        with transaction("test") as change:
            enactment.propose(change, digest, who["decider"], force_on, "理由", TODAY)

    with pytest.raises(DraftRefused, match=r"publication\.months"):
        propose(soon + timedelta(days=1))
    propose(soon)
    assert enactment.state(digest) == "proposed"


def test_what_the_grading_day_chooses_may_change_as_it_was_written() -> None:
    old, files = read_policy(policy_texts(FOLDER)), policy_texts(FOLDER)
    files["points.yaml"] = files["points.yaml"].replace("value: 80", "value: 81", 1)
    assert list(backwards(old, read_policy(files), TODAY)) == []


def test_a_key_by_the_events_day_stays_so() -> None:
    def by_event(document: Document) -> None:
        document["points.violation-general"]["law_of"] = "event_day"

    old, new = read_policy(changed("points.yaml", by_event)), read_policy(policy_texts(FOLDER))
    (found,) = backwards(old, new, TODAY)
    assert found.key == "points.violation-general" and "keep law_of: event_day" in found.en


class TestBackTest:
    """The back-test that a check keeps compares the draft with the version that it replaces."""

    def test_it_is_run_against_a_version_that_is_enacted_and_not_yet_in_force(self, app: Flask) -> None:
        make_event(violation(make_enterprise()))
        ahead = enacted(STRICTER, TODAY + timedelta(days=30))
        law = drafted(STRICTEST)
        first = backtest.first_day_on_file(law)
        report = backtest.backtest(law, TODAY, first, TODAY, against=enactment.replaced())
        summary = backtest.summary(report)
        assert (summary["against"], summary["digest"]) == (ahead.digest, law.digest)
        with transaction("test") as change:
            assert enactment.check(change, law.digest, TODAY, CASES, summary)["against"] == ahead.digest

    def test_one_against_another_version_is_refused(self, app: Flask) -> None:
        law = drafted(STRICTEST)
        before = tried(law)
        enacted(STRICTER, TODAY + timedelta(days=30))  # while the back-test ran
        with pytest.raises(WrongState, match="Check again"), transaction("test") as change:
            enactment.check(change, law.digest, TODAY, CASES, before)
        assert enactment.state(law.digest) == "drafted"

    def test_one_of_another_draft_is_refused(self, app: Flask) -> None:
        law, other = drafted(STRICTEST), drafted(STRICTER)
        with pytest.raises(WrongState), transaction("test") as change:
            enactment.check(change, law.digest, TODAY, CASES, tried(other))

    def test_an_older_check_without_a_comparison_is_no_trial(self, app: Flask) -> None:
        law, who = checked(), make_officers()
        last = enactment._last(law.digest, "checked")
        last.fields = {**last.fields, "backtest": {"enterprises": 1}}
        db.session.commit()
        with pytest.raises(WrongState), transaction("test") as change:
            enactment.propose(change, law.digest, who["decider"], TODAY, "理由", TODAY)


def test_the_audit_names_the_officer_of_each_act(app: Flask, runner: FlaskCliRunner) -> None:
    law, who = checked(), make_officers()
    short = law.digest[:8]
    propose = ["policy", "propose", short, "--from", str(TODAY), "--because", "理由"]
    for act in (
        [*propose, "--officer", str(who["decider"])],
        ["policy", "enact", short, "--officer", str(who["confirmer"])],
    ):
        assert runner.invoke(args=["credit", *act]).exit_code == 0
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(2)).all()
    assert [(row.actor, row.about) for row in rows] == [
        ("command", {"officer": who["confirmer"]}), ("command", {"officer": who["decider"]}),
    ]  # fmt: skip
