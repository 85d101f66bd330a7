"""Commands of country scale: facts out for Spark, gradings back. Spark itself: `credit.spark.grade`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from credit.clock import today
from credit.db import transaction
from credit.services import way
from credit.spark.export import export
from credit.spark.take_back import compare

FOLDER = click.Path(path_type=Path)
TOLD = 20
spark = AppGroup("spark", help="Grading on Spark, for more enterprises than one machine grades.")


def register(group: AppGroup) -> None:
    """Add `spark` to the group."""
    group.add_command(spark)


@spark.command("export")
@click.argument("folder", type=FOLDER)
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A day on which the policy is in force that judges the facts; today if left out.",
)
@click.option("--buckets", type=click.IntRange(1), help="Into how many; by size if left out.")
def spark_export(folder: Path, on: datetime | None, buckets: int | None) -> None:
    """Write the facts of all enterprises as Parquet, bucketed by code, for Spark to grade."""

    def progress(written: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"buckets {written:,}", err=True)

    told = export(folder, on.date() if on else today(), buckets, progress)
    click.echo(
        f"enterprises {told.enterprises}, events {told.events}, listings {told.listings}, "
        f"buckets {told.buckets}, known at {told.seq}"
    )


@spark.command("import")
@click.argument("folder", type=FOLDER)
def spark_import(folder: Path) -> None:
    """Compare Spark's gradings with the register's, and grade anew who stands otherwise.

    Exit status 1 where exported enterprises didn't come back.
    """
    day = today()
    found = compare(folder, day)
    with transaction("spark", "command") as change:
        changed = way.advance(change, found.other["enterprise"].to_list(), day)
    click.echo(
        f"exported {found.exported}: compared {found.compared} on {found.day}, moved since {found.moved_since}, "
        f"not graded {found.ungraded}; otherwise {len(found.other)}, changed {changed}, "
        f"new since {len(found.moved) - found.moved_since}"
    )
    for row in found.other.head(TOLD).iter_rows(named=True):
        before = f"{row['grade_before'] or '-'} {row['score_before']}"
        click.echo(f"  {row['code']}  stood {before}, Spark says {row['grade'] or '-'} {row['score']}", err=True)
    for code in found.moved["code"].head(TOLD):
        click.echo(f"  {code}  moved since the export", err=True)
    if found.ungraded:
        click.echo(f"{found.ungraded} exported enterprises were not graded: export and grade anew.", err=True)
        sys.exit(1)
