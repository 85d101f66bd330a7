"""`credit draw`: from the register as it stands today, the same on both databases."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner

from tests.conftest import Clock, Once
from tests.draws.registers import make_tiers, plan_file, sampled
from tests.makers import make_enterprise, make_event, make_events

SEED = "2026136期 03 08 14 21 27 30 + 09"
QUOTAS = {"1-I": 1, "2-I": 2, "3-I": 6, "4-I": 2}


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def drawn(runner: FlaskCliRunner, path: Path, seed: str = SEED) -> list[dict[str, str]]:
    """The rows that a draw tells."""
    said = runner.invoke(args=["credit", "draw", "--plan", str(path), "--seed", seed, "-o", str(path.with_suffix(".csv"))])
    assert said.exit_code == 0, said.output + said.stderr
    return list(csv.DictReader(io.StringIO(path.with_suffix(".csv").read_text())))


def refused(runner: FlaskCliRunner, path: Path, seed: str = SEED) -> str:
    """What a refused draw says."""
    said = runner.invoke(args=["credit", "draw", "--plan", str(path), "--seed", seed])
    assert said.exit_code == 2
    return said.stderr


def ticket(code: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{SEED}\n2026-1\nenterprise\n{code}".encode()).digest()[:8], "big")


def test_the_draw_is_the_one_that_the_algorithm_tells(
    runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path
) -> None:
    """Worked out by hand from the codes alone: so it is the same on both databases."""
    rows = drawn(runner, plan_file(tmp_path, shares={"1": 17, "2": 25, "3": 25, "4": 100}))
    wanted = sorted(
        (ticket(code), code) for tier, some in codes.items() for code in sorted(some, key=ticket)[: QUOTAS[f"{tier}-I"]]
    )
    assert [(int(row["ticket"]), row["code"]) for row in rows] == wanted
    assert [row["place"] for row in rows] == [str(n) for n in range(1, 12)]
    assert {row["code"]: row["tier"] for row in rows}.items() <= {c: t for t, s in codes.items() for c in s}.items()
    teams = [row["inspectors"].split(" ") for row in rows]
    assert all(len(set(team)) == 2 for team in teams)
    busy = [sum(f"i{n}" in team for team in teams) for n in range(5)]
    assert sum(busy) == 22 and max(busy) - min(busy) <= 1


def test_the_same_again_and_on_the_screen(
    runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path
) -> None:
    path = plan_file(tmp_path)
    told = [runner.invoke(args=["credit", "draw", "--plan", str(path), "--seed", SEED]) for _ in range(2)]
    assert told[0].stdout == told[1].stdout != ""
    assert "4-I: 2 of 2" in told[0].stderr
    assert told[0].stdout.splitlines()[0].startswith("place,code,tier")


def test_scope_quotas_and_risk(runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path) -> None:
    other = make_enterprise(40, industry="A0211", region="340705")
    rows = drawn(runner, plan_file(tmp_path, regions=["340705"], size=1, shares=None))
    assert [(row["code"], row["stratum"]) for row in rows] == [(other, "3-III")]
    assert drawn(runner, plan_file(tmp_path, industries=["A01"])) == []
    rows = drawn(runner, plan_file(tmp_path, quotas={"2-I": 3}, shares=None))
    assert {row["stratum"] for row in rows} == {"2-I"} and len(rows) == 3


def test_who_is_no_candidate(runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path) -> None:
    """Closed, inspected four times this year, or sampled lately by the province; key items know no cap."""
    closed, often, lately, long_ago, *_ = codes["3"]
    make_enterprise(8, status="deregistered", industry="C1311", valid_from="2026-11-01")
    make_events(*(sampled(often, days) for days in (20, 40, 60, 80)))
    make_event(sampled(lately, 30, level="provincial"))
    make_event(sampled(long_ago, 250, level="provincial"))
    all_of_them = {f"{tier}": 100 for tier in range(1, 5)}
    found = {row["code"] for row in drawn(runner, plan_file(tmp_path, shares=all_of_them))}
    everyone = {code for some in codes.values() for code in some}
    assert everyone - found == {closed, often, lately}
    found = {row["code"] for row in drawn(runner, plan_file(tmp_path, shares=all_of_them, key_item=True))}
    assert everyone - found == {closed, lately}
    found = {row["code"] for row in drawn(runner, plan_file(tmp_path, shares=all_of_them, level="provincial"))}
    assert lately in found


def test_the_tier_is_of_the_day(
    runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path, clock: Clock
) -> None:
    """A serious violation ends by itself in three years: nobody needs to have graded anew."""
    clock.day = clock.day.replace(year=2029, month=12)
    rows = drawn(runner, plan_file(tmp_path, shares={str(tier): 100 for tier in range(1, 5)}))
    tiers = {row["code"]: row["tier"] for row in rows}
    assert {tiers[code] for code in codes["4"]} == {"3"}


@pytest.mark.parametrize(
    ("changed", "code", "named"),
    [
        ({"inspectors": [{"id": "a"}]}, "too-few-inspectors", "1 inspectors"),
        ({"qualification": "toys"}, "too-few-inspectors", "0 inspectors"),
        ({"quotas": {"4-I": 3}, "shares": None}, "quota-above-stratum", "4-I: 3 of 2"),
        ({"shares": {"5": 1}}, "invalid-input", "shares"),
        ({"ends_on": "2026-01-01"}, "invalid-input", "ends_on"),
        ({"inspectors": [{"id": "a"}, {"id": "a"}]}, "invalid-input", "inspectors"),
        ({"unknown": 1}, "invalid-input", "unknown"),
    ],
)
def test_bad_plans_are_named(
    runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path, changed: dict[str, Any], code: str, named: str
) -> None:
    said = refused(runner, plan_file(tmp_path, **changed))
    assert said.startswith(f"{code}:")
    assert named in said


def test_recusal_of_all_bad_seeds_and_files_are_named(
    runner: FlaskCliRunner, codes: dict[str, list[str]], tmp_path: Path
) -> None:
    away = [{"id": f"i{n}", "recused": codes["4"]} for n in range(3)]
    said = refused(runner, plan_file(tmp_path, inspectors=away))
    assert said.startswith("all-recused:") and codes["4"][0][:8] in said
    assert refused(runner, plan_file(tmp_path), seed=" ").startswith("bad-seed:")
    path = tmp_path / "none.yaml"
    for text in ("a: [", "", "!!python/object:os.system {}"):
        path.write_text(text)
        assert refused(runner, path).startswith(("file-refused:", "invalid-input:"))
