"""Import of a register file, against a loop over its rows and against bare writing."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

import polars as pl
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import make_url
from stdnum.cn import uscc

from credit.db import BUSY_MS, Change, db, transaction
from credit.models import Enterprise, EnterpriseVersion, Name
from credit.rules.name_columns import bigram_column, fold_column, initials_column
from tests.benchmarks.measure import Clock, Row, rows_a_second
from tests.benchmarks.stage import Stage, empty, imported, registry_file

LOOP_ROWS = 20_000
COMMIT_EACH = 1_000
NOT_COPIED = {"register", "change", "alembic_version"}
Ready = dict[str, tuple[str, list[tuple[object, ...]]]]  # a table's statement and rows


def enterprises_from_csv(size: int) -> list[Row]:
    stage = imported("sqlite", size)
    ours, looped = stage.seconds["import"], min(size, LOOP_ROWS)
    loop, bare, ready = by_row(registry_file(size), looped), *by_executemany(stage)
    what = f"import of {size:,} enterprises from CSV, searchable at the end"
    notes = {
        "where the time goes": stage.profile["import"],
        "wall": ours.wall,
        "cpu": ours.cpu,
        "ready rows": ready,
    }
    return [
        Row(what, f"DictReader, marshmallow, stdnum, ORM ({looped:,} measured)",
            (size / ours.wall) / (looped / loop.wall), 5, rows_a_second(size, ours.wall),
            rows_a_second(looped, loop.wall), notes=notes),
        Row(what, "bare executemany of the ready rows", ours.wall / bare.wall, 4, f"{ours.wall:.1f} s",
            f"{bare.wall:.1f} s", at_most=True, unit="times its time", notes=notes),
    ]  # fmt: skip


class RegistryRow(Schema):
    """One line of the file, as a per-row import checks it."""

    name = fields.String(required=True, data_key="企业名称", validate=validate.Length(1, 256))
    code = fields.String(required=True, data_key="统一社会信用代码")
    registered_on = fields.Date(data_key="注册日期")

    class Meta:
        unknown = "exclude"


def by_row(file: Path, count: int) -> Clock:
    """The usual loop: read, check, add and flush row by row; not even indexed for search."""
    stage, shape = empty("sqlite", "by_row"), RegistryRow()
    with (
        stage.app.app_context(),
        file.open(encoding="utf-8", newline="") as lines,
        Clock() as clock,
    ):
        rows = islice(csv.DictReader(lines), count)
        while batch := list(islice(rows, COMMIT_EACH)):
            with transaction("benchmark") as change:
                for row in batch:
                    _add(shape.load(row), change)
    return clock


def _add(row: dict[str, object], change: Change) -> None:
    code = uscc.validate(str(row["code"]))
    if db.session.scalars(db.select(Enterprise).where(Enterprise.code == code)).first():
        raise ValidationError("A repeat.")
    enterprise = Enterprise(code=code, org_code=code[8:17], living=True)
    db.session.add(enterprise)
    db.session.flush()
    db.session.add(
        EnterpriseVersion(
            seq=change.take().start, enterprise_id=enterprise.id, code=code, name=row["name"],
            valid_from=row["registered_on"] or date(1980, 1, 1), registered_on=row["registered_on"],
            status="living", kind="individual" if code.startswith("92") else "enterprise", wants_grade=False,
        )
    )  # fmt: skip
    db.session.add(Name(enterprise_id=enterprise.id, text=row["name"], folded=row["name"]))
    db.session.flush()


def by_executemany(stage: Stage) -> tuple[Clock, dict[str, int]]:
    """All rows that the import left, written as they are into an empty register."""
    with closing(sqlite3.connect(_path(stage))) as source:
        ready = ready_rows(source) | ready_tokens(source)
    target = sqlite3.connect(_path(empty("sqlite", "bare")), isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "synchronous=NORMAL",
    ):
        target.execute(f"PRAGMA {pragma}").close()
    with Clock() as clock:
        target.execute("BEGIN IMMEDIATE")
        for statement, rows in ready.values():
            target.executemany(statement, rows)
        target.execute("COMMIT")
    target.close()
    return clock, {table: len(rows) for table, (_, rows) in ready.items()}


def ready_rows(source: sqlite3.Connection) -> Ready:
    """A statement and the rows for each ordinary table that isn't empty."""
    ready: Ready = {}
    for table in db.metadata.sorted_tables:
        if table.name not in NOT_COPIED:
            rows = source.execute(f'SELECT * FROM "{table.name}"').fetchall()
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                ready[table.name] = f'INSERT INTO "{table.name}" VALUES ({marks})', rows
    return ready


def ready_tokens(source: sqlite3.Connection) -> Ready:
    """The same for each full-text table, its tokens made beforehand (it can't be read back)."""
    schema = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
    ids, names = zip(*source.execute("SELECT id, text FROM name ORDER BY id"), strict=True)
    folded = fold_column(pl.Series(names, dtype=pl.String))
    ready: Ready = {}
    for (table,) in source.execute(schema).fetchall():
        column = source.execute(f'PRAGMA table_info("{table}")').fetchone()[1]
        tokens = (
            initials_column(folded) if "initial" in f"{table} {column}" else bigram_column(folded)
        )
        statement = f'INSERT INTO "{table}" (rowid, "{column}") VALUES (?, ?)'
        ready[table] = statement, list(zip(ids, tokens.to_list(), strict=True))
    return ready


def _path(stage: Stage) -> str:
    return str(make_url(stage.app.config["DATABASE_URL"]).database)
