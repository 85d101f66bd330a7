"""Names on file and their search index: bigrams and pinyin initials, over rows that never change."""

from __future__ import annotations

import polars as pl
from sqlalchemy import func, select

from credit.db import db, is_sqlite
from credit.models import Name
from credit.rules.name_columns import bigram_column, fold_column, initials_column
from credit.services.writing import insert

INDEXES = ("name_index", "initials_index")


def remember(names: pl.DataFrame) -> None:
    """Add names (enterprise_id, text) and index them, inside the transaction.

    Index rows are written once and never deleted: a contentless index can't be updated safely.
    """
    names = names.filter(pl.col("text").is_not_null(), pl.col("text") != "")
    if names.is_empty():
        return
    first = (db.session.scalar(select(func.max(Name.id))) or 0) + 1
    rows = names.with_row_index("id", offset=first).select(
        pl.col("id").cast(pl.Int64), "enterprise_id", "text"
    )
    folded = fold_column(rows["text"])
    insert(Name, rows.with_columns(folded=folded.str.slice(0, 256)))
    _index(rows["id"], bigram_column(folded), initials_column(folded))


def _index(ids: pl.Series, bigrams: pl.Series, initials: pl.Series) -> None:
    cursor = db.session.connection().connection.cursor()
    if is_sqlite():
        for table, tokens in zip(INDEXES, (bigrams, initials), strict=True):
            rows = list(zip(ids.to_list(), tokens.to_list(), strict=True))
            cursor.executemany(f"INSERT INTO {table} (rowid, tokens) VALUES (?, ?)", rows)
    else:
        with cursor.copy("COPY name_index (name_id, bigrams, initials) FROM STDIN") as copy:
            copy.set_types(["int8", "text[]", "text[]"])
            for row in zip(
                ids.to_list(),
                bigrams.str.split(" ").to_list(),
                initials.str.split(" ").to_list(),
                strict=True,
            ):
                copy.write_row(row)
    cursor.close()
