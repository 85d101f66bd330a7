"""States of a listing and the acts between them (SAMR Order 44). No act outside this table."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from credit.errors import InvalidInput, WrongState
from credit.terms import ListingState, OfficerRole


class Act(NamedTuple):
    """An act: from which states, to which, by whom, and which fields its document must hold."""

    name: str
    zh: str
    en: str
    before: tuple[ListingState, ...]
    after: ListingState
    role: OfficerRole
    fields: tuple[str, ...]


S = ListingState
ACTS = {
    act.name: act
    for act in (
        Act("notify", "告知", "give notice", (S.PROPOSED,), S.NOTIFIED, OfficerRole.SUPERVISOR, ("document_no",)),
        Act(
            "decide", "决定", "decide", (S.NOTIFIED,), S.DECIDED, OfficerRole.DECIDER,
            ("document_no", "facts", "basis", "measures", "removal_conditions", "remedies"),
        ),
        Act("confirm", "复核", "confirm", (S.DECIDED,), S.CONFIRMED, OfficerRole.DECIDER, ()),
        Act("publish", "公示", "publish", (S.CONFIRMED,), S.PUBLISHED, OfficerRole.SUPERVISOR, ()),
        Act("expire", "期满移出", "expire", (S.PUBLISHED,), S.EXPIRED, OfficerRole.SUPERVISOR, ()),
        Act("revoke", "撤销", "revoke", (S.PUBLISHED,), S.REVOKED, OfficerRole.DECIDER, ("document_no", "reason")),
        Act(
            "drop", "不予列入", "drop", (S.PROPOSED, S.NOTIFIED, S.DECIDED), S.DROPPED,
            OfficerRole.DECIDER, ("reason",),
        ),
    )
}  # fmt: skip


def allowed(state: ListingState) -> list[str]:
    """The acts that are possible in a state."""
    return [act.name for act in ACTS.values() if state in act.before]


def check(name: str, state: ListingState, fields: dict[str, str | None]) -> Act:
    """The act, if the state allows it and its document is whole.

    Raises WrongState or InvalidInput naming each missing field.
    """
    act = ACTS.get(name)
    if act is None or state not in act.before:
        raise WrongState(
            f"A listing that is {state.en} allows: {', '.join(allowed(state)) or 'nothing more'}.",
            zh=f"当前状态为“{state.zh}”，不能办理此事项",
            state=str(state),
            allowed=allowed(state),
        )
    missing = [field for field in act.fields if not str(fields.get(field) or "").strip()]
    if missing:
        raise InvalidInput(
            "The document is not whole.",
            zh="文书内容不完整",
            errors={field: ["Must not be empty (Order 44 article 13)."] for field in missing},
        )
    return act


def check_day(name: str, day: date, last: date, ends_on: date | None) -> None:
    """No act before the one it follows; no expiry before the term has run."""
    if day < last:
        raise WrongState(f"The act before was on {last}; this one can't be on {day}.")
    if name == "expire" and ends_on and day < ends_on:
        raise WrongState(f"The term runs until {ends_on}.")
