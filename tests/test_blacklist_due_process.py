"""What an act on a listing brings with it: terms, early removal and its conditions, restoration, a basis that falls."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from credit.db import db, transaction
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.models import Listing
from credit.services import departments, listings, look_up, officers
from credit.services.blacklist import public_listings
from credit.services.listing_texts import proposed_facts
from credit.terms import Cessation, OfficerRole
from tests.makers import make_cessation, make_enterprise, make_event, violation
from tests.test_blacklist import (
    EARLY_ON,
    ENDS_ON,
    GIVEN,
    LISTED_ON,
    acted,
    everyone,
    grade_on,
    led_to,
    paper,
    state_of,
)

PENALTY = {
    "document_no": "示例罚〔2026〕1号", "occurred_on": "2026-02-01", "decided_on": str(LISTED_ON), "category": "counterfeit",
    "penalties": ["fine", "suspended_business"], "heavier": True,
}  # fmt: skip


def fined(code: str, **fields: Any) -> int:
    """A heavier penalty that is decided on the day on which the listing is opened."""
    notices = dict.fromkeys(("served_on", "publication_notice_on", "repair_notice_on"), str(LISTED_ON))
    return make_event(violation(code, **PENALTY | {"notices": notices} | fields))


def shown() -> list[str]:
    return [item["ends_on"] for item in public_listings(ENDS_ON.replace(year=2028)).items]


def test_a_penalty_decided_before_opens_no_case_but_for_refusing_to_perform(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    event = fined(code)
    late = date(2026, 4, 1)
    with pytest.raises(WrongState, match="together with it"), transaction("test") as change:
        listings.propose(change, who["supervisor"], GIVEN | {"code": code, "event_id": event}, late)
    with transaction("test") as change:
        listings.propose(change, who["supervisor"], GIVEN | {"code": code, "event_id": event}, LISTED_ON)
        given = GIVEN | {"code": code, "event_id": event, "ground": "art-11"}
        listings.propose(change, who["supervisor"], given, late)


def test_only_the_authority_that_the_list_names_may_propose(app: Flask) -> None:
    code = make_enterprise()
    with transaction("test"):
        foreign = officers.add(departments.add("示例市农业农村局"), "外人", OfficerRole.SUPERVISOR)
    with pytest.raises(NotAllowed, match="market supervision"), transaction("test") as change:
        listings.propose(change, foreign, GIVEN | {"code": code}, LISTED_ON)


def test_a_decision_names_its_penalty_and_answers_what_the_party_stated(app: Flask) -> None:
    who = everyone()
    listing = led_to("stated", who, make_enterprise())
    acted(listing, "waive", who["supervisor"], LISTED_ON)
    acted(listing, "consent", who["above"], LISTED_ON)
    whole = paper("decide", LISTED_ON)
    for lacking in ("penalty_document_no", "answer"):
        with pytest.raises(InvalidInput) as refused:
            acted(listing, "decide", who["decider"], LISTED_ON, **whole | {lacking: None})
        assert set(refused.value.extra["errors"]) == {lacking}
    assert state_of(listing) == "consented"
    acted(listing, "decide", who["decider"], LISTED_ON, **whole)


def test_the_penalty_is_linked_with_the_decision(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    listing, other = led_to("consented", who, code), fined(make_enterprise(2))
    event = fined(code)
    with pytest.raises(InvalidInput):
        acted(listing, "decide", who["decider"], LISTED_ON, **paper("decide", LISTED_ON), event_id=other)
    acted(listing, "decide", who["decider"], LISTED_ON, **paper("decide", LISTED_ON), event_id=event)
    assert db.session.get_one(Listing, listing).event_id == event
    db.session.rollback()


def test_a_longer_restriction_by_law_prevails_over_the_term(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to("consented", who, code)
    event = fined(code, restricted_until="2031-03-31")
    acted(listing, "decide", who["decider"], LISTED_ON, **paper("decide", LISTED_ON), event_id=event)
    acted(listing, "confirm", who["confirmer"], LISTED_ON)
    acted(listing, "publish", who["supervisor"], LISTED_ON)
    assert shown() == ["2031-03-31"]


def test_removed_early_the_public_is_told_nothing_and_the_grade_is_made_anew(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to("removal_accepted", who, code)
    assert grade_on(code, EARLY_ON) == "D" and len(public_listings(EARLY_ON).items) == 1
    acted(listing, "grant_removal", who["decider"], EARLY_ON)
    for as_of in (None, EARLY_ON, LISTED_ON):
        assert public_listings(EARLY_ON, as_of=as_of).items == []
    assert grade_on(code, EARLY_ON) == "N"
    assert look_up.public_record(code, EARLY_ON, LISTED_ON).as_dict()["listings"] == []
    assert {span["grade"] for span in look_up.grade_history(code, EARLY_ON)} == {"N"}


def test_a_refused_application_leaves_the_listing_and_may_be_made_again(app: Flask) -> None:
    who = everyone()
    listing = led_to("removal_accepted", who, make_enterprise())
    acted(listing, "refuse_removal", who["decider"], EARLY_ON)
    assert state_of(listing) == "published" and len(public_listings(EARLY_ON).items) == 1
    acted(listing, "apply_removal", who["supervisor"], EARLY_ON)
    acted(listing, "reject_removal", who["supervisor"], EARLY_ON)
    assert state_of(listing) == "published"


@pytest.mark.parametrize(
    ("own", "later", "word"),
    [
        ({"performed_on": None}, False, "not performed"),
        ({"performed_on": "2026-04-30"}, True, "heavier penalties since"),
        ({"performed_on": "2026-04-30", "restricted_until": "2027-12-31"}, False, "restriction by law"),
        ({"performed_on": "2026-04-30", "restricted_until": "2027-03-31"}, False, None),
    ],
)
def test_early_removal_is_granted_only_where_every_condition_is_met(
    app: Flask, own: dict[str, Any], later: bool, word: str | None
) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to("consented", who, code)
    event = fined(code, **{name: value for name, value in own.items() if value})
    acted(listing, "decide", who["decider"], LISTED_ON, **paper("decide", LISTED_ON), event_id=event)
    for name, officer in (("confirm", "confirmer"), ("publish", "supervisor")):
        acted(listing, name, who[officer], LISTED_ON)
    if later:
        fined(code, document_no="示例罚〔2026〕7号", decided_on="2026-05-01")
        fined(code, document_no="示例罚〔2026〕8号", decided_on="2026-05-01", penalties=["fine"], heavier=False)
    for name in ("apply_removal", "accept_removal"):
        acted(listing, name, who["supervisor"], EARLY_ON)
    if word is None:
        acted(listing, "grant_removal", who["decider"], EARLY_ON)
        assert state_of(listing) == "removed"
        return
    with pytest.raises(WrongState, match=word) as refused:
        acted(listing, "grant_removal", who["decider"], EARLY_ON)
    assert "8号" not in refused.value.detail and state_of(listing) == "removal_accepted"


def test_restored_after_false_material_the_term_starts_anew_and_another_confirms(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    listing, again = led_to("removed", who, code), date(2027, 9, 1)
    acted(listing, "restore", who["decider"], again)
    assert public_listings(again).items == [] and grade_on(code, again) == "N"
    with pytest.raises(NotAllowed):
        acted(listing, "confirm", who["decider"], again)
    acted(listing, "confirm", who["confirmer"], again)
    acted(listing, "publish", who["supervisor"], again)
    (item,) = public_listings(again).items
    assert (item["listed_on"], item["ends_on"], item["earliest_removal"]) == ("2027-09-01", "2030-09-01", "2028-09-01")
    assert public_listings(again, as_of=LISTED_ON).items == []
    assert grade_on(code, again) == "D" and grade_on(code, date(2030, 9, 1)) == "N"
    with pytest.raises(WrongState):
        acted(listing, "apply_removal", who["supervisor"], date(2028, 8, 31))


@pytest.mark.parametrize("state", ["consented", "decided", "confirmed"])
def test_a_basis_that_fell_stops_the_case_before_anything_is_public(app: Flask, state: str) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to("consented", who, code)
    event = fined(code)
    steps = [("decide", "decider"), ("confirm", "confirmer"), ("publish", "supervisor")]
    before = {"consented": 0, "decided": 1, "confirmed": 2}[state]
    for name, officer in steps[:before]:
        more = {"event_id": event} if name == "decide" else {}
        acted(listing, name, who[officer], LISTED_ON, **paper(name, LISTED_ON) | more)
    make_cessation(code, PENALTY["document_no"], LISTED_ON, Cessation.REVOKED, day=LISTED_ON)
    if state == "decided":
        acted(listing, "confirm", who["confirmer"], LISTED_ON)
    name, officer = steps[0] if state == "consented" else steps[-1]
    more = {"event_id": event} if name == "decide" else {}
    with pytest.raises(InvalidInput, match="no violation of this firm"):
        acted(listing, name, who[officer], LISTED_ON, **paper(name, LISTED_ON) | more)
    assert public_listings(LISTED_ON).items == []
    acted(listing, "drop" if state == "consented" else "revoke", who["decider"], LISTED_ON)


@pytest.mark.parametrize("state", ["published", "removal_asked", "removal_accepted", "removed"])
def test_a_basis_that_fell_is_revoked_in_every_later_state_and_nothing_is_left_of_it(app: Flask, state: str) -> None:
    who, code = everyone(), make_enterprise()
    listing = led_to(state, who, code)
    acted(listing, "revoke", who["decider"], EARLY_ON)
    assert state_of(listing) == "revoked" and public_listings(EARLY_ON).items == []
    assert public_listings(EARLY_ON, as_of=LISTED_ON).items == [] and grade_on(code, EARLY_ON) == "N"


def test_facts_that_tell_of_people_are_published_masked_or_not_at_all(app: Flask) -> None:
    who, code = everyone(), make_enterprise()
    told = "消费者张三（电话13800138000）投诉后查实以次充好。"
    with transaction("test") as change:
        listing = listings.propose(change, who["supervisor"], GIVEN | {"code": code, "facts": told}, LISTED_ON)
    for name, officer in (("assess", "supervisor"), ("notify", "supervisor"), ("waive", "supervisor"),
                          ("consent", "above"), ("decide", "decider"), ("confirm", "confirmer")):  # fmt: skip
        acted(listing, name, who[officer], LISTED_ON)
    proposal = proposed_facts(listings.find(listing))
    assert proposal and "13800138000" not in proposal
    for wrong in ({}, {"masked_facts": told}, {"masked_facts": "查实以次充好。"}):
        with pytest.raises(InvalidInput) as refused, transaction("test") as change:
            listings.act(change, listing, "publish", who["supervisor"], LISTED_ON, wrong)
        assert "13800138000" not in str(refused.value.extra) and "张三" not in str(refused.value.extra)
    acted(listing, "publish", who["supervisor"], LISTED_ON, masked_facts=proposal)
    (item,) = public_listings(LISTED_ON).items
    assert item["facts"] == proposal and listings.find(listing).facts == told
