"""What the register knew: up to which change number its rows are read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Known:
    """Rows up to a change number: one for all enterprises, or one for each (enterprise, known).

    `seq` None is all that is known now. `committed`: none of the rows was written by the
    transaction that reads, so that they may be read past it. `hidden`: numbers of events and
    listings that are archived and that this reader may not see.
    """

    seq: int | pl.DataFrame | None = None
    committed: bool = False
    hidden: frozenset[int] = frozenset()

    def limit(self, enterprise_id: int) -> int | None:
        """The last change number that is known of one enterprise; None is all."""
        if isinstance(self.seq, pl.DataFrame):
            found = self.seq.filter(pl.col("enterprise") == enterprise_id)["known"]
            return int(found[0]) if len(found) else 0
        return self.seq

    def current(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The versions that were known and that nothing known had replaced.

        `rows`: seq, replaces (dropped), enterprise_id and whatever else.
        """
        if isinstance(self.seq, pl.DataFrame):
            limits = self.seq.rename({"enterprise": "enterprise_id"})
            rows = rows.join(limits, on="enterprise_id", maintain_order="left")
            rows = rows.filter(pl.col("seq") <= pl.col("known")).drop("known")
        elif self.seq is not None:
            rows = rows.filter(pl.col("seq") <= self.seq)
        replaced = rows.select(seq="replaces").drop_nulls()
        if not replaced.is_empty():
            rows = rows.join(replaced, on="seq", how="anti", maintain_order="left")
        return rows.drop("replaces")


NOW = Known()
