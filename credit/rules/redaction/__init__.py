"""Redaction (脱敏): what a text tells of people is found before it is published, and masked (Order 45 article 6).

Numbers, telephones, accounts, home addresses, names of third persons, minors. Pure, and in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from credit.rules.redaction.alignment import only_masked
from credit.rules.redaction.kinds import MARKS, UNNAMED, Finding, Personal
from credit.rules.redaction.names import ages_in, names_in
from credit.rules.redaction.numbers import numbers_in
from credit.rules.redaction.places import places_in
from credit.rules.redaction.plain import plain_of
from credit.rules.redaction.surnames import COMPOUND

__all__ = ["CHECKER", "Finding", "Personal", "findings", "mask", "masked", "only_masked"]

# Which form of the check judged a text. Another one judges every text anew (`credit grade --all`).
CHECKER = "2026-11"
ROUNDS = 4
MARKED = re.compile("|".join(map(re.escape, MARKS.values())))
TITLED = re.compile("《[^《》\n]{1,60}》")
ORDER = {kind: place for place, kind in enumerate(Personal)}
Span = tuple[Personal, int, int]


def findings(text: str, own: Sequence[str] = ()) -> list[Finding]:
    """What a text tells of people, in its order; no two overlap. Spans are of the text as it was given.

    `own`: names of the enterprise that the text is about, in which nothing is a person's name.
    """
    made = plain_of(text)
    blank = MARKED.sub(lambda mark: "\x00" * len(mark[0]), made.text)
    untitled = TITLED.sub(lambda title: "\x00" * len(title[0]), blank)
    for name in filter(None, (plain_of(name).text for name in own)):
        untitled = untitled.replace(name, "\x00" * len(name))
    found = [*numbers_in(blank), *places_in(blank), *names_in(untitled), *ages_in(untitled)]
    spans = sorted(found, key=lambda span: span[1:])
    return [_finding(made.text, one, *made.span(*one[1:])) for one in _apart(spans)]


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """Spans that overlap as one of the gravest kind: nothing that was found is left out."""
    held: Span | None = None
    for kind, start, end in spans:
        if held is None or start >= held[2]:
            if held is not None:
                yield held
            held = kind, start, end
        else:
            held = min(held[0], kind, key=lambda one: ORDER[one]), held[1], max(held[2], end)
    if held is not None:
        yield held


def _finding(text: str, span: Span, start: int, end: int) -> Finding:
    kind, first, last = span
    if kind is not Personal.PERSON:
        return Finding(kind, start, end, MARKS[kind])
    name = text[first:last]
    if "·" in name:
        return Finding(kind, start, end, MARKS[kind])
    return Finding(kind, start, end, name[: 2 if name[:2] in COMPOUND else 1] + UNNAMED)


def mask(text: str, found: Sequence[Finding]) -> str:
    """The text with a mark in the place of each finding: identity numbers and the like wholly, persons as 张某."""
    parts, place = [], 0
    for one in found:
        parts += [text[place : one.start], one.shown]
        place = one.end
    return "".join([*parts, text[place:]])


def masked(text: str, own: Sequence[str] = ()) -> str:
    """The text with everything masked that the check finds in it."""
    for _ in range(ROUNDS):  # a mark may set apart what had hidden in a longer number
        found = findings(text, own)
        if not found:
            break
        text = mask(text, found)
    return text
