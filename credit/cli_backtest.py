"""The command that tries a draft policy on the past: `credit backtest DRAFT_DIR --from --to`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import orjson
import polars as pl
from flask.cli import AppGroup

from credit.clock import today
from credit.policy import policy_texts, read_policy
from credit.services.backtest import MOVERS, SEED, backtest, first_day_on_file
from credit.services.files import write_report

DAY = click.DateTime(["%Y-%m-%d"])
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
TOLD = 20
MOVER = ("code", "name", "old", "new", "old_score", "new_score", "steps", "move")
NUMBERS = ("old_score", "new_score", "steps")
FORESIGHT = {
    "better": "the draft foresees better",
    "worse": "the draft foresees worse",
    "alike": "not told apart",
    "unknown": "can't be said",
}
WHOM = {"observed": "inspected or penalized in the window", "all": "all rated"}


def register(group: AppGroup) -> None:
    """Add `backtest` to the group."""
    group.add_command(backtest_command)


def _in_a_folder(_: click.Context, __: click.Parameter, out: Path | None) -> Path | None:
    """Refuse a file that can't be written before the work is done."""
    if out is not None and not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}")
    return out


def _a_table(context: click.Context, parameter: click.Parameter, out: Path | None) -> Path | None:
    if out is not None and out.suffix not in (".csv", ".jsonl"):
        raise click.BadParameter("name a file that ends in .csv or .jsonl")
    return _in_a_folder(context, parameter, out)


@click.command("backtest")
@click.argument("draft_dir", type=FOLDER)
@click.option("--from", "first", type=DAY, help="First day; that of the oldest event if left out.")
@click.option("--to", "last", type=DAY, help="Last day, on which grades are compared; today if left out.")
@click.option("--json", "out", type=OUT, callback=_in_a_folder, help="Write the whole report here.")
@click.option(
    "--movers", "table", type=OUT, callback=_a_table, help="Write everyone whose grade changes here: .csv or .jsonl."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=SEED, show_default=True, help="Of the resamples.")
def backtest_command(
    draft_dir: Path,
    first: datetime | None,
    last: datetime | None,
    out: Path | None,
    table: Path | None,
    seed: int,
) -> None:
    """Try the policy files of a folder on the whole history, against the policy in force."""
    draft = read_policy(policy_texts(draft_dir))
    day = today()
    begin, end = _day(first) or first_day_on_file(draft), _day(last) or day
    report = backtest(draft, day, begin, end, seed=seed, progress=_progress, movers=None if table else MOVERS)
    if table is not None:
        _keep_movers(report, table)
    if out is not None:
        out.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    click.echo("\n".join(_lines(report)))


def _keep_movers(report: dict[str, Any], table: Path) -> None:
    """Write everyone who moves, and leave in the report as many as it names otherwise."""
    movers = report["movers"]
    if table.suffix == ".csv":
        columns = dict.fromkeys(MOVER, pl.String) | dict.fromkeys(NUMBERS, pl.Int64)
        write_report(table, pl.DataFrame(movers, schema=columns))
    else:
        table.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in movers))
    report |= {"movers": movers[:MOVERS], "movers_left": max(len(movers) - MOVERS, 0)}


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"graded {done:,} of {total:,}", err=True)


def _lines(report: dict[str, Any]) -> Iterator[str]:
    """The report in short, line by line."""
    for policy, words in (("old", "in force"), ("new", "draft")):
        told = report["policies"][policy]
        yield f"{words}  {told['id']}  {told['digest'][:12]}"
    for value in report["policies"]["new"]["not_yet"]:
        how = "tried as if it had always held" if value["tried"] else "not tried"
        yield f"  {value['key']} has a value from {value['from']} on, {how}"
    total = report["summary"]
    yield (
        f"on {report['day']}: {total['firms']:,} enterprises, {total['moved']:,} change: "
        f"{total['up']:,} up, {total['down']:,} down, {total['gained']:,} newly rated, "
        f"{total['lost']:,} no longer rated, {total['other']:,} other"
    )
    yield from _matrix(report)
    for row in report["movers"][:TOLD]:
        sides = (_grade(row[policy], row[f"{policy}_score"]) for policy in ("old", "new"))
        yield f"  {row['code']}  {row['name']}  {' -> '.join(sides)}"
    if (left := report["summary"]["moved"] - TOLD) > 0:
        yield f"  and {left:,} more"
    yield from _foresight(report["prediction"])


def _matrix(report: dict[str, Any]) -> Iterator[str]:
    """The transition matrix: a line for each old grade."""
    names = [grade or "none" for grade in report["grades"]]
    width = max(len(f"{firms:,}") for row in report["matrix"] for firms in row) + 2
    width = max(width, 6)
    yield "from \\ to" + "".join(f"{name:>{width}}" for name in names)
    for name, row in zip(names, report["matrix"], strict=True):
        yield f"{name:<9}" + "".join(f"{firms:>{width},}" for firms in row)


def _grade(grade: str | None, score: int | None) -> str:
    return f"{grade or 'none'}{'' if score is None else f' {score}'}"


def _foresight(told: dict[str, Any]) -> Iterator[str]:
    """How well either foresaw what followed, or why that can't be said."""
    if not told["asks"]:
        yield f"foresight: no half-year has {told['months']} complete months after it yet"
        return
    first, last = told["days"][0], told["days"][-1]
    yield f"foresight: {len(told['days'])} half-years {first} to {last}, {told['asks']:,} gradings"
    for name, whom in WHOM.items():
        found = told[name]
        size = f"{found['n']:,} gradings, {found['outcomes']:,} failed or violated"
        yield f"  {whom}: {size}; {FORESIGHT[found['foresight']]}"
        for measure, words in (("auc", "AUC"), ("rank_correlation", "rank correlation")):
            for mark in ("grade", "score"):
                sides = found[mark][measure]
                yield (
                    f"    {words} by {mark}: {_estimate(sides['old'])} -> {_estimate(sides['new'])}, "
                    f"difference {_estimate(sides['difference'])}"
                )


def _estimate(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return f"none ({one['reason']})"
    if one["low"] is None:
        return f"{one['value']:.3f} (no interval: {one['reason']})"
    return f"{one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f})"
