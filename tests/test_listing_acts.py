"""The table of acts on a listing: what is possible in each state, by whom, with which document."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from credit.errors import InvalidInput, WrongState
from credit.rules.blacklist import ACTS, allowed, check, check_day
from credit.terms import ListingState
from tests.makers import DECISION

POSSIBLE = {
    "proposed": {"notify", "drop"}, "notified": {"decide", "drop"}, "decided": {"confirm", "drop"},
    "confirmed": {"publish"}, "published": {"expire", "revoke"}, "expired": set(), "revoked": set(), "dropped": set(),
}  # fmt: skip
LEADS_TO = {
    "notify": "notified", "decide": "decided", "confirm": "confirmed", "publish": "published", "expire": "expired",
    "revoke": "revoked", "drop": "dropped",
}  # fmt: skip
BY = {
    "propose": "supervisor", "notify": "supervisor", "decide": "decider", "confirm": "decider", "publish": "supervisor",
    "expire": "supervisor", "revoke": "decider", "drop": "decider",
}  # fmt: skip
WHOLE: dict[str, dict[str, str]] = {
    "notify": {"document_no": "示例告1号"}, "decide": DECISION, "confirm": {}, "publish": {}, "expire": {},
    "revoke": {"document_no": "示例撤1号", "reason": "处罚决定被撤销"}, "drop": {"reason": "情节轻微"},
}  # fmt: skip
LISTED_ON, ENDS_ON = date(2026, 3, 31), date(2029, 3, 31)


def test_the_table_of_acts_is_this_one() -> None:
    assert {str(state): set(allowed(state)) for state in ListingState} == POSSIBLE
    assert {name: str(act.after) for name, act in ACTS.items()} == LEADS_TO
    assert {name: str(act.role) for name, act in ACTS.items()} | {"propose": "supervisor"} == BY
    assert {name: set(act.fields) for name, act in ACTS.items()} == {name: set(f) for name, f in WHOLE.items()}


@pytest.mark.parametrize("state", ListingState)
@pytest.mark.parametrize("name", [*LEADS_TO, "propose", "", "delist"])
def test_an_act_is_possible_in_its_states_and_in_no_other(state: ListingState, name: str) -> None:
    if name in POSSIBLE[state]:
        assert check(name, state, dict(WHOLE[name])) is ACTS[name]
        return
    with pytest.raises(WrongState) as refused:
        check(name, state, dict(WHOLE.get(name, {})))
    assert refused.value.extra == {"state": str(state), "allowed": allowed(state)}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in WHOLE for field in WHOLE[name]])
@pytest.mark.parametrize("empty", [None, "", "  ", 0])
def test_a_document_lacks_none_of_its_fields(name: str, field: str, empty: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(name, ACTS[name].before[0], WHOLE[name] | {field: empty})
    assert set(refused.value.extra["errors"]) == {field}


def test_no_act_lies_before_the_one_it_follows_and_no_expiry_before_the_end() -> None:
    check_day("notify", LISTED_ON, LISTED_ON, None)
    check_day("expire", ENDS_ON, LISTED_ON, ENDS_ON)
    check_day("revoke", LISTED_ON, LISTED_ON, ENDS_ON)
    for name, day in (("notify", LISTED_ON - timedelta(1)), ("expire", ENDS_ON - timedelta(1))):
        with pytest.raises(WrongState):
            check_day(name, day, LISTED_ON, ENDS_ON)
