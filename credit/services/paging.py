"""A page of a list: its items and the cursor of the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from credit.errors import InvalidInput

LONGEST, LONGEST_NUMBER = 200, 19


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


def number_of(cursor: str | None) -> int:
    """The number after which a page begins; 0 without a cursor. Raises InvalidInput for none of its own."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < LONGEST_NUMBER):
        raise bad_cursor()
    return int(cursor)


def bad_cursor() -> InvalidInput:
    """The cursor is none that this list gave."""
    told = {"cursor": ["not a cursor of this list"]}
    return InvalidInput("Take the cursor from `next` of the page before.", errors=told)
