"""The public past: any day is answered from what may be shown today, and betrays nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from credit.terms import Cessation
from tests.conftest import TODAY, Share
from tests.makers import (
    ago,
    award,
    inspection,
    make_cessation,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)  # fmt: skip
from tests.public_answers import API, OWN, get, without


def _with_a_past(code: str) -> None:
    """Facts that the public may not see any more, or not yet."""
    old = {"occurred_on": ago(510), "decided_on": ago(500), "published_on": ago(495)}
    crime = {"occurred_on": ago(800), "decided_on": ago(800), "criminal": True}
    make_events(
        violation(code, document_no="罚1", **old),
        violation(code, document_no="罚2", occurred_on=ago(201), decided_on=ago(200)),
        violation(code, document_no="罚3", penalties=["warning"], fine=None),
        violation(code, document_no="罚4", **crime),
        inspection(code, document_no="抽2", result="fail", occurred_on=ago(250)),
        inspection(code, document_no="抽3", result="fail", role="seller", occurred_on=ago(3)),
    )
    make_cessation(code, "罚1", TODAY - timedelta(days=30))
    make_cessation(code, "罚2", TODAY - timedelta(days=100), Cessation.REVOKED)
    make_cessation(code, "罚4", TODAY)
    make_listing(code, TODAY - timedelta(days=37 * 31))
    make_listing(code, TODAY - timedelta(days=20), until="decide")


def _days_that_could_tell() -> list[int]:
    """How many days ago: each day on which something of the hidden past began or ended, the days beside it, others."""
    turns = [0, 1, 3, 30, 90, 99, 100, 250, 500, 700, 20, 37 * 31]
    near = {turn + beside for turn in turns for beside in (-1, 0, 1)}
    return sorted(day for day in near | set(range(0, 1500, 75)) if day >= 0)


def _page(client: FlaskClient, code: str, day: str) -> str:
    """The page of an enterprise without what names it and its events, or numbers a change."""
    text = client.get(f"/enterprises/{code}{day}").text
    named = get(client, f"/enterprises/{code}")
    for own in (code, named["name"], named["org_code"], named["data_as_of"], str(named["data_as_of"])[:19]):
        text = text.replace(own, "")
    return re.sub(r"[0-9]+", "", text)


class TestPast:
    def test_the_past_betrays_nothing_that_may_not_be_shown_today(self, client: FlaskClient, share: Share) -> None:
        codes = make_enterprise(1), make_enterprise(2)
        for code in codes:
            fine = violation(code, document_no="罚9", occurred_on=ago(99), decided_on=ago(90))
            make_events(inspection(code, occurred_on=ago(700)), award(code), fine)
        _with_a_past(codes[0])
        ahead = [without(get(client, f"/enterprises/{code}/forecast"), *OWN) for code in codes]
        assert ahead[0] == ahead[1]
        for back in share(_days_that_could_tell()):
            day = f"?as_of={ago(back)}" if back else ""
            told = [without(get(client, f"/enterprises/{code}{day}"), *OWN) for code in codes]
            assert told[0] == told[1], back
            spans = [get(client, f"/enterprises/{code}/grades{day}") for code in codes]
            assert spans[0] == spans[1], back
            pages = [_page(client, code, day) for code in codes]
            assert pages[0] == pages[1], back
        for query in ("", *(f"grade={grade}" for grade in "NABCD"), "region=34"):
            found = get(client, f"/enterprises?{query}")["items"]
            assert len({item["grade"] for item in found}) <= 1 and len(found) in (0, 2), query
        items = [{**item, "code": "", "name": ""} for item in get(client, "/enterprises")["items"]]
        assert items[0] == items[1]
        assert get(client, "/blacklist")["items"] == []
        assert get(client, f"/blacklist?as_of={ago(900)}")["items"] == []

    def test_a_past_day_is_told_as_it_was_for_what_may_still_be_shown(self, client: FlaskClient) -> None:
        code = make_enterprise()
        make_event(inspection(code, occurred_on=ago(300)))
        make_event(violation(code, occurred_on=ago(110), decided_on=ago(100)))
        days = {0: ("B", 1), 99: ("B", 1), 100: ("B", 1), 101: ("A", 0), 299: ("A", 0), 300: ("A", 0), 301: ("N", 0)}
        for back, (grade, violations) in days.items():
            record = get(client, f"/enterprises/{code}?as_of={ago(back)}")
            assert (record["grade"], len(record["violations"])) == (grade, violations), back
            assert record["graded_on"] == ago(back)
        spans = get(client, f"/enterprises/{code}/grades")["items"]
        assert [(span["grade"], span["since"]) for span in spans[:2]] == [("B", ago(100)), ("A", ago(300))]
        earlier = get(client, f"/enterprises/{code}/grades?as_of={ago(150)}")["items"]
        assert earlier[0] == {"grade": "A", "since": ago(300), "until": None}

    def test_before_its_first_day_and_after_today_the_register_answers_no_question(self, client: FlaskClient) -> None:
        code = make_enterprise(registered_on="1999-05-05")
        asked = [f"/enterprises/{code}", f"/enterprises/{code}/grades", "/blacklist"]
        for path in asked:
            assert client.get(f"{API}{path}?as_of=2016-01-01").status_code == 200
            assert client.get(f"{API}{path}?as_of={TODAY}").status_code == 200
            for day in ("2015-12-31", "0001-01-01", "2026-11-23", "9999-12-31"):
                answer = client.get(f"{API}{path}?as_of={day}")
                told = answer.json or {}
                assert (answer.status_code, told["code"]) == (404, "before-register"), (path, day)
                assert (told["first_day"], told["last_day"]) == ("2016-01-01", TODAY.isoformat())
        assert client.get(f"{API}/policy?on=2015-12-31").status_code == 404

    def test_before_its_registration_an_enterprise_is_unknown(self, client: FlaskClient) -> None:
        code = make_enterprise(registered_on="2026-01-01")
        assert client.get(f"{API}/enterprises/{code}?as_of=2026-01-01").status_code == 200
        answer = client.get(f"{API}/enterprises/{code}?as_of=2025-12-31")
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "unknown-enterprise")
