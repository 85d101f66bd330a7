"""The offline pre-check: a list of codes against a filter of the blacklist that was fetched before."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import orjson
import polars as pl
from flask.cli import AppGroup

from credit.clock import today
from credit.identifiers import check_code, normalise
from credit.rules.fingerprints import Filter, read_filter
from credit.services import signing
from credit.services.screening import files

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MAYBE, NOT_LISTED, NO_CODE = "可能在名单上，请向登记系统核实", "不在名单上", "没有有效代码，未核对"


def register(group: AppGroup) -> None:
    """Add `precheck` to the group."""
    group.add_command(precheck)


@click.command("precheck")
@click.argument("file", type=FILE)
@click.argument("filter_file", metavar="FILTER", type=FILE)
@click.option("--key", "keys", type=FILE, help="A saved /.well-known/jwks.json: nothing else is asked, offline too.")
@click.option("-o", "out", type=click.Path(dir_okay=False, path_type=Path), help="The same list with the answers.")
def precheck(file: Path, filter_file: Path, keys: Path | None, out: Path | None) -> None:
    """Check codes offline against a filter (GET /api/v1/blacklist/filter); status 1 if any may be listed.

    Whoever isn't in the filter wasn't listed on its day. Who may be listed is to be asked of the register.
    """
    found = _filter(filter_file, keys)
    kept, rows = files.bidders(file)
    codes = [normalise(code) if code else "" for code in rows["code"].to_list()]
    said = [_said(found, code) for code in codes]
    if out is not None:
        files.write(out, kept.with_columns(pl.Series("预检", said)))
    for row, code, words in zip(rows["ref"].to_list(), codes, said, strict=True):
        if words != NOT_LISTED:
            click.echo(f"{row}  {code or '-'}  {'may be listed' if words == MAYBE else 'no valid code: not checked'}")
    counts = {words: said.count(words) for words in (MAYBE, NOT_LISTED, NO_CODE)}
    click.echo(f"may be listed {counts[MAYBE]}, not listed {counts[NOT_LISTED]}, without code {counts[NO_CODE]}")
    _age(found)
    sys.exit(1 if counts[MAYBE] or counts[NO_CODE] else 0)


def _filter(path: Path, keys: Path | None) -> Filter:
    try:
        given: Any = orjson.loads(path.read_bytes())
        known: Any = orjson.loads(keys.read_bytes()) if keys else signing.key_set()
    except orjson.JSONDecodeError as problem:
        raise click.BadParameter(f"no JSON: {problem}") from problem
    if not (isinstance(given, dict) and isinstance(known, dict)):
        raise click.BadParameter("a filter and a key set are JSON objects")
    checked, found = read_filter(given, known)
    if found is None:
        raise click.ClickException(f"the filter is not good: {checked.en}")
    return found


def _said(found: Filter, code: str) -> str:
    if check_code(code) is not None:
        return NO_CODE
    return MAYBE if found.may_hold(code) else NOT_LISTED


def _age(found: Filter) -> None:
    of = date.fromisoformat(found.facts["as_of"])
    share = found.facts["false_positives"]
    click.echo(f"filter of {of}: {found.facts['count']} entries; {share:.7%} of others are told as perhaps listed")
    if of < today():
        click.echo(f"it is {(today() - of).days} days old: whoever was listed since is not in it", err=True)
