"""Commands about departments, what they may report, and their keys."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup

from credit.clock import now
from credit.db import transaction
from credit.rules.permissions import OF_DEPARTMENTS, SCOPES
from credit.services import departments, keys, officers
from credit.services.keys import MadeKey
from credit.terms import Kind

LIMITS = (
    click.option("--region", help="GB/T 2260 code of its own division, six digits."),
    click.option("--regions", help="Divisions that it reports for: codes or prefixes with commas between."),
    click.option("--kinds", help=f"Kinds that it may report: {', '.join(Kind)}."),
    click.option("--categories", help="Categories that it may report, with commas between."),
)


def register(group: AppGroup) -> None:
    """Add `department` and `key` to the group."""
    group.add_command(department)
    group.add_command(key)


def with_limits(command: Any) -> Any:
    """The options that state a jurisdiction."""
    for option in reversed(LIMITS):
        command = option(command)
    return command


def given(**limits: str | None) -> dict[str, Any]:
    """The limits that were stated, several words as a list; `--kinds ''` takes a limit away."""
    region = limits.get("region")
    if region and not re.fullmatch("[0-9]{6}", region):
        raise click.UsageError("A region is six digits of GB/T 2260.")
    return {
        name: text if name == "region" else [word.strip() for word in text.split(",") if word.strip()]
        for name, text in limits.items()
        if text is not None
    }


@click.group("department")
def department() -> None:
    """Departments."""


@department.command("add")
@click.argument("name")
@with_limits
def department_add(name: str, **limits: str | None) -> None:
    """Add a department. Without regions it reports for its own region, without that for every one."""
    if not 1 <= len(name.strip()) <= 256:
        raise click.UsageError("A department's name has 1 to 256 characters.")
    stated = given(**limits)
    with transaction("department", "command") as change:
        number = departments.add(name.strip(), **stated)
        change.about |= {"department": number} | stated
    click.echo(f"{number}  {name}")


@department.command("set")
@click.argument("name")
@with_limits
def department_set(name: str, **limits: str | None) -> None:
    """Change what a department may report; an empty value takes a limit away."""
    stated = given(**limits)
    if not stated:
        raise click.UsageError("Say what to change: --region, --regions, --kinds or --categories.")
    with transaction("department", "command") as change:
        number = departments.find(name)
        departments.change(number, **stated)
        change.about |= {"department": number} | stated
    click.echo(f"{number}  {name}")


@department.command("list")
def department_list() -> None:
    """Every department with what it may report."""
    for one in departments.every():
        limits = (",".join(one[name]) if one[name] else "all" for name in ("regions", "kinds", "categories"))
        regions, kinds, categories = limits
        where = one["region"] if regions == "all" and one["region"] else regions
        click.echo(f"{one['id']}  {one['name']}  regions {where}  kinds {kinds}  categories {categories}")


@click.group("key")
def key() -> None:
    """Keys of departments."""


@key.command("new")
@click.argument("department")
@click.option("--label", default="", help="What the key is for.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES),
    help="What it may do; if left out, what departments need, or all that the officer's role opens.",
)  # fmt: skip
@click.option("--days", type=click.IntRange(1, keys.LONGEST_DAYS), help="Days that it holds; else CREDIT_KEY_DAYS.")
@click.option("--officer", help="Login or number of the officer whose own key it is: it opens what the role opens.")
def key_new(department: str, label: str, scopes: tuple[str, ...], days: int | None, officer: str | None) -> None:
    """A new key of a department, or of one of its officers. It is shown once."""
    person = officers.find(officer) if officer else None
    scopes = scopes or (SCOPES if officer else OF_DEPARTMENTS)
    with transaction("key", "command") as change:
        made = keys.new(change, departments.find(department), label, list(scopes), days, person)
    _tell(made)


def _tell(made: MadeKey) -> None:
    click.echo(made.key)
    click.echo(f"key {made.id} holds until {made.expires_at:%Y-%m-%d %H:%M} UTC", err=True)


@key.command("list")
@click.option("--department", help="Name or number of the department; all if left out.")
def key_list(department: str | None) -> None:
    """Every key: department, scopes, until when it holds, when it was last used. Never the key itself."""
    for one in keys.every(now(), departments.find(department) if department else None):
        ends = f"{one['expires_at']:%Y-%m-%d}" if one["expires_at"] else "no end"
        used = one["last_used_on"] or "never"
        whose = f"{one['label'] or '-'}{' of ' + one['officer'] if one['officer'] else ''}"
        click.echo(
            f"{one['id']}  {one['department']}  {whose}  {','.join(one['scopes'])}  "
            f"{one['state']}  until {ends}  used {used}"
        )


@key.command("rotate")
@click.argument("number", type=int)
@click.option(
    "--grace", type=click.IntRange(0, 720), default=24, show_default=True, help="Hours that the old one holds."
)
def key_rotate(number: int, grace: int) -> None:
    """A new key in the place of another, shown once; the old one holds for a grace."""
    with transaction("key-rotate", "command") as change:
        made = keys.rotate(change, number, timedelta(hours=grace))
    _tell(made)


@key.command("revoke")
@click.argument("number", type=int)
def key_revoke(number: int) -> None:
    """End a key at once."""
    with transaction("key-revoke", "command") as change:
        keys.revoke(change, number)
    click.echo(f"key {number} is revoked")
