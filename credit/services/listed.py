"""Listings as the acts on them made them: since when, until when, and what the public sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

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
ENDS = ("revoke", "expire")
FRAME: dict[Any, Any] = LISTINGS | {"listing_shown": PUBLIC}


def listings(ids: Sequence[int] | None, law: Law, day: date) -> pl.DataFrame:
    """Every listing that was ever published: enterprise, listing, since, until and its public form.

    Days are [since, until): `until` is the end of the term, or the day of an earlier end.
    """
    ended = _ended(ids)
    rows = []
    for act, listing, department, name in db.session.execute(published(law).where(among(Listing.enterprise_id, ids))):
        ends_on = date.fromisoformat(act.fields["ends_on"])
        shown = public(act, listing, department, name, law)
        until = min(ends_on, ended.get(listing.id, ends_on))
        rows.append((listing.enterprise_id, listing.id, act.acted_on, until, shown))
    return pl.DataFrame(rows, schema=FRAME, orient="row")


def published(law: Law) -> Select[Any]:
    """Publishing acts with listing, department and the enterprise's last name, on lists of this law."""
    later = aliased(EnterpriseVersion)
    last = (
        select(EnterpriseVersion.name)
        .where(
            EnterpriseVersion.enterprise_id == Listing.enterprise_id,
            ~exists().where(later.replaces == EnterpriseVersion.seq),
        )
        .order_by(EnterpriseVersion.valid_from.desc(), EnterpriseVersion.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(ListingAct, Listing, Department.name, last)
        .join(Listing, Listing.id == ListingAct.listing_id)
        .join(Department, Department.id == Listing.department_id)
        .where(ListingAct.act == "publish", Listing.list.in_(list(law.under("lists"))))
        .order_by(Listing.id)
    )


def in_force(day: date, on: date) -> ColumnElement[bool]:
    """For `published`: listings in force on a day `on` up to `day`, of which a reader on `day` may be told.

    What has ended or was revoked by `day` is not told any more, whichever day is asked for.
    """
    ended = aliased(ListingAct)
    return and_(
        ListingAct.acted_on <= on,
        ListingAct.fields["ends_on"].as_string() > day.isoformat(),
        ~exists().where(ended.listing_id == Listing.id, ended.act.in_(ENDS), ended.acted_on <= day),
    )


def _ended(ids: Sequence[int] | None) -> dict[int, date]:
    """The day on which an act ended a listing before its term."""
    statement = select(ListingAct.listing_id, ListingAct.acted_on).where(
        among(ListingAct.enterprise_id, ids), ListingAct.act.in_(ENDS)
    )
    return {row.listing_id: row.acted_on for row in db.session.execute(statement)}


def public(act: ListingAct, listing: Listing, authority: str, name: str, law: Law) -> dict[str, Any]:
    """A listing as the public sees it, with the words of the law on the day of its publication."""
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
