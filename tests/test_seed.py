"""The seed: every story holds on whatever day it is told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit import identifiers
from credit.policy import load_policy
from credit.rules.blacklist import FACTOR_TEST, UPPER_CONSENT, check
from credit.rules.months import months_after
from credit.terms import ListingState, OfficerRole
from schemas.enterprise import EnterpriseIn
from seed import Seed, load
from seed.days import resolve
from tests.oracle import grade_one
from tests.seeded import Graded, by_kernel, by_oracle, codes_of, known_of, reported, seeded

DAYS = [
    date(2026, 11, 22),
    date(2026, 12, 31),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2029, 6, 30),
]
ANY_DAY = st.dates(date(2026, 11, 22), date(2030, 12, 31))
TOLD = {
    "provincial prize holder": ["provincial-prize"],
    "clean small firm at AA": ["clean-small-firm"],
    "new firm, not rated": ["new-firm"],
    "individual business with a private warning": ["private-warning"],
    "small fine whose publication ends this week": ["small-fine-ends-this-week"],
    "general fine repairable tomorrow": ["repairable-tomorrow"],
    "fully repaired": ["fully-repaired"],
    "failed sample with re-check passed": ["recheck-passed"],
    "objection upheld by re-inspection": ["objection-upheld"],
    "counterfeit denied by the named producer": ["counterfeit-denied", "seller-of-counterfeit"],
    "retailer and producer of the same lot": ["producer-of-lot", "retailer-of-lot"],
    "refused sampling": ["sampling-refused"],
    "repeat offender": ["repeat-offender"],
    "listing at notice stage": ["listing-noticed"],
    "listed": ["listed"],
    "listing expired": ["listing-expired"],
    "penalty annulled": ["penalty-annulled"],
    "renamed firm beside a nearly equal name": ["renamed-firm", "nearly-equal-name"],
    "branch penalised": ["branch-penalised", "parent-of-branch"],
    "fines of 2,000,000 and of 1,999,999": ["fine-two-million", "fine-one-yuan-less"],
    "deregistered firm": ["deregistered"],
    "violation without its notices": ["notice-missing"],
}


def expected(seed: Seed) -> dict[str, Graded]:
    return {one["code"]: (one["expect"]["grade"], one["expect"]["score"]) for one in seed.stories}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_story_has_the_grade_that_it_tells(day: date) -> None:
    assert by_kernel(seeded(day), day, list(expected(seeded(day)))) == expected(seeded(day))


@settings(max_examples=20, deadline=None)
@given(ANY_DAY)
def test_the_stories_hold_on_any_day_and_the_oracle_says_so_too(day: date) -> None:
    seed = load(day)
    assert by_oracle(seed, day, list(expected(seed))) == expected(seed)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_item_has_a_holder_and_an_open_recall_and_another_is_nobodys(day: date) -> None:
    seed = seeded(day)
    held = tuple(one["prefix"] for one in seed.prefixes)
    named = {event["item"]["gtin"] for event in seed.events if event.get("item", {}).get("gtin")}
    assert {recall["gtin"] for recall in seed.recalls} <= {gtin for gtin in named if gtin.startswith(held)}
    assert {gtin for gtin in named if not gtin.startswith(held)} == {"9520000000011"}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_kernel_and_oracle_agree_on_the_whole_seed(day: date) -> None:
    seed = seeded(day)
    assert by_kernel(seed, day, codes_of(seed)) == by_oracle(seed, day, codes_of(seed))


def test_every_story_that_a_visitor_should_follow_is_told() -> None:
    keys = [story["key"] for story in seeded(DAYS[0]).stories]
    assert sorted(keys) == sorted(set(keys))
    assert {key for told in TOLD.values() for key in told} <= set(keys)


def test_every_story_says_in_both_languages_what_to_look_at() -> None:
    for story in seeded(DAYS[0]).stories:
        assert story["story"]["zh"].endswith("。")
        assert story["story"]["en"].endswith(".")
        assert set(story["expect"]) == {"grade", "score"}


def test_about_ninety_enterprises_have_about_eleven_hundred_events() -> None:
    seed = seeded(DAYS[0])
    assert 85 <= len(seed.enterprises) <= 100
    assert 1000 <= len(seed.events) <= 1200


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_event_is_one_that_a_department_could_report_that_day(day: date) -> None:
    departments = {department["name"] for department in seeded(day).departments}
    registered = {firm["code"]: firm["registered_on"] for firm in seeded(day).enterprises}
    for event in seeded(day).events:
        loaded = reported(event, day)
        happened = loaded.get("occurred_on") or loaded["valid_from"]
        assert date.fromisoformat(registered[event["code"]]) <= happened <= day, event
        assert event["department"] in departments


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_enterprise_is_one_that_the_register_takes_as_it_was_and_as_it_is(day: date) -> None:
    for firm in seeded(day).enterprises:
        versions = [firm | former for former in firm["former"]] + [firm]
        loaded = [EnterpriseIn(day=day).load(_without(version, "former")) for version in versions]
        days = [version["valid_from"] for version in loaded]
        assert days[0] == loaded[0]["registered_on"]
        assert days == sorted(set(days))


def _without(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_document_is_reported_twice(day: date) -> None:
    names = ("department", "kind", "document_no", "code", "source_ref")
    same = Counter(tuple(event.get(name) for name in names) for event in seeded(day).events)
    assert max(same.values()) == 1


def test_codes_are_right_and_in_a_division_that_no_place_bears() -> None:
    codes = codes_of(seeded(DAYS[0]))
    assert len(set(codes)) == len(codes)
    for firm in seeded(DAYS[0]).enterprises:
        code = firm["code"]
        assert identifiers.check_code(code) is None
        assert identifiers.check_organization_code(identifiers.org_code_of(code)) is None
        assert code[2:8] == firm["region"] == "340799"
        assert code.startswith("92") == (firm.get("kind") == "individual")
        assert firm.get("parent_code", code) in codes


def test_only_the_two_names_of_the_story_are_one_character_apart() -> None:
    firms = seeded(DAYS[0]).enterprises
    former = [past["name"] for firm in firms for past in firm["former"] if "name" in past]
    names = sorted([firm["name"] for firm in firms] + former)
    assert former == ["铜都听松包装有限公司"]
    assert len(set(names)) == len(names)
    near = [
        {a, b}
        for a, b in combinations(names, 2)
        if len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
    ]
    assert near == [{"铜都砚湖纸业有限公司", "铜都砚湖纸品有限公司"}]


def test_every_enterprise_belongs_to_a_division_of_the_industry_standard() -> None:
    law = load_policy()
    assert sorted(law.industries) == [f"{number:02}" for number in range(1, 98)]
    for industry in law.industries.values():
        assert set(industry) == {"zh", "en", "risk"}
        assert industry["zh"].strip() and industry["en"].strip()
        assert industry["risk"] in ("I", "II", "III")
    for firm in seeded(DAYS[0]).enterprises:
        letter, number = firm["industry"][0], firm["industry"][1:]
        assert letter in "ABCDEFGHIJKLMNOPQRST" and number.isdigit() and len(number) == 4
        assert number[:2] in law.industries


@given(ANY_DAY)
def test_the_small_fine_ends_within_the_week_and_leaves_a_better_grade(day: date) -> None:
    decided = resolve("3mo before +3d", day)
    assert day < months_after(decided, 3) <= day + timedelta(days=7)


@given(ANY_DAY)
def test_the_general_fine_is_repairable_tomorrow_or_as_soon_as_the_calendar_can(day: date) -> None:
    decided, tomorrow = resolve("3mo before +1d", day), day + timedelta(days=1)
    assert tomorrow <= months_after(decided, 3)
    assert months_after(decided - timedelta(days=1), 3) < tomorrow


def test_when_the_small_fine_has_ended_the_firm_is_very_good() -> None:
    day = DAYS[0]
    codes = [
        one["code"] for one in seeded(day).stories if one["key"] == "small-fine-ends-this-week"
    ]
    ((firm, events, listings),) = known_of(seeded(day), day, codes)
    later = grade_one(firm, events, listings, day + timedelta(days=7))
    assert (later["grade"], later["score"]) == ("AA", 88)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_listing_goes_its_way_in_order_decided_by_one_and_confirmed_by_another(day: date) -> None:
    seed = seeded(day)
    roles = {officer["id"]: officer["role"] for officer in seed.officers}
    events = {(event["code"], event["document_no"]) for event in seed.events}
    states = []
    for listing in seed.listings:
        assert (listing["code"], listing["event"]) in events
        (proposed, *others), state = listing["acts"], ListingState.PROPOSED
        assert roles[proposed["officer"]] == OfficerRole.SUPERVISOR
        for act in others:
            step, state = check(act["act"], state, act, {FACTOR_TEST, UPPER_CONSENT})
            assert roles[act["officer"]] == step.role
        days = [act["on"] for act in listing["acts"]]
        assert days == sorted(days)
        assert days[-1] <= day.isoformat()
        by = {act["act"]: act["officer"] for act in listing["acts"]}
        assert "decide" not in by or by["decide"] != by["confirm"]
        states.append(state)
    assert states == [ListingState.NOTIFIED, ListingState.PUBLISHED, ListingState.EXPIRED]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_expired_listing_expired_on_the_last_day_of_its_term(day: date) -> None:
    (acts,) = [one["acts"] for one in seeded(day).listings if one["acts"][-1]["act"] == "expire"]
    published = date.fromisoformat(acts[-2]["on"])
    assert acts[-1]["on"] == months_after(published, 36).isoformat()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_ceased_is_a_violation_on_file_and_ceased_after_it(day: date) -> None:
    violations = [event for event in seeded(day).events if event["kind"] == "violation"]
    decided = {(event["code"], event["document_no"]): event["decided_on"] for event in violations}
    grounds = Counter(ended["ground"] for ended in seeded(day).cessations)
    assert grounds == {"repaired": 2, "revoked": 1}
    for ended in seeded(day).cessations:
        assert decided[ended["code"], ended["event"]] < ended["on"] <= day.isoformat()


def test_the_same_day_gives_the_same_seed() -> None:
    assert load(DAYS[0]) == load(DAYS[0])


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("0d", "2027-05-31"),
        ("-400d", "2026-04-26"),
        ("-13mo", "2026-04-30"),
        ("-3mo+2d", "2027-03-02"),
        ("-2y-1d", "2025-05-30"),
        ("-10d-36mo+36mo", "2027-05-21"),
        ("3mo before 0d", "2027-03-01"),
    ],
)
def test_relative_days_go_by_calendar_months_in_the_order_written(text: str, means: str) -> None:
    assert resolve(text, date(2027, 5, 31)).isoformat() == means


@pytest.mark.parametrize("text", ["", "3mo", "-3m", "2026-01-01", "-3mo +2d", "before +1d"])
def test_what_is_no_relative_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no day like"):
        resolve(text, DAYS[0])
