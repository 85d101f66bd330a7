"""Serious facts of branches, shown with the parent as related. They don't count in its grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import Enterprise, EnterpriseVersion
from credit.rules.law import Law
from credit.rules.record import NOTICE, shown
from credit.services.dossiers import Dossiers, load

FEW = 500
RELATED: dict[Any, Any] = {"enterprise": pl.Int64, "notice": NOTICE, "until": pl.Date}


def parents_of(ids: Iterable[int]) -> list[int]:
    """The enterprises whose branches are among these."""
    ids = list(ids)
    codes = select(EnterpriseVersion.parent_code).where(EnterpriseVersion.parent_code.is_not(None))
    if len(ids) <= FEW:
        codes = codes.where(EnterpriseVersion.enterprise_id.in_(ids))
    return list(db.session.scalars(select(Enterprise.id).where(Enterprise.code.in_(codes))))


def branch_facts(known: Dossiers, law: Law, days: Sequence[date]) -> pl.DataFrame:
    """Serious violations of branches that may be shown on each of `days`, for their parents.

    Rows in the shape RELATED: the parent, the notice, and the day on which it ends.
    """
    parents = known.versions.select(parent="enterprise_id", parent_code="code").unique(
        "parent", keep="last"
    )
    branches = _branches(parents["parent_code"].to_list(), days[0]).join(parents, on="parent_code")
    if branches.is_empty():
        return pl.DataFrame(schema=RELATED)
    theirs = load(branches["enterprise_id"].to_list(), law, days[0])
    facts = theirs.facts.events.filter(pl.col("rule") == "violation-serious")
    for day in days:
        facts = shown(facts.with_columns(day=pl.lit(day)))
    documents = theirs.events.select("event", "document_no")
    told = facts.join(documents, on="event").join(
        branches, left_on="enterprise", right_on="enterprise_id"
    )
    words = ("name", "code", "document_no", "shown_until")
    return told.sort("shown_until", "event").select(
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


def _branches(codes: list[str], day: date) -> pl.DataFrame:
    """enterprise_id, code, name, parent_code of what are branches of these codes on `day`."""
    row, later = EnterpriseVersion, aliased(EnterpriseVersion)
    ever = select(row.enterprise_id).where(row.parent_code.is_not(None))
    if len(codes) <= FEW:
        ever = ever.where(row.parent_code.in_(codes))
    statement = (
        select(row.enterprise_id, row.code, row.name, row.parent_code)
        .where(
            row.enterprise_id.in_(ever),
            row.valid_from <= day,
            ~exists().where(later.replaces == row.seq),
        )
        .order_by(row.valid_from, row.seq)
    )
    schema = {
        "enterprise_id": pl.Int64,
        "code": pl.String,
        "name": pl.String,
        "parent_code": pl.String,
    }
    found = [tuple(one) for one in db.session.execute(statement)]
    latest = pl.DataFrame(found, schema=schema, orient="row").unique(
        "enterprise_id", keep="last", maintain_order=True
    )
    return latest.filter(pl.col("parent_code").is_in(codes))
