"""A new policy: events of before it are judged by it at once, and grading all keeps what it made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.models import Classification
from credit.policy import load_policy, loader
from credit.services import classification, dossiers, publication, way
from tests.makers import make_enterprise, make_event, violation


@pytest.fixture
def stricter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a general violation costs 15 points."""
    folder = tmp_path / "policy"
    shutil.copytree(loader.FOLDER, folder)
    points = folder / "points.yaml"
    text = points.read_text(encoding="utf-8")
    head, rule, rest = text.partition("points.violation-general:")
    points.write_text(head + rule + rest.replace("value: -10", "value: -15", 1), encoding="utf-8")
    new = load_policy(folder)
    for module in (way, publication):
        monkeypatch.setattr(module, "load_policy", lambda: new)


def test_events_of_before_a_policy_are_graded_by_it_when_it_comes(
    client: FlaskClient, runner: FlaskCliRunner, request: pytest.FixtureRequest
) -> None:
    code = make_enterprise(1, registered_on="2010-05-01")
    make_event(violation(code))
    before = client.get(f"/api/v1/enterprises/{code}").get_json()
    assert before["score"] == 70
    assert not way.policy_is_new()
    request.getfixturevalue("stricter")
    assert way.policy_is_new()
    new = way.load_policy()
    assert len(dossiers.load([1], new, publication._day("2026-11-22")).facts.events) == 1
    assert runner.invoke(args=["credit", "grade", "--all"]).output == "graded 1, changed 1\n"
    after = client.get(f"/api/v1/enterprises/{code}").get_json()
    assert after["score"] == 65
    assert after["policy"]["digest"] == new.digest != before["policy"]["digest"]
    kept = select(func.count()).where(Classification.digest == new.digest)
    assert db.session.scalar(kept) == 1
    assert classification.keep_missing(new) == 0
    assert not way.policy_is_new()
