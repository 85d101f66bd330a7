"""What an executor does: the facts of one bucket in, its gradings and findings out, by the one kernel.

It needs polars, pyarrow, yaml and the rules: no database and no application.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pyarrow as pa

from credit.policy import read_policy
from credit.rules.dossier import EVENTS, FIRMS, LISTINGS, Facts
from credit.rules.grading import grade
from credit.rules.law import Law
from credit.spark.shapes import MADE, TABLE, together

GRADED = together(MADE)
IN_ARROW: dict[Any, Any] = {
    pl.Int64: pa.int64(), pl.Int32: pa.int32(), pl.Date: pa.date32(), pl.String: pa.string(), pl.Boolean: pa.bool_(),
}  # fmt: skip
SCHEMA = pa.schema([(name, IN_ARROW[kind]) for name, kind in GRADED.items()])


def grader(texts: dict[str, str], days: Sequence[date]) -> Callable[[pa.Table], pa.Table]:
    """A function that grades the rows of a bucket on these days by the policy with these files."""
    policy = tuple(texts.items())

    def grade_bucket(rows: pa.Table) -> pa.Table:
        facts = apart(pl.DataFrame(rows))
        return graded(facts, _law(policy), days).to_arrow().cast(SCHEMA)

    return grade_bucket


@cache
def _law(policy: tuple[tuple[str, str], ...]) -> Law:
    """Read once by each process of an executor, which grades many buckets."""
    return read_policy(dict(policy))


def apart(rows: pl.DataFrame) -> Facts:
    """The tables whose rows came together, in the shapes of the kernel."""
    firms, events, listings = (
        rows.filter(pl.col(TABLE) == name).select(*shape).cast(shape)
        for name, shape in (("firms", FIRMS), ("events", EVENTS), ("listings", LISTINGS))
    )
    return Facts(firms, events, listings)


def graded(facts: Facts, law: Law, days: Sequence[date]) -> pl.DataFrame:
    """Gradings and findings of every enterprise on each day, together in the shape GRADED."""
    firms = facts.firms.select("enterprise").unique()
    parts = [pl.DataFrame(schema=GRADED)]
    for day in days:
        found = grade(firms.with_columns(day=pl.lit(day)), facts, law)
        whose = found.gradings.select("ask", "enterprise", "day")
        parts += [
            _told(found.gradings, "gradings"),
            _told(found.findings.join(whose, on="ask"), "findings"),
        ]
    return pl.concat(parts, how="diagonal").select(*GRADED)


def _told(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    shape = MADE[table]
    return rows.select(*shape).cast(shape).with_columns(pl.lit(table).alias(TABLE))
