"""The blacklist as the public, and for a past moment the staff, read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Select, func, select

from credit import identifiers
from credit.db import db
from credit.models import Listing, Record
from credit.rules.name_columns import fold_column
from credit.rules.names import fold
from credit.rules.regions import region_name
from credit.services import listed
from credit.services.blacklist_filters import Filters, checked, narrowed, totals
from credit.services.display import industry_name
from credit.services.listing_terms import list_terms
from credit.services.objections.marks import with_marks
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.services.search_names import Words


@dataclass(frozen=True)
class Listed(Page):
    """A page of listings, and how many are in force on the day, by ground and by authority, and fit the filters."""

    counts: dict[str, Any]


def public_listings(
    day: date,
    as_of: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
    seq: int | None = None,
    hidden: Collection[int] = (),
    **asked: Any,
) -> Listed:
    """Listings in force that may be shown on `day`, in the order of their ids; `asked` as Filters has it.

    `as_of` asks for a past day; what has ended or was revoked by `day` is not told any more. To
    staff, who give the change number `seq` up to which to answer, it is told as it was, but for
    listings whose numbers are `hidden` from them.
    """
    limit = checked_limit(limit)
    after = number_of(cursor)
    on = as_of or day
    law = law_on(on if seq is not None else day, seq)
    law.check_asked(on, day)
    filters = checked(Filters(**asked), law)
    reader = on if seq is not None else day
    every = listed.published(law, seq).where(listed.in_force(reader, on, seq), Listing.id.not_in(hidden))
    held, counts = narrowed(every, filters, on, seq), totals(every, law)
    named = _named(held, filters.q, seq) if filters.q else None
    counts["matching"] = counts["total"] if filters == Filters() else _matching(held, named)
    held = held.where(Listing.id > after)
    if named is not None:
        held = held.where(Listing.id.in_(sorted(one for one in named if one > after)[: limit + 1]))
    rows = db.session.execute(held.limit(limit + 1)).all()
    told = [listed.public(act, listing, authority, name, law) for act, listing, authority, name in rows[:limit]]
    items = with_marks(told, reader, seq)
    following = str(items[-1]["id"]) if len(rows) > limit else None
    return Listed([{key: value for key, value in item.items() if key != "id"} for item in items], following, counts)


def _matching(held: Select[Any], named: set[int] | None) -> int:
    return len(named) if named is not None else _count(held)


def _count(held: Select[Any]) -> int:
    return db.session.scalar(held.with_only_columns(func.count()).order_by(None)) or 0


def _named(held: Select[Any], q: str, seq: int | None) -> set[int]:
    """The listings whose enterprise bears or bore a name with this part, or has it in its code."""
    code, words = identifiers.normalise(q), Words(fold(q), "")
    rows = db.session.execute(listed.with_names(held, seq)).all()
    folded = fold_column(pl.Series([row.text for row in rows], dtype=pl.String))
    fits = [words.fit_folded(name) or (code and code in row.code) for row, name in zip(rows, folded, strict=True)]
    return {row.id for row, fit in zip(rows, fits, strict=True) if fit}


def count(day: date) -> int:
    """How many listings are in force and shown on `day`."""
    held = listed.published(law_on(day)).where(listed.in_force(day, day))
    return _count(held)


def choices(day: date) -> dict[str, list[dict[str, Any]]]:
    """What the blacklist may be filtered by: the grounds of its lists, the regions and industries that occur."""
    law = law_on(day)
    grounds = [
        {"value": ground, "name": {"zh": words["zh"], "en": words["en"]}}
        for name, provision in law.under("lists").items()
        if provision.values[0].start <= day
        for ground, words in list_terms(law, name, day)["grounds"].items()
    ]
    held = listed.published(law).where(listed.in_force(day, day)).order_by(None)
    owners = held.with_only_columns(Listing.enterprise_id)
    found = db.session.execute(
        select(Record.region, Record.industry).where(Record.enterprise_id.in_(owners)).distinct()
    ).all()
    regions = {row.region for row in found if row.region}
    divisions = {row.industry[:3] for row in found if row.industry}
    return {
        "grounds": grounds,
        "regions": [{"value": code, "name": region_name(code) or code} for code in sorted(regions)],
        "industries": [{"value": code, "name": industry_name(code, law) or code} for code in sorted(divisions)],
    }
