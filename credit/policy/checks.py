"""What the loader checks: each value against its shape, and the files against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from string import Formatter
from typing import Any

from credit.errors import PolicyError
from credit.policy.shapes import (
    BANDED,
    ENTRIES,
    GROUNDS,
    INDUSTRY,
    LIST_PARTS,
    OPTIONAL,
    WORDS,
    Entry,
    Shape,
    entry_of,
)  # fmt: skip
from credit.rules.law import Provision

SENTENCES = "sentences.yaml"
INDUSTRIES = "industries.yaml"
HOLES = {"document", "what", "points", "until", "number"}
# Rules and outcomes that speak beside those of points and ceilings.
SPOKEN = {
    "pass-unscored", "pass-requested", "reinspection", "recheck", "sample-invalid", "award-unscored",
    "merit-cap", "bounds", "no-data", "too-young", "unasked", "closed", "linked", "capped", "expired",
    "repaired", "revoked", "mended", "overturned", "not_final", "not_shown", "no_data",
    *(f"precondition-{grade}" for grade in BANDED[:3]), *(f"ground-{ground}" for ground in GROUNDS),
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
    if set(value) != set(LIST_PARTS):
        raise PolicyError(f"{where}: has {sorted(map(str, value))}, must have {sorted(LIST_PARTS)}.")
    for part, of_part in LIST_PARTS.items():
        check_shape(f"{where}.{part}", value[part], of_part)
    if value["earliest_removal_months"] > value["term_months"]:
        raise PolicyError(f"{where}: earliest_removal_months must not exceed term_months.")
    return None


def check_whole(provisions: Mapping[str, Provision], files: Mapping[str, str], first_day: date) -> None:
    """Every key that the program reads is there from the first day on, and the numbers fit."""
    for key in [key for key in ENTRIES if key not in OPTIONAL]:
        if key not in provisions:
            family = key.split(".")[0] + "."
            home = next((file for known, file in files.items() if known.startswith(family)), "the policy")
            raise PolicyError(f"{home}: {key} is missing.")
        start = provisions[key].values[0].start
        if start > first_day:
            raise PolicyError(f"{files[key]}: {key} begins on {start}, after the policy's first day {first_day}.")
    _check_order(provisions, files, [f"bands.{grade}" for grade in BANDED], "leave a grade out of reach")
    _check_order(provisions, files, ["bounds.highest", "bounds.lowest"], "leave no room for a score")


def _check_order(
    provisions: Mapping[str, Provision], files: Mapping[str, str], keys: list[str], wrong: str
) -> None:
    """The values of these keys fall from key to key, on every day."""
    for day in sorted({dated.start for key in keys for dated in provisions[key].values}):
        found = [p.on(day).value for p in map(provisions.__getitem__, keys) if p.values[0].start <= day]
        if sorted(set(found), reverse=True) != found:
            family = keys[0].split(".")[0]
            raise PolicyError(f"{files[keys[0]]}: {family}: on {day} the values {found} {wrong}.")


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
