"""Cases of listing at the desk: one case on one page, what can be done and why not the rest, ledgers and search."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.services import listing_options, listings
from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.desk import Login, make_login, send, sign_in
from tests.makers import DECISION, WORKSHEET, ago, make_enterprise, make_listing, make_officers

NOTICE = {"document_no": "告1", "facts": "以次充好。", "basis": "令第44号", "served_on": ago(0)}


@pytest.fixture
def handler() -> Login:
    return make_login(OfficerRole.SUPERVISOR)


def done(client: FlaskClient, number: int, act: str, **document: Any) -> Any:
    path = f"/desk/listings/{number}"
    (last,) = set(re.findall(r'name="last" value="(\d+)"', client.get(path).text)) or {"0"}
    fields = {f"{act}-{name}": value for name, value in document.items()}
    return send(client, path, act=act, last=last, sure="yes", **fields)


def test_a_case_goes_its_way_on_one_page_by_the_right_persons(client: FlaskClient, handler: Login) -> None:
    code = make_enterprise()
    sign_in(client, handler)
    given = {"code": code, "list": "samr-44", "ground": "art-7", "facts": "以次充好。", "case_no": "立〔2026〕7号"}
    unsure = send(client, "/desk/listings/new", **given)
    assert unsure.status_code == 422 and "请勾选确认" in unsure.text and "以次充好。" in unsure.text
    opened = send(client, "/desk/listings/new", **given, sure="yes")
    assert opened.status_code == 303
    number = int(opened.location.rpartition("/")[2])
    page = client.get(f"/desk/listings/{number}").text
    assert 'value="assess"' in page and 'value="decide"' not in page and "当前状态为“拟列入”" in page
    missing = done(client, number, "assess", intent="明知")
    assert missing.status_code == 422 and 'href="#assess-frequency"' in missing.text and "明知" in missing.text
    for act, document in (("assess", WORKSHEET), ("notify", NOTICE), ("waive", {"document_no": "弃1"})):
        assert done(client, number, act, **document).status_code == 303, act
    assert "须由具有“决定”职责的人员办理" in client.get(f"/desk/listings/{number}").text
    for act, document in (("decide", DECISION), ("confirm", {})):
        sign_in(client, make_login(OfficerRole.DECIDER))
        assert done(client, number, act, **document).status_code == 303, act
        assert act == "confirm" or "须由另一人办理" in client.get(f"/desk/listings/{number}").text
    sign_in(client, handler)
    assert f"/desk/listings/{number}" in client.get("/desk/listings?ledger=publish").text
    assert done(client, number, "publish").status_code == 303
    assert code in client.get("/blacklist").text


def test_whoever_acts_on_a_page_that_is_old_is_told_so(client: FlaskClient, handler: Login) -> None:
    number = make_listing(make_enterprise(), until="propose")
    sign_in(client, handler)
    stale = send(client, f"/desk/listings/{number}", act="assess", last="1", sure="yes",
                 **{f"assess-{name}": value for name, value in WORKSHEET.items()})  # fmt: skip
    assert stale.status_code == 409 and "刚被他人办理" in stale.text
    db.session.rollback()
    assert [one.act for one in listings.acts_of(number)] == ["propose"]


def test_what_the_page_offers_is_what_the_rules_allow(app: Flask) -> None:
    who = make_officers()
    number = make_listing(make_enterprise(), officers=who, until="decide")

    def open_to(officer: str) -> list[str]:
        return [one.act.name for one in listing_options.options(number, who[officer], TODAY) if one.why_not is None]

    assert open_to("confirmer") == ["confirm", "drop"] and open_to("decider") == ["drop"]
    assert open_to("supervisor") == []
    reasons = {one.act.name: one.why_not for one in listing_options.options(number, who["decider"], TODAY)}
    assert reasons["confirm"] is not None and "另一人" in reasons["confirm"][0]
    assert all(why is None or (why[0] and why[1]) for why in reasons.values())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ledger=listed", True), ("ledger=open", False), ("ledger=ending", False), ("ledger=all&q=示例列", True),
        ("ledger=all&q=340700000017", True), ("ledger=all&q=34070000001", False), ("ledger=all&q=示例法人", True),
        ("ledger=all&q=示例大道9号", True), ("ledger=overdue", False), ("ledger=all&q=铜都示例1", True), ("ledger=all&q=没有的", False), ("ledger=all&q=%25", False), ("ledger=ended", False),
    ],
)  # fmt: skip
def test_ledgers_and_search_find_the_cases_of_the_department(
    client: FlaskClient, handler: Login, query: str, found: bool
) -> None:
    code = make_enterprise(legacy_id="340700000017", representative="示例法人", address="铜都市示例大道9号")
    number = make_listing(code)
    sign_in(client, handler)
    assert (f"/desk/listings/{number}" in client.get(f"/desk/listings?{query}").text) is found


def test_another_department_has_none_of_these_cases(client: FlaskClient) -> None:
    number = make_listing(make_enterprise())
    sign_in(client, make_login(OfficerRole.SUPERVISOR, "示例农业农村局"))
    assert f"/desk/listings/{number}" not in client.get("/desk/listings?ledger=all").text


def test_the_desk_begins_with_what_is_due_next(client: FlaskClient, handler: Login) -> None:
    number = make_listing(make_enterprise(), until="confirm")
    sign_in(client, handler)
    page = client.get("/desk").text
    assert "我要办的" in page and f'href="/desk/listings/{number}"' in page and "公示列入决定" in page
    sign_in(client, make_login(OfficerRole.AUDITOR))
    assert "我要办的" not in client.get("/desk").text


def test_many_cases_are_published_at_once_after_their_list_was_confirmed(client: FlaskClient, handler: Login) -> None:
    who = make_officers()
    ready = [make_listing(make_enterprise(number), officers=who, until="confirm") for number in (1, 2)]
    early = make_listing(make_enterprise(3), officers=who, until="decide")
    sign_in(client, handler)
    assert 'name="number"' in client.get("/desk/listings").text
    path, marked = "/desk/listings/many", [str(number) for number in (*ready, early)]
    assert send(client, path, act="publish").status_code == 422
    checked = send(client, path, act="publish", number=marked)
    assert "确认办理 2 件" in checked.text and "当前状态为“已决定”" in checked.text
    assert client.get("/api/v1/blacklist").get_json()["items"] == []
    seen = dict(re.findall(r'name="(last-\d+)" value="(\d+)"', checked.text))
    assert set(seen) == {f"last-{number}" for number in ready}
    stale = send(client, path, act="publish", number=marked[:1], sure="yes", **{f"last-{marked[0]}": "1"})
    assert "刚被他人办理" in stale.text and client.get("/api/v1/blacklist").get_json()["items"] == []
    told = send(client, path, act="publish", number=marked, sure="yes", **seen)
    assert "办理了 2 件，1 件没有办理" in told.text
    assert len(client.get("/api/v1/blacklist").get_json()["items"]) == 2


def test_a_case_that_was_removed_early_is_closed_to_others_by_every_way_of_the_desk(client: FlaskClient) -> None:
    who, day = make_officers(), date(TODAY.year - 2, TODAY.month, 1)
    number = make_listing(make_enterprise(), day, officers=who)
    with transaction("test") as change:
        early = {"applied_on": TODAY, "performed": "已履行", "harm_removed": "已消除", "pledge": "承诺"}
        listings.act(change, number, "apply_removal", who["supervisor"], TODAY, early)
        listings.act(change, number, "accept_removal", who["supervisor"], TODAY, {"document_no": "受1"})
        listings.act(change, number, "grant_removal", who["decider"], TODAY, {"document_no": "移1", "reason": "符合"})
    sign_in(client, make_login(OfficerRole.SUPERVISOR, "示例农业农村局"))
    path = f"/desk/listings/{number}"
    answers = [client.get(path), send(client, path, act="restore"), send(client, path, act="restore", sure="yes")]
    answers += [send(client, "/desk/listings/many", act="expire", number=[str(number)], **more) for more in ({}, {"sure": "yes"})]
    assert [one.status_code for one in answers] == [403] * 5
    assert not [one for one in answers if "铜都示例1" in one.text or "移1" in one.text]


def test_what_is_overdue_has_a_ledger(client: FlaskClient, handler: Login) -> None:
    day = TODAY - timedelta(days=60)
    late, fresh = make_listing(make_enterprise(1), day, until="confirm"), make_listing(make_enterprise(2), until="confirm")
    sign_in(client, handler)
    page = client.get("/desk/listings?ledger=overdue").text
    assert f"/desk/listings/{late}" in page and f'"/desk/listings/{fresh}"' not in page
