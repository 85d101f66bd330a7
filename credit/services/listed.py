"""Listings as the acts on them made them: since when, until when, and what the public sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import db
from credit.models import Department, EnterpriseVersion, Listing, ListingAct
from credit.rules.dossier import LISTINGS
from credit.rules.law import Law
from credit.services.reading import among

WORDS = pl.Struct({"zh": pl.String, "en": pl.String})
PUBLIC = pl.Struct(
    {
        "id": pl.Int64, "code": pl.String, "name": pl.String, "list": pl.String, "list_name": WORDS,
        "ground": pl.String, "ground_name": WORDS, "basis": pl.String, "authority": pl.String,
        "document_no": pl.String, "facts": pl.String, "listed_on": pl.String, "ends_on": pl.String,
        "earliest_removal": pl.String, "measures": WORDS, "removal_conditions": WORDS,
        "remedies": WORDS, "links": pl.List(pl.String),
    }
)  # fmt: skip
FRAME = LISTINGS | {"listing_shown": PUBLIC}


def listings(ids: Sequence[int] | None, law: Law, day: date) -> pl.DataFrame:
    """Every listing that was ever published: enterprise, listing, since, until and its public form.

    Days are [since, until): `until` is the end of the term, or the day of an earlier end.
    """
    published = _published(ids)
    ended = _ended([act.listing_id for act, *_ in published])
    rows = []
    for act, listing, department, name in published:
        ends_on = date.fromisoformat(act.fields["ends_on"])
        shown = _public(act, listing, department, name, law)
        until = min(ends_on, ended.get(listing.id, ends_on))
        rows.append((listing.enterprise_id, listing.id, act.acted_on, until, shown))
    return pl.DataFrame(rows, schema=FRAME, orient="row")


def _published(ids: Sequence[int] | None) -> list[Any]:
    """Publishing acts with listing, department and the enterprise's last name."""
    last = (
        select(EnterpriseVersion.name)
        .where(EnterpriseVersion.enterprise_id == Listing.enterprise_id)
        .order_by(EnterpriseVersion.valid_from.desc(), EnterpriseVersion.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(ListingAct, Listing, Department.name, last)
        .join(Listing, Listing.id == ListingAct.listing_id)
        .join(Department, Department.id == Listing.department_id)
        .where(ListingAct.act == "publish", among(Listing.enterprise_id, ids))
        .order_by(ListingAct.seq)
    )
    return list(db.session.execute(statement))


def _ended(listing_ids: list[int]) -> dict[int, date]:
    """The day on which an act ended a listing before its term."""
    statement = select(ListingAct.listing_id, ListingAct.acted_on).where(
        ListingAct.listing_id.in_(listing_ids), ListingAct.act.in_(["revoke", "expire"])
    )
    return {listing: day for listing, day in db.session.execute(statement)}


def _public(act: ListingAct, listing: Listing, authority: str, name: str, law: Law) -> dict[str, Any]:
    kind = law.provisions[f"lists.{listing.list}"]
    terms = kind.on(act.acted_on).value
    ground = terms["grounds"].get(listing.ground, {"zh": listing.ground, "en": listing.ground})

    def words(given: dict[str, str]) -> dict[str, str]:
        return {"zh": given["zh"], "en": given["en"]}

    return {
        "id": listing.id,
        "code": listing.code,
        "name": name,
        "list": listing.list,
        "list_name": {"zh": kind.zh, "en": kind.en},
        "ground": listing.ground,
        "ground_name": words(ground),
        "basis": act.fields["basis"],
        "authority": authority,
        "document_no": act.fields["document_no"],
        "facts": listing.facts,
        "listed_on": act.acted_on.isoformat(),
        "ends_on": act.fields["ends_on"],
        "earliest_removal": act.fields["earliest_removal"],
        "measures": words(terms["measures"]),
        "removal_conditions": words(terms["removal_conditions"]),
        "remedies": words(terms["remedies"]),
        "links": [f"/enterprises/{listing.code}"],
    }
