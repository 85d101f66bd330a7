"""Commands about officers: who they are, what they may do, how they sign in. No password is ever an argument."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from credit.clock import now
from credit.db import transaction
from credit.services import departments, officers, passwords
from credit.services.officers import Credentials
from credit.terms import OfficerRole

ROLE = click.Choice([str(role) for role in OfficerRole])
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def register(group: AppGroup) -> None:
    """Add `officer` to the group."""
    group.add_command(officer)


@click.group("officer")
def officer() -> None:
    """Officers of departments."""


@officer.command("add")
@click.argument("name")
@click.option("--department", required=True, help="Name or number of the department.")
@click.option("--role", required=True, type=ROLE, help="What the officer may do.")
@click.option("--login", help="Name to sign in with; without one the officer can't.")
@STDIN
def officer_add(name: str, department: str, role: str, login: str | None, password_stdin: bool) -> None:
    """Add an officer of a department."""
    given = _credentials(login, password_stdin) if login else None
    with transaction("officer", "command") as change:
        number = officers.add(departments.find(department), name, OfficerRole(role), given)
        change.about |= {"officer": number, "role": role}
    click.echo(f"{number}  {name}")


def _credentials(login: str, password_stdin: bool) -> Credentials:
    """The password from standard input, from a prompt, or made and told once. It is changed at the first sign-in."""
    if password_stdin:
        return officers.credentials(login, sys.stdin.readline().rstrip("\r\n"))
    typed = ""
    if sys.stdin.isatty():
        typed = click.prompt(
            "First password (empty: one is made)",
            default="",
            hide_input=True,
            show_default=False,
            confirmation_prompt=True,
        )
    password = typed or passwords.first_password()
    given = officers.credentials(login, password)
    if not typed:
        click.echo(f"first password of {given.login}, told this once: {password}", err=True)
    return given


@officer.command("list")
def officer_list() -> None:
    """Every officer with role and department."""
    for one in officers.every(now()):
        login = f"  {one['login']}  {one['state']}" if one["login"] else ""
        click.echo(f"{one['id']}  {one['name']}  {one['role']}  {one['department']}{login}")


@officer.command("disable")
@click.argument("who")
def officer_disable(who: str) -> None:
    """Let an officer (login or number) in no more; every session ends."""
    with transaction("officer-disable", "command") as change:
        officers.disable(change, officers.find(who))
    click.echo(f"{who} is disabled")


@officer.command("enable")
@click.argument("who")
def officer_enable(who: str) -> None:
    """Let a disabled officer in again."""
    with transaction("officer-enable", "command") as change:
        officers.enable(change, officers.find(who))
    click.echo(f"{who} may sign in again")


@officer.command("role")
@click.argument("who")
@click.argument("role", type=ROLE)
def officer_role(who: str, role: str) -> None:
    """Give an officer another role; every session ends."""
    with transaction("officer-role", "command") as change:
        officers.set_role(change, officers.find(who), OfficerRole(role))
    click.echo(f"{who} is {role}")


@officer.command("password")
@click.argument("who")
@click.option("--login", help="Name to sign in with, for an officer who has none yet.")
@STDIN
def officer_password(who: str, login: str | None, password_stdin: bool) -> None:
    """Give an officer a new first password; a lock-out and every session end."""
    number = officers.find(who)
    name = officers.login_of(number) or login
    if name is None:
        raise click.UsageError("This officer has no login yet: give one with --login.")
    given = _credentials(name, password_stdin)
    with transaction("password-reset", "command") as change:
        officers.set_password(change, number, given, must_change=True)
    click.echo(f"{who} has a new first password")


@officer.command("reset-totp")
@click.argument("who")
def officer_reset_totp(who: str) -> None:
    """Forget an officer's second factor: it is set up anew at the next sign-in."""
    with transaction("second-factor-reset", "command") as change:
        officers.reset_totp(change, officers.find(who))
    click.echo(f"{who} sets up the second factor at the next sign-in")
