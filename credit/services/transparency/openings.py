"""Evidence that the public may have of a listing: only while the listing itself may be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import db
from credit.identifiers import normalise
from credit.models import Listing, ListingAct
from credit.services import listed
from credit.services.policies import law_on
from credit.services.transparency import heads
from credit.terms import Leaf


def of_enterprise(code: str, day: date) -> list[dict[str, Any]]:
    """Evidence {content, salt, number, path, head} of each listing in force on `day`, those in the log alone."""
    shown: Any = listed.published(law_on(day)).where(listed.in_force(day, day), Listing.code == normalise(code))
    refs = [str(seq) for seq in db.session.scalars(shown.with_only_columns(ListingAct.seq))]
    found = heads.evidence(Leaf.LISTING, refs)
    return [found[ref] for ref in refs if ref in found]
