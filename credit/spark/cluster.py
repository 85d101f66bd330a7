"""Spark's part of grading: the rows of an export, grouped by bucket, through the kernel, into a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from credit.errors import NotReady
from credit.spark.kernel import GRADED, grader
from credit.spark.parcel import pack
from credit.spark.shapes import BUCKET, GIVEN, TABLE, ddl

POLARS_THREADS = "spark.executorEnv.POLARS_MAX_THREADS"


def run(
    facts: Path,
    out: Path,
    texts: dict[str, str],
    days: Sequence[date],
    buckets: int,
    master: str | None,
    conf: dict[str, str],
) -> None:
    """Grade the exported facts by the policy with these texts on these days, into files below `out`.

    Raises NotReady where Spark doesn't start.
    """
    spark = _started(master, conf, buckets)
    try:
        with TemporaryDirectory() as parcel:
            spark.sparkContext.addPyFile(str(pack(Path(parcel) / "credit.zip")))
            grouped = _facts(spark, facts).groupBy(BUCKET)
            graded = grouped.applyInArrow(grader(texts, days), ddl(GRADED))
            graded.write.mode("append").partitionBy(TABLE).parquet(str(out.resolve()))
    finally:
        spark.stop()


def _started(master: str | None, conf: dict[str, str], buckets: int) -> SparkSession:
    try:
        return _session(master, conf, buckets)
    except (PySparkException, Py4JError, OSError, RuntimeError) as problem:
        told = str(problem).strip().partition("\n")[0][:300]
        raise NotReady(
            f"Spark doesn't start: {told} It needs Java 17 (JAVA_HOME) and a master (--master, or spark-submit)."
        ) from problem


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
