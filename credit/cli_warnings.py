"""`credit warn`: the monitors, at once."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from credit.clock import today
from credit.db import transaction
from credit.services.risk_warnings import watching


def register(group: AppGroup) -> None:
    """Add `warn` to the group."""
    group.add_command(warn)


@click.command("warn")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if left out.")
def warn(on: datetime | None) -> None:
    """Let the monitors look at the final results of the day, and raise what they find."""
    day: date = on.date() if on else today()
    if day > today():
        raise click.UsageError(f"--on {day} lies in the future: today is {today()}.")
    found = watching.look(day)
    with transaction("warnings", "command"):
        new, again = watching.keep(found, day)
    click.echo(f"{new} new warnings, {again} open ones found again")
