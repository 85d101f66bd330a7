"""What the fields of a case of the policy may hold, beside its events, which the schema of events checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from credit.terms import Cessation, EnterpriseKind, Grade, Status, Term

Check = Callable[[Any], bool]


def check(case: dict[str, Any]) -> None:
    """Raises ValueError that names the field and what is allowed in it."""
    _holds("name", case["name"], _text, "a text")
    _holds("source", case["source"], lambda value: isinstance(value, str | dict | list), "a text, or texts by name")
    _holds("on", case["on"], _day, "a day, YYYY-MM-DD")
    _fields("firm", case["firm"], FIRM)
    for place, listing in enumerate(_list("listings", case["listings"]), 1):
        _fields(f"listings, {place}", listing, LISTING, needed=("since",))
    for place, event in enumerate(_list("events", case["events"]), 1):
        where = f"events, {place}"
        _holds(where, event, lambda value: isinstance(value, dict), "fields by name")
        for number, cessation in enumerate(_list(f"{where}, cessations", event.get("cessations", [])), 1):
            _fields(f"{where}, cessations, {number}", cessation, CESSATION, needed=("ground", "on"))
    _fields("expect", case["expect"], EXPECT, needed=("score", "grade", "tier", "findings"))
    for event, day in case["expect"].get("repair_from", {}).items():
        _holds(f"expect, repair_from, {event}", day, _none_or(_day), "a day, YYYY-MM-DD, or null")
    for place, finding in enumerate(case["expect"]["findings"], 1):
        _holds(f"expect, findings, {place}", finding, lambda value: isinstance(value, dict), "fields by name")


def _day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _none_or(inner: Check) -> Check:
    return lambda value: value is None or inner(value)


def _one_of(terms: type[Term]) -> Check:
    return lambda value: isinstance(value, str) and value in {term.value for term in terms}


def _words(terms: type[Term]) -> str:
    return "one of " + ", ".join(term.value for term in terms)


A_DAY = (_day, "a day, YYYY-MM-DD")
DAY_OR_NONE = (_none_or(_day), "a day, YYYY-MM-DD, or null")
FIRM: dict[str, tuple[Check, str]] = {
    "registered_on": DAY_OR_NONE,
    "kind": (_one_of(EnterpriseKind), _words(EnterpriseKind)),
    "wants_grade": (_truth, "true or false"),
    "status": (_one_of(Status), _words(Status)),
}
LISTING = {"since": A_DAY, "until": DAY_OR_NONE}
CESSATION = {"ground": (_one_of(Cessation), _words(Cessation)), "on": A_DAY}
EXPECT: dict[str, tuple[Check, str]] = {
    "score": (_none_or(_whole), "a whole number or null"),
    "grade": (_none_or(_one_of(Grade)), f"{_words(Grade)}, or null"),
    "tier": (_none_or(lambda value: str(value) in {"1", "2", "3", "4"}), "1, 2, 3, 4 or null"),
    "findings": (lambda value: isinstance(value, list), "a list"),
    "shown": (_none_or(lambda value: isinstance(value, list)), "a list"),
    "repair_from": (lambda value: isinstance(value, dict), "days by event"),
}


def _fields(
    where: str, given: Any, allowed: dict[str, tuple[Check, str]], needed: tuple[str, ...] = ()
) -> None:
    _holds(where, given, lambda value: isinstance(value, dict), f"the fields {', '.join(allowed)}")
    if unknown := sorted(set(given) - set(allowed), key=str):
        raise ValueError(f"{where}: unknown {', '.join(map(str, unknown))}, known: {', '.join(allowed)}")
    if missing := [name for name in needed if name not in given]:
        raise ValueError(f"{where}: {', '.join(missing)} is missing")
    for name, value in given.items():
        _holds(f"{where}, {name}", value, *allowed[name])


def _list(where: str, given: Any) -> list[Any]:
    _holds(where, given, lambda value: isinstance(value, list), "a list")
    found: list[Any] = given
    return found


def _holds(where: str, value: Any, fits: Check, allowed: str) -> None:
    if not fits(value):
        raise ValueError(f"{where}: {value!r} must be {allowed}")
