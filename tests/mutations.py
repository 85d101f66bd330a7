"""The policy with one dated value changed: each entry of each key, and each part of it, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from credit.errors import PolicyError
from credit.policy.keys import BANDED, GROUNDS, PREDICATES
from credit.policy.whole import check_whole
from credit.rules.law import Dated, Law, Provision
from credit.terms import InspectionType, Level, Notice, Penalty

GRADES = (*BANDED, "C")
VOCABULARY = {
    "preconditions.prize-levels": Level, "preconditions.": PREDICATES, "grounds.": GROUNDS,
    "passes.": InspectionType, "severity.": Penalty, "publication.notices": Notice,
}  # fmt: skip
ONE_OF = {"ceilings.": GRADES, "publication.start": ("publication_day", "decision_day")}
IMPLIED = {
    "preconditions.AA": ("with pass_on_file",),
    "preconditions.AAA": ("with pass_on_file", "with registered_months", "with clean_years"),
}
CLASSIFYING = (
    "severity.", "publication.", "passes.", "finality.", "windows.final-pass", "windows.award",
    "windows.standard", "windows.pledge",
)  # fmt: skip


class Mutation(NamedTuple):
    """One value changed: the part of the key that it stands in, and how."""

    key: str
    part: str
    law: Law

    @property
    def classifies(self) -> bool:
        """Whether it changes what events are, not only what they count for."""
        return self.key.startswith(CLASSIFYING)


def mutations(law: Law) -> Iterator[Mutation]:
    """Every value one more and one less, every word another or gone or added, every later day moved.

    None that the loader would refuse, and no condition added that a lower grade asks for anyhow.
    """
    return (mutation for mutation in _all(law) if _is_policy(mutation.law))


def _is_policy(law: Law) -> bool:
    try:
        check_whole(law.provisions, dict.fromkeys(law.provisions, ""), law.first_day)
    except PolicyError:
        return False
    return True


def _all(law: Law) -> Iterator[Mutation]:
    for key, provision in law.provisions.items():
        for place, dated in enumerate(provision.values):
            for part, other in _others(key, dated.value):
                if part in IMPLIED.get(key, ()):
                    continue
                yield _mutation(law, provision, place, part, dated._replace(value=other))
            if place and dated.value != provision.values[place - 1].value:
                for days in (-1, 1):
                    moved = dated._replace(start=dated.start + timedelta(days=days))
                    yield _mutation(law, provision, place, f"{days:+} day", moved)


def _mutation(law: Law, provision: Provision, place: int, part: str, dated: Dated) -> Mutation:
    values = (*provision.values[:place], dated, *provision.values[place + 1 :])
    changed = {provision.key: replace(provision, values=values)}
    where = f"from {provision.values[place].start}, {part}"
    return Mutation(provision.key, where, replace(law, provisions=law.provisions | changed))


def _others(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Other values that could stand there instead, each with what it changes."""
    if isinstance(value, bool):
        yield f"{value} turned", not value
    elif isinstance(value, int):
        yield from ((f"{value} {step:+}", value + step) for step in (-1, 1))
    elif isinstance(value, list):
        yield from _other_lists(_of(VOCABULARY, key), value)
    elif isinstance(value, dict):
        for part, held in value.items():
            for told, other in _others(f"{key}.{part}", held):
                yield f"{part}: {told}", value | {part: other}
    else:
        words = _of(ONE_OF, key) or (f"{value}?",)
        yield from ((f"{value} to {word}", word) for word in words if word != value)


def _other_lists(words: Any, value: list[str]) -> Iterator[tuple[str, list[str]]]:
    others = [str(word) for word in words if word not in value]
    for word in others:
        yield f"with {word}", [*value, word]
    if len(value) == 1:
        yield from ((f"{value[0]} to {word}", [word]) for word in others)
        return
    for word in value:
        yield f"without {word}", [other for other in value if other != word]


def _of(table: dict[str, Any], key: str) -> Any:
    return next((words for start, words in table.items() if key.startswith(start)), ())
