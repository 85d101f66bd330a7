"""Grade an export on Spark: `python -m credit.spark.grade DIR OUT --master ... --on DAY`, or spark-submit.

The facts are grouped by bucket, so no enterprise is split, and each group goes as Arrow through
the same kernel that grades one enterprise in the register. DIR and OUT lie where driver and
executors reach them by the same path. Needs the extra [spark] and Java 17. Exit status 0 done,
2 refused or Spark not ready.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from credit.errors import FileRefused, NotReady, RegisterError
from credit.policy import read_policy
from credit.spark import folder


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    asked = _asked(arguments)
    try:
        made = grade_folder(asked.facts, asked.out, asked.on, asked.master, dict(asked.conf))
    except RegisterError as error:
        print(f"{error.code}: {error.detail}", file=sys.stderr)
        return 2
    print(f"graded {made.gradings}, findings {made.findings}, days {len(made.days)}")
    return 0


def grade_folder(
    facts: Path,
    out: Path,
    days: Sequence[date] = (),
    master: str | None = None,
    conf: dict[str, str] | None = None,
) -> folder.GradedFolder:
    """Grade the exported enterprises on these days (none: the day of the export) into a new folder.

    Raises FileRefused for a folder that is no export or not whole, a day of another policy, an
    `out` in use, and gradings that got lost; NotReady where Spark is missing or doesn't start.
    """
    exported, texts = folder.exported(facts), folder.kept_policy(facts)
    if read_policy(texts).digest != exported.digest:
        raise FileRefused(f"{facts}: the policy's files are not those of the manifest.")
    chosen = tuple(sorted(set(days))) or (exported.day,)
    for day in chosen:
        exported.check_day(day)
    folder.check_whole(facts, exported)
    try:
        from credit.spark import cluster  # needs the extra, which what is checked above doesn't
    except ImportError as problem:
        raise NotReady(f"{problem}: install the extra, pip install '.[spark]'.") from problem
    folder.new_folder(out)
    cluster.run(facts, out, texts, chosen, exported.buckets, master, conf or {})
    due = tuple(folder.due_on(facts, day) for day in chosen)
    gradings, findings = (folder.count_made(out, table) for table in ("gradings", "findings"))
    if gradings != sum(due):
        raise FileRefused(
            f"{sum(due)} gradings were due, {gradings} were made: some got lost on the way. "
            f"{out} is left without {folder.MANIFEST}."
        )
    made = folder.GradedFolder(exported, chosen, due, gradings, findings)
    folder.keep_manifest(out, made)
    return made


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="credit.spark.grade", description="Grade an export on Spark.")
    parser.add_argument("facts", metavar="DIR", type=Path, help="folder of `credit spark export`")
    parser.add_argument("out", metavar="OUT", type=Path, help="new folder for gradings and findings")
    parser.add_argument("--master", help="where Spark runs; left out under spark-submit")
    parser.add_argument(
        "--on", type=date.fromisoformat, action="append", default=[], metavar="DAY",
        help="day to grade on, once or more; the day of the export if left out",
    )  # fmt: skip
    parser.add_argument(
        "--conf", type=_setting, action="append", default=[], metavar="NAME=VALUE",
        help="a setting of Spark",
    )  # fmt: skip
    return parser.parse_args(arguments)


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("give NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
