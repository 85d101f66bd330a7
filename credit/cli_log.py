"""Commands of the transparency log: sign its head now, prove that it tells what is on file."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from credit.log_heads import sign_head
from credit.services.transparency import heads, proof


def register(group: AppGroup) -> None:
    """Add `log` to the group."""
    group.add_command(log)


@click.group("log")
def log() -> None:
    """The transparency log of receipts, decisions and corrections."""


@log.command("sign")
def sign() -> None:
    """Enter what is new and sign a head; `credit daily` does it once a day."""
    leaves, head = sign_head("command"), heads.latest()
    click.echo(f"leaves {leaves}, size {head['size']}, root {head['root']}")


@log.command("verify")
def verify() -> None:
    """Make every leaf anew from its record and hold every signed head against them; status 1 if anything differs."""
    found = proof.verify()
    for fault in found.faults:
        click.echo(f"{fault.place}: {fault.detail}")
    click.echo(f"leaves {found.size}, forgotten {found.forgotten}, faults {len(found.faults)}")
    sys.exit(1 if found.faults else 0)
