"""Commands for mappings of columns: check one, and see what it makes of the rows of a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson
from flask.cli import AppGroup
from marshmallow import ValidationError

from credit.clock import today
from credit.services.files import read_chunks
from credit.services.mappings import (
    STANDARDS,
    Made,
    Mapping,
    Reader,
    load_mapping,
    standard,
    text_of,
)
from schemas.event import load_event

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TOLD = 20
EVENT, NO_EVENT, WRONG = "event", "no event", "wrong"


def register(group: AppGroup) -> None:
    """Add `mapping` to the group."""
    group.add_command(mapping)


@click.group("mapping")
def mapping() -> None:
    """Mappings: how the columns of a foreign file become events."""


@mapping.command("show")
@click.argument("name", type=click.Choice(STANDARDS))
def show(name: str) -> None:
    """A built-in mapping as its YAML, to read or to begin one's own with."""
    click.echo(text_of(name), nl=False)


@mapping.command("check")
@click.argument("mapping_file", metavar="FILE")
@click.option("--sample", type=FILE, help="A file to read by it; nothing is kept.")
@click.option("--crosswalk", type=FILE, help="CSV of business numbers and codes, in place of the mapping's own.")
@click.option("--rows", default=5, show_default=True, help="How many documents to print.")
def check(mapping_file: str, sample: Path | None, crosswalk: Path | None, rows: int) -> None:
    """Check a mapping (a YAML file or a built-in name), and show what it makes of the first rows of a file."""
    made = standard(mapping_file) if mapping_file in STANDARDS else load_mapping(Path(mapping_file), crosswalk)
    click.echo(f"{made.name}  {made.kind}  {made.title}  {made.digest[:12]}")
    if sample is None:
        return
    counts = {EVENT: 0, NO_EVENT: 0, WRONG: 0}
    for line, state, told in _read(made, sample):
        counts[state] += 1
        if counts[state] <= (rows if state == EVENT else TOLD):
            click.echo(f"line {line}: {state}: {told}")
    click.echo(f"{sum(counts.values())} rows: " + ", ".join(f"{state} {count}" for state, count in counts.items()))
    sys.exit(1 if counts[WRONG] else 0)


def _read(made: Mapping, sample: Path) -> Iterator[tuple[int, str, str]]:
    """Each row's line, what became of it, and the document or what is wrong."""
    reader, unread, day = Reader(made), set[str](), today()
    for number, chunk in enumerate(read_chunks(sample, private=made.is_private)):
        if number == 0:
            unread = set(reader.check(chunk.headers))
            if unread:
                click.echo(f"not read: {', '.join(sorted(unread))}")
        for row in reader.read(chunk):
            yield row.line, *_told(row, day)


def _told(row: Made, day: Any) -> tuple[str, str]:
    if row.skipped is not None:
        return NO_EVENT, str(row.skipped)
    if row.document is None:
        return WRONG, "; ".join(f"{fault.column}: {fault.told}" for fault in row.faults)
    try:
        load_event(row.document, day)
    except ValidationError as error:
        return WRONG, orjson.dumps(error.messages, default=str).decode()
    return EVENT, orjson.dumps(row.document).decode()
