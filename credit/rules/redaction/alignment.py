"""Proof that a masked text says nothing but what the original says: every part left out has left a mark."""

from __future__ import annotations

import re

from credit.rules.redaction.kinds import MARKS, UNNAMED

# Marks of the check, and those that officers type: [住址已隐去], 某某, ＊＊＊.
TYPED = [r"\[[^\[\]\n]{1,16}已隐去\]", f"{UNNAMED}+", r"[*＊]{2,}"]
MARK = re.compile("|".join([*map(re.escape, MARKS.values()), *TYPED]))


def only_masked(original: str, masked: str) -> bool:
    """Whether the masked text is the original with some parts replaced by marks.

    Between marks it must agree to the letter, in the same order, and each mark must stand for something:
    a silent omission could turn a sentence round.
    """
    kept = MARK.split(masked)
    if len(kept) == 1:
        return original == masked
    first, last = kept[0], kept[-1]
    if not original.startswith(first) or not original.endswith(last):
        return False
    place, end = len(first), len(original) - len(last)
    for part in kept[1:-1]:
        if not part:  # marks that touch stand for one gap together
            continue
        found = original.find(part, place + 1, end - 1)
        if found < 0:
            return False
        place = found + len(part)
    return place < end
