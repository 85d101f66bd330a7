"""Commands about officers: the persons who propose, decide and enact."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from credit.db import transaction
from credit.services import departments
from credit.terms import OfficerRole


def register(group: AppGroup) -> None:
    """Add `officer` to the group."""
    group.add_command(officer)


@click.group("officer")
def officer() -> None:
    """Officers of departments."""


@officer.command("add")
@click.argument("name")
@click.option("--department", required=True, help="Name or number of the department.")
@click.option(
    "--role", required=True, type=click.Choice([str(role) for role in OfficerRole]), help="What the officer may do."
)
def officer_add(name: str, department: str, role: str) -> None:
    """Add an officer of a department."""
    with transaction("officer", "command"):
        number = departments.add_officer(departments.find(department), name, OfficerRole(role))
    click.echo(f"{number}  {name}")


@officer.command("list")
def officer_list() -> None:
    """Every officer with role and department."""
    for one in departments.officers():
        click.echo(f"{one['id']}  {one['name']}  {one['role']}  {one['department']}")
