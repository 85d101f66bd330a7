"""Commands of the policy's way into force: draft, check, propose, enact; list and compare versions."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from credit.clock import today
from credit.db import transaction
from credit.policy import policy_texts
from credit.services import backtest, enactment, policies, policy_differences
from credit.services.policy_cases import case_texts

DAY = click.DateTime(["%Y-%m-%d"])
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OFFICER = click.option("--officer", "officer_id", type=int, required=True, help="Number of the officer who acts.")
BECAUSE = click.option("--because", required=True, help="The reason, which is kept.")
TOLD = 20


def register(group: AppGroup) -> None:
    """Add `policy` to the group."""
    group.add_command(policy)


@click.group("policy")
def policy() -> None:
    """Versions of the grading policy. DIGEST: its first 8 or more characters."""


@policy.command("draft")
@click.argument("folder", type=FOLDER)
def draft(folder: Path) -> None:
    """Keep the policy files of a folder as a draft, with the cases in its folder `cases`."""
    with transaction("policy", "command") as change:
        law = enactment.draft(change, policy_texts(folder), today(), case_texts(folder / "cases"))
    click.echo(f"drafted {law.digest}  {law.id}")


@policy.command("check")
@click.argument("digest")
@click.option("--cases", type=FOLDER, help="Folder of cases; those of the program's tests if left out.")
def check(digest: str, cases: Path | None) -> None:
    """Try a draft on its own cases, on all cases, and on the past."""
    digest = enactment.find(digest)
    folder = cases or Path(current_app.root_path).parent / "tests" / "cases"
    summary = _tried_on_the_past(digest, today())
    with transaction("policy", "command") as change:
        found = enactment.check(change, digest, today(), case_texts(folder), summary)
    tried = found["cases"] or {"run": 0, "own": 0, "changed": []}
    click.echo(f"cases {tried['run']}, of its own {tried['own']}, judged otherwise {len(tried['changed'])}")
    for row in tried["changed"][:TOLD]:
        click.echo(f"  {row['file']}: {row['case']}")
        for key, before in row["before"].items():
            click.echo(f"    {key}: {before} -> {row['after'].get(key)}")
    moves = summary["moves"]
    click.echo(
        f"back-test {summary['first']} to {summary['last']}: of {moves['firms']:,} enterprises {moves['moved']:,} "
        f"change, {moves['up']:,} up, {moves['down']:,} down"
    )
    for value in summary["not_yet"]:
        how = "tried as if it had always held" if value["tried"] else "not tried"
        click.echo(f"  {value['key']} from {value['from']} on: {how}")


def _tried_on_the_past(digest: str, day: date) -> dict[str, Any]:
    """What the back-test of a draft over all that is on file says in short."""

    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"back-test {done:,} of {total:,}", err=True)

    law, against = policies.law_by(digest), enactment.replaced()
    first = backtest.first_day_on_file(law)
    return backtest.summary(backtest.backtest(law, day, first, day, progress=progress, against=against))


@policy.command("propose")
@click.argument("digest")
@click.option("--from", "force_on", type=DAY, required=True, help="The day on which it takes force.")
@OFFICER
@BECAUSE
def propose(digest: str, force_on: datetime, officer_id: int, because: str) -> None:
    """Propose a checked version, to take force today or later."""
    with transaction("policy", "command", about={"officer": officer_id}) as change:
        digest = enactment.find(digest)
        enactment.propose(change, digest, officer_id, force_on.date(), because, today())
    click.echo(f"proposed {digest[:12]}, to take force on {force_on.date()}; another officer enacts it")


@policy.command("enact")
@click.argument("digest")
@OFFICER
def enact(digest: str, officer_id: int) -> None:
    """Enact a proposed version, as another officer than the one who proposed."""
    with transaction("policy", "command", about={"officer": officer_id}) as change:
        digest = enactment.find(digest)
        changed = enactment.enact(change, digest, officer_id, today())
    click.echo(f"enacted {digest[:12]}: {changed} records changed")
    for era in policies.eras():
        since = era.since if era.since > date.min else era.law.first_day
        click.echo(f"  from {since}  {era.law.digest[:12]}  {era.law.id}")


@policy.command("withdraw")
@click.argument("digest")
@OFFICER
@BECAUSE
def withdraw(digest: str, officer_id: int, because: str) -> None:
    """Take a version back before it is enacted."""
    with transaction("policy", "command", about={"officer": officer_id}) as change:
        digest = enactment.find(digest)
        enactment.withdraw(change, digest, officer_id, because, today())
    click.echo(f"withdrawn {digest[:12]}")


@policy.command("list")
def list_() -> None:
    """Every version with its state and every act on it."""
    for row in enactment.listed():
        click.echo(f"{row['digest'][:12]}  {row['id']}  {row['state']}")
        for act in row["acts"]:
            force = f", in force from {act['force_on']}" if act["force_on"] else ""
            by = f" by {act['officer']}" if act["officer"] else ""
            because = f": {act['because']}" if act["because"] else ""
            click.echo(f"  {act['on']} {act['act']}{by}{force}{because}")


@policy.command("diff")
@click.argument("digest")
@click.argument("other", required=False)
def diff(digest: str, other: str | None) -> None:
    """What a version says otherwise than the one in force, or a second one otherwise than the first."""
    given = policies.law_by(enactment.find(digest))
    old, new = (given, policies.law_by(enactment.find(other))) if other else (policies.law_on(today()), given)
    rows = policy_differences.told(old, new)
    for row in rows:
        since = f" from {row['since']}" if row["since"] else ""
        sides = (row[side]["zh"] if row[side] else "-" for side in ("old", "new"))
        click.echo(f"{row['key']}{since}  {' -> '.join(sides)}")
    click.echo(f"differences {len(rows)}")
