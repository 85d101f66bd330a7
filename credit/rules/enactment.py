"""The way of a policy version into force: its states and the acts between them. No act outside this table."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.terms import OfficerRole

# What the last act on a version left it as; None is a text that was never drafted.
STATES = {
    None: "还没有起草",
    "adopted": "随程序启用",
    "drafted": "已起草",
    "checked": "已检验",
    "proposed": "已提请",
    "enacted": "已颁布",
    "withdrawn": "已撤回",
}
OFFICERS = (OfficerRole.DECIDER, OfficerRole.ADMINISTRATOR)
# A policy is law for everybody: it is tried on examples and on the past before it is proposed.
TRIALS = {"cases": "cases", "backtest": "a back-test"}


class Act(NamedTuple):
    """An act: on a version in which states, what it leaves it as, and whether officers alone do it."""

    name: str
    zh: str
    before: tuple[str | None, ...]
    after: str
    by_officer: bool


ACTS = {
    act.name: act
    for act in (
        # A version of before may come back: it goes the whole way again.
        Act("draft", "起草", (None, "withdrawn", "adopted", "enacted"), "drafted", False),
        Act("check", "检验", ("drafted", "checked"), "checked", False),
        Act("propose", "提请", ("checked",), "proposed", True),
        Act("enact", "颁布", ("proposed",), "enacted", True),
        Act("withdraw", "撤回", ("drafted", "checked", "proposed"), "withdrawn", True),
    )
}


def allowed(state: str | None) -> list[str]:
    """The acts that are possible in a state."""
    return [act.name for act in ACTS.values() if state in act.before]


def check(name: str, state: str | None) -> Act:
    """The act, if the state allows it. Raises WrongState with what it allows."""
    act = ACTS[name]
    if state not in act.before:
        possible = allowed(state)
        raise WrongState(
            f"A policy version that is {state or 'not drafted'} allows: {', '.join(possible)}.",
            zh=f"该版本{STATES[state]}，不能{act.zh}；可以{'、'.join(ACTS[one].zh for one in possible)}",
            state=state or "unknown",
            allowed=possible,
        )
    return act


def check_force_day(force_on: date, today: date) -> None:
    """Law doesn't bite backwards (立法法第一百零四条: 法不溯及既往). Raises InvalidInput for a past day."""
    if force_on < today:
        raise InvalidInput(
            f"A policy takes force on {today} or later, not on {force_on}.",
            zh=f"施行日不得早于今日（{today}）",
            errors={"force_on": [f"{today} or later."]},
        )


def check_tried(fields: dict[str, Any], against: str, state: str) -> None:
    """Whether the last check holds every trial, against the version that this one replaces.

    Raises WrongState with what is missing.
    """
    missing = [told for name, told in TRIALS.items() if not fields.get(name)]
    if missing:
        raise WrongState(
            f"The version was not checked with {' and '.join(missing)}.",
            zh="该版本尚未用案例和历史回测检验",
            state=state,
            allowed=allowed(state),
        )
    if {fields["against"], fields["backtest"].get("against")} != {against}:
        raise WrongState(
            "Another version was enacted since this one was checked, or its back-test was against another.",
            zh="检验之后已颁布了其他版本，或回测比较的是其他版本，须重新检验",
            state=state,
            allowed=allowed(state),
        )


def check_other(officer_id: int, proposed_by: int | None) -> None:
    """Two officers put a policy into force. Raises NotAllowed if it is one alone."""
    if officer_id == proposed_by:
        raise NotAllowed(
            "Another officer than the one who proposed must enact.", zh="须由提请人以外的另一人颁布"
        )


def reason(text: str | None) -> str:
    """Why an officer acts, in words. Raises InvalidInput where none are given."""
    given = (text or "").strip()
    if not given or len(given) > 1000 or not _readable(given):
        raise InvalidInput(
            "Say why, in 1 to 1,000 readable characters.",
            zh="请写明理由（1 至 1000 字）",
            errors={"because": ["1 to 1,000 readable characters."]},
        )
    return given


def _readable(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)
