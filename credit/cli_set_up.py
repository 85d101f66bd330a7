"""Set-up commands: migrate, seed. One process does both, so that a second start is quick."""

from __future__ import annotations

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from credit.clock import today
from credit.db import db, transaction
from credit.policy import load_policy
from credit.services import enactment, seeding, seeding_draws, way


def register(group: AppGroup) -> None:
    """Add `set-up` and `seed` to the group."""
    group.add_command(set_up)
    group.add_command(seed)


@click.command("set-up")
def set_up() -> None:
    """Bring the database to its newest form, and seed it if it is empty."""
    if not _at_head():
        upgrade()
        click.echo("database ready")
    if seeding.is_empty():
        _seed()
    elif way.policy_is_new(today()):
        with transaction("policy", "command") as change:
            changed = way.regrade(change, today())
        click.echo(f"another policy is in force: {changed} records graded anew")
    _bring_policy()


def _bring_policy() -> None:
    """Where the program brings another policy than those enacted, it waits as a draft."""
    digest = load_policy().digest
    if enactment.state(digest) is None:
        with transaction("policy", "program") as change:
            enactment.bring(change, today())
    if enactment.state(digest) in enactment.WAITING:
        click.echo(
            f"the program brings policy {digest[:12]}, which is not in force but a draft: check, propose and "
            f"enact it (credit policy check {digest[:12]}), or withdraw it"
        )


def _at_head() -> bool:
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads() == tuple(
            scripts.get_heads()
        )


@click.command("seed")
@click.option("--if-empty", is_flag=True, help="Do nothing if enterprises are on file.")
def seed(if_empty: bool) -> None:
    """Fill the register with fictional enterprises that tell stories."""
    if if_empty and not seeding.is_empty():
        return
    _seed()


def _seed() -> None:
    with transaction("seed", "command") as change:
        enterprises, events = seeding.sow(change, today())
    plans = seeding_draws.sow(lambda: transaction("seed", "command"), today())
    click.echo(f"seeded {enterprises} fictional enterprises, {events} events, {plans} plans of inspections")
