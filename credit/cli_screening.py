"""Commands of screening: copies of the lists that others keep, and a tender's list of bidders."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson
from flask.cli import AppGroup

from credit.clock import now, today
from credit.db import db, transaction
from credit.errors import FileRefused, InvalidInput
from credit.proof import proved
from credit.rules.receipts import canonical
from credit.rules.verification import checks
from credit.services import outside_lists, signing
from credit.services.policies import law_on
from credit.services.screening import files
from credit.services.screening.screen import DEFAULT, screen
from credit.services.typeset import ATTACHED
from credit.terms import Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def register(group: AppGroup) -> None:
    """Add `import-list`, `screen`, `verify` and `signing-key` to the group."""
    group.add_command(import_list)
    group.add_command(screen_file)
    group.add_command(verify)
    group.add_command(signing_key)


@click.command("import-list")
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--as-of", "as_of", type=DAY, help="The day of which the list tells; today if left out.")
@click.option("--sure", is_flag=True, help="The number of entries has changed as much as it seems.")
def import_list(name: str, file: Path, as_of: datetime | None, sure: bool) -> None:
    """Take in a whole copy of a list that another body keeps (court-debtors, tax, procurement)."""
    day = today()
    try:
        with transaction("outside-list", "command") as change:
            taken = outside_lists.take(change, law_on(day), name, file, as_of.date() if as_of else day, day, sure)
    except InvalidInput as refused:
        raise click.UsageError(refused.detail) from refused
    except FileRefused as refused:
        click.echo(f"{refused.code}: {refused.detail}", err=True)
        for row in refused.extra.get("rows", ()):
            click.echo(f"  line {row}", err=True)
        sys.exit(1)
    known = "" if taken.new else ", on file already"
    click.echo(f"{taken.entries} entries, {taken.by_name} known by name alone{known}")


@click.command("screen")
@click.argument("file", type=FILE)
@click.option("-o", "out", type=OUT, required=True, help="The same list with verdicts: .csv or .xlsx.")
@click.option("--as-of", "as_of", type=DAY, help="The day of taking part; today if left out.")
@click.option("--kind", default=DEFAULT, show_default=True, help="The kind of tender, as the rulebook names them.")
@click.option("--receipt", type=OUT, help="The signed receipt: check it with `credit verify`.")
def screen_file(file: Path, out: Path, as_of: datetime | None, kind: str, receipt: Path | None) -> None:
    """Screen a tender's list of bidders; status 1 where some rows could not be used."""
    if not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}")
    kept, subjects = files.bidders(file)
    found = screen(subjects, kind, as_of.date() if as_of else today(), today())
    files.write(out, files.told(kept, found))
    if receipt is not None:
        told = proved(found, {"kind": kind})
        body = {name: value for name, value in told.items() if name not in ("id", "receipt")}
        receipt.write_bytes(canonical(told["receipt"] | {"body": body}))
    counts = found.summary()
    click.echo(", ".join(f"{one.en} {counts[str(one)]}" for one in Verdict if counts[str(one)]))
    for source in found.sources:
        if source.why:
            click.echo(f"not checked: {source.list}: {source.why[1]}", err=True)
    sys.exit(1 if counts[str(Verdict.INVALID)] else 0)


@click.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", "keys", type=FILE, help="A saved /.well-known/jwks.json: nothing else is asked, offline too.")
def verify(file: Path, keys: Path | None) -> None:
    """Check a receipt, a head of the log, evidence that hangs on one, or its consistency: status 0 where it is good."""
    try:
        given, known = orjson.loads(_receipt_in(file)), orjson.loads(keys.read_bytes()) if keys else signing.key_set()
    except orjson.JSONDecodeError as problem:
        raise click.BadParameter(f"no JSON: {problem}") from problem
    if not (isinstance(given, dict) and isinstance(known, dict)):
        raise click.BadParameter("a receipt and a key set are JSON objects")
    found = checks(given, known)
    for one in found:
        click.echo(f"{'good' if one.good else 'NOT GOOD'}: {one.en}")
        for name, value in (one.facts or {}).items():
            click.echo(f"  {name}: {value}")
    sys.exit(0 if all(one.good for one in found) else 1)


def _receipt_in(file: Path) -> bytes:
    """The JSON of a file; a receipt's PDF carries it as an attachment."""
    import pypdf  # for this alone: whoever needs none doesn't wait for it
    from pypdf.errors import PyPdfError

    body = file.read_bytes()
    if not body.startswith(b"%PDF"):
        return body
    try:
        (found,) = pypdf.PdfReader(file).attachments[ATTACHED]
    except (KeyError, PyPdfError) as problem:
        raise click.BadParameter(f"no receipt is attached to this PDF: {problem}") from problem
    return found


@click.group("signing-key")
def signing_key() -> None:
    """Keys that sign receipts."""


@signing_key.command("new")
def signing_key_new() -> None:
    """A new key; the one before goes on verifying what it signed."""
    with transaction("signing-key", "command") as change:
        change.about["kid"] = signing.make(db.session.connection(), now().astimezone(UTC))
    click.echo(change.about["kid"])


@signing_key.command("list")
def signing_key_list() -> None:
    """Every key with its days."""
    for one in signing.key_set()["keys"]:
        days = "  ".join(f"{name} {one[name]}" for name in ("made", "retired", "revoked") if name in one)
        click.echo(f"{one['kid']}  {days}")


# A kid may begin with a dash: it is no option.
@signing_key.command("revoke", context_settings={"ignore_unknown_options": True})
@click.argument("kid")
@click.option("--reason", required=True, help="Why; anybody may read it.")
def signing_key_revoke(kid: str, reason: str) -> None:
    """Tell that a key was lost or stolen: what it signed is doubtful from then on."""
    with transaction("signing-key-revoke", "command", about={"kid": kid}):
        signing.revoke(db.session.connection(), kid, reason, now().astimezone(UTC))
    click.echo(f"{kid} is revoked: publish it, and make a new one (credit signing-key new)")
