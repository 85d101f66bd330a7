"""How both doors read what was repaired: not at all, or logged before it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.db import transaction
from credit.errors import NotAllowed
from credit.services import enterprises, event_versions
from credit.services.departments import Bearer
from credit.services.repairs import archive

WORD = "archive-reading"


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
    found = archive.archived([event_versions.current(number).enterprise_id])
    if number not in found["number"]:
        return
    if number not in archive.readable(found, bearer)["number"]:
        told = "It was repaired: only the department that decided and auditors may read it."
        raise NotAllowed(told, zh="该信息已信用修复，仅作出决定的部门和审计人员可以查阅")
    note(bearer, {"enterprise": found["code"][0], "read": [number]})


def read(bearer: Bearer, code: str, day: date) -> list[dict[str, Any]]:
    """What this reader may read of an enterprise's archive, logged first. Raises what a look-up of a code raises."""
    found = archive.told(enterprises.find(code), bearer, day)
    note(bearer, {"enterprise": code, "read": [one["number"] for one in found]})
    return found


def note(bearer: Bearer, about: dict[str, Any]) -> None:
    """Log a reading; where it can't be logged (NotReady) nothing is read."""
    with transaction(WORD, bearer.actor, on_behalf=bearer.behalf, about=about):
        pass
