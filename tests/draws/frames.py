"""Candidates for draws, made up."""

from __future__ import annotations

import polars as pl

from credit.rules.draws.enterprises import KNOWN

TIERS = {"1": 400, "2": 200, "3": 300, "4": 20}


def known(counts: dict[str, int], risk: str = "III", **columns: object) -> pl.DataFrame:
    """So many living enterprises of each tier, whom nobody inspected (KNOWN), with a region."""
    rows = [(f"{tier}{risk}{n:06}", tier, risk, True, 0, False) for tier, many in counts.items() for n in range(many)]
    found = pl.DataFrame(rows, schema=KNOWN, orient="row")
    place = pl.int_range(pl.len())
    return found.with_columns(region=pl.format("3407{}", (place % 4).cast(pl.String).str.zfill(2)))
