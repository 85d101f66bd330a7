"""Early removal from a list (Order 44 article 16): what still stands against it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Since(NamedTuple):
    """What became of an enterprise since it was listed.

    heavier: document numbers of heavier penalties decided since; performed: whether the penalty that
    the listing rests on is performed (None: no penalty on file); restricted_until: until when a
    restriction by law still runs.
    """

    heavier: tuple[str, ...]
    performed: bool | None
    restricted_until: date | None


def obstacles(since: Since, day: date) -> list[tuple[str, str]]:
    """Each condition that isn't met on a day, in Chinese and English; none: removal may be granted."""
    found = []
    if since.heavier:
        told = "、".join(since.heavier)
        found.append((f"列入后又受到较重行政处罚：{told}", f"heavier penalties since the listing: {told}"))
    if since.performed is False:
        found.append(("处罚决定的义务尚未履行完毕", "the penalty is not performed"))
    if since.restricted_until is not None and since.restricted_until > day:
        found.append(
            (f"法定限制期限至{since.restricted_until}", f"a restriction by law runs until {since.restricted_until}")
        )
    return found
