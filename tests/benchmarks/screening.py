"""A tender list of 100,000 rows against looking each bidder up by the ORM: two thirds on file, one third not."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import polars as pl
from sqlalchemy import select

from credit.db import db, transaction
from credit.models import Enterprise
from credit.policy import load_policy
from credit.proof import proved
from credit.services import outside_lists
from credit.services.screening.screen import results, screen
from tests.benchmarks.codes import unified_codes
from tests.benchmarks.measure import Clock, Row, rows_a_second
from tests.benchmarks.stage import TODAY, folder, imported

ROWS, LISTED, LOOKED_UP, TENDERS = 100_000, 50_000, 3_000, 50
LISTS = ("court-debtors", "tax", "procurement")


def exact(size: int) -> list[Row]:
    stage = imported("sqlite", size)
    chance = random.Random(7)
    with stage.app.app_context():
        on_file = list(db.session.scalars(select(Enterprise.code).order_by(Enterprise.id)))
        for name in LISTS:
            _copy(name, chance.sample(on_file, min(LISTED, len(on_file) // 2) // len(LISTS)))
        strangers = _strangers(ROWS // 3, set(on_file))
        codes = chance.choices(on_file, k=ROWS - len(strangers)) + strangers
        chance.shuffle(codes)
        told = [list(results(screen(_bidders(codes[:5000]), "government-procurement", TODAY, TODAY)))]
        with Clock() as ours:
            told.append(results(screen(_bidders(codes), "government-procurement", TODAY, TODAY)))
        with Clock() as orm:
            for code in codes[:LOOKED_UP]:
                db.session.scalars(select(Enterprise).where(Enterprise.code == code)).first()
                db.session.expunge_all()
    assert len(told[1]) == ROWS
    each, naive = ours.wall / ROWS, orm.wall / LOOKED_UP
    what = f"screening of {ROWS:,} rows with codes, {size:,} enterprises, every verdict with its sources"
    return [
        Row(what, "an indexed ORM look-up for each row", naive / each, 60, rows_a_second(ROWS, ours.wall),
            rows_a_second(LOOKED_UP, orm.wall)),
    ]  # fmt: skip


def doors(size: int) -> list[Row]:
    """A tender of 100 bidders in one request against a look-up of each; and what the receipt of one costs."""
    stage = imported("sqlite", size)
    stage.app.config |= {"CREDIT_KEYS": str(folder()), "CREDIT_LIMIT_SCREENINGS": "1000000 per minute",
                         "CREDIT_LIMIT_ADDRESS": "1000000 per minute"}  # fmt: skip
    with stage.app.app_context():
        on_file = list(db.session.scalars(select(Enterprise.code).limit(100)))
        for name in LISTS:
            _copy(name, on_file[:1])
        screening = screen(_bidders(on_file), "government-procurement", TODAY, TODAY)
        db.session.remove()
    client = stage.app.test_client()
    body = {"subjects": [{"code": code} for code in on_file]}
    client.post("/api/v1/screenings", json=body)
    client.get(f"/api/v1/enterprises/{on_file[0]}")
    with Clock() as many:
        for _ in range(TENDERS):
            assert client.post("/api/v1/screenings", json=body).status_code == 200
    with Clock() as single:
        for code in on_file * 5:
            assert client.get(f"/api/v1/enterprises/{code}").status_code == 200
    with stage.app.test_request_context(), Clock() as proof:
        for _ in range(TENDERS):
            proved(screening, {"kind": "government-procurement"})
    with stage.app.test_request_context(), Clock() as bare:
        for _ in range(TENDERS):
            results(screening)
    each, looked_up = many.wall / TENDERS / 100, single.wall / len(on_file * 5)
    receipt = (proof.wall - bare.wall) / TENDERS
    return [
        Row(f"100 bidders in one POST, {size:,} enterprises", "a GET for each", looked_up / each, 20,
            rows_a_second(100 * TENDERS, many.wall), rows_a_second(len(on_file * 5), single.wall)),
        Row("the receipt of 100 bidders, signed and kept", "5 ms", 0.005 / receipt, 1, f"{receipt * 1000:.1f} ms", "5 ms"),
    ]  # fmt: skip


def _strangers(count: int, on_file: set[str]) -> list[str]:
    codes = unified_codes(np.ones(count * 3, dtype=np.uint8), np.random.default_rng(99)).to_list()
    return [code for code in codes if code not in on_file][:count]


def _bidders(codes: list[str]) -> pl.DataFrame:
    empty = pl.lit(None, dtype=pl.String)
    rows = pl.DataFrame({"code": codes}).with_row_index("row")
    return rows.select(pl.col("row").cast(pl.Int64), "code", ref=empty, name=empty, group=empty)


def _copy(name: str, codes: list[str]) -> None:
    path = Path(folder()) / f"{name}.csv"
    rows = "".join(f"某企业{n}公司,{code},2026-01-05\n" for n, code in enumerate(codes))
    path.write_text("企业名称,统一社会信用代码,列入日期\n" + rows, encoding="utf-8")
    with transaction("benchmark") as change:
        outside_lists.take(change, load_policy(), name, path, TODAY, TODAY, sure=True)
