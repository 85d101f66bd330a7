"""Whether a penalty that is being decided calls for a listing: heavy enough, and conduct that a list names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def is_heavier(terms: Mapping[str, Any], penalties: Iterable[str], heavier: bool) -> bool:
    """Whether penalties are of the heavier ones of a list (Order 44 art. 2); `heavier`: a fine imposed 从重."""
    named = terms.get("heavier")
    if named is None:
        return False
    kinds = set(penalties)
    return not kinds.isdisjoint(named["kinds"]) or (named["fine"] and heavier and "fine" in kinds)


def ground_of(terms: Mapping[str, Any], category: str) -> str | None:
    """The ground of a list that names this conduct; None where none does."""
    for name, ground in terms["grounds"].items():
        if category in ground.get("categories", ()):
            return str(name)
    return None
