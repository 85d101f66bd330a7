"""The table of acts on a listing: what is possible in each state, by whom, with which document, on which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from credit.errors import InvalidInput, WrongState
from credit.policy import load_policy
from credit.rules.blacklist import (
    ACTS,
    EDGES,
    FACTOR_TEST,
    LEGAL_REVIEW,
    SECRECY_REVIEW,
    UPPER_CONSENT,
    allowed,
    check,
)
from credit.rules.listing_days import Done, check_days
from credit.rules.listing_grounds import ground_of, is_heavier
from credit.rules.removal import Since, obstacles
from credit.rules.working_days import add_working_days
from credit.terms import ListingState
from tests.makers import DECISION, WORKSHEET

ALL_STEPS = (FACTOR_TEST, UPPER_CONSENT)
OPINIONS = (LEGAL_REVIEW, SECRECY_REVIEW)
TERMS = load_policy().value("lists.samr-44", date(2026, 1, 5))
POSSIBLE = {
    "proposed": {"assess", "drop"}, "assessed": {"notify", "drop"}, "excused": {"drop"},
    "notified": {"state", "ask_hearing", "waive", "lapse", "drop"},
    "stated": {"state", "ask_hearing", "waive", "lapse", "drop"}, "hearing": {"hear", "waive", "drop"},
    "heard": {"consent", "drop"}, "consented": {"decide", "drop"}, "decided": {"confirm", "drop"},
    "confirmed": {"publish", "revoke"}, "published": {"apply_removal", "expire", "revoke"},
    "removal_asked": {"accept_removal", "reject_removal", "expire", "revoke"},
    "removal_accepted": {"grant_removal", "refuse_removal", "expire", "revoke"}, "removed": {"restore", "revoke"},
    "expired": set(), "revoked": set(), "dropped": set(),
}  # fmt: skip
LEADS_TO = {
    "assess": {"assessed", "excused"}, "notify": {"notified"}, "state": {"stated"}, "ask_hearing": {"hearing"},
    "hear": {"heard"}, "waive": {"heard"}, "lapse": {"heard"}, "consent": {"consented"}, "decide": {"decided"},
    "confirm": {"confirmed"}, "publish": {"published"}, "apply_removal": {"removal_asked"},
    "accept_removal": {"removal_accepted"}, "reject_removal": {"published"}, "grant_removal": {"removed"},
    "refuse_removal": {"published"}, "restore": {"decided"}, "expire": {"expired"}, "revoke": {"revoked"},
    "drop": {"dropped"},
}  # fmt: skip
DECIDERS = {"consent", "decide", "confirm", "grant_removal", "refuse_removal", "restore", "revoke", "drop"}
ON = "2026-01-05"
PAPER = {"document_no": "示例文1号", "reason": "说明"}
WHOLE: dict[str, dict[str, Any]] = {
    **{name: {} for name in ("confirm", "publish", "expire", "lapse")},
    **dict.fromkeys(("reject_removal", "grant_removal", "refuse_removal", "revoke"), PAPER),
    **{name: {"document_no": "示例文2号"} for name in ("waive", "consent", "accept_removal")},
    "assess": WORKSHEET, "notify": {"document_no": "示例告1号", "facts": "事实", "basis": "依据", "served_on": ON},
    "state": {"statement": "当事人称", "stated_on": ON}, "ask_hearing": {"asked_on": ON},
    "hear": {"document_no": "示例听1号", "announced_on": ON, "held_on": ON},
    "apply_removal": {"applied_on": ON, "performed": "缴款书", "harm_removed": "召回报告", "pledge": "守信承诺书"},
    "decide": {name: DECISION[name] for name in ACTS["decide"].fields},
    "restore": {name: DECISION[name] for name in ACTS["decide"].fields} | {"reason": "材料虚假"},
    "drop": {"reason": "情节轻微"},
}  # fmt: skip


def test_the_table_of_acts_is_this_one() -> None:
    assert {str(state): set(allowed(state, ALL_STEPS)) for state in ListingState} == POSSIBLE
    leads_to = {name: {str(edge.after) for edge in EDGES if edge.act == name} for name in ACTS}
    assert {name: after for name, after in leads_to.items() if name not in OPINIONS} == LEADS_TO
    asked = set(allowed(ListingState.HEARD, OPINIONS)) | set(allowed(ListingState.CONFIRMED, OPINIONS))
    assert asked >= set(OPINIONS) and all(edge.before == edge.after for edge in EDGES if edge.act in OPINIONS)
    assert {name for name, act in ACTS.items() if act.role == "decider"} == DECIDERS
    assert {name: set(act.fields) for name, act in ACTS.items()} == {name: set(f) for name, f in WHOLE.items()} | {
        name: {"opinion", "reason"} for name in OPINIONS
    }
    assert {name: act.other_than for name, act in ACTS.items() if act.other_than} == {
        "legal_review": ("propose", "assess", "notify"),
        "confirm": ("decide", "restore"), "grant_removal": ("apply_removal", "accept_removal"),
    }  # fmt: skip


@pytest.mark.parametrize("state", ListingState)
@pytest.mark.parametrize("name", [*LEADS_TO, "propose", "", "delist"])
def test_an_act_is_possible_in_its_states_and_in_no_other(state: ListingState, name: str) -> None:
    if name in POSSIBLE[state]:
        act, after = check(name, state, WHOLE[name], ALL_STEPS)
        assert act is ACTS[name] and after in LEADS_TO[name]
        return
    with pytest.raises(WrongState) as refused:
        check(name, state, WHOLE.get(name, {}), ALL_STEPS)
    assert refused.value.extra == {"state": str(state), "allowed": allowed(state, ALL_STEPS)}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in WHOLE for field in WHOLE[name]])
@pytest.mark.parametrize("empty", [None, "", "  ", 0])
def test_a_document_lacks_none_of_its_fields(name: str, field: str, empty: Any) -> None:
    before = ListingState(next(state for state, acts in POSSIBLE.items() if name in acts))
    with pytest.raises(InvalidInput) as refused:
        check(name, before, WHOLE[name] | {field: empty}, ALL_STEPS)
    assert set(refused.value.extra["errors"]) == {field}


def test_what_a_list_does_not_ask_for_is_no_step_and_what_it_asks_for_can_not_be_skipped() -> None:
    assert set(allowed(ListingState.PROPOSED, ())) == {"notify", "drop"}
    assert set(allowed(ListingState.HEARD, ())) == {"decide", "drop"}
    for state, skipped in ((ListingState.PROPOSED, "notify"), (ListingState.HEARD, "decide")):
        with pytest.raises(WrongState):
            check(skipped, state, WHOLE[skipped], ALL_STEPS)


def test_proof_of_no_intent_leaves_nothing_but_to_drop_the_case() -> None:
    _, after = check("assess", ListingState.PROPOSED, WORKSHEET | {"no_intent": "进货查验记录齐全"}, ALL_STEPS)
    assert after == ListingState.EXCUSED and allowed(after, ALL_STEPS) == ["drop"]


MONDAY = date(2026, 1, 5)
LAST = add_working_days(MONDAY, 5)[0]
PROPOSED, NOTICE = Done("propose", MONDAY, {}), Done("notify", MONDAY, {"served_on": str(MONDAY)})
ASKED = Done("ask_hearing", MONDAY, {"asked_on": str(MONDAY)})
LISTED = Done("publish", MONDAY, {"ends_on": "2029-01-05", "earliest_removal": "2027-01-05"})
NEXT = timedelta(days=1)
# act, the days of its document, what was done before, the day of the act, whether it may be
DAYS: list[tuple[str, dict[str, str], list[Done], date, bool]] = [
    ("notify", {"served_on": "2026-01-05"}, [PROPOSED], MONDAY, True),
    ("notify", {"served_on": "2026-01-04"}, [PROPOSED], MONDAY, False),
    ("notify", {"served_on": "2026-01-06"}, [PROPOSED], MONDAY, False),
    ("notify", {"served_on": "yesterday"}, [PROPOSED], MONDAY, False),
    ("state", {"stated_on": "2026-01-05"}, [PROPOSED, NOTICE], MONDAY, True),
    ("state", {"stated_on": "2026-01-04"}, [PROPOSED, NOTICE], MONDAY, False),
    ("ask_hearing", {"asked_on": str(LAST)}, [PROPOSED, NOTICE], LAST, True),
    ("ask_hearing", {"asked_on": str(LAST + NEXT)}, [PROPOSED, NOTICE], LAST + NEXT, False),
    ("lapse", {}, [PROPOSED, NOTICE], LAST, False),
    ("lapse", {}, [PROPOSED, NOTICE], LAST + NEXT, True),
    ("hear", {"announced_on": "2026-01-05", "held_on": "2026-01-14"}, [PROPOSED, NOTICE, ASKED], date(2026, 2, 2), True),
    ("hear", {"announced_on": "2026-01-05", "held_on": "2026-01-13"}, [PROPOSED, NOTICE, ASKED], date(2026, 2, 2), False),
    ("hear", {"announced_on": "2026-01-04", "held_on": "2026-01-14"}, [PROPOSED, NOTICE, ASKED], date(2026, 2, 2), False),
    ("hear", {"announced_on": "2026-01-05", "held_on": "2026-01-14"}, [PROPOSED, NOTICE, ASKED], date(2026, 1, 13), False),
    ("apply_removal", {"applied_on": "2027-01-05"}, [LISTED], date(2027, 1, 5), True),
    ("apply_removal", {"applied_on": "2027-01-04"}, [LISTED], date(2027, 1, 5), False),
    ("apply_removal", {"applied_on": "2027-01-06"}, [LISTED], date(2027, 1, 5), False),
    ("expire", {}, [LISTED], date(2029, 1, 5), True),
    ("expire", {}, [LISTED], date(2029, 1, 4), False),
    ("revoke", {}, [LISTED], MONDAY, True),
    ("revoke", {}, [LISTED], MONDAY - NEXT, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields", "done", "day", "may"), DAYS)
def test_no_act_is_back_dated_and_none_comes_before_its_days_have_run(
    name: str, fields: dict[str, str], done: list[Done], day: date, may: bool
) -> None:
    if may:
        check_days(name, day, fields, done, TERMS)
        return
    with pytest.raises((WrongState, InvalidInput)) as refused:
        check_days(name, day, fields, done, TERMS)
    assert refused.value.detail_zh


def test_the_days_of_a_notice_leave_out_the_spring_festival() -> None:
    served = date(2026, 2, 13)
    done = [Done("propose", served, {}), Done("notify", served, {"served_on": str(served)})]
    last = add_working_days(served, 5)[0]
    assert last > served + timedelta(days=12)
    with pytest.raises(WrongState):
        check_days("lapse", last, {}, done, TERMS)
    check_days("lapse", last + NEXT, {}, done, TERMS)


@pytest.mark.parametrize(
    ("penalties", "heavier", "found"),
    [
        (["fine"], False, False), (["fine"], True, True), (["warning"], True, False), (["suspended_business"], False, True),
        (["confiscated_goods", "revoked_licence"], False, True), ([], True, False),
    ],
)  # fmt: skip
def test_only_a_heavier_penalty_calls_for_a_listing(penalties: list[str], heavier: bool, found: bool) -> None:
    assert is_heavier(TERMS, penalties, heavier) is found


def test_the_ground_is_the_one_that_names_the_conduct() -> None:
    assert [ground_of(TERMS, category) for category in ("counterfeit", "food_safety", "metrology")] == ["art-7", "art-5", None]


@pytest.mark.parametrize(
    ("since", "against"),
    [
        (Since((), True, None), 0), (Since((), None, None), 0), (Since((), True, MONDAY), 0),
        (Since(("罚1",), True, None), 1), (Since((), False, None), 1), (Since((), True, MONDAY + NEXT), 1),
        (Since(("罚1", "罚2"), False, MONDAY + NEXT), 3),
    ],
)  # fmt: skip
def test_each_condition_of_early_removal_stands_against_it_by_itself(since: Since, against: int) -> None:
    assert len(obstacles(since, MONDAY)) == against
