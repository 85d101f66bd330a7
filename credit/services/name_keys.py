"""Equal names: of a long list by a scan of all names on file, of a short one by the bigram index."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from credit.models import Name
from credit.rules.name_columns import bigram_column, fold_column
from credit.services import name_index, name_scan
from credit.services.reading import among, frame

# More names than this are looked for among all names on file.
LONG_LIST = 500
FOUND = {"folded": pl.String, "name_id": pl.Int64}


def with_text(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that fold to each of these distinct texts."""
    if len(folded) > LONG_LIST:
        ids = name_scan.alike(folded)
    else:
        ids = _by_rarest(folded)
    return _verified(ids)


def _by_rarest(folded: pl.Series) -> pl.DataFrame:
    """Names that have the rarest two tokens of the asked one; all of them, however common these are."""
    tokens = pl.DataFrame({"folded": folded, "token": bigram_column(folded).str.split(" ")}).explode("token")
    tokens = tokens.filter(pl.col("token") != "")
    if tokens.is_empty():
        return pl.DataFrame(schema=FOUND)
    counts = name_index.counts_of(tokens["token"].unique().to_list())
    rarest = tokens.join(counts, on="token").sort("names", "token").group_by("folded", maintain_order=True).head(2)
    possible = rarest.filter((pl.col("names") > 0).all().over("folded"))
    names = name_index.names_with(possible["token"].unique().to_list())
    both = possible.join(names, on="token").group_by("folded", "name_id").len()
    wanted = possible.group_by("folded").agg(pl.len().alias("wanted"))
    return both.join(wanted, on="folded").filter(pl.col("len") == pl.col("wanted")).select("folded", "name_id")


def _verified(ids: pl.DataFrame) -> pl.DataFrame:
    """Those whose text is really equal: tokens and keys only find."""
    texts = frame(select(Name.id.label("name_id"), Name.text).where(among(Name.id, ids["name_id"].unique().to_list())))
    texts = texts.with_columns(known=fold_column(texts["text"]))
    both = ids.join(texts, on="name_id")
    return both.filter(pl.col("folded") == pl.col("known")).select(*FOUND)
