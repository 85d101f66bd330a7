"""The folders between register and Spark: facts by bucket, policy, and what the manifest says of them.

`DIR/firms|events|listings/bucket=N/facts.parquet`, `DIR/policy/*.yaml`, `DIR/manifest.json`;
`OUT/table=gradings|findings/*.parquet`, `OUT/manifest.json`. A manifest is written last: a folder
without one was left unfinished.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from credit.errors import FileRefused
from credit.policy import policy_texts
from credit.rules.dossier import Facts
from credit.spark.shapes import BUCKET, GIVEN, MADE, TABLE

MANIFEST, POLICY, FACTS = "manifest.json", "policy", "facts.parquet"


@dataclass(frozen=True)
class Exported:
    """What lies in a folder of facts: all that was known at the change number `seq`.

    The events are classified by the policy `digest`, which is in force on the days from `since`
    to `last` (None: open). `day` is the day that is graded if none is asked for. `firms` are the
    versions of the `enterprises`; each table has as many rows as is said here.
    """

    seq: int
    day: date
    since: date
    last: date | None
    digest: str
    buckets: int
    enterprises: int
    firms: int
    events: int
    listings: int

    def check_day(self, day: date) -> None:
        """Raises FileRefused for a day on which another policy is in force than that of the facts."""
        if day < self.since or (self.last and day > self.last):
            raise FileRefused(
                f"These facts are classified by the policy in force from {self.since} to "
                f"{self.last or 'now on'}: export anew to grade {day}."
            )


@dataclass(frozen=True)
class GradedFolder:
    """What lies in a folder of gradings: of which facts, on which days, how many rows.

    `due`: of each day, how many of the exported enterprises were on the register on it.
    """

    exported: Exported
    days: tuple[date, ...]
    due: tuple[int, ...]
    gradings: int
    findings: int


def bucket_of(code: str, buckets: int) -> int:
    """The bucket of an enterprise: CRC-32 (as of zlib and of Spark's `crc32`) of its code, modulo.

    The same on every machine and in every release.
    """
    return zlib.crc32(code.encode()) % buckets


def keep_bucket(folder: Path, bucket: int, facts: Facts) -> None:
    """Write the facts of one bucket's enterprises, also where there are none."""
    for name, shape in GIVEN.items():
        place = folder / name / f"{BUCKET}={bucket}"
        place.mkdir(parents=True)
        rows: pl.DataFrame = getattr(facts, name)
        rows.select(*shape).cast(shape).write_parquet(place / FACTS)


def keep_policy(folder: Path, texts: dict[str, str]) -> None:
    """Write the files of a policy."""
    (folder / POLICY).mkdir()
    for name, text in texts.items():
        (folder / POLICY / name).write_text(text, encoding="utf-8")


def kept_policy(folder: Path) -> dict[str, str]:
    """The files of the policy by name."""
    return policy_texts(folder / POLICY)


def keep_manifest(folder: Path, manifest: Exported | GradedFolder) -> None:
    """Say that the folder is whole, and what lies in it."""
    (folder / MANIFEST).write_bytes(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))


def exported(folder: Path) -> Exported:
    """The manifest of a folder of facts. Raises FileRefused if there is none."""
    return _exported(folder, _manifest(folder))


def graded_folder(folder: Path) -> GradedFolder:
    """The manifest of a folder of gradings. Raises FileRefused if there is none."""
    given = _manifest(folder)
    try:
        days = tuple(date.fromisoformat(day) for day in given["days"])
        of = _exported(folder, given["exported"])
        due = tuple(map(int, given["due"]))
        return GradedFolder(of, days, due, int(given["gradings"]), int(given["findings"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise FileRefused(f"{folder / MANIFEST} is no manifest of gradings: {problem!r}.") from problem


def check_whole(folder: Path, manifest: Exported) -> None:
    """Raises FileRefused unless each table has the rows, in the buckets, that the manifest tells of."""
    for table in GIVEN:
        places = {f"{BUCKET}={number}" for number in range(manifest.buckets)}
        found = {place.name for place in (folder / table).glob(f"{BUCKET}=*")}
        if found != places:
            wrong = sorted(found ^ places)[0]
            raise FileRefused(f"{folder / table}: {wrong} is missing or not of this export: copy it whole.")
        rows, said = _rows_in((folder / table).rglob("*.parquet")), getattr(manifest, table)
        if rows != said:
            raise FileRefused(f"{folder / table} has {rows} rows, the manifest says {said}: copy it whole.")


def due_on(folder: Path, day: date) -> int:
    """How many of the exported enterprises were on the register on a day."""
    firms = pl.scan_parquet(folder / "firms" / f"{BUCKET}=*" / "*.parquet", hive_partitioning=False)
    held = firms.filter(pl.col("since") <= day, pl.col("until").is_null() | (pl.col("until") > day))
    return int(held.select(pl.len()).collect(engine="streaming").item())


def made_files(folder: Path, table: str) -> list[Path]:
    """The files that hold the gradings or the findings."""
    return sorted((folder / f"{TABLE}={table}").glob("*.parquet"))


def made(file: Path, table: str) -> pl.DataFrame:
    """Gradings or findings of one file, in the shape MADE[table]."""
    shape = MADE[table]
    return pl.read_parquet(file, columns=list(shape), hive_partitioning=False).cast(shape)


def count_made(folder: Path, table: str) -> int:
    """How many gradings or findings there are, by what the files say of themselves."""
    return _rows_in(made_files(folder, table))


def _rows_in(files: Iterable[Path]) -> int:
    try:
        return sum(int(pl.scan_parquet(file).select(pl.len()).collect().item()) for file in files)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise FileRefused(f"Not whole: {problem}") from problem


def new_folder(folder: Path) -> None:
    """Make the folder. Raises FileRefused for one that holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileRefused(f"{folder} is not empty: name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = orjson.loads((folder / MANIFEST).read_bytes())
    except OSError as problem:
        raise FileRefused(
            f"{folder} has no {MANIFEST}: it is no folder of an export or was left unfinished."
        ) from problem
    except orjson.JSONDecodeError as problem:
        raise FileRefused(f"{folder / MANIFEST}: {problem}.") from problem
    if not isinstance(found, dict):
        raise FileRefused(f"{folder / MANIFEST} must hold names and values.")
    return found


def _exported(folder: Path, given: dict[str, Any]) -> Exported:
    try:
        known = dict(given)
        day, since, last = (known.pop(name) for name in ("day", "since", "last"))
        return Exported(
            day=date.fromisoformat(day),
            since=date.fromisoformat(since),
            last=date.fromisoformat(last) if last else None,
            **known,
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise FileRefused(f"{folder / MANIFEST} is no manifest of facts: {problem!r}.") from problem
