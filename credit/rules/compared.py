"""Two gradings side by side: which findings came, went or say something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Finding = dict[str, Any]
SAID = ("outcome", "points", "until", "number")


def compared(
    before: Sequence[Finding], after: Sequence[Finding]
) -> list[tuple[str, Finding | None, Finding | None]]:
    """("went" | "came" | "changed", old, new), what moves most points first. Equal ones are left out.

    Findings as rules.sentences tells them, with `because` and `number`.
    """
    old, new = ({key(finding): finding for finding in side} for side in (before, after))
    found: list[tuple[str, Finding | None, Finding | None]] = []
    for name, finding in old.items():
        other = new.get(name)
        if other is None:
            found.append(("went", finding, None))
        elif any(finding[word] != other[word] for word in SAID):
            found.append(("changed", finding, other))
    found += [("came", None, finding) for name, finding in new.items() if name not in old]
    return sorted(found, key=lambda one: -abs(_points(one[2]) - _points(one[1])))


def key(finding: Finding) -> tuple[int | None, str, str | None]:
    """What makes a finding the same one on both sides: its event, its rule, and its condition."""
    condition = finding["because"] if finding["outcome"] == "precondition" else None
    return finding["event"], finding["rule"], condition


def _points(finding: Finding | None) -> int:
    return finding["points"] if finding else 0
