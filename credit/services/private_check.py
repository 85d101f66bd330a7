"""Asking the blacklist without saying about whom: by the first digits of a fingerprint, or offline by a filter."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from credit.db import ChangeRow, db
from credit.models import Listing
from credit.rules.fingerprints import FACTS, filter_of
from credit.rules.receipts import signed
from credit.services import listed
from credit.services.objections.marks import with_marks
from credit.services.policies import law_on
from credit.services.signing import Key

WIDTH = 4  # bytes of each fingerprint in the filter: of 50,000 entries 1 in 86,000 others is told as perhaps listed
Told = dict[str, Any]


def beginning(prefix: str, day: date) -> list[Told]:
    """The listings in force on `day` whose code's fingerprint begins with these digits: its rest, and the listing."""
    law = law_on(day)
    last = f"{prefix}g"  # behind every hexadecimal digit
    within = Listing.fingerprint.between(prefix, last)
    held = db.session.execute(listed.published(law).where(listed.in_force(day, day), within)).all()
    shown = with_marks((listed.public(act, listing, who, name, law) for act, listing, who, name in held), day)
    rests = [listing.fingerprint[len(prefix) :] for _, listing, *_ in held]
    told = [{"rest": rest} | _without_id(one) for rest, one in zip(rests, shown, strict=True)]
    return sorted(told, key=lambda one: (one["rest"], one["listed_on"]))


def _without_id(one: Told) -> Told:
    return {name: value for name, value in one.items() if name != "id"}


def last_seq() -> int:
    """The register's last change number."""
    return db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0


def filter_file(day: date, seq: int, site: str, kid: str, private: Key) -> Told:
    """The filter of the listings in force on `day`, signed; the same state gives the same bytes."""
    held: Any = listed.published(law_on(day)).where(listed.in_force(day, day)).order_by(None)
    prints = db.session.scalars(held.with_only_columns(Listing.fingerprint))
    made = filter_of(prints, WIDTH, as_of=day.isoformat(), seq=seq, site=site)
    return made | {"kid": kid, "signature": signed({name: made[name] for name in FACTS}, private, kid)}
