"""What the blacklist may be narrowed by: place, industry, ground, authority, day of listing; and how many are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from credit.db import db
from credit.errors import InvalidInput
from credit.models import Department, Listing, ListingAct, Record
from credit.rules.industries import check_industry_prefix, normalise_industry
from credit.rules.law import Law
from credit.services import listed


@dataclass(frozen=True)
class Filters:
    """Region and industry by prefix, ground and authority by name, listed on the days from `since` to `until`."""

    region: str | None = None
    industry: str | None = None
    ground: str | None = None
    authority: str | None = None
    since: date | None = None
    until: date | None = None
    q: str | None = None


def checked(asked: Filters, law: Law) -> Filters:
    """The filters in one spelling. Raises InvalidInput, which names the field that nothing could meet."""
    if asked.ground and asked.ground not in grounds(law):
        raise _wrong("ground", f"No list knows this ground; known: {', '.join(sorted(grounds(law)))}.", "没有这项事由")
    if asked.authority and not _known(asked.authority):
        raise _wrong("authority", "No department has this name.", "没有这个机关")
    if asked.since and asked.until and asked.until < asked.since:
        raise _wrong("to", "It lies before `from`.", "截止日期早于起始日期")
    if not asked.industry:
        return asked
    industry = normalise_industry(asked.industry)
    problem = check_industry_prefix(industry)
    if problem:
        raise _wrong("industry", f"{problem.en}.", problem.zh)
    return Filters(**(vars(asked) | {"industry": industry}))


def grounds(law: Law) -> dict[str, dict[str, str]]:
    """Every ground that a list of the law knows or knew, with its words."""
    return {
        ground: {"zh": words["zh"], "en": words["en"]}
        for provision in law.under("lists").values()
        for dated in provision.values
        for ground, words in dated.value["grounds"].items()
    }


def _known(authority: str) -> bool:
    return db.session.scalar(select(Department.id).where(Department.name == authority)) is not None


def narrowed(held: Select[Any], asked: Filters, on: date, seq: int | None) -> Select[Any]:
    """Of `listed.published` those that fit; place and industry as they are or, to staff, as was known of the day."""
    for name in ("region", "industry"):
        begin = getattr(asked, name)
        if begin and seq is not None:
            held = held.where(listed.known_of(name, on, seq).startswith(begin, autoescape=True))
        elif begin:
            fits = getattr(Record, name).startswith(begin, autoescape=True)
            held = held.where(Listing.enterprise_id.in_(select(Record.enterprise_id).where(fits)))
    if asked.ground:
        held = held.where(Listing.ground == asked.ground)
    if asked.authority:
        held = held.where(Department.name == asked.authority)
    if asked.since:
        held = held.where(ListingAct.acted_on >= asked.since)
    if asked.until:
        held = held.where(ListingAct.acted_on <= asked.until)
    return held


def totals(held: Select[Any], law: Law) -> dict[str, Any]:
    """How many listings there are: all, by ground and by authority, most first. One statement."""
    counted = held.with_only_columns(Listing.ground, Department.name, func.count()).order_by(None)
    rows = db.session.execute(counted.group_by(Listing.ground, Department.name)).all()
    words = grounds(law)
    by_ground, by_authority = _sums((row[0], row[2]) for row in rows), _sums((row[1], row[2]) for row in rows)
    return {
        "total": sum(row[2] for row in rows),
        "grounds": [
            {"value": value, "name": words.get(value, {"zh": value, "en": value}), "count": count}
            for value, count in by_ground
        ],
        "authorities": [{"value": value, "count": count} for value, count in by_authority],
    }


def _sums(rows: Any) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for name, count in rows:
        found[name] = found.get(name, 0) + count
    return sorted(found.items(), key=lambda row: (-row[1], row[0]))


def _wrong(field: str, en: str, zh: str) -> InvalidInput:
    return InvalidInput(f"{field}: {en}", zh=zh, errors={field: [en]}, errors_zh={field: [zh]})
