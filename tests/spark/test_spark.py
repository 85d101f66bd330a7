"""Country scale: what Spark grades on a cluster is what the register grades, and comes back to it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from polars.testing import assert_frame_equal
from sqlalchemy import select, update

from credit import create_app
from credit.db import db, transaction
from credit.models import Enterprise, Standing
from credit.policy import load_policy
from credit.rules.grading import grade
from credit.services import seeding
from credit.services.dossiers import load
from credit.spark import folder
from credit.spark.parcel import pack
from credit.spark.shapes import GIVEN, MADE
from tests.conftest import QUIET, TODAY
from tests.makers import (
    code_of,
    make_enterprise,
    make_event,
    violation,
)
from tests.spark.runs import (
    BUCKETS,
    DAYS,
    FEW_BUCKETS,
    FIRMS,
    FIRST_RANDOM,
    RANDOM,
    add,
    command,
    facts_in,
    graded_here,
    keep,
    made_in,
    needs_java,
    on_cluster,
    random_facts,
    told,
)


class Graded(NamedTuple):
    """A seeded register, its export with random enterprises beside, and what Spark made of it."""

    app: Flask
    facts: Path
    out: Path
    said: str


@pytest.fixture(scope="module")
def by_spark(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Export, more enterprises, Spark: once for all tests."""
    home = tmp_path_factory.mktemp("spark")
    shutil.copy(sqlite_template, home / "credit.db")
    app = create_app({**QUIET, "DATABASE_URL": f"sqlite:///{home / 'credit.db'}", "TESTING": True})
    app.config["CLOCK"] = lambda: TODAY
    with app.app_context():
        with transaction("seed") as change:
            seeding.sow(change, TODAY)
        command(app.test_cli_runner(), "export", home / "facts", "--buckets", BUCKETS)
        add(random_facts(), home / "facts", BUCKETS)
        said = on_cluster(home / "facts", home / "out", DAYS, home / "home")
        yield Graded(app, home / "facts", home / "out", said)
        db.session.remove()
        db.engine.dispose()


@needs_java
@pytest.mark.real
@pytest.mark.slow
def test_spark_grades_as_one_call_of_the_kernel_does_row_by_row(by_spark: Graded) -> None:
    facts, law = facts_in(by_spark.facts), load_policy()
    asks = facts.firms.select("enterprise").unique().join(pl.DataFrame({"day": DAYS}), how="cross")
    here = grade(asks, facts, law)
    whose = here.gradings.select("ask", "enterprise", "day")
    wanted = {"gradings": here.gradings, "findings": here.findings.join(whose, on="ask")}
    for table, rows in wanted.items():
        shape = MADE[table]
        assert_frame_equal(made_in(by_spark.out, table), rows.select(*shape).cast(shape).sort(pl.all()))
    assert len(here.gradings) > RANDOM * len(DAYS) and here.gradings["grade"].n_unique() >= 7
    assert by_spark.said.startswith(f"graded {len(here.gradings)}, findings {len(here.findings)}")


@needs_java
@pytest.mark.real
@pytest.mark.slow
def test_the_register_stands_as_spark_says(by_spark: Graded, tmp_path: Path) -> None:
    own = made_in(by_spark.out, "gradings").filter(pl.col("enterprise") < FIRST_RANDOM, day=TODAY)
    firms, made = own["enterprise"].n_unique(), folder.graded_folder(by_spark.out)
    here = replace(made, days=(TODAY,), due=(firms,))
    said = command(by_spark.app.test_cli_runner(), "import", keep(own, here, tmp_path / "out"))
    assert said.stdout == told(exported=firms, compared=firms)


def test_the_bucket_of_a_code_is_the_same_for_ever() -> None:
    assert folder.bucket_of("123456789", 2**32) == 0xCBF43926  # The check value of CRC-32.
    assert folder.bucket_of("91340799MAFK00010U", 1000) == 120


def test_no_enterprise_is_split_between_buckets(export: Path) -> None:
    rows = db.session.execute(select(Enterprise.id, Enterprise.code)).all()
    codes = {row.id: row.code for row in rows}
    seen: dict[int, str] = {}
    for bucket in map(str, range(FEW_BUCKETS)):
        facts = facts_in(export, bucket)
        owners = pl.concat([getattr(facts, name)["enterprise"] for name in GIVEN]).unique().to_list()
        assert seen.keys().isdisjoint(owners)
        assert {folder.bucket_of(codes[one], FEW_BUCKETS) for one in owners} <= {int(bucket)}
        seen |= dict.fromkeys(owners, bucket)
    assert seen.keys() == codes.keys() and len(set(seen.values())) == FEW_BUCKETS


def test_an_export_holds_what_grading_reads(export: Path) -> None:
    facts, kept, held = load(None, load_policy()).facts, facts_in(export), folder.exported(export)
    for name, shape in GIVEN.items():
        columns = [column for column in shape if column != "peer"]
        wanted = getattr(facts, name).cast(shape).select(columns)
        assert_frame_equal(getattr(kept, name).select(columns), wanted, check_row_order=False)
    assert (held.events, held.listings) == (len(facts.events), len(facts.listings))
    assert held.digest == load_policy().digest


def test_what_is_recorded_after_the_export_is_left_to_the_register(
    export: Path, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    make_event(violation(code_of(0), document_no="示例罚〔2026〕9号"))
    make_enterprise(FIRMS)
    said = command(runner, "import", graded_here(export, tmp_path / "out")).output
    assert told(FIRMS, FIRMS - 1, moved=1, new=1) in said
    assert all(f"{code_of(number)}  moved since the export" in said for number in (0, FIRMS))


def test_who_stands_otherwise_is_named_and_graded_anew(
    export: Path, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    right = db.session.execute(select(Standing.enterprise_id, Standing.score, Standing.grade)).all()
    victim = right[0]
    with transaction("test"):
        wrong = update(Standing).where(Standing.enterprise_id == victim.enterprise_id)
        db.session.execute(wrong.values(grade="C", score=1))
    out = graded_here(export, tmp_path / "out")
    said = command(runner, "import", out)
    assert said.stdout == told(FIRMS, FIRMS, other=1)
    assert f"stood C 1, Spark says {victim.grade} {victim.score}" in said.stderr
    again = db.session.execute(select(Standing.enterprise_id, Standing.score, Standing.grade)).all()
    assert sorted(again) == sorted(right)
    assert "otherwise 0" in command(runner, "import", out).stdout


def test_exported_enterprises_that_did_not_come_back_are_counted(
    export: Path, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    out = graded_here(export, tmp_path / "out")
    rows = made_in(out, "gradings")
    make_event(violation(code_of(5), document_no="示例罚〔2026〕9号"))
    kept = keep(rows.filter(pl.col("enterprise") != rows["enterprise"][0]), folder.graded_folder(out), tmp_path / "fewer")
    said = command(runner, "import", kept, status=1)
    assert said.stdout == told(FIRMS, FIRMS - 2, moved=1, lost=1)
    assert "1 exported enterprises were not graded" in said.stderr


def test_an_empty_register_is_exported_too(runner: FlaskCliRunner, tmp_path: Path) -> None:
    said = command(runner, "export", tmp_path / "facts").stdout
    assert said == "enterprises 0, events 0, listings 0, buckets 1, known at 0\n"


def test_an_executor_needs_the_parcel_alone(tmp_path: Path) -> None:
    parcel = pack(tmp_path / "credit.zip")
    code = (
        f"import sys; sys.path.insert(0, {str(parcel)!r}); import credit.spark.kernel as kernel; "
        "assert kernel.__file__.startswith(sys.path[0]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"flask", "sqlalchemy", "credit.db", "credit.services"}.isdisjoint(done.stdout.split())
