"""Replay: every stored grading comes out again, and what was tampered with is named."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select, update

from credit.db import db, transaction
from credit.models import Classification, Event, Grading
from credit.policy import load_policy
from credit.services import dossiers, reading, related, replay
from credit.services.dossiers import all_ids
from tests.conftest import TODAY, Clock, Once
from tests.makers import (
    award,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_listing,
    violation,
)
from tests.policy_versions import STRICTER, STRICTEST, enacted
from tests.test_as_of import Play, enact_new_words_and_points

DAYS = [TODAY + timedelta(days=days) for days in (0, 40, 80, 400)]


def found(runner: FlaskCliRunner, *args: str) -> tuple[int, list[str]]:
    """Exit status and the lines of verify-gradings."""
    result = runner.invoke(args=["credit", "verify-gradings", *args], catch_exceptions=False)
    return result.exit_code, result.output.splitlines()


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Grading)) or 0)


def tamper(table: Any, row: int, **values: Any) -> None:
    """Change a stored row behind the register's back."""
    with transaction("test"):
        db.session.execute(update(table).where(table.seq == row).values(**values))


def last(code: str) -> Any:
    """The last grading of an enterprise, as it is on file now."""
    rows = select(*Grading.__table__.columns).where(Grading.code == code)
    return db.session.execute(rows.order_by(Grading.seq.desc()).limit(1)).one()


@pytest.fixture
def long_life(once: Once, runner: FlaskCliRunner, clock: Clock) -> list[str]:
    codes: list[str] = once("long_life", lambda: _lived_long(runner, clock))
    return codes


def _lived_long(runner: FlaskCliRunner, clock: Clock) -> list[str]:
    """A year of a register: renamed firms, branches that move, late repairs, a listing, three policies."""
    one, parent, other = (make_enterprise(n, registered_on="2010-05-01") for n in (1, 2, 3))
    branch = make_enterprise(4, parent_code=parent)
    make_event(violation(one))
    make_event(inspection(one))
    make_event(violation(branch, document_no="示例罚〔2026〕2号", fine="3000000"))
    make_event(award(other))
    make_listing(other)
    for place, day in enumerate(DAYS):
        clock.day = day
        if place == 1:
            enacted(STRICTER, DAYS[2], day)
            make_enterprise(1, day, name="改名之后有限公司", registered_on="2010-05-01")
            make_enterprise(4, day, parent_code=parent, name="改名之后的分公司")
            make_event(violation(one, document_no="示例罚〔2026〕3号"), day=day)
        if place == 2:
            make_cessation(one, "示例罚〔2026〕1号", DAYS[1] - timedelta(days=10), day=day)
            make_enterprise(4, day, parent_code=other, name="又改名的分公司")
            enacted(STRICTEST, day, day)
            make_event(violation(branch, document_no="示例罚〔2026〕4号", fine="2500000"), day=day)
        runner.invoke(args=["credit", "daily"], catch_exceptions=False)
    return [one, parent, other, branch]


def test_a_register_with_a_long_life_comes_out_again(runner: FlaskCliRunner, long_life: list[str]) -> None:
    assert found(runner) == (0, [f"gradings {count()}, differing 0"])
    assert len({row.digest for row in db.session.scalars(select(Grading))}) == 3


@pytest.mark.usefixtures("seeded_register")
def test_the_seed_comes_out_again(runner: FlaskCliRunner, clock: Clock) -> None:
    for days in (7, 200, 600):
        clock.day = TODAY + timedelta(days=days)
        runner.invoke(args=["credit", "daily"], catch_exceptions=False)
    assert count() > len(all_ids())
    assert found(runner) == (0, [f"gradings {count()}, differing 0"])


def test_exactly_the_tampered_score_and_event_are_named(runner: FlaskCliRunner, long_life: list[str]) -> None:
    one, _, other, _ = long_life
    score, before = last(other), last(one)
    tamper(Grading, score.seq, score=score.score + 9)
    tamper(Event, db.session.scalar(select(Event.seq).where(Event.document_no == "示例抽〔2026〕1号")), document_no="别的号")
    status, lines = found(runner)
    named = [line.split("  ") for line in lines[:-1]]
    texts = [row for row in named if row[3].startswith("text: ")]
    mine = select(Grading.seq).where(Grading.code == one).order_by(Grading.seq)
    told = [str(seq) for seq in db.session.scalars(mine)]
    assert status == 1
    assert [row[:3] for row in named if row not in texts] == [[other, str(score.seq), str(score.day)]]
    assert {row[0] for row in texts} == {one}
    assert {row[1] for row in texts} <= set(told) and str(before.seq) in {row[1] for row in texts}
    assert len(texts) == len(told) - 2  # the first two were graded before that inspection came
    assert lines[-1] == f"gradings {count()}, differing {len(named)}"
    assert found(runner, "--from", str(before.seq + 10_000)) == (0, ["gradings 0, differing 0"])


def test_a_tampered_grade_tier_or_classification_is_named_by_its_field(
    runner: FlaskCliRunner, long_life: list[str]
) -> None:
    row = last(long_life[1])
    tamper(Grading, row.seq, grade="D", tier="4")
    status, lines = found(runner)
    assert status == 1
    assert [line.split("  ")[3].split(":")[0] for line in lines[:-1]] == ["grade", "tier"]
    assert lines[0].endswith(f"D stored, {row.grade} replayed")
    assert lines[-1].endswith("differing 1")
    tamper(Grading, row.seq, grade=row.grade, tier=row.tier)
    event = db.session.scalar(select(Event.seq).where(Event.document_no == "示例罚〔2026〕3号"))
    tamper(Classification, event, rule="violation-serious")
    status, lines = found(runner)
    assert (status, {line.split("  ")[0] for line in lines[:-1]}) == (1, {long_life[0]})


def test_a_grading_that_names_another_law_is_named(runner: FlaskCliRunner, long_life: list[str]) -> None:
    row, first = last(long_life[1]), load_policy().digest
    assert row.digest != first
    tamper(Grading, row.seq, digest=first)
    _, lines = found(runner)
    assert f"{row.code}  {row.seq}  {row.day}  digest: {first} stored, {row.digest} replayed" in lines
    tamper(Grading, row.seq, digest="0" * 64)
    _, lines = found(runner)
    assert f"{row.code}  {row.seq}  {row.day}  digest: {'0' * 64} stored, {row.digest} replayed" in lines
    assert lines[-1].endswith("differing 1")


def test_what_an_older_release_did_not_keep_is_counted(runner: FlaskCliRunner) -> None:
    codes = [make_enterprise(number) for number in (1, 2)]
    tamper(Grading, last(codes[0]).seq, content=None)
    tamper(Grading, last(codes[1]).seq, content=None, digest="0" * 64)
    status, lines = found(runner)
    assert (status, lines[0]) == (0, "gradings 2, differing 0")
    assert lines[1].startswith("  1 by an older release that kept no digest")
    assert lines[2].startswith("  1 by an older release that kept no text of its policy")


def test_blocks_and_chunks_cut_nothing_off(
    runner: FlaskCliRunner, long_life: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "BLOCK", 3)
    monkeypatch.setattr(replay, "CHUNK", 1)
    assert found(runner) == (0, [f"gradings {count()}, differing 0"])


@pytest.mark.usefixtures("seeded_register")
def test_many_at_once_are_read_in_bulk(runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FEW", 20)
    monkeypatch.setattr(dossiers, "FEW", 20)
    monkeypatch.setattr(related, "FEW", 20)
    assert found(runner) == (0, [f"gradings {count()}, differing 0"])


class Life(Play):
    """A history played by chance, of which nothing is written down."""

    def write_down(self) -> None:
        pass


@pytest.mark.parametrize("seed", range(3))
def test_lives_played_by_chance_come_out_again(
    client: FlaskClient, clock: Clock, runner: FlaskCliRunner, seed: int
) -> None:
    """Corrections, late cessations, renamed firms and branches, listings, and a new policy amid them."""
    chance = Random(seed)
    lives = [Life(chance, client, clock, {}) for _ in range(3)]
    for step in range(20):
        if step == 12:
            enact_new_words_and_points(clock.day)
        chance.choice(lives).step()
    assert found(runner) == (0, [f"gradings {count()}, differing 0"])
    assert count() > 12
