"""Commands of draws (双随机)."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson
import polars as pl
from flask.cli import AppGroup

from credit.clock import today
from credit.errors import FileRefused
from credit.rules.draws.commitment import problems
from credit.services.draws import drawing, plans, proofs
from credit.services.policies import law_on

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


def register(group: AppGroup) -> None:
    """Add `draw` and `draw-check` to the group."""
    group.add_command(draw)
    group.add_command(draw_check)


@click.command("draw")
@click.option("--plan", "file", type=FILE, required=True, help="The plan and its inspectors, YAML as below.")
@click.option("--seed", required=True, help="The seed: one line of text, such as tonight's lottery numbers.")
@click.option("-o", "out", type=OUT, help="The drawn enterprises as CSV; on the screen if left out.")
def draw(file: Path, seed: str, out: Path | None) -> None:
    """A reproducible draw of enterprises and inspectors from the register of today; nothing is kept.

    The same plan, seed and candidates give the same draw on every machine; the rulebook tells the algorithm.

    \b
    id: 2026-product-1             # part of every ticket
    title: 2026年产品质量双随机抽查
    months: [9, 10, 11]            # the load is spread over them
    starts_on: 2026-09-01
    ends_on: 2026-11-30
    level: municipal               # who draws; higher levels' samples aren't repeated
    regions: ["3407"]              # first digits; left out: all
    industries: [C13, C14]         # left out: all
    shares: {"3": 5}               # percent of a tier, where not the policy's
    size: 200                      # so many in all instead
    quotas: {3-II: 20, 4-I: 5}     # or so many of each stratum (tier-risk) instead
    key_item: false                # true: no yearly cap
    qualification: food            # what inspectors must be qualified for
    each: 2                        # inspectors for each enterprise
    inspectors:
    - {id: zhang, regions: ["340705"], qualifications: [food], tasks: 3, recused: [91340799MAFK00010U]}
    """
    if out is not None and not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}")
    plan, people = plans.from_file(file)
    day = today()
    prepared = drawing.prepare(plan, law_on(day), day)
    drawn = drawing.draw(prepared, people, seed)
    drawing.write(drawn, out or sys.stdout)
    for one in prepared.strata:
        click.echo(f"{one.name}: {one.quota} of {one.candidates}, due {float(one.due):.2f}", err=True)
    told = "".join(f", {why} {many}" for why, many in prepared.left_out.items())
    click.echo(f"drawn {len(drawn)} of {len(prepared.inputs)} candidates; left out{told or ' 0'}", err=True)


@click.command("draw-check")
@click.argument("proof", type=FILE)
@click.argument("inputs", type=FILE)
def draw_check(proof: Path, inputs: Path) -> None:
    """Draw a revealed draw again, offline: status 0 where everything fits, else 1.

    PROOF is a saved /api/v1/draws/NUMBER/proof, INPUTS the CSV that it names.
    """
    try:
        told = orjson.loads(proof.read_bytes())
        found = problems(told, proofs.read_inputs(inputs.read_bytes()))
    except (ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as problem:
        raise FileRefused(f"No proof of a draw with its inputs: {problem}", zh="不是抽取证明及其输入") from problem
    for wrong in found:
        click.echo(f"NOT GOOD: {wrong}")
    if not found:
        click.echo(f"good: {len(told['drawn'])} drawn of {told['statement']['candidates']}, as committed to")
    sys.exit(1 if found else 0)
