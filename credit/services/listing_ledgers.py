"""Ledgers of the cases of listing of a department: open, to publish, ending, removable, and whatever a search finds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from credit.models import EnterpriseVersion, Listing, ListingAct
from credit.rules.blacklist import ON_THE_LIST, OPEN
from credit.services import listing_story
from credit.services.duties.desk import duties
from credit.services.paging import Page
from credit.terms import ListingState

ENDED = [getattr(ListingState, name) for name in ("REMOVED", "EXPIRED", "REVOKED", "DROPPED", "EXCUSED")]
AHEAD = timedelta(days=60)
LISTED = 50
LEDGERS = {
    "open": ("办理中", "under way"), "publish": ("待公示", "to publish"),
    "ending": ("六十日内期满", "ending in 60 days"),
    "removable": ("六十日内可提前移出", "removable in 60 days"), "overdue": ("逾期", "overdue"),
    "listed": ("在列", "on the list"),
    "ended": ("已结束", "ended"), "all": ("全部", "all"),
}  # fmt: skip


def page(department_id: int, ledger: str, q: str | None, cursor: str | None, day: date) -> Page:
    """A page of the department's cases in outline, by number: those of a ledger (LEDGERS), narrowed by `q`: part of
    a document or case number, of any name, representative or address that the enterprise has or had, of its code,
    or the whole of its old registration number.
    """
    kept = Listing.id.in_(_overdue(department_id, day)) if ledger == "overdue" else _in(ledger, day)

    def narrowed(found: Select[Any]) -> Select[Any]:
        return found.where(kept, _about(q)) if q else found.where(kept)

    return listing_story.page(department_id, None, cursor, LISTED, narrowed)


def _overdue(department_id: int, day: date) -> list[int]:
    """The cases about which the department owes something whose day is over."""
    owed = duties(day, department_id)
    late = owed.filter((pl.col("state") == "overdue") & pl.col("listing").is_not_null())
    return late["listing"].unique().to_list()


def _in(ledger: str, day: date) -> Any:
    states = {
        "open": [*OPEN, ListingState.CONFIRMED], "publish": [ListingState.CONFIRMED],
        "ended": ENDED,
    }.get(ledger, list(ListingState) if ledger == "all" else list(ON_THE_LIST))  # fmt: skip
    kept = ListingAct.state.in_(map(str, states))
    if ledger in ("ending", "removable"):
        field = "ends_on" if ledger == "ending" else "earliest_removal"
        return and_(kept, _published_until(field, (day + AHEAD).isoformat()))
    return kept


def _published_until(field: str, last: str) -> Any:
    """Whether a day of the publication lies on or before another."""
    publication = aliased(ListingAct)
    return exists().where(
        publication.listing_id == Listing.id, publication.act == "publish",
        publication.fields[field].as_string() <= last,
    )  # fmt: skip


def _about(q: str) -> Any:
    """Listings that a word names."""
    act, version = aliased(ListingAct), aliased(EnterpriseVersion)
    word = q.strip()
    numbered = exists().where(
        act.listing_id == Listing.id,
        or_(
            act.document_no.contains(word, autoescape=True),
            func.coalesce(act.fields["case_no"].as_string(), "").contains(word, autoescape=True),
        ),
    )
    named = exists(select(version.seq).where(
        version.enterprise_id == Listing.enterprise_id,
        or_(
            *(held.contains(word, autoescape=True) for held in (version.name, version.representative, version.address)),
            version.legacy_id == word,
        ),
    ))  # fmt: skip
    return or_(numbered, named, Listing.code.contains(word.upper(), autoescape=True))
