"""What the loader checks in each file: keys, values, sentences, industries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from string import Formatter
from typing import Any

from credit.errors import PolicyError
from credit.policy.keys import ENTRIES, GROUNDS, LIST_MAY, LIST_PARTS, PREDICATES, Entry, entry_of
from credit.policy.shapes import INDUSTRY, WORDS, Shape
from credit.rules.law import Provision

SENTENCES = "sentences.yaml"
INDUSTRIES = "industries.yaml"
HOLES = {"document", "what", "points", "until", "number", "grade"}
# Rules and outcomes that speak beside those of points and ceilings.
SPOKEN = {
    "pass-unscored", "pass-requested", "reinspection", "recheck", "sample-invalid", "award-unscored",
    "merit-cap", "bounds", "no-data", "too-young", "unasked", "closed", "linked", "capped", "expired",
    "repaired", "revoked", "mended", "overturned", "not_final", "not_shown", "no_data",
    *(f"precondition-{predicate}" for predicate in PREDICATES), *(f"ground-{ground}" for ground in GROUNDS),
}  # fmt: skip


def check_shape(where: str, value: Any, shape: Shape) -> None:
    """Raises PolicyError that says what must stand there."""
    if not shape.fits(value):
        raise PolicyError(f"{where}: {value!r} must {shape.must}.")


def known_entry(where: str, key: str) -> Entry:
    """What a key must hold. Raises PolicyError for a key that the program doesn't read."""
    entry = entry_of(key)
    if entry is None:
        near = get_close_matches(key, ENTRIES, 1) or ["lists.<name>"]
        raise PolicyError(f"{where} is no key of a policy; did you mean {near[0]}?")
    return entry


def check_value(where: str, key: str, value: Any, shape: Shape) -> None:
    """Raises PolicyError where a dated value isn't what its key must hold."""
    if not key.startswith("lists."):
        return check_shape(where, value, shape)
    if not isinstance(value, dict) or not value.get("legal_basis"):
        raise PolicyError(f"{where}: no list without a legal_basis (国办发〔2020〕49号).")
    if not set(LIST_PARTS) <= set(value) <= set(LIST_PARTS | LIST_MAY):
        raise PolicyError(f"{where}: has {sorted(map(str, value))}, must have {sorted(LIST_PARTS)}.")
    for part, given in value.items():
        check_shape(f"{where}.{part}", given, (LIST_PARTS | LIST_MAY)[part])
    if value["legal_basis"]["level"] == "rule" and "under" not in value["legal_basis"]:
        raise PolicyError(
            f"{where}.legal_basis: a rule is no basis by itself: name under which law, regulation or central document "
            "it was made (国办发〔2020〕49号)."
        )
    if value["earliest_removal_months"] > value["term_months"]:
        raise PolicyError(f"{where}: earliest_removal_months must not exceed term_months.")
    return None


def check_sentences(sentences: Mapping[str, Any], provisions: Mapping[str, Provision]) -> None:
    """Every rule and outcome has its sentence, in both languages, with holes that can be filled."""
    rules = {key.removeprefix("points.") for key in provisions if key.startswith("points.")}
    ceilings = {f"ceiling-{key.removeprefix('ceilings.')}" for key in provisions if key.startswith("ceilings.")}
    needed = rules | ceilings | SPOKEN
    for rule in sorted(needed - set(sentences)):
        raise PolicyError(f"{SENTENCES}: the rule {rule} has no sentence.")
    for rule, sentence in sentences.items():
        if rule not in needed:
            raise PolicyError(f"{SENTENCES}: {rule} is neither a rule nor an outcome.")
        check_shape(f"{SENTENCES}: {rule}", sentence, WORDS)
        for text in sentence.values():
            _check_holes(f"{SENTENCES}: {rule}", text)


def _check_holes(where: str, text: str) -> None:
    try:
        holes = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as problem:
        raise PolicyError(f"{where}: {text!r}: {problem}.") from problem
    if not holes <= HOLES:
        raise PolicyError(f"{where}: nothing fills {sorted(holes - HOLES)}; known: {sorted(HOLES)}.")


def check_industries(industries: Mapping[str, Any]) -> None:
    """Divisions of GB/T 4754, two digits in quotes, each with names and a risk class."""
    for division, given in industries.items():
        if not re.fullmatch("[0-9]{2}", division):
            raise PolicyError(f"{INDUSTRIES}: {division!r} is no division of two digits.")
        check_shape(f"{INDUSTRIES}: {division}", given, INDUSTRY)
