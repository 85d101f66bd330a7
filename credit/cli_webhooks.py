"""Commands about receivers of the feed."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from credit.clock import today
from credit.db import transaction
from credit.services import departments, webhooks


def register(group: AppGroup) -> None:
    """Add `webhook` to the group."""
    group.add_command(webhook)


@click.group("webhook")
def webhook() -> None:
    """Receivers to whom each change of the feed is sent."""


@webhook.command("add")
@click.argument("url")
@click.option("--department", required=True, help="Name or number of the department that answers for it.")
@click.option("--after", type=click.IntRange(0), help="The number after which to begin; from now on if left out.")
def webhook_add(url: str, department: str, after: int | None) -> None:
    """Register a receiver. The secret that signs what it is sent is shown once."""
    with transaction("webhook-add", "command") as change:
        number = webhooks.add(departments.find(department), url, after, today(), change.recorded_at)
        change.about["webhook"] = number
    click.echo(f"{number}  {webhooks.secret_text(number)}")


@webhook.command("list")
def webhook_list() -> None:
    """Every receiver, how far it is served, and what it did not take."""
    for one in webhooks.receivers():
        state = f"served {one['served']}, held {one['held']}, dead {one['dead']}"
        silent = f", silent {one['failures']} times, again at {one['retry_at']}" if one["failures"] else ""
        click.echo(f"{one['id']}  {one['url']}  {one['department']}  {state}{silent}")


@webhook.command("remove")
@click.argument("number", type=int)
def webhook_remove(number: int) -> None:
    """Serve a receiver no more."""
    with transaction("webhook-remove", "command", about={"webhook": number}) as change:
        webhooks.remove(number, change.recorded_at)
    click.echo(f"removed {number}")


@webhook.command("replay")
@click.argument("number", type=int)
@click.option("--after", type=click.IntRange(0), required=True, help="The number after which to begin again.")
def webhook_replay(number: int, after: int) -> None:
    """Serve a receiver again from a number on, dead letters included."""
    with transaction("webhook-replay", "command", about={"webhook": number, "after": after}):
        webhooks.replay(number, after, today())
    click.echo(f"{number} is served again after {after}")


@webhook.command("dead")
@click.argument("number", type=int)
def webhook_dead(number: int) -> None:
    """What a receiver did not take after so many tries."""
    for letter in webhooks.dead(number):
        click.echo(f"{letter['seq']}  {letter['id']}  tries {letter['tries']}  {letter['reason']}")
