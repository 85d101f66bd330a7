"""A rule proposes a listing while the penalty is being decided; persons do all that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from credit.db import Change
from credit.rules.law import Law
from credit.rules.listing_grounds import ground_of, is_heavier
from credit.services import listings
from credit.services.listing_terms import list_terms

RULE = "heavier-penalty"


def proposed(change: Change, officer_id: int, case: Mapping[str, Any], law: Law, day: date) -> int | None:
    """The listing that the rule opens for a case {code, category, penalties, heavier, facts, case_no}; None: none.

    It opens one where the penalty that is to be decided is a heavier one of the list (Order 44 art. 2)
    and the conduct is a ground of it (arts 5 to 10). Raises as services.listings.propose.
    """
    for name in law.under("lists"):
        if law.provisions[f"lists.{name}"].values[0].start > day:
            continue
        terms = list_terms(law, name, day)
        ground = ground_of(terms, case["category"])
        if ground is not None and is_heavier(terms, case["penalties"], case["heavier"]):
            given = {key: case.get(key) for key in ("code", "facts", "case_no")} | {"list": name, "ground": ground}
            return listings.propose(change, officer_id, given, day, rule=RULE)
    return None
