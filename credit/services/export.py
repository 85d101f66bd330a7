"""Open data: what is public, as files, consistent at one change number even while others write.

Everything is read in one snapshot of the database, some rows at a time. The files stand in a folder beside
the wanted one until they are whole; then the folder takes its place. The feed goes on from its number.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select, text

from credit.db import db, is_sqlite
from credit.errors import FileRefused, NotReady
from credit.models import Record
from credit.services import export_data
from credit.services.export_files import FORMATS, MEDIA, Table
from credit.services.export_words import DATASETS, words
from credit.services.feed import PLACE, Place
from credit.services.feed_ids import origin
from credit.services.policies import eras, law_among
from credit.services.publication import instant_text

MANIFEST, PACKAGE, SUMS = "manifest.json", "datapackage.json", "SHA256SUMS"
LICENCE = {
    "name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}  # fmt: skip
Progress = Callable[[int], None]


@contextmanager
def snapshot() -> Iterator[None]:
    """All reading of the session in this block sees one state of the database."""
    db.session.rollback()
    try:
        options = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
        db.session.connection(execution_options=options)
        yield
    finally:
        db.session.rollback()


def export(folder: Path, formats: Sequence[str], day: date, now: datetime, progress: Progress) -> dict[str, Any]:
    """Write what is public on `day`. Returns the manifest. An earlier export in the folder is replaced.

    Raises FileRefused for a folder that holds something else, NotReady while anything public is stale.
    """
    check_folder(folder)
    part = _part_of(folder)
    part.mkdir(parents=True)
    try:
        with snapshot():
            manifest = _write(part, formats, day, now, progress)
        _put_in_place(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def check_folder(folder: Path) -> None:
    """Raises FileRefused unless the folder is new, empty, or holds an earlier export and nothing else."""
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    ours = {MANIFEST, PACKAGE, SUMS} | {f"{name}.{kind}" for name in DATASETS for kind in FORMATS}
    if folder.is_file() or (held and (MANIFEST not in held or held - ours)):
        raise FileRefused(
            f"{folder} holds something else than an export: give a new or an empty folder.",
            zh=f"{folder} 中有其他文件，请指定新的或空的文件夹",
        )


def _part_of(folder: Path) -> Path:
    """A folder beside the wanted one; those that dead processes left are taken away."""
    folder = folder.resolve()
    for left in folder.parent.glob(f".{folder.name}.part-*"):
        if not _lives(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    return folder.with_name(f".{folder.name}.part-{os.getpid()}")


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _put_in_place(part: Path, folder: Path) -> None:
    """The whole folder instead of the old one."""
    folder = folder.resolve()
    old = part.with_name(f"{part.name}-0")
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write(folder: Path, formats: Sequence[str], day: date, now: datetime, progress: Progress) -> dict[str, Any]:
    row = db.session.execute(text(PLACE), {"day": day.isoformat()}).one()
    stands = Place(row[0] or 0, max(row[1] or 0, row[2] or 0), bool(row[3]))
    if stands.due:
        raise NotReady("Something public is stale: run `credit daily`.", zh="有到期信息尚未更新，请先运行 credit daily")
    found = eras()
    law = law_among(found, day)
    tables = {name: Table(folder, name, columns, formats) for name, columns in export_data.columns().items()}
    for part in (export_data.of_enterprises(day, law, found), export_data.of_listings()):
        for rows in part:
            for name, some in rows.items():
                tables[name].write(some)
            progress(tables["enterprises"].rows)
    for table in tables.values():
        table.close()
    manifest = {
        "seq": stands.last_seq, "day": day.isoformat(), "instant": instant_text(now), "policy": law.digest,
        "expires_on": str(db.session.scalar(select(func.min(Record.expires_on))) or day + timedelta(days=1)),
        "origin": origin(), "changes": f"/api/v1/changes?after={stands.last_seq}",
        "rows": {name: table.rows for name, table in tables.items()},
    }  # fmt: skip
    _describe(folder, tables, formats, manifest)
    return manifest


def _describe(folder: Path, tables: dict[str, Table], formats: Sequence[str], manifest: dict[str, Any]) -> None:
    """The manifest, the description of every column (Frictionless Data Package), and the sums of all files."""
    resources = []
    for name, table in tables.items():
        for kind in formats:
            path = table.path(kind)
            zh, en = DATASETS[name]
            fields = [_field(column) for column in table.columns]
            resources.append(
                {
                    "name": f"{name}-{kind}", "path": path.name, "title": zh, "description": en, "format": kind,
                    "mediatype": MEDIA[kind], "encoding": "utf-8", "bytes": path.stat().st_size,
                    "hash": f"sha256:{_sum(path)}", "rows": table.rows, "schema": {"fields": fields},
                }
            )  # fmt: skip
    package = {
        "name": "enterprise-quality-credit", "title": "企业质量信用登记公开数据",
        "description": "Open data of the enterprise quality credit register: what may be shown on one day.",
        "created": manifest["instant"], "version": str(manifest["seq"]), "licenses": [LICENCE], "resources": resources,
    }  # fmt: skip
    for file, document in ((MANIFEST, manifest), (PACKAGE, package)):
        (folder / file).write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    lines = [f"{_sum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(lines))


def _field(column: export_data.Column) -> dict[str, Any]:
    zh, en = words(column.name)
    return {"name": column.name, "type": column.type, "title": zh, "description": en}


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
