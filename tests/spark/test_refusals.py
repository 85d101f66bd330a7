"""What Spark and the register refuse of each other: other policies, strangers, halves, missing programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from flask.testing import FlaskCliRunner

from credit.spark import folder
from credit.spark.shapes import GIVEN
from tests.conftest import ROOT, TODAY
from tests.spark.runs import (
    FEW_BUCKETS,
    add,
    command,
    graded_here,
    needs_java,
    random_facts,
    run_grade,
)

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
