"""Command of the open data: what is public, as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from credit.clock import now, today
from credit.due import publish_due
from credit.services import feed
from credit.services.export import check_folder, export
from credit.services.export_files import FORMATS

DUE_AT_ONCE = 5_000


def register(group: AppGroup) -> None:
    """Add `export` to the group."""
    group.add_command(export_command)


def _formats(_: click.Context, __: click.Parameter, given: str) -> tuple[str, ...]:
    asked = [word.strip().lower() for word in given.split(",") if word.strip()]
    if not asked or set(asked) - set(FORMATS):
        raise click.BadParameter(f"one or more of {', '.join(FORMATS)}, with commas between")
    return tuple(format_ for format_ in FORMATS if format_ in asked)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "formats", default=",".join(FORMATS), callback=_formats, help="csv,jsonl,parquet")
def export_command(folder: Path, formats: tuple[str, ...]) -> None:
    """Write the open data: all that is public today, with its schema, checksums, and place in the feed."""
    check_folder(folder)
    day = today()
    while feed.place(day).due:
        publish_due(day, DUE_AT_ONCE)

    def progress(written: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\renterprises {written:,}", err=True, nl=False)

    manifest = export(folder, formats, day, now(), progress)
    if sys.stderr.isatty():
        click.echo(err=True)
    rows = ", ".join(f"{name} {count}" for name, count in manifest["rows"].items())
    click.echo(f"{rows}; known at {manifest['seq']}")
