"""Two-character search in a million names, against a scan; and what its index weighs."""

from __future__ import annotations

import random

import polars as pl
from sqlalchemy import text

from credit.db import db
from credit.reader import reader
from credit.services.search import search
from tests.benchmarks.measure import Row, milliseconds, percentile, wall_of
from tests.benchmarks.stage import TODAY, Stage, imported

COMMON = "科技"
NAME_INDEX = "name_index"
RARE_UP_TO = 10  # names that have a rare term
RARE_TERMS, COMMON_CALLS, SCANS = 400, 400, 15


def two_characters(size: int) -> list[Row]:
    stage = imported("sqlite", size)
    with stage.app.app_context():
        names = pl.Series(list(db.session.scalars(text("SELECT text FROM name"))), dtype=pl.String)
        terms = rare_terms(names)
        for term in [COMMON, *terms[:20]]:
            ask(term)
        rare, common = wall_of(ask, terms), wall_of(ask, [COMMON] * COMMON_CALLS)
        scans = wall_of(scan, terms[:SCANS])
        weights = index_bytes()
        check_nothing_missed(names, terms[0])
    return rows(stage, rare, common, scans, weights, len(names))


def rows(
    stage: Stage, rare: list[float], common: list[float], scans: list[float],
    weights: dict[str, int], names: int,
) -> list[Row]:  # fmt: skip
    what = f"2-character search, {stage.size:,} names"
    usual, scan_time, slow = percentile(rare, 0.5), percentile(scans, 0.5), percentile(common, 0.99)
    each = {table: weight / names for table, weight in weights.items()}
    by_name = each.pop(NAME_INDEX)
    others = ", ".join(f"{table} {weight:.1f}" for table, weight in each.items())
    return [
        Row(f"{what}, a rare term, p50", "unindexed LIKE '%..%'", scan_time / usual, 500,
            milliseconds(usual), milliseconds(scan_time), notes={"p99": percentile(rare, 0.99)}),
        Row(f"{what}, {COMMON}, p99", "5 ms", slow * 1e3, 5, milliseconds(slow), "-", at_most=True,
            unit="ms", notes={"p50": percentile(common, 0.5)}),
        Row("name index on SQLite", "40 bytes a name", by_name, 40, f"{by_name:.1f}",
            f"beside it: {others}", at_most=True, unit="bytes a name", notes=weights),
    ]  # fmt: skip


def ask(term: str) -> object:
    """The first page of the search, its items ready for the door."""
    return search(term, TODAY)


def scan(term: str) -> object:
    """The same question without an index."""
    found = "SELECT enterprise_id, text FROM name WHERE text LIKE :part LIMIT 20"
    return reader().all(found, part=f"%{term}%")


def rare_terms(names: pl.Series) -> list[str]:
    """Two neighbouring Chinese characters that stand in some, but very few names."""
    plain = names.filter(names.str.contains("^[一-龥]+$")).str.split("")
    pairs = pl.DataFrame({"name": plain}).with_row_index().explode("name").with_columns(
        next=pl.col("name").shift(-1).over("index")
    )  # fmt: skip
    counted = (
        pairs.drop_nulls().select(term=pl.concat_str("name", "next"))["term"].value_counts()
        .filter(pl.col("count") <= RARE_UP_TO, pl.col("term").str.len_chars() == 2).sort("term")
    )  # fmt: skip
    return random.Random(6).choices(counted["term"].to_list(), k=RARE_TERMS)


def check_nothing_missed(names: pl.Series, term: str) -> None:
    """A fast search that misses is none."""
    expected = set(names.filter(names.str.contains(term, literal=True)))
    items = search(term, TODAY, limit=200).items
    found = {item["matched_name"] or item["name"] for item in items}
    if not expected <= found:
        raise AssertionError(f"{term}: {expected - found} not found")


def index_bytes() -> dict[str, int]:
    """Bytes of the pages of each full-text table with all that belongs to it."""
    schema = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
    weights = {}
    for table in db.session.scalars(text(schema)).all():
        parts = [f"{table}_{part}" for part in ("data", "idx", "content", "docsize", "config")]
        sizes = text("SELECT coalesce(sum(pgsize), 0) FROM dbstat('main', 1) WHERE name = :name")
        weights[table] = sum(
            db.session.execute(sizes, {"name": part}).scalar_one() for part in parts
        )
    return weights
