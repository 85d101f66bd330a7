"""The bigram index read set-wise: how common tokens are, and which names have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import orjson
import polars as pl
from flask import current_app

from credit.db import is_sqlite
from credit.reader import reader

# A token with so many names tells nothing: its names are never read.
COMMON = 2_000
COUNTS_ON_SQLITE = f"""
SELECT t.value, (SELECT count(*) FROM (
  SELECT 1 FROM name_index WHERE name_index MATCH '"' || t.value || '"' LIMIT {COMMON}
)) FROM json_each(:tokens) t
"""  # nosec B608: a number of ours
COUNTS_ON_POSTGRES = """
SELECT t.token, (SELECT count(*) FROM name_index WHERE bigrams @> ARRAY[t.token]) FROM unnest(:tokens::text[]) t(token)
"""
NAMES_ON_SQLITE = """
SELECT t.value, (SELECT group_concat(rowid) FROM name_index WHERE name_index MATCH '"' || t.value || '"')
FROM json_each(:tokens) t
"""
NAMES_ON_POSTGRES = """
SELECT t.token, (SELECT string_agg(name_id::text, ',') FROM name_index WHERE bigrams @> ARRAY[t.token])
FROM unnest(:tokens::text[]) t(token)
"""
# What ANALYZE found to be common, so that nobody counts it.
KNOWN_ON_POSTGRES = """
SELECT e.token FROM pg_stats s, pg_class c,
  unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) e(token, share)
WHERE s.tablename = 'name_index' AND s.attname = 'bigrams' AND s.schemaname = 'public'
AND c.oid = 'public.name_index'::regclass AND e.share * c.reltuples >= :common
"""
# By database: names are only ever added, so what is common stays so.
_common: defaultdict[str, set[str]] = defaultdict(set)


def counts_of(tokens: Sequence[str]) -> pl.DataFrame:
    """`token`, `names`: how many names have each token; COMMON stands for that many and more."""
    common = _common[current_app.config["DATABASE_URL"]]
    unknown = [token for token in tokens if token not in common]
    if unknown and not is_sqlite():
        common |= {row[0] for row in reader().all(KNOWN_ON_POSTGRES, common=COMMON)}
        unknown = [token for token in unknown if token not in common]
    sql = COUNTS_ON_SQLITE if is_sqlite() else COUNTS_ON_POSTGRES
    counted = dict(reader().all(sql, tokens=_list(unknown))) if unknown else {}
    common |= {token for token, names in counted.items() if names >= COMMON}
    names = [min(counted.get(token, COMMON), COMMON) for token in tokens]
    return pl.DataFrame({"token": list(tokens), "names": names}, schema={"token": pl.String, "names": pl.Int64})


def names_with(tokens: Sequence[str]) -> pl.DataFrame:
    """`token`, `name_id`: every name that has each of the tokens, which should not be common ones."""
    rows = reader().all(NAMES_ON_SQLITE if is_sqlite() else NAMES_ON_POSTGRES, tokens=_list(tokens)) if tokens else []
    return _exploded(rows, "token")


def _exploded(rows: list[Any], column: str) -> pl.DataFrame:
    found = pl.DataFrame(rows, schema={column: pl.String, "name_id": pl.String}, orient="row").drop_nulls()
    return found.with_columns(pl.col("name_id").str.split(",").cast(pl.List(pl.Int64))).explode("name_id")


def _list(tokens: Sequence[str]) -> object:
    return orjson.dumps(list(tokens)).decode() if is_sqlite() else list(tokens)
