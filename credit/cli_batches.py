"""Commands of batch intake: a file of events, and what became of a batch."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from credit import spool
from credit.clock import today
from credit.db import transaction
from credit.errors import BatchGone
from credit.services import departments
from credit.services.batches import reception, results, store, telling, work
from credit.services.batches.store import Sender, Sent
from credit.services.files import write_report
from credit.services.mappings import STANDARDS, Mapping, load_mapping, standard
from credit.services.openings import kind_of
from credit.terms import Kind

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
DEPARTMENT = click.option("--department", required=True, help="Name or number of the reporting department.")
ACTOR = "command"
TOLD = 20


def register(group: AppGroup) -> None:
    """Add `import-events` and `batch` to the group."""
    group.add_command(import_events)
    group.add_command(batch)


def _in_a_folder(_: click.Context, __: click.Parameter, out: Path | None) -> Path | None:
    """Refuse a file that can't be written before anything is kept."""
    if out is not None and not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}")
    return out


REPORT = click.option("--report", type=OUT, callback=_in_a_folder, help="CSV that names each rejected row.")
RESULTS = click.option(
    "--results", "results_to", type=OUT, callback=_in_a_folder, help="Every row with what became of it: .csv or .jsonl."
)


@click.command("import-events")
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@click.argument("file", type=FILE)
@DEPARTMENT
@REPORT
@RESULTS
@click.option("--mapping", help=f"How the columns are read: a YAML file, or one of {', '.join(STANDARDS)}.")
@click.option("--crosswalk", type=FILE, help="File that gives each business number of the mapping its code.")
@click.option("--strict", is_flag=True, help="Keep nothing if a row is rejected.")
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--served-on", type=click.DateTime(["%Y-%m-%d"]), help="Declared for all rows: served on this day.")
@click.option("--publication-notice-on", type=click.DateTime(["%Y-%m-%d"]), help="Publication was announced.")
@click.option("--repair-notice-on", type=click.DateTime(["%Y-%m-%d"]), help="Repair was announced.")
@click.option("--proceedings", type=click.Choice(["pending", "none"]), help="Whether appeals or lawsuits are pending.")
def import_events(
    kind: str, file: Path, department: str, report: Path | None, results_to: Path | None, mapping: str | None,
    crosswalk: Path | None, strict: bool, dry_run: bool, **declared: Any,
) -> None:  # fmt: skip
    """Take a file of violations, inspections or awards: CSV, XLSX, JSONL or Parquet. Begun and killed, it goes on."""
    who = Sender(departments.find(department), ACTOR)
    options = {"kind": kind, "strict": strict, "dry_run": dry_run, "declared": _declared(declared)}
    sent = Sent(file, file.name, kind_of(file), options, _mapping(mapping, crosswalk))
    begun = store.unfinished(who.department_id, sent.digest())
    if begun is None:
        key = store.next_key(who.department_id, sent.digest())
        begun = reception.receive(who, sent, key, today(), partial(_begin, who.department_id, None))
    _tell(_worked(begun.id, who.department_id, file), report, results_to)


def _declared(given: dict[str, Any]) -> dict[str, Any]:
    proceedings = given.pop("proceedings")
    days = {name: day.date().isoformat() for name, day in given.items() if day is not None}
    return days if proceedings is None else days | {"proceedings": proceedings == "pending"}


def _mapping(given: str | None, crosswalk: Path | None) -> Mapping | None:
    if given is None:
        return None
    return standard(given) if given in STANDARDS else load_mapping(Path(given), crosswalk)


def _begin(department_id: int, number: int | None) -> Any:
    about = {} if number is None else {"batch": number}
    return transaction("batch", ACTOR, on_behalf=f"department:{department_id}", about=about)


def _worked(number: int, department_id: int, file: Path) -> dict[str, Any]:
    """The batch as it is told once the work is done; on a terminal with its progress."""

    def progress(done: Any) -> None:
        if sys.stderr.isatty():
            told = f"\r{done.done:,} of {done.rows:,} rows, {done.graded:,} of {done.firms:,} enterprises graded"
            click.echo(told, err=True, nl=done.state in ("done", "refused"))

    begin = partial(_begin, department_id, number)
    return telling.told(work.run(number, file, today(), begin, progress))


def _tell(told: dict[str, Any], report: Path | None, results_to: Path | None) -> None:
    if told["state"] == "refused":
        click.echo("--strict: nothing was kept.", err=True)
    if told["dry_run"]:
        click.echo("--dry-run: nothing was kept.", err=True)
    new = told["would_record"] if told["dry_run"] else told["recorded"]
    skipped = f", skipped {told['skipped']}" if told["skipped"] else ""
    counts = f"new {new}, changed 0, unchanged {told['on_file']}, rejected {told['rejected']}{skipped}"
    click.echo(counts)
    if results_to is not None:
        _write_results(told["id"], results_to)
    if report is not None:
        rows = list(results.rejected(told["id"]))
        write_report(report, results.report(rows))
    else:
        for _, row in zip(range(TOLD), results.rejected(told["id"]), strict=False):
            where = f"  line {row['line']}: {row['column']} {row['code'] or ''}"
            click.echo(f"{where}: {row['reason']}: {row['suggestion']}", err=True)
    sys.exit(1 if told["rejected"] else 0)


def _write_results(number: int, out: Path) -> None:
    with out.open("wb") as file:
        rows = results.as_json_lines(number) if out.suffix.lower() == ".jsonl" else results.as_csv(number)
        file.writelines(rows)


@click.group("batch")
def batch() -> None:
    """Batches that a department sent: list, resume, results."""


@batch.command("list")
@DEPARTMENT
def batch_list(department: str) -> None:
    """A department's batches, the newest first."""
    for one in map(telling.told, store.of_department(departments.find(department))):
        counts = f"{one['done']}/{one['rows']} rows, recorded {one['recorded']}, rejected {one['rejected']}"
        click.echo(f"{one['id']}  {one['state']:<9}  {one['received_at']:%Y-%m-%d %H:%M}  {one['file_name']}  {counts}")


@batch.command("resume")
@click.argument("number", type=int)
@click.argument("file", type=FILE, required=False)
@DEPARTMENT
@REPORT
@RESULTS
def batch_resume(
    number: int, file: Path | None, department: str, report: Path | None, results_to: Path | None
) -> None:
    """Go on with a batch that was begun: from the upload that waits here, or from FILE, the same file again."""
    department_id = departments.find(department)
    found = store.find(number, department_id)
    path = file or spool.of(number, found.format)
    if found.state in store.OPEN:
        if not path.exists():
            raise BatchGone("Its file waits here no more: give it as FILE.", zh="原文件已不在本机，请重新提供")
        store.check_same(found, path)
    told = _worked(number, department_id, path)
    spool.drop(number, found.format)
    _tell(told, report, results_to)


@batch.command("results")
@click.argument("number", type=int)
@click.option("-o", "--out", type=OUT, required=True, callback=_in_a_folder, help="The file: .csv or .jsonl.")
@DEPARTMENT
def batch_results(number: int, out: Path, department: str) -> None:
    """Every row of a batch with its own columns and what became of it."""
    store.find(number, departments.find(department))
    _write_results(number, out)
