"""Country scale: what Spark grades on a cluster is what the register grades, and comes back to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import polars as pl
import pyspark
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from polars.testing import assert_frame_equal
from sqlalchemy import select, update

from credit import create_app
from credit.db import db, transaction
from credit.models import Enterprise, Standing
from credit.policy import load_policy
from credit.rules.dossier import Facts
from credit.rules.grading import grade
from credit.services import seeding
from credit.services.dossiers import load
from credit.spark import folder, kernel
from credit.spark.parcel import pack
from credit.spark.shapes import GIVEN, MADE
from tests.conftest import QUIET, ROOT, TODAY
from tests.grading_frames import facts_of
from tests.makers import (
    award,
    code_of,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)
from tests.strategies import random_history

CLUSTER = "local-cluster[2,1,1024]"
BUCKETS = 7
DAYS = [date(2021, 9, 1), date(2025, 12, 25), TODAY, date(2028, 2, 29)]
RANDOM, FIRST_RANDOM = 400, 1_000_000
FIRMS, FEW_BUCKETS = 6, 2
QUICK_JVM = "-XX:TieredStopAtLevel=1"
CONF = {
    "spark.ui.enabled": "false",
    "spark.driver.extraJavaOptions": QUICK_JVM,
    "spark.executor.extraJavaOptions": QUICK_JVM,
}
needs_java = pytest.mark.skipif(
    shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="Spark needs Java 17"
)


class Graded(NamedTuple):
    """A seeded register, its export with random enterprises beside, and what Spark made of it."""

    app: Flask
    facts: Path
    out: Path
    said: str


def command(runner: FlaskCliRunner, *args: object, status: int = 0) -> Result:
    result = runner.invoke(args=["credit", "spark", *map(str, args)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def told(exported: int, compared: int, moved: int = 0, lost: int = 0, other: int = 0, changed: int = 0, new: int = 0) -> str:
    """What the import says on its first line."""
    assert exported == compared + moved + lost
    return (
        f"exported {exported}: compared {compared} on {TODAY}, moved since {moved}, not graded {lost}; "
        f"otherwise {other}, changed {changed}, new since {new}\n"
    )


def run_grade(*args: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The script as an operator starts it."""
    return subprocess.run(
        [sys.executable, "-m", "credit.spark.grade", *map(str, args)],
        cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def on_cluster(facts: Path, out: Path, days: list[date], home: Path) -> str:
    """Grade on a master, two workers and two executors, each a process of its own."""
    home.mkdir()
    for part in ("bin", "jars", "python"):  # Workers write beside these.
        (home / part).symlink_to(Path(pyspark.__file__).parent / part)
    asked = [f"--on={day}" for day in days] + [f"--conf={k}={v}" for k, v in CONF.items()]
    env = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    done = run_grade(facts, out, "--master", CLUSTER, *asked, env=env)
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout


def random_facts() -> Facts:
    """Random enterprises, numbered beyond those of the register."""
    chance = Random(17)
    histories = [random_history(chance) for _ in range(RANDOM)]
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in histories])
    own = pl.col("enterprise") + FIRST_RANDOM
    return Facts(*(table.with_columns(own) for table in (facts.firms, facts.events, facts.listings)))


def add(facts: Facts, to: Path, buckets: int) -> None:
    """Put more enterprises into an export, and into what its manifest says."""
    for bucket in range(buckets):
        for name in GIVEN:
            rows = getattr(facts, name).filter(pl.col("enterprise") % buckets == bucket)
            rows.cast(GIVEN[name]).write_parquet(to / name / f"bucket={bucket}" / "more.parquet")
    held, more = folder.exported(to), {name: getattr(facts, name) for name in GIVEN}
    counts = {name: getattr(held, name) + len(rows) for name, rows in more.items()}
    enterprises = held.enterprises + more["firms"]["enterprise"].n_unique()
    folder.keep_manifest(to, replace(held, enterprises=enterprises, **counts))


def facts_in(export: Path, bucket: str = "*") -> Facts:
    """The facts of some buckets of an export, read as plain files."""
    return Facts(
        *(pl.read_parquet(export / name / f"bucket={bucket}" / "*.parquet", hive_partitioning=False)
          for name in GIVEN)
    )  # fmt: skip


def made_in(out: Path, table: str) -> pl.DataFrame:
    rows = pl.concat([folder.made(file, table) for file in folder.made_files(out, table)])
    return rows.sort(pl.all())


def keep(rows: pl.DataFrame, manifest: folder.GradedFolder, out: Path) -> Path:
    """Gradings as if Spark had written them."""
    (out / "table=gradings").mkdir(parents=True)
    rows.write_parquet(out / "table=gradings" / "part.parquet")
    folder.keep_manifest(out, replace(manifest, gradings=len(rows)))
    return out


def graded_here(export: Path, out: Path, day: date = TODAY, **manifest: Any) -> Path:
    """Grade an export in this process into a folder as Spark makes it."""
    rows = kernel.graded(facts_in(export), load_policy(), [day]).filter(table="gradings")
    told = replace(folder.exported(export), **manifest)
    due = (folder.due_on(export, day),)
    return keep(rows.select(*MADE["gradings"]), folder.GradedFolder(told, (day,), due, 0, 0), out)


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


@pytest.fixture
def export(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """A few enterprises and their facts as an export."""
    codes = [make_enterprise(number) for number in range(FIRMS)]
    make_events(*(kind(code) for code in codes[::2] for kind in (violation, inspection, award)))
    make_listing(codes[1])
    command(runner, "export", tmp_path / "facts", "--buckets", FEW_BUCKETS)
    return tmp_path / "facts"


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


REFUSED = {
    "another policy": ({"digest": "0" * 64}, TODAY, "was graded by the policy 0000"),
    "another register": ({"seq": 10**9}, TODAY, "another register"),
    "tomorrow only": ({}, TODAY + timedelta(days=1), "no grading of a day up to"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_gradings_that_do_not_belong_here_are_refused(
    why: str, export: Path, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    manifest, day, told = REFUSED[why]
    out = graded_here(export, tmp_path / "out", day, **manifest)
    said = command(runner, "import", out, status=2)
    assert said.stdout == "" and told in said.stderr


def test_gradings_of_strangers_and_half_a_folder_are_refused(
    export: Path, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    add(random_facts(), export, FEW_BUCKETS)
    strangers = command(runner, "import", graded_here(export, tmp_path / "strangers"), status=2)
    assert "this register has no enterprise" in strangers.stderr
    out = graded_here(export, tmp_path / "half")
    file = out / "table=gradings" / "part.parquet"
    pl.read_parquet(file).filter(pl.col("enterprise") < 9).write_parquet(file)
    assert "its manifest says" in command(runner, "import", out, status=2).stderr
    (out / folder.MANIFEST).write_text('{"days": []}')
    assert "no manifest of gradings" in command(runner, "import", out, status=2).stderr


@pytest.mark.parametrize("table", GIVEN)
def test_facts_that_got_lost_or_came_twice_are_refused_before_anything_is_graded(
    table: str, export: Path, tmp_path: Path
) -> None:
    whole = getattr(folder.exported(export), table)
    file = next(one for one in sorted((export / table).rglob("*.parquet")) if len(pl.read_parquet(one)))
    rows, out = pl.read_parquet(file), tmp_path / "out"
    for kept in (rows.head(len(rows) - 1), pl.concat([rows, rows.head(1)])):
        kept.write_parquet(file)
        done = run_grade(export, out)
        other = whole + len(kept) - len(rows)
        assert done.returncode == 2 and f"has {other} rows, the manifest says {whole}" in done.stderr
    file.write_bytes(b"PAR1")
    assert run_grade(export, out).returncode == 2
    shutil.rmtree(file.parent)
    done = run_grade(export, out)
    assert done.returncode == 2 and f"{file.parent.name} is missing" in done.stderr
    assert "Traceback" not in done.stderr and not out.exists()


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


def fails_in_a_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert all(word in done.stderr for word in ("not-ready: ", *words)), done.stderr


def test_without_pyspark_or_java_the_grader_says_what_it_needs(export: Path, tmp_path: Path) -> None:
    without = "import sys; sys.modules['pyspark'] = None; from credit.spark.grade import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", without, str(export), str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    fails_in_a_sentence(done, "pyspark", "pip install '.[spark]'")
    nowhere = str(tmp_path)
    done = run_grade(export, tmp_path / "out", "--master", "local[1]", env={"PATH": nowhere, "JAVA_HOME": nowhere})
    fails_in_a_sentence(done, "Spark doesn't start", "Java 17")


@needs_java
@pytest.mark.real
@pytest.mark.slow
def test_with_a_wrong_master_the_grader_says_what_it_needs(export: Path, tmp_path: Path) -> None:
    fails_in_a_sentence(run_grade(export, tmp_path / "out", "--master", "nowhere"), "Spark doesn't start", "--master")


def test_a_missing_folder_and_one_in_use_are_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert "has no manifest.json" in command(runner, "import", nowhere, status=2).stderr
    (tmp_path / "used").write_text("")
    assert "not empty" in command(runner, "export", tmp_path, status=2).stderr
    done = run_grade(nowhere, tmp_path / "out")
    assert done.returncode == 2 and "file-refused" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_empty_register_is_exported_too(runner: FlaskCliRunner, tmp_path: Path) -> None:
    said = command(runner, "export", tmp_path / "facts").stdout
    assert said == "enterprises 0, events 0, listings 0, buckets 1, known at 0\n"


def test_spark_refuses_a_day_or_files_of_another_policy(
    export: Path, tmp_path: Path
) -> None:
    early = run_grade(export, tmp_path / "out", "--on", "2001-01-01")
    assert early.returncode == 2 and "export anew to grade 2001-01-01" in early.stderr
    points = export / folder.POLICY / "points.yaml"
    points.write_text(points.read_text().replace("value: 5", "value: 6", 1))
    other = run_grade(export, tmp_path / "out")
    assert other.returncode == 2 and "not those of the manifest" in other.stderr


def test_an_export_is_good_for_the_days_of_its_policy_alone() -> None:
    held = folder.Exported(1, TODAY, date(2016, 1, 1), TODAY, "", 1, 0, 0, 0, 0)
    held.check_day(TODAY)
    for day in (date(2015, 12, 31), TODAY + timedelta(days=1)):
        with pytest.raises(folder.FileRefused):
            held.check_day(day)


def test_an_executor_needs_the_parcel_alone(tmp_path: Path) -> None:
    parcel = pack(tmp_path / "credit.zip")
    code = (
        f"import sys; sys.path.insert(0, {str(parcel)!r}); import credit.spark.kernel as kernel; "
        "assert kernel.__file__.startswith(sys.path[0]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"flask", "sqlalchemy", "credit.db", "credit.services"}.isdisjoint(done.stdout.split())
