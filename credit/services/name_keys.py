"""Equal names: for a long list by the digests of all names on file, for a short one by the bigram index.

Names are never changed or deleted, so the digests that a process holds only grow: 16 bytes a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import polars as pl
from flask import current_app
from sqlalchemy import select

from credit.models import Name
from credit.rules.name_columns import bigram_column, fold_column
from credit.services import name_index
from credit.services.reading import among, frame

# More names than this are looked up among all digests.
LONG_LIST = 2_000
DIGESTS = {"digest": pl.UInt64, "name_id": pl.Int64}
FOUND = {"folded": pl.String, "name_id": pl.Int64}
SEED = 6


@dataclass
class _Held:
    """The digests of the names up to the last id that was read."""

    last: int = 0
    digests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DIGESTS))
    lock: Lock = field(default_factory=Lock)


_held: dict[str, _Held] = {}


def with_text(folded: pl.Series) -> pl.DataFrame:
    """`folded`, `name_id`: the names on file that fold to each of these distinct texts."""
    if len(folded) > LONG_LIST:
        asked = pl.DataFrame({"folded": folded, "digest": folded.hash(SEED)})
        ids = asked.join(_all_digests(), on="digest").select("folded", "name_id")
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
    """Those whose text is really equal: tokens and digests only find."""
    texts = frame(select(Name.id.label("name_id"), Name.text).where(among(Name.id, ids["name_id"].unique().to_list())))
    texts = texts.with_columns(known=fold_column(texts["text"]))
    both = ids.join(texts, on="name_id")
    return both.filter(pl.col("folded") == pl.col("known")).select(*FOUND)


def _all_digests() -> pl.DataFrame:
    held = _held.setdefault(current_app.config["DATABASE_URL"], _Held())
    with held.lock:
        names = frame(select(Name.id, Name.text).where(Name.id > held.last), bulk=True)
        if not names.is_empty():
            last = names["id"].max()
            assert isinstance(last, int)
            digests = fold_column(names["text"]).hash(SEED)
            more = pl.DataFrame({"digest": digests, "name_id": names["id"]}, schema=DIGESTS)
            held.digests, held.last = pl.concat([held.digests, more], rechunk=True), last
        return held.digests


