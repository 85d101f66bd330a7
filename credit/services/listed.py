"""Listings as the acts on them made them: since when, until when, and what the public sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, and_, exists, select, union
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import Department, EnterpriseVersion, Listing, ListingAct, Name
from credit.rules.dossier import LISTINGS
from credit.rules.law import Law
from credit.services import listing_masks
from credit.services.known import NOW, Known
from credit.services.listing_masks import ENDS
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
FRAME: dict[Any, Any] = LISTINGS | {"enterprise_id": pl.Int64, "seq": pl.Int64, "listing_shown": PUBLIC}


@dataclass(frozen=True)
class Held:
    """Acts of publication with their listings and departments, and what ended each of them early.

    A listing that was restored after its removal was published twice.
    """

    published: Sequence[Any]
    ended: dict[int, list[tuple[int, date]]]

    def end_of(self, act: ListingAct, ends_on: date) -> tuple[int, date]:
        """The last act that is known of a publication, and the day on which it ends."""
        early = [end for end in self.ended.get(act.listing_id, ()) if end[0] > act.seq]
        return (early[0][0], min(early[0][1], ends_on)) if early else (act.seq, ends_on)


def held(ids: Sequence[int] | None, known: Known = NOW) -> Held:
    """Every listing of these enterprises that was ever published, on whichever list."""
    acts = _published().where(among(Listing.enterprise_id, ids))
    found = db.session.execute(acts).all()
    return Held(found, _ended(ids, known) if found else {})


def listings(
    ids: Sequence[int] | None, law: Law, versions: pl.DataFrame, known: Known = NOW
) -> pl.DataFrame:
    """Every listing of these enterprises that was ever published, as `under` has it."""
    return under(law, held(ids, known), versions, known)


def under(law: Law, found: Held, versions: pl.DataFrame, known: Known = NOW) -> pl.DataFrame:
    """Listings on the lists of a law: enterprise, listing, since, until and its public form.

    Days are [since, until): `until` is the end of the term, or the day of an earlier end. `seq` is
    the number of its last act that is known.
    """
    if not found.published:
        return pl.DataFrame(schema=FRAME)
    names, lists = _last_names(versions, [row[1].enterprise_id for row in found.published]), law.under("lists")
    rows = []
    for act, listing, department in found.published:
        enterprise_id, limit = listing.enterprise_id, known.limit(listing.enterprise_id)
        unseen = listing.id in known.hidden or (limit is not None and act.seq > limit)
        if listing.list not in lists or unseen:
            continue
        ends_on = date.fromisoformat(act.fields["ends_on"])
        last, until = found.end_of(act, ends_on)
        shown = public(act, listing, department, names[enterprise_id], law)
        rows.append((enterprise_id, listing.id, act.acted_on, until, enterprise_id, last, shown))
    return pl.DataFrame(rows, schema=FRAME, orient="row")


def _last_names(versions: pl.DataFrame, ids: Sequence[int]) -> dict[int, str]:
    listed = versions.filter(pl.col("enterprise_id").is_in(set(ids)))
    last = listed.group_by("enterprise_id", maintain_order=True).last()
    return dict(last.select("enterprise_id", "name").iter_rows())


def published(law: Law, seq: int | None = None) -> Select[Any]:
    """Publishing acts with listing, department and the enterprise's last name, on lists of this law.

    As known at a change number, or now.
    """
    version, later = EnterpriseVersion, aliased(EnterpriseVersion)
    replaced = later.replaces == version.seq
    last = select(version.name).where(version.enterprise_id == Listing.enterprise_id)
    found = _published().where(Listing.list.in_(list(law.under("lists"))))
    if seq is not None:
        replaced &= later.seq <= seq
        last = last.where(version.seq <= seq)
        found = found.where(ListingAct.seq <= seq)
    last = last.where(~exists().where(replaced)).order_by(version.valid_from.desc(), version.seq.desc())
    return found.add_columns(last.limit(1).scalar_subquery())


def _published() -> Select[ListingAct, Listing, str]:
    """Publishing acts with listing and department."""
    return (
        select(ListingAct, Listing, Department.name)
        .join(Listing, Listing.id == ListingAct.listing_id)
        .join(Department, Department.id == Listing.department_id)
        .where(ListingAct.act == "publish")
        .order_by(Listing.id, ListingAct.seq)
    )


def in_force(day: date, on: date, seq: int | None = None) -> ColumnElement[bool]:
    """For `published`: listings in force on a day `on` up to `day`, of which a reader on `day` may be told.

    What has ended or was revoked by `day` is not told any more, whichever day is asked for. To
    staff `day` is the day asked for: they are told what was in force, as known at a number.
    """
    ended = aliased(ListingAct)
    ending = and_(
        ended.listing_id == Listing.id, ended.seq > ListingAct.seq, ended.act.in_(ENDS), ended.acted_on <= day
    )
    if seq is not None:
        ending = and_(ending, ended.seq <= seq)
    return and_(
        ListingAct.acted_on <= on,
        ListingAct.fields["ends_on"].as_string() > day.isoformat(),
        ~exists().where(ending),
        ~listing_masks.hides(day, seq),
    )


def known_of(attribute: str, on: date, seq: int) -> Any:
    """For `published`: region or industry of the enterprise on a day, as known at a change number."""
    version, later = aliased(EnterpriseVersion), aliased(EnterpriseVersion)
    replaced = and_(later.replaces == version.seq, later.seq <= seq)
    held = select(getattr(version, attribute)).where(
        version.enterprise_id == Listing.enterprise_id,
        version.seq <= seq,
        version.valid_from <= on,
        ~exists().where(replaced),
    )
    return held.order_by(version.valid_from.desc(), version.seq.desc()).limit(1).scalar_subquery()


def with_names(held: Select[Any], seq: int | None) -> Select[int, str, str]:
    """id, code and text: the listings of `published` once for each name that their enterprise bears or bore.

    Of all that is known now, or was at a change number.
    """
    if seq is None:
        columns = held.with_only_columns(Listing.id, Listing.code, Name.text)
        return columns.join(Name, Name.enterprise_id == Listing.enterprise_id)
    version = EnterpriseVersion
    borne = union(
        *(
            select(version.enterprise_id, text.label("text")).where(version.seq <= seq, text.is_not(None))
            for text in (version.name, version.short_name)
        )
    ).subquery()
    columns = held.with_only_columns(Listing.id, Listing.code, borne.c.text)
    return columns.join(borne, borne.c.enterprise_id == Listing.enterprise_id)


def _ended(ids: Sequence[int] | None, known: Known) -> dict[int, list[tuple[int, date]]]:
    """By listing, the numbers and days of the acts (or the mask) that ended it before its term, the first one first."""
    statement = select(
        ListingAct.listing_id, ListingAct.enterprise_id, ListingAct.seq, ListingAct.acted_on
    ).where(among(ListingAct.enterprise_id, ids), ListingAct.act.in_(ENDS))
    ended: dict[int, list[tuple[int, date]]] = {}
    for row in db.session.execute(statement.order_by(ListingAct.seq)):
        limit = known.limit(row.enterprise_id)
        if limit is None or row.seq <= limit:
            ended.setdefault(row.listing_id, []).append((row.seq, row.acted_on))
    for listing, number, day in listing_masks.masked(ids, known):
        ended[listing] = sorted([*ended.get(listing, []), (number, day)])
    return ended


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
        "facts": act.fields.get("facts", listing.facts),
        "listed_on": act.acted_on.isoformat(),
        "ends_on": act.fields["ends_on"],
        "earliest_removal": act.fields["earliest_removal"],
        "measures": words(terms["measures"]),
        "removal_conditions": words(terms["removal_conditions"]),
        "remedies": words(terms["remedies"]),
        "links": [f"/enterprises/{listing.code}"],
    }
