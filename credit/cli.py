"""The command door: `flask --app wsgi credit ...`. Status 0 done, 1 some rows rejected, 2 wrong use."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import orjson
from flask import Flask
from flask.cli import AppGroup
from marshmallow import ValidationError

from credit import (
    cli_audit,
    cli_backtest,
    cli_batches,
    cli_draws,
    cli_export,
    cli_log,
    cli_mapping,
    cli_officers,
    cli_people,
    cli_policy,
    cli_precheck,
    cli_screening,
    cli_set_up,
    cli_spark,
    cli_verify,
    cli_warnings,
    cli_webhooks,
    retention,
    supplier_lists,
)
from credit.clock import now, today
from credit.db import Change, transaction
from credit.errors import RegisterError
from credit.identifiers import check_code, normalise
from credit.log_heads import sign_head
from credit.services import enterprises, imports, look_up, way
from credit.services.dossiers import all_ids
from credit.services.files import write_report
from credit.services.instants import seq_at
from credit.services.risk_warnings import watching
from schemas.enterprise import EnterpriseIn


class Door(AppGroup):
    """The one handler of the command door: what the register refuses goes to stderr, status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal is a sentence, not a traceback."""
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            extra = f" {orjson.dumps(error.extra, default=str).decode()}" if error.extra else ""
            click.echo(f"{error.code}: {error.detail}{extra}", err=True)
        except ValidationError as error:
            click.echo(
                f"invalid-input: {orjson.dumps(error.normalized_messages(), default=str).decode()}",
                err=True,
            )
        sys.exit(2)


credit = Door("credit", help="The enterprise quality credit register.")
DAY = click.DateTime(["%Y-%m-%d"])
INSTANT = click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT = click.Path(dir_okay=False, writable=True, path_type=Path)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(credit)
    cli_audit.register(credit)
    cli_backtest.register(credit)
    cli_batches.register(credit)
    cli_mapping.register(credit)
    cli_set_up.register(credit)
    cli_policy.register(credit)
    cli_officers.register(credit)
    cli_people.register(credit)
    cli_verify.register(credit)
    cli_warnings.register(credit)
    cli_spark.register(credit)
    cli_log.register(credit)
    cli_precheck.register(credit)
    cli_webhooks.register(credit)
    cli_export.register(credit)
    cli_screening.register(credit)
    cli_draws.register(credit)


def _day(given: datetime | None) -> date:
    """The day asked for, today if none. A record of tomorrow would be shown today."""
    day = given.date() if given else today()
    if day > today():
        raise click.UsageError(f"--on {day} lies in the future: today is {today()}.")
    return day


def _in_a_folder(_: click.Context, __: click.Parameter, report: Path | None) -> Path | None:
    """Refuse a report that can't be written before anything is kept."""
    if report is not None and not report.parent.is_dir():
        raise click.BadParameter(f"no folder {report.parent}")
    return report


def _tell_import(result: imports.Imported, report: Path | None) -> None:
    rejected = result.rejected["line"].n_unique()
    click.echo(
        f"new {result.new}, changed {result.changed}, unchanged {result.unchanged}, rejected {rejected}"
    )
    if report is not None:
        write_report(report, result.rejected)
    else:
        for row in result.rejected.head(20).iter_rows(named=True):
            where = f"  line {row['line']}: {row['column']} {row['code'] or ''}"
            click.echo(f"{where}: {row['reason']}: {row['suggestion']}", err=True)
    sys.exit(1 if rejected else 0)


class _Strict(Exception):
    """Undo everything: some rows were rejected and --strict was given."""


@credit.command("import-enterprises")
@click.argument("file", type=FILE)
@click.option(
    "--report", type=REPORT, callback=_in_a_folder, help="CSV that names each rejected row."
)
@click.option("--strict", is_flag=True, help="Keep nothing if a row is rejected.")
def import_enterprises(file: Path, report: Path | None, strict: bool) -> None:
    """Take a register file: CSV, XLSX, JSONL or Parquet."""

    def progress(step: str, count: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"{step} {count:,}", err=True)

    _run_import(
        lambda change: imports.import_enterprises(change, file, today(), progress), report, strict
    )


def _run_import(
    work: Callable[[Change], imports.Imported], report: Path | None, strict: bool
) -> None:
    try:
        with transaction("import", "command") as change:
            result = work(change)
            if strict and len(result.rejected):
                raise _Strict
    except _Strict:
        click.echo("--strict: nothing was kept.", err=True)
    _tell_import(result, report)


@credit.command("grade")
@click.option("--all", "everyone", is_flag=True, help="Every enterprise.")
@click.option("--on", "on", type=DAY, help="The day to grade on; today if left out.")
@click.argument("codes", nargs=-1)
def grade(everyone: bool, on: datetime | None, codes: tuple[str, ...]) -> None:
    """Grade anew and publish what changed."""
    if not everyone and not codes:
        raise click.UsageError("Give codes or --all.")
    with transaction("grade", "command") as change:
        ids = all_ids() if everyone else [enterprises.find(code) for code in codes]
        changed = way.regrade(change, _day(on)) if everyone else way.advance(change, ids, _day(on))
    click.echo(f"graded {len(ids)}, changed {changed}")


@credit.command("show")
@click.argument("code")
@click.option("--as-of", type=DAY, help="A past day, told as it may be shown today.")
@click.option(
    "--known-at", type=INSTANT, help="What the register knew then, told as it was: 2026-11-22T09:30:00+08:00."
)
@click.option("--json", "as_json", is_flag=True, help="The public record as JSON.")
def show(code: str, as_of: datetime | None, known_at: datetime | None, as_json: bool) -> None:
    """One enterprise: grade and why."""
    day = as_of.date() if as_of else None
    if known_at is None:
        record = look_up.public_record(code, today(), day)
    else:
        seq, last = seq_at(known_at, now())
        record = look_up.staff_record(code, day or last, seq, last)
    if as_json:
        click.echo(record.body, nl=False)
        return
    found = record.as_dict()
    click.echo(f"{found['name']}  {found['code']}  {found['status']}")
    grade_since = f"grade {found['grade'] or '-'} since {found['grade_since']}"
    click.echo(f"{grade_since}, score {found['score']}, on {found['graded_on']}")
    for finding in found["findings"]:
        click.echo(
            f"  {finding['points']:+4d}  {finding['outcome']:<12} {finding['sentence']['zh']}"
        )


@credit.command("daily")
@click.option("--on", "on", type=DAY, help="The day; today if left out.")
def daily(on: datetime | None) -> None:
    """What is due: records whose day has come are graded anew, what was kept for its time is deleted."""
    day = _day(on)
    found = watching.look(day)
    with transaction("daily", "command") as change:
        due, changed = way.daily(change, day)
        watching.keep(found, day)
    click.echo(f"due {due}, changed {changed}")
    if deleted := retention.delete_due(min(day, today())):  # nothing is deleted before its day, whichever is asked for
        click.echo(f"deleted {deleted}")
    if forgotten := supplier_lists.forget_unseen(min(day, today())):
        click.echo(f"supplier lists that nobody looks at: deleted {forgotten}")
    sign_head("command")


@credit.command("accept-code")
@click.argument("code")
@click.option("--name", required=True, help="Name in the register of enterprises.")
@click.option("--because", required=True, help="How the code was verified.")
def accept_code(code: str, name: str, because: str) -> None:
    """Accept a failing code that the register of enterprises really issued, with the reason."""
    day, problem = today(), check_code(code)
    if problem is None:
        raise click.UsageError("This code is valid: import it as any other.")
    if not re.fullmatch("[0-9A-Z]{18}", normalise(code)):
        raise click.UsageError("Only a code of 18 letters and digits can be accepted.")
    if not because.strip():
        raise click.UsageError("Say how the code was verified.")
    given = EnterpriseIn(day=day).load({"code": code, "name": name}) | {
        "accepted_because": because.strip()
    }
    with transaction("accept-code", "administrator") as change:
        enterprise_id, _ = enterprises.put(change, given, day)
        way.advance(change, [enterprise_id], day)
    click.echo(f"accepted {given['code']}: {problem.en}")
