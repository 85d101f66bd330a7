"""Reading many committed rows past Python gives the rows that reading them one by one gives, and harms no lock."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from flask import Flask
from polars.testing import assert_frame_equal
from sqlalchemy import JSON, select, text

from credit.db import Base, db, is_sqlite, transaction
from credit.models import (
    Classification,
    Department,
    Enterprise,
    EnterpriseVersion,
    Event,
    Span,
    Standing,
)
from credit.services.reading import among, frame
from tests.makers import make_enterprise, make_event, violation

OTHER_WRITER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    other.execute("BEGIN IMMEDIATE")
    print("wrote")
except sqlite3.OperationalError as problem:
    print(problem)
"""


def _spaced_alike(document: str) -> str:
    return json.dumps(json.loads(document), sort_keys=True)


@pytest.mark.parametrize("model", [Enterprise, EnterpriseVersion, Event, Classification, Span, Standing, Department])
@pytest.mark.usefixtures("seeded_register")
def test_rows_are_the_same_whichever_way_they_are_read(model: type[Base]) -> None:
    columns = list(model.__table__.columns)  # type: ignore[attr-defined]
    statement: Any = select(*columns).order_by(*model.__table__.primary_key)  # type: ignore[attr-defined]
    documents = [c.name for c in columns if isinstance(c.type, JSON)]
    same = pl.col(documents).map_elements(_spaced_alike, return_dtype=pl.String)
    one_by_one, bulk = (frame(statement, bulk=way).with_columns(same) for way in (False, True))
    assert_frame_equal(one_by_one, bulk)


def test_empty_texts_percent_signs_and_line_ends_come_as_they_are(app: Flask) -> None:
    code = make_enterprise(1)
    make_event(violation(code, facts='百分之5%%，"引号"\n换行,\\N', basis=""))
    statement: Any = select(Event.seq, Event.facts, Event.basis, Event.lot, Event.source_ref)
    found = frame(statement, bulk=True)
    assert_frame_equal(frame(statement), found)
    assert found.select("facts", "lot").row(0) == ('百分之5%%，"引号"\n换行,\\N', None)


@pytest.mark.parametrize("ids", [list(range(1, 700)), list(range(1, 1400, 2)), [1], []])
def test_many_ids_are_one_parameter_either_way(app: Flask, ids: list[int]) -> None:
    for number in (1, 2, 3):
        make_enterprise(number)
    statement: Any = select(Enterprise.id, Enterprise.code).where(among(Enterprise.id, ids)).order_by(Enterprise.id)
    wanted = [one for one in (1, 2, 3) if one in ids]
    assert frame(statement)["id"].to_list() == frame(statement, bulk=True)["id"].to_list() == wanted


def test_a_bulk_reading_leaves_the_writer_its_lock(app: Flask) -> None:
    if not is_sqlite():
        return
    make_enterprise(1)
    path = app.config["DATABASE_URL"].removeprefix("sqlite:///")
    with transaction("test") as change:
        change.take()
        frame(select(Enterprise.id), bulk=True)
        other = subprocess.run(
            [sys.executable, "-c", OTHER_WRITER, path], capture_output=True, text=True, check=True
        )
    assert other.stdout.strip() == "database is locked"
    assert db.session.scalar(text("SELECT count(*) FROM change")) == 2
