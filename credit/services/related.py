"""Serious facts of branches, shown with the parent as related. They don't count in its grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import Enterprise, EnterpriseVersion
from credit.rules.law import Law
from credit.rules.record import NOTICE, shown
from credit.services.dossiers import Dossiers, load
from credit.services.known import Known
from credit.services.reading import among, frame

FEW = 500
RELATED: dict[Any, Any] = {"enterprise": pl.Int64, "notice": NOTICE, "until": pl.Date}
VERSION = ("seq", "replaces", "enterprise_id", "valid_from", "code", "name", "parent_code")
BRANCHES: dict[Any, Any] = {
    "enterprise_id": pl.Int64, "code": pl.String, "name": pl.String, "parent_code": pl.String,
    "parent": pl.Int64,
}  # fmt: skip


def parents_of(ids: Iterable[int]) -> list[int]:
    """The enterprises whose branches are among these."""
    ids = list(ids)
    codes = select(EnterpriseVersion.parent_code).where(EnterpriseVersion.parent_code.is_not(None))
    if len(ids) <= FEW:
        codes = codes.where(EnterpriseVersion.enterprise_id.in_(ids))
    return list(db.session.scalars(select(Enterprise.id).where(Enterprise.code.in_(codes))))


def branch_facts(of_parents: Dossiers, law: Law, days: Sequence[date]) -> pl.DataFrame:
    """Serious violations of branches that may be shown on each of `days`, for their parents.

    Rows in the shape RELATED: the parent, the notice, and the day on which it ends. A row without
    notice tells only the day on which one begins.
    """
    parents = of_parents.versions.select(parent="enterprise_id", parent_code="code").unique(
        "parent", keep="last"
    )
    branches = _branches(parents, days[0], of_parents.known)
    if branches.is_empty():
        return pl.DataFrame(schema=RELATED)
    parts = [_serious(some, law, days, of_parents.known) for some in _passes(branches, of_parents.known)]
    told = pl.concat([facts for facts, _ in parts])
    begins = pl.concat([beginnings for _, beginnings in parts])
    words = ("name", "code", "document_no", "shown_until")
    notices = told.sort("shown_until", "event").select(
        enterprise="parent",
        notice=pl.struct(
            zh=pl.format(
                "分支机构{}（{}）有严重违法在公示期内：{}，公示至{}。不计入本企业评级。", *words
            ),
            en=pl.format(
                "The branch {} ({}) has a serious violation on record: {}, shown until {}. It doesn't count here.",
                *words,
            ),
        ),
        until="shown_until",
    )
    return pl.concat([notices, begins], how="diagonal").cast(RELATED)


def _serious(
    branches: pl.DataFrame, law: Law, days: Sequence[date], known: Known
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Serious facts of branches that may be shown on each of `days`, with their parents; and beginnings."""
    theirs = load(branches["enterprise_id"].to_list(), law, _as_parents(branches, known))
    serious = theirs.facts.events.filter(pl.col("rule") == "violation-serious")
    owners = branches.select("enterprise_id", "parent").unique()
    begins = (
        serious.filter(pl.col("public"), pl.col("in_force") > days[0])
        .join(owners, left_on="enterprise", right_on="enterprise_id")
        .select(enterprise="parent", until="in_force")
    )
    facts = shown(serious.with_columns(day=pl.lit(days[0])))
    for day in days[1:]:
        then = shown(serious.with_columns(day=pl.lit(day)))
        facts = facts.join(then.select("event"), on="event", how="semi", maintain_order="left")
    documents = theirs.events.select("event", "document_no")
    told = facts.join(documents, on="event").join(
        branches, left_on="enterprise", right_on="enterprise_id"
    )
    return told, begins


def _branches(parents: pl.DataFrame, day: date, known: Known) -> pl.DataFrame:
    """enterprise_id, code, name, parent_code, parent of what are branches of these on `day`.

    As it was known when it was known of the parent.
    """
    codes = parents["parent_code"].to_list()
    ever = select(EnterpriseVersion.enterprise_id).where(EnterpriseVersion.parent_code.is_not(None))
    if len(codes) <= FEW:
        ever = ever.where(EnterpriseVersion.parent_code.in_(codes))
    ids = sorted(set(db.session.scalars(ever)))
    if not ids:
        return pl.DataFrame(schema=BRANCHES)
    columns = (getattr(EnterpriseVersion, name) for name in VERSION)
    rows = frame(select(*columns).where(among(EnterpriseVersion.enterprise_id, ids)))
    named = rows.select("enterprise_id", "parent_code").unique().join(parents, on="parent_code")
    pairs = rows.join(named.select("enterprise_id", "parent").unique(), on="enterprise_id")
    if isinstance(known.seq, pl.DataFrame):
        pairs = pairs.join(known.seq.rename({"enterprise": "parent"}), on="parent")
        pairs = pairs.filter(pl.col("seq") <= pl.col("known"))
    elif known.seq is not None:
        pairs = pairs.filter(pl.col("seq") <= known.seq)
    replaced = pairs.select("parent", seq="replaces").drop_nulls()
    held = pairs.join(replaced, on=["parent", "seq"], how="anti").filter(pl.col("valid_from") <= day)
    latest = held.sort("enterprise_id", "valid_from", "seq").unique(
        ["enterprise_id", "parent"], keep="last", maintain_order=True
    )
    return latest.join(parents, on=["parent", "parent_code"], maintain_order="left").select(*BRANCHES)


def _passes(branches: pl.DataFrame, known: Known) -> list[pl.DataFrame]:
    """The branches, each once in a part where it matters when its parent was told of it."""
    if not isinstance(known.seq, pl.DataFrame):
        return [branches]
    nth = pl.int_range(pl.len()).over("enterprise_id")
    return branches.with_columns(nth=nth).partition_by("nth", include_key=False)


def _as_parents(branches: pl.DataFrame, known: Known) -> Known:
    """What was known of the branches when it was known of their parents."""
    if not isinstance(known.seq, pl.DataFrame):
        return known
    limits = known.seq.join(branches, left_on="enterprise", right_on="parent")
    return Known(limits.select("known", enterprise="enterprise_id"), known.committed)
