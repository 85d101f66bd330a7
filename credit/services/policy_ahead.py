"""Values of a draft that are still to come: tried on the past as if they had begun.

A rule is to be known before it takes force. Its values of next year change nothing on any day of the
past, so a trial of the text as it stands would say "nobody moves".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, TypedDict

from credit.errors import PolicyError
from credit.policy.whole import check_whole
from credit.rules.law import Dated, Law, Provision

NotYet = TypedDict("NotYet", {"key": str, "from": str, "tried": bool})


def as_if_begun(draft: Law, in_force: Law, day: date) -> tuple[Law, list[NotYet]]:
    """The draft with its values that begin after `day` in force from the first day on, and which these are.

    Values that the law in force has too are no news and stay where they are; of several values of one
    key the last counts. Where the values together wouldn't make a policy, the draft stays as it is
    and none of them is `tried`.
    """
    ahead = {
        key: news
        for key, provision in draft.provisions.items()
        if (news := _later(provision, day, in_force.provisions.get(key)))
    }
    begun = draft.provisions | {key: _begun(draft.provisions[key], news[-1]) for key, news in ahead.items()}
    tried = _sound(begun, draft.first_day)
    told: list[NotYet] = [
        {"key": key, "from": str(one.start), "tried": tried and one is news[-1]}
        for key, news in ahead.items()
        for one in news
    ]
    if not (ahead and tried):
        return draft, told
    return replace(draft, provisions=begun, digest=f"{draft.digest} begun {day}"), told


def _later(provision: Provision, day: date, known: Provision | None) -> list[Dated]:
    """The values that begin after the day, and that the known provision hasn't."""
    held: list[tuple[date, Any]] = [(one.start, one.value) for one in known.values] if known else []
    return [one for one in provision.values if one.start > day and (one.start, one.value) not in held]


def _begun(provision: Provision, news: Dated) -> Provision:
    first = provision.values[0].start
    return replace(provision, values=(news._replace(start=first),))


def _sound(provisions: dict[str, Provision], first_day: date) -> bool:
    try:
        check_whole(provisions, dict.fromkeys(provisions, ""), first_day)
    except PolicyError:
        return False
    return True
