"""Commands about the audit: prove the chain whole, tell its head."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from credit.services import audit


def register(group: AppGroup) -> None:
    """Add `audit` to the group."""
    group.add_command(audit_group)


@click.group("audit")
def audit_group() -> None:
    """Who did what, and the proof that nobody changed it since."""


@audit_group.command("verify")
@click.option("--number", type=click.IntRange(0), default=0, help="Number of a head that was noted elsewhere.")
@click.option("--head", help="Its digest.")
def verify(number: int, head: str | None) -> None:
    """Read the whole audit chain again; name each place where it is broken, exit status 1 if any is."""
    if bool(number) != bool(head):
        raise click.UsageError("Give --number and --head together, as `credit audit verify` told them.")
    proof = audit.verify(number, head)
    for fault in proof.faults:
        click.echo(f"{fault.number}  {fault.kind}: {fault.detail}")
    click.echo(f"entries {proof.count}, broken places {len(proof.faults)}, head {proof.head}")
    if not proof.faults:
        click.echo("Note number and head elsewhere: with them, a chain that was made anew shows too.", err=True)
    sys.exit(1 if proof.faults else 0)
