"""Listing (列入): the acts and their order, two officers, the term, and what the public is told, when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from credit.db import db, transaction
from credit.errors import (
    BeforeRegister,
    InvalidInput,
    NoLegalBasis,
    NotAllowed,
    UnknownEnterprise,
    UnknownListing,
    WrongState,
)
from credit.models import ListingAct, Officer
from credit.rules.blacklist import ACTS
from credit.services import departments, listings, look_up, officers, statistics, way
from credit.services.blacklist import choices, public_listings
from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.makers import (
    DECISION,
    code_of,
    make_enterprise,
    make_event,
    make_listing,
    make_officers,
    violation,
)
from tests.test_listing_acts import DECIDERS, LEADS_TO, POSSIBLE, WHOLE

GIVEN = {"list": "samr-44", "ground": "art-7", "facts": "以次充好。"}
RIGHT = {"supervisor": ["supervisor"], "decider": ["decider", "confirmer"]}
HEARD = ("assess", "notify", "waive")
PATH = (*HEARD, "consent", "decide", "confirm", "publish")
REMOVAL = (*PATH, "apply_removal", "accept_removal")
WAY_TO: dict[str, tuple[str, ...]] = {
    "proposed": (), "assessed": HEARD[:1], "excused": ("excuse",), "notified": HEARD[:2], "stated": (*HEARD[:2], "state"),
    "hearing": (*HEARD[:2], "ask_hearing"), "heard": HEARD, "consented": PATH[:4], "decided": PATH[:5],
    "confirmed": PATH[:6], "published": PATH, "removal_asked": REMOVAL[:-1], "removal_accepted": REMOVAL,
    "removed": (*REMOVAL, "grant_removal"), "expired": (*PATH, "expire"), "revoked": (*PATH, "revoke"),
    "dropped": ("drop",),
}  # fmt: skip
LISTED_ON, EARLY_ON, ENDS_ON = date(2026, 3, 31), date(2027, 3, 31), date(2029, 3, 31)
LATER = {"apply_removal": EARLY_ON, "accept_removal": EARLY_ON, "grant_removal": EARLY_ON, "expire": ENDS_ON}
MORE = {"penalty_document_no": "示例罚〔2026〕9号", "answer": "不予采纳"}


def everyone() -> dict[str, int]:
    """An officer of each role, a second decider, a decider of another department, and one of the authority above."""
    own = make_officers()
    with transaction("test"):
        home = db.session.get(Officer, own["decider"]).department_id  # type: ignore[union-attr]
        departments.change(home, region="340799")
        others = {str(r): officers.add(home, r.zh, r) for r in OfficerRole if str(r) not in own}
        foreign = officers.add(departments.add("示例市农业农村局"), "外人", OfficerRole.DECIDER)
        above = officers.add(departments.add("示例省市场监督管理局", "340000"), "上级", OfficerRole.DECIDER)
    return own | others | {"foreign": foreign, "above": above}


def who_does(name: str) -> str:
    return {"confirm": "confirmer", "consent": "above"}.get(name, "decider" if name in DECIDERS else "supervisor")


def paper(name: str, day: date) -> dict[str, Any]:
    """A document that is whole, with this day wherever it tells one."""
    said = WHOLE[name] | (MORE if name in ("decide", "restore") else {})
    return {key: day.isoformat() if key.endswith("_on") else value for key, value in said.items()}


def acted(listing: int, name: str, officer: int, day: date = TODAY, **fields: Any) -> None:
    """One act on a listing, and its consequences published."""
    with transaction("test") as change:
        enterprise = listings.act(change, listing, name, officer, day, fields or paper(name, day))
        way.advance(change, [enterprise], day)


def led_to(state: str, who: dict[str, int], code: str, day: date = LISTED_ON) -> int:
    """A new listing in this state, with every act on `day`, or when it may be."""
    with transaction("test") as change:
        listing = listings.propose(change, who["supervisor"], GIVEN | {"code": code}, day)
        on = day
        for name in WAY_TO[state]:
            on, act = LATER.get(name, day), "assess" if name == "excuse" else name
            excuse = {"no_intent": "进货查验记录齐全"} if name == "excuse" else {}
            enterprise = listings.act(change, listing, act, who[who_does(act)], on, paper(act, on) | excuse)
        if WAY_TO[state]:
            way.advance(change, [enterprise], on)
    return listing


def state_of(listing: int) -> str:
    acts = select(ListingAct.state).where(ListingAct.listing_id == listing).order_by(ListingAct.seq.desc())
    return str(db.session.scalars(acts).first())


def grade_on(code: str, day: date) -> str | None:
    return look_up.public_record(code, day).as_dict()["grade"]


@pytest.mark.parametrize("state", POSSIBLE)
def test_every_act_is_kept_with_its_officer_and_no_other_act_is_done(app: Flask, state: str) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to(state, who, code)
    for name in LEADS_TO.keys() - POSSIBLE[state]:
        with pytest.raises(WrongState), transaction("test") as change:
            listings.act(change, listing, name, who[who_does(name)], ENDS_ON, paper(name, ENDS_ON))
    assert state_of(listing) == state
    kept = listings.acts_of(listing)
    assert [act.act for act in kept] == ["propose", *(("assess" if n == "excuse" else n) for n in WAY_TO[state])]
    assert [act.officer_id for act in kept[1:]] == [who[who_does(act.act)] for act in kept[1:]]


@pytest.mark.parametrize("state", [state for state in POSSIBLE if POSSIBLE[state]])
def test_only_the_right_officer_of_the_same_department_may_act(app: Flask, state: str) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to(state, who, code)
    for name in sorted(POSSIBLE[state]):
        right = ["above"] if name == "consent" else RIGHT["decider" if name in DECIDERS else "supervisor"]
        right = [*right, "credit"] if ACTS[name].by_credit_unit else right
        for officer in {*who.values(), 10**9} - {who[part] for part in right}:
            with pytest.raises(NotAllowed), transaction("test") as change:
                listings.act(change, listing, name, officer, ENDS_ON, paper(name, ENDS_ON))
    assert state_of(listing) == state


def test_an_officer_who_left_acts_no_more(app: Flask) -> None:
    who = everyone()
    listing = led_to("proposed", who, make_enterprise())
    with transaction("test") as change:
        officers.disable(change, who["supervisor"])
    with pytest.raises(NotAllowed):
        acted(listing, "assess", who["supervisor"], LISTED_ON)


def test_who_decided_does_not_confirm(app: Flask) -> None:
    who = everyone()
    listing = led_to("decided", who, make_enterprise())
    with pytest.raises(NotAllowed, match="Another officer"):
        acted(listing, "confirm", who["decider"])
    acted(listing, "confirm", who["confirmer"])
    assert state_of(listing) == "confirmed"


def test_only_a_supervisor_proposes_for_a_known_enterprise_on_facts(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    other = make_event(violation(make_enterprise(2)))
    for officer, given, error in [
        (who["decider"], {}, NotAllowed), (10**9, {}, NotAllowed), (who["supervisor"], {"code": code_of(9)}, UnknownEnterprise),
        (who["supervisor"], {"facts": " "}, InvalidInput), (who["supervisor"], {"event_id": other}, InvalidInput),
    ]:  # fmt: skip
        with pytest.raises(error), transaction("test") as change:
            listings.propose(change, officer, GIVEN | {"code": code} | given, TODAY)
    with pytest.raises(UnknownListing):
        acted(10**9, "assess", who["supervisor"])


@pytest.mark.parametrize(
    ("given", "day"),
    [({"list": "disliked"}, TODAY), ({"ground": "art-99"}, TODAY), ({}, date(2021, 8, 31)), ({"list": ""}, TODAY)],
)
def test_there_is_no_listing_without_legal_basis(app: Flask, given: dict[str, str], day: date) -> None:
    who, code = make_officers(), make_enterprise(day=day)
    with pytest.raises(NoLegalBasis), transaction("test") as change:
        listings.propose(change, who["supervisor"], GIVEN | {"code": code} | given, day)
    with transaction("test") as change:
        listings.propose(change, who["supervisor"], GIVEN | {"code": code}, date(2021, 9, 1))


def test_the_public_is_told_from_publication_until_the_end_of_the_term(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    for state in POSSIBLE:
        if state in ("published", "removal_asked", "removal_accepted", "removed", "expired", "revoked"):
            continue
        led_to(state, who, code)
        assert public_listings(TODAY).items == [] and statistics.numbers(TODAY)["listings"] == 0
        assert grade_on(code, TODAY) == "N"
    led_to("published", who, code)
    (item,) = public_listings(TODAY).items
    assert {key: item[key] for key in ("code", "listed_on", "ends_on", "earliest_removal", "basis", "document_no")} == {
        "code": code, "listed_on": "2026-03-31", "ends_on": "2029-03-31", "earliest_removal": "2027-03-31",
        "basis": DECISION["basis"], "document_no": DECISION["document_no"],
    }  # fmt: skip
    for day, shown in [(LISTED_ON - timedelta(1), 0), (LISTED_ON, 1), (ENDS_ON - timedelta(1), 1), (ENDS_ON, 0)]:
        assert len(public_listings(day).items) == statistics.numbers(day)["listings"] == shown
        assert len(choices(day)["regions"]) == shown
    for day, grade in [(TODAY, "D"), (ENDS_ON - timedelta(1), "D"), (ENDS_ON, "N")]:
        record = look_up.public_record(code, day).as_dict()
        assert (record["grade"], len(record["listings"])) == (grade, int(grade == "D"))
    assert look_up.public_record(code, TODAY).expires_on <= ENDS_ON


def test_a_term_ends_on_the_last_day_of_a_shorter_month(app: Flask) -> None:
    code = make_enterprise(day=date(2024, 2, 29))
    make_listing(code, on=date(2024, 2, 29))
    (item,) = public_listings(TODAY).items
    assert (item["earliest_removal"], item["ends_on"]) == ("2025-02-28", "2027-02-28")


def test_a_revoked_listing_ends_at_once_and_is_not_told_for_any_past_day(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to("published", who, code)
    assert len(public_listings(TODAY, as_of=LISTED_ON).items) == 1
    acted(listing, "revoke", who["decider"], TODAY)
    for as_of in (None, TODAY, TODAY - timedelta(1), LISTED_ON):
        assert public_listings(TODAY, as_of=as_of).items == []
    assert public_listings(TODAY - timedelta(1)).items != []
    assert statistics.numbers(TODAY)["listings"] == 0 and choices(TODAY)["regions"] == []
    assert grade_on(code, TODAY) == "N"
    past = look_up.public_record(code, TODAY, LISTED_ON).as_dict()
    assert past["grade"] != "D" and past["listings"] == []
    assert all(span["grade"] != "D" for span in look_up.grade_history(code, TODAY))


def test_a_past_day_shows_who_was_listed_then_and_still_is(app: Flask) -> None:
    who = everyone()
    led_to("published", who, make_enterprise(1))
    led_to("published", who, make_enterprise(2), TODAY)
    assert [i["code"] for i in public_listings(TODAY, as_of=LISTED_ON).items] == [code_of(1)]
    assert [i["code"] for i in public_listings(TODAY, as_of=LISTED_ON - timedelta(1)).items] == []
    for as_of in (TODAY + timedelta(1), date(2015, 12, 31)):
        with pytest.raises(BeforeRegister):
            public_listings(TODAY, as_of=as_of)


def test_the_listing_of_a_branch_is_the_branches_own(app: Flask) -> None:
    parent = make_enterprise(1, name="铜都本部有限公司")
    branch = make_enterprise(2, name="铜都本部有限公司一分公司", parent_code=parent)
    make_listing(branch, on=LISTED_ON)
    assert (grade_on(branch, TODAY), grade_on(parent, TODAY)) == ("D", "N")
    assert [item["code"] for item in public_listings(TODAY).items] == [branch]
    assert look_up.public_record(parent, TODAY).as_dict()["listings"] == []


def test_filters_find_by_any_name_code_region_and_ground(app: Flask) -> None:
    who = everyone()
    make_enterprise(1, date(2020, 1, 1), name="铜都睡狮電器有限公司")
    make_enterprise(1, date(2024, 1, 1), name="铜都醒狮电器有限公司", region="340799")
    make_enterprise(2, name="安庆船舶有限公司", region="340800")
    for number in (1, 2):
        led_to("published", who, code_of(number))
    one = [code_of(1)]
    for asked in (
        {"q": "睡狮电"},
        {"q": "醒獅"},
        {"q": "tdxs"},
        {"q": code_of(1)[-9:]},
        {"q": code_of(1).lower()},
        {"region": "3407"},
    ):
        assert [item["code"] for item in public_listings(TODAY, **asked).items] == one, asked
    assert [item["name"] for item in public_listings(TODAY, q="睡狮").items] == ["铜都醒狮电器有限公司"]
    assert len(public_listings(TODAY, ground="art-7").items) == len(public_listings(TODAY, region="34").items) == 2
    for asked in ({"ground": "art-11"}, {"region": "11"}, {"region": "34%"}, {"q": "（"}, {"q": "%"}, {"q": "狮醒"}):
        assert public_listings(TODAY, **asked).items == [], asked
    assert {row["value"] for row in choices(TODAY)["regions"]} == {"340799", "340800"}
