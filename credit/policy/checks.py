"""What the loader checks across files: required keys, whole numbers, bands in order, legal bases."""

from __future__ import annotations

from typing import Any

from credit.errors import PolicyError
from credit.rules.law import Provision
from credit.terms import Grade, InspectionType, Level, Penalty

BANDED = ("AAA", "AA", "A", "B")
PREDICATES = {"pass_on_file", "registered_months", "clean_years", "valid_prize"}
GROUNDS = {"listed", "crime", "grave_accident"}
BASIS_LEVELS = {"law", "regulation", "rule", "central_document", "local_regulation"}
WORDS: dict[str, set[str]] = {
    "preconditions.A": PREDICATES,
    "preconditions.AA": PREDICATES,
    "preconditions.AAA": PREDICATES,
    "grounds.D": GROUNDS,
    "preconditions.prize-levels": set(Level),
    "passes.scored": set(InspectionType),
    "passes.filed": set(InspectionType),
    "severity.serious-kinds": set(Penalty),
    "severity.light-kinds": set(Penalty),
    "severity.unpublished-kinds": set(Penalty),
}
WHOLE = ("points.", "caps.", "bounds.", "windows.", "bands.", "tiers.", "shares.", "finality.")


def check_references(provisions: dict[str, Provision], sentences: dict[str, Any]) -> None:
    """Raises PolicyError where the files don't fit each other or the closed sets of words."""
    for key, provision in provisions.items():
        for dated in provision.values:
            _check_value(key, dated.value)
    for key, words in WORDS.items():
        if key not in provisions:
            raise PolicyError(f"{key} is missing; it holds words of {sorted(words)}.")
    _check_bands(provisions)
    for rule in (key.removeprefix("points.") for key in provisions if key.startswith("points.")):
        if rule not in sentences:
            raise PolicyError(f"sentences.yaml: the rule {rule} has no sentence.")
    for rule, sentence in sentences.items():
        if not isinstance(sentence, dict) or set(sentence) != {"zh", "en"}:
            raise PolicyError(f"sentences.yaml: {rule} needs exactly zh and en.")


def _check_value(key: str, value: Any) -> None:
    if key.startswith(WHOLE) and type(value) is not int:
        raise PolicyError(f"{key}: {value!r} must be a whole number.")
    if key in WORDS and not (isinstance(value, list) and set(value) <= WORDS[key]):
        raise PolicyError(f"{key}: {value!r} must be a list out of {sorted(WORDS[key])}.")
    if key.startswith("ceilings.") and value not in set(Grade):
        raise PolicyError(f"{key}: {value!r} must be a grade out of {list(map(str, Grade))}.")
    if key.startswith("lists."):
        basis = value.get("legal_basis") if isinstance(value, dict) else None
        if not basis or basis.get("level") not in BASIS_LEVELS or not basis.get("zh"):
            raise PolicyError(
                f"{key}: no list without a legal basis (国办发〔2020〕49号): "
                f"legal_basis needs zh, en and a level out of {sorted(BASIS_LEVELS)}."
            )


def _check_bands(provisions: dict[str, Provision]) -> None:
    days = {dated.start for grade in BANDED for dated in provisions[f"bands.{grade}"].values}
    for day in days:
        scores = [provisions[f"bands.{grade}"].on(day).value for grade in BANDED]
        if sorted(set(scores), reverse=True) != scores:
            raise PolicyError(f"bands: on {day} the scores {scores} leave a grade out of reach.")
