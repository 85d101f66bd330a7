"""Grade an export on Spark: `python -m credit.spark.grade DIR OUT --master ... --on DAY`, or spark-submit.

The facts are grouped by bucket, so no enterprise is split, and each group goes as Arrow through
the same kernel that grades one enterprise in the register. DIR and OUT lie where driver and
executors reach them by the same path. Needs the extra [spark] and Java 17. Exit status 0 done,
2 refused.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from credit.errors import FileRefused, RegisterError
from credit.policy import read_policy
from credit.spark import folder
from credit.spark.kernel import GRADED, grader
from credit.spark.parcel import pack
from credit.spark.shapes import BUCKET, GIVEN, TABLE, ddl

POLARS_THREADS = "spark.executorEnv.POLARS_MAX_THREADS"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    asked = _asked(arguments)
    try:
        made = grade_folder(asked.facts, asked.out, asked.on, asked.master, dict(asked.conf))
    except RegisterError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 2
    print(f"graded {made.gradings}, findings {made.findings}, days {len(made.days)}")
    return 0


def grade_folder(
    facts: Path,
    out: Path,
    days: Sequence[date] = (),
    master: str | None = None,
    conf: dict[str, str] | None = None,
) -> folder.GradedFolder:
    """Grade the exported enterprises on these days (none: the day of the export) into a new folder.

    Raises FileRefused for a folder that is no export, a day of another policy, an `out` in use.
    """
    exported, texts = folder.exported(facts), folder.kept_policy(facts)
    if read_policy(texts).digest != exported.digest:
        raise FileRefused(f"{facts}: the policy's files are not those of the manifest.")
    chosen = tuple(sorted(set(days))) or (exported.day,)
    for day in chosen:
        exported.check_day(day)
    folder.new_folder(out)
    spark = _session(master, conf or {}, exported.buckets)
    try:
        with TemporaryDirectory() as parcel:
            spark.sparkContext.addPyFile(str(pack(Path(parcel) / "credit.zip")))
            grouped = _facts(spark, facts).groupBy(BUCKET)
            graded = grouped.applyInArrow(grader(texts, chosen), ddl(GRADED))
            graded.write.mode("append").partitionBy(TABLE).parquet(str(out.resolve()))
    finally:
        spark.stop()
    counts = (folder.count_made(out, table) for table in ("gradings", "findings"))
    made = folder.GradedFolder(exported, chosen, *counts)
    folder.keep_manifest(out, made)
    return made


def _facts(spark: SparkSession, facts: Path) -> DataFrame:
    """The rows of all tables together, each with the name of its own and its bucket."""
    whole: DataFrame | None = None
    for name, shape in GIVEN.items():
        place = str((facts / name).resolve())
        rows = spark.read.schema(f"{ddl(shape)}, {BUCKET} int").parquet(place)
        rows = rows.withColumn(TABLE, f.lit(name))
        whole = rows if whole is None else whole.unionByName(rows, allowMissingColumns=True)
    assert whole is not None
    return whole


def _session(master: str | None, conf: dict[str, str], buckets: int) -> SparkSession:
    """One partition a bucket, however few bytes it has, and one thread of Polars a task."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("enterprise quality credit")
    builder = builder.config("spark.sql.shuffle.partitions", str(buckets))
    builder = builder.config("spark.sql.adaptive.coalescePartitions.enabled", "false")
    builder = builder.config(POLARS_THREADS, conf.get("spark.task.cpus", "1"))
    if master:
        builder = builder.master(master)
    for name, value in conf.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="credit.spark.grade", description="Grade an export on Spark.")
    parser.add_argument("facts", metavar="DIR", type=Path, help="folder of `credit spark export`")
    parser.add_argument("out", metavar="OUT", type=Path, help="new folder for gradings and findings")
    parser.add_argument("--master", help="where Spark runs; left out under spark-submit")
    parser.add_argument(
        "--on", type=date.fromisoformat, action="append", default=[], metavar="DAY",
        help="day to grade on, once or more; the day of the export if left out",
    )  # fmt: skip
    parser.add_argument(
        "--conf", type=_setting, action="append", default=[], metavar="NAME=VALUE",
        help="a setting of Spark",
    )  # fmt: skip
    return parser.parse_args(arguments)


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("give NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
