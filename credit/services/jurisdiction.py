"""What a department may report, and the refusal of what lies outside (`whose` asks, for one event as for many)."""

from __future__ import annotations

from typing import Any

from credit.db import db
from credit.errors import OutsideJurisdiction
from credit.models import Department
from credit.rules.jurisdiction import Jurisdiction, mend, prefix
from credit.services import departments


def of(department_id: int) -> Jurisdiction:
    """The jurisdiction of a department. Without stated regions: its own region, if it has one."""
    found = db.session.get(Department, department_id)
    if found is None:
        raise departments.unknown(str(department_id))
    own = [prefix(found.region)] if found.region and not found.region.startswith("0") else None
    return Jurisdiction(_words(found.regions or own), _words(found.kinds), _words(found.categories))


def _words(given: list[Any] | None) -> tuple[str, ...] | None:
    return tuple(map(str, given)) if given else None


def refusal(over: Jurisdiction, field: str) -> OutsideJurisdiction:
    """The error for a field that lies outside."""
    zh, en = mend(over, field)
    return OutsideJurisdiction(en, zh=zh, field=field, errors={field: [en]})
