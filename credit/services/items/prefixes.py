"""Company prefixes (GS1): which enterprise holds which, on which days; and the items of which nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.errors import PrefixTaken
from credit.identifiers import gtin14
from credit.models import Event, ItemPrefix, Record
from credit.rules.items import overlap, prefixes_of
from credit.services import enterprises
from credit.services.reading import frame

MOST = 500


def current() -> Any:
    """The versions that nothing replaced."""
    later = aliased(ItemPrefix)
    return select(ItemPrefix).where(~exists().where(later.replaces == ItemPrefix.seq))


def hold(change: Change, department_id: int, given: dict[str, Any]) -> tuple[str, bool]:
    """Keep who holds a prefix. Returns the enterprise's code, and whether that is new.

    `given` as schemas.item.PrefixIn loads it. A span that begins on the same day corrects the one
    that is on file; one that shares a day with another enterprise's is refused.
    """
    prefix = given["prefix"]
    if given["gtin_8"]:
        prefix = prefix.zfill(14)
    enterprise_id = enterprises.find(given["code"])
    code = _code_of(enterprise_id)
    span = (given["valid_from"], given["valid_until"])
    same: ItemPrefix | None = None
    for other in db.session.scalars(current().where(ItemPrefix.prefix == prefix)):
        if other.enterprise_id == enterprise_id and other.valid_from == span[0]:
            same = other
        elif overlap(span, (other.valid_from, other.valid_until)):
            raise PrefixTaken(
                f"{given['prefix']} is held by {_code_of(other.enterprise_id)} from {other.valid_from} "
                f"to {other.valid_until or 'now'}: end that first, or choose other days.",
                zh=f"该厂商识别代码自{other.valid_from}起已属于{_code_of(other.enterprise_id)}，请先终止或更换日期",
                errors={"prefix": ["Held by another enterprise on some of these days."]},
            )
    if same is not None and same.valid_until == span[1]:
        return code, False
    db.session.add(
        ItemPrefix(
            seq=change.take()[0], replaces=same.seq if same else None, prefix=prefix, enterprise_id=enterprise_id,
            department_id=department_id, valid_from=span[0], valid_until=span[1],
        )
    )  # fmt: skip
    db.session.flush()
    return code, True


def _code_of(enterprise_id: int) -> str:
    return str(db.session.scalar(select(Record.code).where(Record.enterprise_id == enterprise_id)))


def holder(gtin: str, day: date) -> ItemPrefix | None:
    """Who holds the longest prefix of an item (14 digits) on a day."""
    held = db.session.scalars(
        current().where(
            ItemPrefix.prefix.in_(prefixes_of(gtin)),
            ItemPrefix.valid_from <= day,
            ItemPrefix.valid_until.is_(None) | (ItemPrefix.valid_until > day),
        )
    ).all()
    return max(held, key=lambda one: len(one.prefix), default=None)


def unknown(day: date) -> list[dict[str, Any]]:
    """Items that were reported though nobody is known to hold their prefix, the most reported first.

    gtin (14 digits), product, events (how many), last_on, code (of the latest event's enterprise).
    """
    reported = frame(
        select(
            Event.gtin, func.count(Event.event_id.distinct()).label("events"),
            func.max(Event.occurred_on).label("last_on"), func.max(Event.product).label("product"),
            func.max(Event.code).label("code"),
        ).where(Event.gtin.is_not(None)).group_by(Event.gtin)
    )  # fmt: skip
    if reported.is_empty():
        return []
    codes = [gtin14(text) for text in reported["gtin"]]
    held = frame(
        current().with_only_columns(ItemPrefix.prefix, ItemPrefix.valid_from, ItemPrefix.valid_until)
    ).filter(pl.col("valid_from") <= day, pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
    known = set(held["prefix"])
    nobody = pl.Series([known.isdisjoint(prefixes_of(code)) for code in codes], dtype=pl.Boolean)
    found = reported.with_columns(gtin=pl.Series(codes)).filter(nobody)
    return found.sort("events", "gtin", descending=[True, False]).head(MOST).to_dicts()
