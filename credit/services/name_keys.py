"""Equal names: of a long list by a scan of all names on file, of a short one by the bigram index."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from credit.models import Name
from credit.rules.name_columns import bigram_column, fold_column
from credit.services import name_index, name_scan
from credit.services.reading import among, frame

# More names than this are looked for among all names on file.
LONG_LIST = 100
FOUND = ("folded", "name_id")


def with_text(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that fold to each of these distinct texts."""
    ids = name_scan.alike(folded) if len(folded) > LONG_LIST else _by_index(folded)
    return _verified(ids)


def _by_index(folded: pl.Series) -> pl.DataFrame:
    """Names that have every token of an asked one."""
    tokens = pl.DataFrame({"folded": folded, "tokens": bigram_column(folded)}).filter(pl.col("tokens") != "")
    names = name_index.names_with_all(tokens["tokens"].unique().to_list())
    return tokens.join(names, on="tokens").select("folded", "name_id")


def _verified(ids: pl.DataFrame) -> pl.DataFrame:
    """Those whose text is really equal: tokens and keys only find."""
    texts = frame(select(Name.id.label("name_id"), Name.text).where(among(Name.id, ids["name_id"].unique().to_list())))
    texts = texts.with_columns(known=fold_column(texts["text"]))
    both = ids.join(texts, on="name_id")
    return both.filter(pl.col("folded") == pl.col("known")).select(*FOUND)
