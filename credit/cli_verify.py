"""The command that proves the gradings on file: each is made once more from what was known then."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from credit.services.replay import replay


def register(group: AppGroup) -> None:
    """Add `verify-gradings` to the group."""
    group.add_command(verify_gradings)


@click.command("verify-gradings")
@click.option("--from", "first", type=click.IntRange(0), default=0, help="Change number to begin with.")
def verify_gradings(first: int) -> None:
    """Replay all stored gradings and name each that differs; exit status 1 if any does."""
    count = differing = untold = unknown = 0
    for some in replay(first):
        for row in some.differences.iter_rows(named=True):
            click.echo(
                f"{row['code']}  {row['seq']}  {row['day']}  {row['field']}: "
                f"{row['stored'] or '-'} stored, {row['replayed'] or '-'} replayed"
            )
        count, untold, unknown = count + some.count, untold + some.untold, unknown + some.unknown
        differing += some.differences["seq"].n_unique()
        if sys.stderr.isatty():
            click.echo(f"replayed {count:,}, number {some.last:,} of {some.until:,}", err=True)
    click.echo(f"gradings {count}, differing {differing}")
    if untold:
        click.echo(f"  {untold} by an older release that kept no digest of the text: compared without it")
    if unknown:
        click.echo(f"  {unknown} by an older release that kept no text of its policy: not replayed")
    sys.exit(1 if differing else 0)
