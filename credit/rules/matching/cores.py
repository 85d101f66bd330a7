"""Compare brand and trade: equal, a slip of typing, or another firm. The brand is compared strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from credit.rules.matching.numerals import canonical, runs
from credit.rules.matching.parts import Parts
from credit.rules.matching.reasons import Reason, reason
from credit.rules.matching.slips import contrast, slip

State = Literal["none", "soft", "slip", "hard"]
LONG = 6  # characters of brand and trade among which two slips may be
LONG_BRAND = 6  # characters; in a shorter one a missing character makes another brand


@dataclass(frozen=True)
class Finding:
    """What one part of two names says: none (equal), soft, slip or hard; and why."""

    state: State
    reasons: tuple[Reason, ...] = ()


def compare_cores(asked: Parts, known: Parts) -> Finding:
    """Compare brand and trade together, since a slip may hide where one ends."""
    one, other = asked.core, known.core
    if one == other:
        return Finding("none")
    brand = _brand_length(asked, known)
    if len(one) == len(other):
        read = brand > 2 or bool(asked.stems | known.stems)
        return _same_length(one, other, brand, read) or _apart(asked, known)
    return (
        _one_more(one, other, brand) or _shortened(asked, known) or _unknown_place(asked, known) or _apart(asked, known)
    )


def _brand_length(asked: Parts, known: Parts) -> int:
    """Where the brand ends: the name whose trade is read further says it."""
    return min(len(asked.brand), len(known.brand))


def _same_length(one: str, other: str, brand: int, read: bool) -> Finding | None:
    """Slips among as many characters. `read`: what is before the trade is a brand, no unknown place."""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and _swapped(one, other, *places):
        whole_brand = brand == 2 and places[1] < brand
        return None if whole_brand else _slip("swapped", one, other, places)
    if any(contrast(one[p], other[p]) for p in places):
        return Finding("hard", (_told("contrast", one, other, places),))
    kinds = [slip(one[p], other[p]) for p in places]
    few = len(places) <= (1 if len(one) < LONG else 2)
    if all(kinds) and few and sum(p < brand for p in places) <= max(brand // 2, 1):
        words = dict.fromkeys(str(kind) for kind in kinds)
        return Finding("slip", tuple(_told(word, one, other, places) for word in words))
    if read and len(places) == 1 and places[0] >= max(brand, 2) and len(one) - brand > 2:
        return _slip("wrong", one, other, places)
    return None


def _swapped(one: str, other: str, first: int, second: int) -> bool:
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def _one_more(one: str, other: str, brand: int) -> Finding | None:
    """A doubled character, or one more or less in the trade or in a long brand."""
    place = _missing(one, other)
    if place is None:
        return None
    longer = max(one, other, key=len)
    doubled = place > 0 and longer[place] == longer[place - 1]
    if doubled or place > brand or (brand >= LONG_BRAND and place < brand):
        return Finding("slip", (reason("extra", one, other),))
    return None


def _unknown_place(asked: Parts, known: Parts) -> Finding | None:
    """Two or three characters more before the brand may be a place that no table knows."""
    longer, shorter = sorted((asked, known), key=lambda name: len(name.brand), reverse=True)
    more = len(longer.brand) - len(shorter.brand)
    unplaced = not longer.places and not shorter.places and asked.trade == known.trade
    if unplaced and more in (2, 3) and len(shorter.brand) > 1 and longer.brand.endswith(shorter.brand):
        return Finding("slip", (reason("perhaps_place", asked.brand, known.brand),))
    return None


def _shortened(asked: Parts, known: Parts) -> Finding | None:
    """The same brand, and one trade has some of the other's words, the first among them: 科技 and 科技发展."""
    if asked.brand != known.brand or asked.trade[:1] != known.trade[:1] or not asked.trade:
        return None
    longer, shorter = sorted((asked.trade, known.trade), key=len, reverse=True)
    rest = iter(longer)
    in_order = all(character in rest for character in shorter)
    sure = len(asked.brand) > 2 or (asked.stems == known.stems and asked.stems)
    if in_order and len(asked.brand) > 1 and sure:
        return Finding("slip", (reason("trade_shortened", asked.trade, known.trade),))
    return None


def slip_of_whole(asked: Parts, known: Parts) -> Reason | None:
    """One slip anywhere in the whole names, which may have hidden a place or a form: 桐陵, 有限公可.

    Numbers, contrasts and two known places are never slips.
    """
    one, other = canonical(asked.folded), canonical(known.folded)
    if runs(one) != runs(other) or _two_known_places(asked, known):
        return None
    if len(one) == len(other):
        places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        return _one_wrong(asked, known, one, other, places)
    place = _missing(one, other)
    return reason("extra", one, other) if place is not None and _outside_core(asked, known, place) else None


def _one_wrong(asked: Parts, known: Parts, one: str, other: str, places: list[int]) -> Reason | None:
    """One character for another that is like it, or any other where only the form can stand."""
    if len(places) == 1:
        kind = slip(one[places[0]], other[places[0]])
        form = _place_and_form(asked, known)[1]
        return _told(kind or "wrong", one, other, places) if kind or places[0] in form else None
    frame = len(places) == 2 and _swapped(one, other, *places) and _outside_core(asked, known, places[0])
    return _told("swapped", one, other, places) if frame else None


def _two_known_places(asked: Parts, known: Parts) -> bool:
    """Whether each has a place of the table that the other hasn't: 苏州 is no slip for 宿州."""
    mine, theirs = ({p.stem for p in name.places if p.codes} for name in (asked, known))
    return bool(mine - theirs) and bool(theirs - mine)


def _outside_core(asked: Parts, known: Parts, place: int) -> bool:
    return any(place in part for part in _place_and_form(asked, known))


def _place_and_form(asked: Parts, known: Parts) -> tuple[range, range]:
    """Where the place and the form stand in the name of the two that is better read."""
    whole = max((asked, known), key=lambda name: (len(name.form_words), sum(map(len, name.stems)), name.folded))
    end = len(whole.folded) - len(whole.tail)
    head = 0 if whole.inner else sum(len(p.stem) + len(p.end) for p in whole.places)
    return range(head), range(end - len(whole.form_words), end)


def _missing(one: str, other: str) -> int | None:
    """Where the longer text has the one character that the shorter one lacks; None if more differs."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    place = next((p for p, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return place if longer[:place] + longer[place + 1 :] == shorter else None


def _apart(asked: Parts, known: Parts) -> Finding:
    if asked.brand == known.brand:
        return Finding("hard", (reason("trade", asked.trade, known.trade),))
    return Finding("hard", (reason("brand", asked.brand, known.brand),))


def _slip(word: str, one: str, other: str, places: list[int]) -> Finding:
    return Finding("slip", (_told(word, one, other, places),))


def _told(word: str, one: str, other: str, places: list[int]) -> Reason:
    return reason(word, "".join(one[p] for p in places), "".join(other[p] for p in places))
