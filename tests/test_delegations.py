"""Delegation: a colleague acts in one's role for some days; the two count as one person, and each act tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.errors import InvalidInput, NotAllowed, WrongState
from credit.models import Officer
from credit.services import delegations, listing_story, listings, officers, sign_in
from credit.terms import OfficerRole
from tests.conftest import TODAY, Clock
from tests.desk import Login, claim, make_login, send
from tests.desk import sign_in as sign_in_as
from tests.makers import DECISION, make_enterprise, make_listing, make_officers

WEEK = TODAY + timedelta(days=6)


def given(officer: int, deputy: int, **more: Any) -> int:
    said = {"since": TODAY, "until": WEEK, "reason": "出差", "day": TODAY} | more
    with transaction("test") as change:
        return delegations.delegate(change, officer, deputy, **said)


def with_code(login: Login) -> Login:
    with transaction("test"):
        db.session.get_one(Officer, login.id).totp_confirmed = True
    return login


def does(listing: int, officer: int, name: str, day: Any = TODAY, **fields: Any) -> None:
    with transaction("test") as change:
        listings.act(change, listing, name, officer, day, fields)


@pytest.fixture
def decider() -> Login:
    return make_login("decider")


@pytest.fixture
def deputy() -> Login:
    return with_code(make_login("supervisor"))


def test_a_deputy_acts_for_the_days_of_the_delegation_and_each_act_tells_for_whom(
    app: Flask, decider: Login, deputy: Login
) -> None:
    listing = make_listing(make_enterprise(), until="waive")
    with pytest.raises(NotAllowed):
        does(listing, deputy.id, "decide", **DECISION)
    number = given(decider.id, deputy.id, since=TODAY + timedelta(days=1))
    with pytest.raises(NotAllowed):
        does(listing, deputy.id, "decide", **DECISION)
    with pytest.raises(NotAllowed):
        does(listing, deputy.id, "decide", WEEK + timedelta(days=1), **DECISION)
    does(listing, deputy.id, "decide", WEEK, **DECISION, in_stead_of=999)
    told = listing_story.story(listing, WEEK)["acts"][-1]
    assert (told["officer"], told["in_stead_of"]) == ("示例人员", "示例人员") and "in_stead_of" not in told["document"]
    assert listings.acts_of(listing)[-1].fields["in_stead_of"] == decider.id
    with transaction("test") as change:
        delegations.end(change, number, deputy.id, WEEK)
        delegations.end(change, number, decider.id, WEEK)
    assert delegations.principals(deputy.id, WEEK) == {}


def test_who_delegated_and_who_acted_count_as_one_person(app: Flask, decider: Login, deputy: Login) -> None:
    listing, other = make_listing(make_enterprise(), until="waive"), make_officers()["confirmer"]
    given(decider.id, deputy.id)
    does(listing, deputy.id, "decide", **DECISION)
    for same in (decider.id, deputy.id):
        with pytest.raises(NotAllowed, match="Another officer"):
            does(listing, same, "confirm")
    does(listing, other, "confirm")


def test_a_colleague_of_the_decider_cant_confirm_for_the_one_who_decided(
    app: Flask, decider: Login, deputy: Login
) -> None:
    listing = make_listing(make_enterprise(), until="waive")
    does(listing, decider.id, "decide", **DECISION)
    given(decider.id, deputy.id)
    with pytest.raises(NotAllowed, match="Another officer"):
        does(listing, deputy.id, "confirm")


def test_a_role_that_asks_for_a_code_begins_with_the_deputys_code(
    client: FlaskClient, decider: Login, clock: Clock
) -> None:
    deputy = make_login("supervisor")
    assert claim(client, deputy.login).location == "/desk"
    given(decider.id, deputy.id)
    assert delegations.principals(deputy.id, TODAY) == {}
    assert "登录名" in client.get("/desk").text, "the session of before is over"
    assert claim(client, deputy.login).location.startswith("/desk/code")
    with_code(deputy)
    person = sign_in.person_of(deputy.id, TODAY)
    assert person is not None and "decide" in person.bearer.scopes and person.roles == ("supervisor", "decider")
    later = sign_in.person_of(deputy.id, WEEK + timedelta(days=1))
    assert later is not None and "decide" not in later.bearer.scopes and not later.deputises


def test_a_delegation_falls_with_the_role_of_who_gave_it(app: Flask, decider: Login, deputy: Login) -> None:
    given(decider.id, deputy.id)
    assert delegations.principals(deputy.id, TODAY) == {"decider": decider.id}
    with transaction("test") as change:
        officers.set_role(change, decider.id, OfficerRole.REPORTER)
    assert delegations.principals(deputy.id, TODAY) == {}
    with transaction("test") as change:
        officers.set_role(change, decider.id, OfficerRole.DECIDER)
        officers.disable(change, decider.id)
    assert delegations.principals(deputy.id, TODAY) == {}


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("since", {"since": TODAY - timedelta(days=1)}), ("until", {"until": TODAY - timedelta(days=1)}),
        ("until", {"until": TODAY + timedelta(days=93)}),
    ],
)  # fmt: skip
def test_no_delegation_reaches_back_or_lasts_for_ever(
    app: Flask, decider: Login, deputy: Login, field: str, more: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        given(decider.id, deputy.id, **more)
    assert list(refused.value.extra["errors"]) == [field]


def test_only_colleagues_who_can_sign_in_are_deputies_and_nobody_lends_an_administrators_role(
    app: Flask, decider: Login
) -> None:
    foreign, keyless = make_login("decider", "示例农业农村局").id, make_officers()["supervisor"]
    for wrong in (decider.id, foreign, keyless, make_login("auditor").id, 10**9):
        with pytest.raises(InvalidInput) as refused:
            given(decider.id, wrong)
        assert list(refused.value.extra["errors"]) == ["deputy"]
    with pytest.raises(InvalidInput):
        given(make_login("administrator").id, decider.id)


def test_others_dont_end_it_and_what_is_over_stays_as_it_was(app: Flask, decider: Login, deputy: Login) -> None:
    number = given(decider.id, deputy.id)
    other = make_login("decider").id
    with pytest.raises(NotAllowed), transaction("test") as change:
        delegations.end(change, number, other, TODAY)
    with pytest.raises(WrongState), transaction("test") as change:
        delegations.end(change, number, decider.id, WEEK + timedelta(days=1))


def test_the_desk_gives_and_ends_a_delegation(client: FlaskClient, decider: Login, deputy: Login) -> None:
    sign_in_as(client, decider)
    page = client.get("/desk/delegations").text
    assert f'<option value="{deputy.id}"' in page and "没有委托" in page
    said = {"deputy": str(deputy.id), "since": str(TODAY), "until": str(WEEK), "reason": "外出培训"}
    for name, text in (("deputy", ""), ("deputy", "x"), ("since", "morgen"), ("until", "2020-01-01"), ("reason", " ")):
        wrong = send(client, "/desk/delegations", **(said | {name: text}))
        assert wrong.status_code == 422 and f'href="#{name}"' in wrong.text, name
    assert send(client, "/desk/delegations", **said).status_code == 303
    assert "外出培训" in client.get("/desk/delegations").text
    sign_in_as(client, Login(deputy.id, deputy.login, deputy.password, None))
    number = delegations.of(decider.id, TODAY)[0]["number"]
    sign_in_as(client, decider)
    assert send(client, "/desk/delegations", number=str(number)).status_code == 303
    assert "没有委托" in client.get("/desk/delegations").text
