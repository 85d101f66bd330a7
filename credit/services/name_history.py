"""Which names enterprises bear and bore, from when until when, and who they are today."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from sqlalchemy import select

from credit.models import EnterpriseVersion, Name
from credit.services.reading import among, frame

VERSION = ("seq", "replaces", "enterprise_id", "valid_from", "code", "name", "short_name", "status", "parent_code")


def versions_of(ids: Sequence[int]) -> pl.DataFrame:
    """What is known now of these enterprises: a row for each version (VERSION), in the order of law."""
    columns = (getattr(EnterpriseVersion, name) for name in VERSION)
    rows = frame(select(*columns).where(among(EnterpriseVersion.enterprise_id, ids)))
    replaced = rows.select(seq="replaces").drop_nulls()
    return rows.join(replaced, on="seq", how="anti").sort("enterprise_id", "valid_from", "seq")


def known_names(name_ids: Sequence[int]) -> pl.DataFrame:
    """name_id, enterprise_id, name, kind (current, former, short), from, until of these names.

    `until` is the first day without it, null while it is borne. A name that was only on file by
    mistake, and was corrected, is nobody's: it falls out.
    """
    names = frame(select(Name.id.label("name_id"), Name.enterprise_id, Name.text).where(among(Name.id, name_ids)))
    versions = versions_of(names["enterprise_id"].unique().to_list())
    borne = pl.concat([_spells(versions, "name"), _spells(versions, "short_name")])
    found = names.join(borne, left_on=["enterprise_id", "text"], right_on=["enterprise_id", "name"])
    return found.rename({"text": "name"})


def latest(versions: pl.DataFrame) -> pl.DataFrame:
    """The last version of each enterprise: enterprise_id, code, name, status, parent_code."""
    last = versions.unique("enterprise_id", keep="last", maintain_order=True)
    return last.select("enterprise_id", "code", "name", "status", "parent_code")


def _spells(versions: pl.DataFrame, column: str) -> pl.DataFrame:
    """enterprise_id, name, kind, from, until: the last spell in which each enterprise bore each name."""
    next_day = pl.col("valid_from").shift(-1).over("enterprise_id")
    dated = versions.with_columns(until=next_day).drop_nulls(column)
    spells = dated.group_by("enterprise_id", pl.col(column).alias("name"), maintain_order=True).agg(
        pl.col("valid_from").min().alias("from"), pl.col("until").last()
    )
    own = pl.lit("short" if column == "short_name" else "current")
    return spells.with_columns(kind=pl.when(pl.col("until").is_null()).then(own).otherwise(pl.lit("former")))


