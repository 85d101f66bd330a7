"""Proof that a masked text says nothing but what the original says: every part left out has left a mark."""

from __future__ import annotations

import re
import unicodedata

from credit.rules.redaction.kinds import MARKS, UNNAMED
from credit.rules.redaction.plain import INVISIBLE, KEPT

# Marks of the check, and those that officers type: [住址已隐去], ＊＊＊, 张某. Marks that touch are one gap.
VISIBLE = "|".join([*map(re.escape, MARKS.values()), r"\[[^\[\]\n]{1,16}已隐去\]", r"[*＊]{2,}"])
GAP = re.compile(f"((?:{VISIBLE}|{UNNAMED})+)")
LONGEST_NAME = 3
# 某 stands for a given name: it must not swallow the word that turns a sentence round.
GIVEN = re.compile("[\u4e00-\u9fff·]")
NEGATIONS = frozenset("不未没無无非勿莫否")


def only_masked(original: str, masked: str) -> bool:
    """Whether the masked text is the original with some parts replaced by marks.

    Between marks it must agree to the letter, in the same order, and each mark must stand for something:
    a silent omission could turn a sentence round. 某 alone stands for a name of at most three characters.

    Which places of the original can be reached is one number, a bit for each: hostile texts take no longer.
    """
    original, masked = _visible(original), _visible(masked)
    parts = GAP.split(masked)
    if not original.startswith(parts[0]):
        return False
    named, places = _bits(original), {part: _places(original, part) for part in set(parts[2::2])}
    reached = 1 << len(parts[0])
    whole = (1 << (len(original) + 1)) - 1
    for mark, kept in zip(parts[1::2], parts[2::2], strict=True):
        reached = _named(reached, named) if set(mark) == {UNNAMED} else whole & ~((reached & -reached) * 2 - 1)
        reached = (reached & places[kept]) << len(kept)
        if not reached:
            return False
    return bool(reached >> len(original) & 1)


def _visible(text: str) -> str:
    """The text without what nobody sees: it says nothing, and a form of the web ends its lines in another way."""
    return "".join(one for one in text if one in KEPT or unicodedata.category(one) not in INVISIBLE)


def _bits(original: str) -> int:
    """The places at which a character may belong to a given name."""
    fits = ("1" if GIVEN.match(one) and one not in NEGATIONS else "0" for one in reversed(original))
    return int("".join(fits) or "0", 2)


def _named(reached: int, named: int) -> int:
    """The places that are reached over one to three characters of a name."""
    found, step = 0, reached
    for _ in range(LONGEST_NAME):
        step = (step & named) << 1
        found |= step
    return found


def _places(original: str, part: str) -> int:
    """The places at which a part stands."""
    if not part:
        return (1 << (len(original) + 1)) - 1
    found, bits = original.find(part), bytearray(len(original) // 8 + 1)
    while found >= 0:
        bits[found >> 3] |= 1 << (found & 7)
        found = original.find(part, found + 1)
    return int.from_bytes(bits, "little")
