"""Shapes that the parts of a policy must have: what stands where, and how a refusal says it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

CERTAINTIES = ("V", "S", "R", "own")


class Shape(NamedTuple):
    """What a value must be, in words, and whether it is."""

    must: str
    fits: Callable[[Any], bool]


def whole(lowest: int, highest: int) -> Shape:
    return Shape(
        f"be a whole number from {lowest} to {highest}",
        lambda value: type(value) is int and lowest <= value <= highest,
    )


def one_of(words: Collection[str]) -> Shape:
    return Shape(f"be one out of {_told(words)}", lambda value: isinstance(value, str) and value in words)


def list_of(words: Collection[str], least: int = 0) -> Shape:
    """Words of a closed set, each once."""

    def fits(value: Any) -> bool:
        texts = isinstance(value, list) and all(isinstance(word, str) for word in value)
        return texts and least <= len(value) == len(set(value)) and set(value) <= set(words)

    return Shape(f"be a list of at least {least} out of {_told(words)}, each once", fits)


def months_of(required: Collection[str], known: Collection[str]) -> Shape:
    number = whole(1, 1200)

    def fits(value: Any) -> bool:
        named = isinstance(value, dict) and set(required) <= set(value) <= set(known)
        return named and all(map(number.fits, value.values()))

    return Shape(f"hold months, whole numbers from 1, for each of {_told(required)}", fits)


def holding(parts: Mapping[str, Shape], may: Mapping[str, Shape] | None = None) -> Shape:
    """A mapping with exactly these keys; those of `may` can be left out."""
    whole = {**parts, **(may or {})}
    told = "; ".join(f"{key} must {part.must}" for key, part in whole.items())
    more = f" and perhaps {', '.join(may)}" if may else ""
    return Shape(
        f"hold exactly {', '.join(parts)}{more} ({told})",
        lambda value: isinstance(value, dict)
        and set(parts) <= set(value) <= set(whole)
        and all(whole[key].fits(part) for key, part in value.items()),
    )


def each(part: Shape) -> Shape:
    """A mapping of one key at least, whose values are all alike."""
    return Shape(
        f"hold at least one key, each of which must {part.must}",
        lambda value: isinstance(value, dict) and bool(value) and all(map(part.fits, value.values())),
    )


def _told(words: Collection[str]) -> str:
    return ", ".join(map(str, words))


TEXT = Shape("be text that is not empty", lambda value: isinstance(value, str) and bool(value.strip()))
ANY_TEXT = Shape("be text (in quotes where it looks like a number)", lambda value: isinstance(value, str))
TRUTH = Shape("be true or false", lambda value: isinstance(value, bool))
WORDS = holding({"zh": TEXT, "en": TEXT})
SOURCE = holding(
    {"title": TEXT, "number": TEXT, "article": ANY_TEXT, "url": ANY_TEXT, "certainty": one_of(CERTAINTIES)}
)
INDUSTRY = holding({"zh": TEXT, "en": TEXT, "risk": one_of(("I", "II", "III"))})
