"""Supposed facts: events and cessations that nobody reported, shaped like those that are read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
import polars as pl

from credit.rules.law import Law
from credit.services.classification import classified


@dataclass(frozen=True)
class Supposed:
    """`rows`: the columns of the event table, numbered -1, -2, ... so that no event on file is meant;
    `ceased` and `links` in the shapes dossier.CEASED and dossier.LINKS.
    """

    rows: list[dict[str, Any]]
    ceased: pl.DataFrame
    links: pl.DataFrame

    def events_like(self, stored: pl.DataFrame, law: Law) -> pl.DataFrame:
        """The events with what this law makes of them, in the columns in which stored ones are read."""
        made = classified(self.rows, law)
        reported = {name: kind for name, kind in stored.schema.items() if name not in made.columns[1:]}
        plain = [{name: _as_read(row.get(name)) for name in reported} for row in self.rows]
        rows = pl.DataFrame(plain, schema=reported)
        whole = rows.join(made, on="seq", maintain_order="left")
        return whole.select(pl.col(name).cast(kind) for name, kind in stored.schema.items())


def _as_read(value: Any) -> Any:
    """A value as it would come out of the database: lists as JSON, amounts as numbers."""
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return float(value) if isinstance(value, Decimal) else value
