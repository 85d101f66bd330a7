"""The public list narrowed and counted; what has come off it is nobody's but the auditors'."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from credit.db import AuditRow, db
from tests.conftest import TODAY, Clock
from tests.desk import sign_in
from tests.makers import DEPARTMENT, code_of, make_enterprise, make_key, make_listing, make_officers

LIST, FORMER = "/api/v1/blacklist", "/api/v1/listings/former"
FARM = "示例农业市场监督管理局"
EARLIER = TODAY - timedelta(days=60)


@pytest.fixture
def three(app: Flask) -> None:
    """Three listings: two of one department on two days, one of another."""
    for number, industry, region in ((1, "C1512", "340799"), (2, "C3921", "340799"), (3, "F5211", "340800")):
        make_enterprise(number, EARLIER, industry=industry, region=region)
    make_listing(code_of(1), EARLIER)
    make_listing(code_of(2))
    make_listing(code_of(3), officers=make_officers(FARM))


def codes(client: FlaskClient, **asked: Any) -> list[str]:
    answer = client.get(LIST, query_string=asked)
    assert answer.status_code == 200, answer.text
    found = [item["code"] for item in answer.json["items"]]
    assert answer.json["counts"]["matching"] == len(found)
    page = client.get("/blacklist", query_string=asked).text
    paper = client.get("/blacklist", query_string=asked | {"print": 1}).text
    for code in map(code_of, (1, 2, 3)):
        assert (code in page.replace("?", "")) == (code in paper) == (code in found) or asked.get("q") == code
    return found


@pytest.mark.parametrize(
    ("asked", "fit"),
    [
        ({}, (1, 2, 3)), ({"industry": "C"}, (1, 2)), ({"industry": "1512"}, (1,)), ({"industry": "c39"}, (2,)),
        ({"authority": DEPARTMENT}, (1, 2)), ({"authority": FARM}, (3,)), ({"from": str(TODAY)}, (2, 3)),
        ({"to": str(TODAY - timedelta(1))}, (1,)), ({"from": str(EARLIER), "to": str(EARLIER)}, (1,)),
        ({"from": str(EARLIER + timedelta(1)), "to": str(TODAY - timedelta(1))}, ()),
        ({"as_of": str(TODAY - timedelta(1))}, (1,)), ({"ground": "art-11"}, ()),
        ({"region": "3407", "industry": "C", "from": str(TODAY), "q": "示例2", "ground": "art-7"}, (2,)),
    ],
)  # fmt: skip
def test_each_filter_alone_and_together(client: FlaskClient, three: None, asked: dict[str, str], fit: Any) -> None:
    assert codes(client, **asked) == [code_of(number) for number in fit]


def test_counts_are_of_the_day_by_ground_and_by_authority(client: FlaskClient, three: None) -> None:
    counts = client.get(LIST, query_string={"authority": FARM}).json["counts"]
    assert (counts["total"], counts["matching"]) == (3, 1)
    assert [(one["value"], one["count"]) for one in counts["authorities"]] == [(DEPARTMENT, 2), (FARM, 1)]
    assert [(one["value"], one["count"]) for one in counts["grounds"]] == [("art-7", 3)]
    past = client.get(LIST, query_string={"as_of": str(TODAY - timedelta(1))}).json
    assert (past["as_of"], past["counts"]["total"]) == (str(TODAY - timedelta(1)), 1)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"ground": "art-99"}, "ground"), ({"authority": "没有这个局"}, "authority"), ({"from": "2026-02-30"}, "from"),
        ({"to": "gestern"}, "to"), ({"from": "2026-02-02", "to": "2026-02-01"}, "to"), ({"industry": "Z"}, "industry"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_what_nothing_could_meet_is_refused_by_its_name(client: FlaskClient, asked: Any, field: str) -> None:
    answer = client.get(LIST, query_string=asked)
    assert answer.status_code == 422 and field in str(answer.json["errors"]), answer.text
    assert client.get("/blacklist", query_string=asked).status_code == (200 if field == "colour" else 422)


def without(text: str, code: str, number: int) -> str:
    """An answer without what names the enterprise."""
    for own in (code, code[8:17], f"示例{number}"):
        text = text.replace(own, "")
    return text


def test_a_former_listing_answers_the_public_like_one_that_never_was(client: FlaskClient, clock: Clock) -> None:
    """The day alone moves; no job runs."""
    never, former = make_enterprise(1), make_enterprise(2)
    make_listing(former)
    clock.day = date(2029, 11, 22)  # the term is over today
    for path in (LIST, "/blacklist", "/blacklist?print=1", "/blacklist.atom", f"{LIST}?as_of=2027-01-04"):
        assert former not in client.get(path).text and "以不合格产品" not in client.get(path).text, path
    assert client.get(LIST).json["counts"] == {"total": 0, "matching": 0, "grounds": [], "authorities": []}
    for asked in ("q={}", "q={}&as_of=2027-01-04", "q={}&authority=" + DEPARTMENT):
        for door in (LIST, "/blacklist", "/blacklist?print=1"):
            told = [
                without(client.get(f"{door}{'&' if '?' in door else '?'}{asked.format(code)}").text, code, number)
                for number, code in ((1, never), (2, former))
            ]
            assert told[0] == told[1], (door, asked)
    for path in ("/api/v1/enterprises/{}", "/api/v1/enterprises/{}/grades", "/api/v1/enterprises?q={}"):
        assert "listed" not in client.get(path.format(former)).text


def test_auditors_read_former_listings_in_full_and_each_reading_is_logged(client: FlaskClient, clock: Clock) -> None:
    make_enterprise(1), make_enterprise(2)
    first, second = make_listing(code_of(1)), make_listing(code_of(2), TODAY - timedelta(days=3))
    key = make_key(scopes=("audit",))
    assert client.get(FORMER, headers=key).json == {"items": [], "next": None}
    assert client.get(FORMER).status_code == 401
    assert client.get(FORMER, headers=make_key(scopes=("supervise", "decide"))).status_code == 403
    clock.day = date(2029, 11, 22)
    page = client.get(f"{FORMER}?limit=1", headers=key).json
    rest = client.get(f"{FORMER}?cursor={page['next']}", headers=key).json
    assert [item["id"] for item in page["items"] + rest["items"]] == [first, second] and rest["next"] is None
    item = page["items"][0]
    assert (item["ended_on"], item["ended_by"]["zh"], item["facts"]) == ("2029-11-22", "期满移出", "以不合格产品冒充合格产品。")
    assert [one["id"] for one in client.get(f"{FORMER}?q={code_of(2)}", headers=key).json["items"]] == [second]
    read = db.session.scalars(select(AuditRow.about).where(AuditRow.act == "former-listings")).all()
    assert [about["listings"] for about in read] == [[], [first], [second], [second]]
    sign_in(client, "auditor")
    shown = client.get("/desk/listings/former").text
    assert code_of(1) in shown and "期满移出" in shown
    assert "No former listing" in client.get("/desk/listings/former?q=x9x9&lang=en").text

