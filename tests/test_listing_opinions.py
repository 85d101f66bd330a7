"""Opinions that a list may ask for, the credit unit's own acts: each as a switch of the policy, each with its day."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import transaction
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.policy import FOLDER, policy_texts
from credit.rules.blacklist import CREDIT_UNIT, LEGAL_REVIEW, SECRECY_REVIEW
from credit.rules.listing_days import Done
from credit.rules.listing_opinions import awaited, check_opinion
from credit.services import departments, listing_options, listings, officers, tasks
from credit.terms import ListingState, OfficerRole
from tests.conftest import TODAY
from tests.desk import make_login, sign_in
from tests.makers import DECISION, DEPARTMENT, make_enterprise, make_listing, make_officers
from tests.policy_versions import enacted

UNITS = (LEGAL_REVIEW, SECRECY_REVIEW, CREDIT_UNIT)
TEXT = policy_texts(FOLDER)["lists.yaml"]
NOW = TEXT[TEXT.index("    - from:") :]
ASKED = "factor_test: true", "".join(f"{unit}: true\n        " for unit in UNITS) + "factor_test: true"
# From today on the list asks for both opinions, and the credit unit keeps it.
SWITCHES = NOW, NOW.rstrip() + "\n" + NOW.replace("2021-09-01", str(TODAY)).replace(*ASKED)
YES, NO = {"opinion": "agree", "reason": "事实清楚"}, {"opinion": "return", "reason": "证据不足"}


@pytest.fixture
def who(app: Flask) -> dict[str, int]:
    enacted({"lists.yaml": SWITCHES})
    own = make_officers()
    units = (OfficerRole.LEGAL, OfficerRole.SECRECY, OfficerRole.CREDIT)
    with transaction("test"):
        home = departments.add(DEPARTMENT)
        others = {str(role): officers.add(home, role.zh, role) for role in units}
    return own | others


def does(who: dict[str, int], listing: int, officer: str, name: str, **fields: Any) -> None:
    with transaction("test") as change:
        listings.act(change, listing, name, who[officer], TODAY, fields)


def test_nothing_is_decided_or_published_before_the_units_agree(who: dict[str, int]) -> None:
    listing = make_listing(make_enterprise(), until="waive", officers=who)
    with pytest.raises(WrongState, match="review the law"):
        does(who, listing, "decider", "decide", **DECISION)
    does(who, listing, "legal", "legal_review", **NO)
    with pytest.raises(WrongState, match="returned"):
        does(who, listing, "decider", "decide", **DECISION)
    does(who, listing, "legal", "legal_review", **YES)
    does(who, listing, "decider", "decide", **DECISION)
    does(who, listing, "confirmer", "confirm")
    with pytest.raises(WrongState, match="secrecy"):
        does(who, listing, "credit", "publish")
    does(who, listing, "secrecy", "secrecy_review", **YES)
    with pytest.raises(NotAllowed, match="credit unit"):
        does(who, listing, "supervisor", "publish")
    does(who, listing, "credit", "publish")
    assert [act.act for act in listings.acts_of(listing)][-1] == "publish"


@pytest.mark.parametrize(
    ("officer", "fields", "refused"),
    [
        ("decider", YES, NotAllowed), ("supervisor", YES, NotAllowed), ("secrecy", YES, NotAllowed),
        ("legal", {"opinion": "perhaps", "reason": "x"}, InvalidInput), ("legal", {"opinion": "agree"}, InvalidInput),
    ],
)  # fmt: skip
def test_an_opinion_is_the_units_own_and_says_yes_or_no_with_reasons(
    who: dict[str, int], officer: str, fields: dict[str, Any], refused: type[Exception]
) -> None:
    listing = make_listing(make_enterprise(), until="waive", officers=who)
    with pytest.raises(refused):
        does(who, listing, officer, "legal_review", **fields)
    assert listings.acts_of(listing)[-1].act == "waive"


def test_a_list_that_asks_for_no_opinion_knows_none(app: Flask) -> None:
    who = make_officers()
    listing = make_listing(make_enterprise(), until="waive", officers=who)
    with pytest.raises(WrongState):
        does(who, listing, "decider", "legal_review", **YES)
    does(who, listing, "decider", "decide", **DECISION)


@pytest.mark.parametrize(
    ("acts", "name", "goes"),
    [
        ("waive legal_review:agree", "decide", True), ("legal_review:agree waive", "decide", False),
        ("waive legal_review:agree legal_review:return", "decide", False),
        ("waive legal_review:agree consent", "decide", True), ("waive", "consent", False),
        ("confirm secrecy_review:agree", "publish", True), ("secrecy_review:agree confirm", "publish", False),
        ("legal_review:agree publish", "restore", False), ("publish legal_review:agree", "restore", True),
        ("notify", "waive", True),
    ],
)  # fmt: skip
def test_an_opinion_counts_for_what_follows_it(acts: str, name: str, goes: bool) -> None:
    done = [Done(act, TODAY, {"opinion": said}) for act, _, said in (one.partition(":") for one in acts.split())]
    if goes:
        check_opinion(name, {}, done, {LEGAL_REVIEW, SECRECY_REVIEW})
    else:
        with pytest.raises(WrongState):
            check_opinion(name, {}, done, {LEGAL_REVIEW, SECRECY_REVIEW})
    check_opinion(name, {}, done, {CREDIT_UNIT})


def test_a_case_waits_for_the_opinion_first() -> None:
    asked, done = {LEGAL_REVIEW}, [Done("waive", TODAY, {})]
    assert awaited(ListingState.HEARD, done, asked) == ["legal_review"]
    agreed = [*done, Done("legal_review", TODAY, {"opinion": "agree"})]
    assert awaited(ListingState.HEARD, agreed, asked) == ["decide"]
    assert awaited(ListingState.HEARD, done, ()) == ["decide"]


def test_everybody_is_told_the_cases_that_wait_for_him_or_her(who: dict[str, int]) -> None:
    listing = make_listing(make_enterprise(), until="waive", officers=who)
    home = listings.find(listing).department_id

    def waits(role: str) -> list[str]:
        return [one["awaits"]["zh"] for one in tasks.cases_of(home, [role], TODAY, 8)]

    assert (waits("legal"), waits("decider"), waits("supervisor")) == (["法制审核"], [], [])
    does(who, listing, "legal", "legal_review", **YES)
    assert (waits("legal"), waits("decider")) == ([], ["决定"])
    does(who, listing, "decider", "decide", **DECISION)
    does(who, listing, "confirmer", "confirm")
    assert (waits("secrecy"), waits("credit")) == (["保密审查"], [])
    does(who, listing, "secrecy", "secrecy_review", **YES)
    assert (waits("credit"), waits("supervisor")) == (["公示"], [])
    assert [one["kind"] for one in tasks.duties_of(home, ["credit"], TODAY, 8)] == ["listing-publication"]
    assert tasks.duties_of(home, ["legal"], TODAY, 8) == []


def test_the_page_offers_the_opinion_to_its_unit_and_tells_others_why_they_wait(
    client: FlaskClient, who: dict[str, int]
) -> None:
    listing = make_listing(make_enterprise(), until="waive", officers=who)
    assert [one.act.name for one in listing_options.options(listing, who["legal"], TODAY) if one.why_not is None] == [
        "legal_review"
    ]
    sign_in(client, make_login("legal"))
    assert f'href="/desk/listings/{listing}"' in client.get("/desk").text
    page = client.get(f"/desk/listings/{listing}").text
    assert '<option value="return"' in page and 'value="decide"' not in page
    sign_in(client, make_login("decider"))
    assert "须先经法制审核同意" in client.get(f"/desk/listings/{listing}").text
    sign_in(client, make_login("secrecy", "示例农业农村局"))
    assert client.get(f"/desk/listings/{listing}").status_code == 403
