"""A page of a list: its items and the cursor of the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from credit.errors import InvalidInput

LONGEST = 200


@dataclass(frozen=True)
class Page:
    """Items of one page; `next` is the cursor of the next page or None."""

    items: list[dict[str, Any]]
    next: str | None


def checked_limit(limit: int) -> int:
    """A page length between 1 and 200."""
    if not 1 <= limit <= LONGEST:
        raise InvalidInput(f"limit must lie between 1 and {LONGEST}.", errors={"limit": [f"1 to {LONGEST}"]})
    return limit


def bad_cursor() -> InvalidInput:
    """The cursor is none that this list gave."""
    told = {"cursor": ["not a cursor of this list"]}
    return InvalidInput("Take the cursor from `next` of the page before.", errors=told)
