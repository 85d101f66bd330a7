"""What each key of the policy must hold: the closed set of keys, the day that chooses, the shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from credit.terms import Grade, InspectionType, Level, Penalty, Severity

CERTAINTIES = ("V", "S", "R", "own")
BASIS_LEVELS = ("law", "regulation", "rule", "central_document", "local_regulation")
BANDED = ("AAA", "AA", "A", "B")
PREDICATES = ("pass_on_file", "registered_months", "clean_years", "valid_prize")
GROUNDS = ("listed", "crime", "grave_accident")
BAD = (
    "violation-minor", "violation-general", "violation-serious", "repeat", "false-records",
    "sampling-failed", "sampling-failed-safety", "inspection-refused",
)  # fmt: skip
GOOD = (
    "final-pass", "clean-year", "brand", "excellent-works", "certification", "pledge",
    *(f"quality-prize-{level}" for level in Level), *(f"standard-{level}" for level in Level),
)  # fmt: skip
CEILINGS = tuple(rule for rule in BAD if rule not in ("repeat", "false-records"))
CAPS = ("final-pass", "clean-year", "quality-prize", "brand", "certification", "standard", "pledge", "merit")
# An award that the policy gives no points is no mistake; all other keys must be there.
OPTIONAL = {f"points.{rule}" for rule in GOOD if rule not in ("final-pass", "clean-year")}


class Shape(NamedTuple):
    """What a value must be, in words, and whether it is."""

    must: str
    fits: Callable[[Any], bool]


class Entry(NamedTuple):
    """The day by which the program chooses a key's value, and the shape of the value."""

    law_of: str
    shape: Shape


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


def holding(parts: Mapping[str, Shape]) -> Shape:
    """A mapping with exactly these keys."""
    told = "; ".join(f"{key} must {part.must}" for key, part in parts.items())
    return Shape(
        f"hold exactly {', '.join(parts)} ({told})",
        lambda value: isinstance(value, dict)
        and set(value) == set(parts)
        and all(part.fits(value[key]) for key, part in parts.items()),
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
LIST_PARTS = {
    "legal_basis": holding({"zh": TEXT, "en": TEXT, "level": one_of(BASIS_LEVELS)}),
    "term_months": whole(1, 1200),
    "earliest_removal_months": whole(0, 1200),
    "requires_upper_consent": TRUTH,
    "objection_days": whole(0, 365),
    "factor_test": TRUTH,
    "grounds": each(holding({"zh": TEXT, "en": TEXT, "certainty": one_of(CERTAINTIES)})),
    "measures": WORDS,
    "removal_conditions": WORDS,
    "remedies": WORDS,
}
LIST = Entry("event_day", holding(LIST_PARTS))


def _by_grading_day() -> dict[str, Shape]:
    loss, gain, count, months = whole(-1000, 0), whole(0, 1000), whole(0, 1000), whole(1, 1200)
    return {
        "points.base": gain,
        **{f"points.{rule}": loss for rule in BAD},
        **{f"points.{rule}": gain for rule in GOOD},
        **{f"caps.{kind}": count for kind in CAPS},
        "bounds.lowest": gain,
        "bounds.highest": gain,
        "windows.repeat": months,
        "windows.on-file": months,
        **{f"bands.{grade}": gain for grade in BANDED},
        **{f"preconditions.{grade}": list_of(PREDICATES, least=1) for grade in BANDED[:3]},
        "preconditions.registered-months": whole(0, 1200),
        "preconditions.clean-years": whole(0, 100),
        "preconditions.prize-levels": list_of(tuple(Level), least=1),
        "rated.registered-months": whole(0, 1200),
        **{f"ceilings.{rule}": one_of((*BANDED, "C")) for rule in CEILINGS},
        "grounds.D": list_of(GROUNDS),
        **{f"tiers.{grade}": whole(1, 4) for grade in (*Grade, "unasked")},
        **{f"measures.{tier}": WORDS for tier in range(1, 5)},
        **{f"shares.{tier}": whole(0, 100) for tier in range(1, 5)},
    }


def _by_event_day() -> dict[str, Shape]:
    yuan = whole(0, 10**9)
    return {
        **{f"windows.{kind}": whole(1, 1200) for kind in ("final-pass", "award", "standard", "pledge")},
        "passes.scored": list_of(tuple(InspectionType)),
        "passes.filed": list_of(tuple(InspectionType)),
        "finality.objection-days": whole(0, 365),
        **{f"severity.{name}": yuan for name in ("serious-fine", "small-fine", "small-fine-individual")},
        **{f"severity.{name}-kinds": list_of(tuple(Penalty)) for name in ("serious", "light", "unpublished")},
        "publication.months": months_of(tuple(Severity), tuple(Severity)),
        "publication.repair-months": months_of(("general", "serious"), tuple(Severity)),
        "publication.start": one_of(("publication_day", "decision_day")),
    }


ENTRIES = {
    **{key: Entry("grading_day", shape) for key, shape in _by_grading_day().items()},
    **{key: Entry("event_day", shape) for key, shape in _by_event_day().items()},
}


def entry_of(key: str) -> Entry | None:
    """What a key must hold; every `lists.` key is a list of its own. None: no such key."""
    return LIST if key.startswith("lists.") and key != "lists." else ENTRIES.get(key)
