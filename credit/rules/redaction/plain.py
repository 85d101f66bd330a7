"""A text as it is searched: NFKC, digits of every script, nothing invisible; each character knows its place."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

DASHES = dict.fromkeys("‐‑‒–—―−﹣－ー", "-") | dict.fromkeys("•‧・･∙", "·")
# Format characters and combining marks: between two digits they would hide a number.
INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cc"})
KEPT = "\n\t"


class Plain(NamedTuple):
    """`text` to search; `places[i]` is where its character i stands in the original (None: where it stands here)."""

    text: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the searched text as a span of the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class _Forms(dict[str, str]):
    """The plain form of each character, found once."""

    def __missing__(self, character: str) -> str:
        self[character] = form = _form(character)
        return form


def _form(character: str) -> str:
    if character in DASHES:
        return DASHES[character]
    if character in KEPT:
        return character
    if unicodedata.category(character) in INVISIBLE:
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return "".join(DASHES.get(one, one) for one in unicodedata.normalize("NFKC", character))


FORMS = _Forms()


def plain_of(text: str) -> Plain:
    """The text as it is searched, in linear time."""
    forms = [FORMS[character] for character in text]
    made = "".join(forms)
    if len(made) == len(text) and all(len(form) == 1 for form in forms):
        return Plain(made, None)
    return Plain(made, [place for place, form in enumerate(forms) for _ in form])
