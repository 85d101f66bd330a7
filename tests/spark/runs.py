"""What an operator does for Spark, and what it leaves behind, for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyspark
import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from credit.policy import load_policy
from credit.rules.dossier import Facts
from credit.spark import folder, kernel
from credit.spark.shapes import GIVEN, MADE
from tests.conftest import ROOT, TODAY
from tests.grading_frames import facts_of
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
