"""How both doors read what was repaired: not at all, or logged before it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Select

from credit.db import transaction
from credit.errors import NotAllowed
from credit.models import Listing
from credit.services import access, enterprises, event_versions, listings
from credit.services.departments import Bearer
from credit.services.repairs import archive


def hidden_from(bearer: Bearer, enterprise_id: int) -> frozenset[int]:
    """The numbers of what was repaired that this reader of the past may not see; what he may see is logged."""
    found = archive.archived([enterprise_id])
    if found.is_empty():
        return frozenset()
    seen = archive.readable(found, bearer)["number"].to_list()
    if seen:
        note(bearer, {"enterprise": found["code"][0], "read": seen})
    return frozenset(found["number"].to_list()).difference(seen)


def refuse_or_note(bearer: Bearer, number: int) -> None:
    """A repaired event is read by its department and by auditors; each reading is logged.

    Raises UnknownEvent, NotAllowed.
    """
    _refuse_or_note(bearer, event_versions.current(number).enterprise_id, number)


def listing(bearer: Bearer, number: int) -> None:
    """The same for a listing that was removed early, its acts and its papers; who only reviews reads the own
    department's cases. Raises UnknownListing, NotAllowed.
    """
    found = listings.find(number)
    if not access.may_read(bearer, found.department_id):
        raise NotAllowed("It is a case of another department.", zh="这是其他部门的案件")
    _refuse_or_note(bearer, found.enterprise_id, number)


def _refuse_or_note(bearer: Bearer, enterprise_id: int, number: int) -> None:
    found = archive.archived([enterprise_id])
    if number not in found["number"]:
        return
    if number not in archive.readable(found, bearer)["number"]:
        told = "It was repaired: only the department that decided and auditors may read it."
        raise NotAllowed(told, zh="该信息已信用修复，仅作出决定的部门和审计人员可以查阅")
    note(bearer, {"enterprise": found["code"][0], "read": [number]})


def hidden_listings(bearer: Bearer) -> frozenset[int]:
    """The numbers of listings that were removed early and that this reader of the past may not see."""
    found = archive.archived_listings()
    return frozenset(found["number"].to_list()).difference(archive.readable(found, bearer)["number"].to_list())


def own_removed(bearer: Bearer) -> Callable[[Select[Any]], Select[Any]]:
    """Narrows outlines of listings: those that were removed early are their own department's and auditors' to see."""
    hidden = hidden_listings(bearer)
    return lambda found: found.where(Listing.id.not_in(hidden))


def read(bearer: Bearer, code: str, day: date) -> list[dict[str, Any]]:
    """What this reader may read of an enterprise's archive, logged first. Raises what a look-up of a code raises."""
    found = archive.told(enterprises.find(code), bearer, day)
    note(bearer, {"enterprise": code, "read": [one["number"] for one in found]})
    return found


def note(bearer: Bearer, about: dict[str, Any]) -> None:
    """Log a reading; where it can't be logged (NotReady) nothing is read."""
    with transaction("archive-reading", bearer.actor, on_behalf=bearer.behalf, about=about):
        pass
