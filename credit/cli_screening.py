"""Commands of screening: copies of the lists that others keep, and a tender's list of bidders."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from credit.clock import today
from credit.db import transaction
from credit.errors import FileRefused
from credit.services import outside_lists
from credit.services.policies import law_on
from credit.services.screening import files
from credit.services.screening.screen import DEFAULT, screen
from credit.terms import Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def register(group: AppGroup) -> None:
    """Add `import-list` and `screen` to the group."""
    group.add_command(import_list)
    group.add_command(screen_file)


@click.command("import-list")
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--as-of", "as_of", type=DAY, help="The day of which the list tells; today if left out.")
def import_list(name: str, file: Path, as_of: datetime | None) -> None:
    """Take in a whole copy of a list that another body keeps (court-debtors, tax, procurement)."""
    day = today()
    try:
        with transaction("outside-list", "command") as change:
            taken = outside_lists.take(change, law_on(day), name, file, as_of.date() if as_of else day, day)
    except FileRefused as refused:
        click.echo(f"{refused.code}: {refused.detail}", err=True)
        for row in refused.extra.get("rows", ()):
            click.echo(f"  line {row}", err=True)
        sys.exit(1)
    known = "" if taken.new else ", on file already"
    click.echo(f"{taken.entries} entries, {taken.by_name} known by name alone{known}")


@click.command("screen")
@click.argument("file", type=FILE)
@click.option("-o", "out", type=OUT, required=True, help="The same list with verdicts: .csv or .xlsx.")
@click.option("--as-of", "as_of", type=DAY, help="The day of taking part; today if left out.")
@click.option("--kind", default=DEFAULT, show_default=True, help="The kind of tender, as the rulebook names them.")
def screen_file(file: Path, out: Path, as_of: datetime | None, kind: str) -> None:
    """Screen a tender's list of bidders; status 1 where some rows could not be used."""
    if not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}")
    kept, subjects = files.bidders(file)
    found = screen(subjects, kind, as_of.date() if as_of else today(), today())
    files.write(out, files.told(kept, found))
    counts = found.summary()
    click.echo(", ".join(f"{one.en} {counts[str(one)]}" for one in Verdict if counts[str(one)]))
    for source in found.sources:
        if source.why:
            click.echo(f"not checked: {source.list}: {source.why[1]}", err=True)
    sys.exit(1 if counts[str(Verdict.INVALID)] else 0)
