"""Item codes (GTIN, GS1 General Specifications): how one is written, and which prefixes it begins with."""

from __future__ import annotations

from datetime import date

GTIN_8 = "000000"
SHORTEST_PREFIX, LONGEST_PREFIX = 4, 12
FOREVER = date.max


def written(gtin14: str) -> list[str]:
    """Every way to write the same item: 14 digits, and fewer where zeros stand in front."""
    return [gtin14[14 - length :] for length in (14, 13, 12, 8) if not int(gtin14[: 14 - length] or 0)]


def prefixes_of(gtin14: str) -> list[str]:
    """The company prefixes that the item may have been made from, the longest first.

    The first of the 14 digits tells the packing and the last is the check digit: neither belongs to
    the prefix. A GTIN-8 has no company prefix: it is issued one by one and is looked up as a whole.
    """
    if gtin14.startswith(GTIN_8):
        return [gtin14]
    return [gtin14[1 : 1 + length] for length in range(LONGEST_PREFIX, SHORTEST_PREFIX - 1, -1)]


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days [from, until) share a day; an open end is null."""
    return first[0] < (second[1] or FOREVER) and second[0] < (first[1] or FOREVER)
