"""Candidates for many names at once out of all names on file: equal ones first, then near ones.

Near ones of a short list come from the bigram index, the rarest pairs of characters first, until the posting budget
of the list is used. A name that got fewer pairs than one slip can spoil is told to be cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.models import Name
from credit.rules.matching.possible import bare_column, possible_pairs
from credit.rules.name_columns import bigram_column, fold_column
from credit.services import name_index, name_keys, name_scan
from credit.services.name_history import known_names
from credit.services.reading import among, frame

POSTINGS = 2_000_000  # for a whole list
MOST_EACH, LEAST_EACH = 1_000, 100  # for one name
# A slip spoils at most three pairs, so that one of four is left.
ENOUGH = 4
# Names that share this rare a pair are looked at though they share no other.
RARE = 60
# More names than this are compared with all on file: that takes as long for a hundred thousand.
LONG_LIST = 100
ASKED: dict[Any, Any] = {"row": pl.Int64, "name": pl.String}
FOUND = {
    "row": pl.Int64, "enterprise_id": pl.Int64, "name": pl.String, "kind": pl.String, "from": pl.Date, "until": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Candidates:
    """`found`: row, enterprise_id, name, kind (current, former, short), from, until, each once.

    `cut`: the rows whose near names may be incomplete, since the budget was used.
    """

    found: pl.DataFrame
    cut: pl.Series


def near(asked: pl.DataFrame, postings: int = POSTINGS) -> Candidates:
    """Names equal or near to each asked one (`row`, `name`)."""
    wanted = _folded(asked)
    equal = _equal_ids(wanted)
    left = wanted.join(equal, on="folded", how="anti")
    distinct = left.select("folded").unique(maintain_order=True)
    if len(distinct) > LONG_LIST:
        pairs, cut = name_scan.near(distinct["folded"]), distinct.clear()
    else:
        pairs, cut = _by_tokens(distinct, postings)
    alike = _alike(pairs)
    ids = pl.concat([equal, alike]).unique()
    rows = wanted.select("row", "folded")
    return Candidates(_told(ids, rows), rows.join(cut, on="folded", how="semi")["row"])


def equal(asked: pl.DataFrame) -> pl.DataFrame:
    """Names that are equal after folding: row, enterprise_id, name, kind, from, until."""
    wanted = _folded(asked)
    return _told(_equal_ids(wanted), wanted.select("row", "folded"))


def _folded(asked: pl.DataFrame) -> pl.DataFrame:
    """The asked names with `folded`; those that have nothing to compare fall out."""
    named = asked.select("row", pl.col("name").fill_null("")).cast(ASKED)
    return named.with_columns(folded=fold_column(named["name"])).filter(pl.col("folded") != "")


def _equal_ids(wanted: pl.DataFrame) -> pl.DataFrame:
    """`folded`, `name_id` of names that fold to the same text."""
    distinct = wanted.select("folded").unique()
    found = name_keys.with_text(distinct["folded"])
    return found.select("folded", "name_id")


def _by_tokens(distinct: pl.DataFrame, postings: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs (`folded`, `name_id`) that share rare tokens, and the names (`folded`) that were cut."""
    tokens = distinct.with_columns(token=bigram_column(distinct["folded"]).str.split(" ")).explode("token")
    tokens = tokens.filter(pl.col("token") != "")
    counts = name_index.counts_of(tokens["token"].unique().to_list())
    each = min(MOST_EACH, max(LEAST_EACH, postings // max(len(distinct), 1)))
    ordered = tokens.join(counts, on="token").sort("folded", "names", "token")
    # The rarest is always read, unless it is common itself.
    spent = pl.col("names").cum_sum().over("folded")
    first = pl.int_range(pl.len()).over("folded") == 0
    read = ordered.filter((pl.col("names") < name_index.COMMON) & ((spent <= each) | first))
    least = tokens.group_by("folded").agg(least=pl.len().clip(upper_bound=ENOUGH))
    enough = read.group_by("folded").len().join(least, on="folded").filter(pl.col("len") >= pl.col("least"))
    cut = distinct.join(enough, on="folded", how="anti")
    names = name_index.names_with(read.filter(pl.col("names") > 0)["token"].unique().to_list())
    shared = (
        read.join(names, on="token").group_by("folded", "name_id").agg(pl.len().alias("shared"), pl.col("names").min())
    )
    kept = shared.filter((pl.col("shared") > 1) | (pl.col("names") <= RARE))
    return kept.select("folded", "name_id"), cut


def _alike(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs whose characters are alike enough to be compared part by part."""
    ids = pairs["name_id"].unique().to_list()
    texts = frame(select(Name.id.label("name_id"), Name.text).where(among(Name.id, ids)))
    known = texts.select("name_id", known=bare_column(fold_column(texts["text"])))
    folded = pairs["folded"].unique()
    asked = pl.DataFrame({"folded": folded, "asked": bare_column(folded)})
    both = pairs.select("folded", "name_id").join(known, on="name_id").join(asked, on="folded")
    return both.filter(possible_pairs(both["asked"], both["known"])).select("folded", "name_id")


def _told(ids: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The names of these ids with their firms and days, a row for each asked row."""
    if ids.is_empty():
        return pl.DataFrame(schema=FOUND)
    known = known_names(ids["name_id"].unique().to_list())
    found = ids.join(known, on="name_id").join(rows, on="folded")
    return found.select(*FOUND).unique().sort("row", "enterprise_id", "name")
