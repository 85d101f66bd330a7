"""Ties between events: a second look or a link that isn't there any more leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from credit.db import db, transaction
from credit.models import Event
from credit.services import corrections, way
from credit.terms import Cessation
from tests.conftest import TODAY, Clock, Share
from tests.makers import ago, inspection, make_enterprise, make_event, make_key, violation
from tests.policy_versions import STRICTER, enacted
from tests.public_answers import API, OWN, get, without

# How many days ago, and what: the public record as it is, and days on which the past could tell.
ASKED = [(None, ""), (None, "/grades"), (4, ""), (6, ""), (61, ""), (100, ""), (160, "/grades")]


def cease(event: int, on: date, ground: Cessation = Cessation.WITHDRAWN, day: date = TODAY) -> None:
    with transaction("test") as change:
        way.advance(change, [corrections.cease(change, event, ground, on, "撤回1号")], day)


def failure(code: str) -> int:
    """A failed sampling whose result is final 100 days ago."""
    make_event(inspection(code, document_no="抽P", occurred_on=ago(500)))
    failed = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(120), "final_on": ago(100)}
    return make_event(inspection(code, document_no="抽F", **failed))


def look_again(code: str, first: int, stage: str, result: str = "pass", days: int = 60, document: str = "复1") -> int:
    sent = inspection(
        code, document_no=document, stage=stage, of=first, result=result, occurred_on=ago(days), producer_confirmed=True
    )
    return make_event(sent)


def withdrawn_recheck(code: str) -> None:
    cease(look_again(code, failure(code), "recheck"), TODAY - timedelta(days=5))


def withdrawn_reinspection(code: str) -> None:
    cease(look_again(code, failure(code), "reinspection", days=90), TODAY - timedelta(days=5))


def masked_recheck(code: str) -> None:
    cease(look_again(code, failure(code), "recheck"), TODAY, Cessation.MASKED)


def withdrawn_confirmation(code: str) -> None:
    cease(look_again(code, failure(code), "reinspection", "fail", 90), TODAY - timedelta(days=5))


def three(code: str, linked: bool, ended: Cessation | None, a: dict[str, Any] | None = None) -> None:
    """Two penalties, and perhaps a third one that names both and has ended."""
    make_event(inspection(code, document_no="抽P", occurred_on=ago(500)))
    make_event(violation(code, document_no="罚A", occurred_on=ago(201), decided_on=ago(200), **(a or {})))
    make_event(violation(code, document_no="罚C", occurred_on=ago(101), decided_on=ago(100)))
    if linked:
        names = [{"document_no": "罚A"}, {"document_no": "罚C"}]
        link = make_event(
            violation(code, document_no="罚B", occurred_on=ago(151), decided_on=ago(150), related_to=names)
        )
        if ended:
            cease(link, TODAY - timedelta(days=3), ended)


def repaired_link(code: str) -> None:
    three(code, True, Cessation.REPAIRED)


def plain(code: str) -> None:
    three(code, False, None)


def not_yet_final_link(code: str) -> None:
    """A failure that nobody may see yet names two penalties."""
    three(code, False, None)
    names = [{"document_no": "罚A"}, {"document_no": "罚C"}]
    failed = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(3), "related_to": names}
    make_event(inspection(code, document_no="抽X", **failed))


def repaired_penalty_of_a_failure(code: str) -> None:
    """The failure ends with its penalty, and doesn't come back when a link between them ends."""
    make_event(inspection(code, document_no="抽P", occurred_on=ago(500)))
    failed = {"result": "fail", "producer_confirmed": True, "occurred_on": ago(220), "final_on": ago(205)}
    make_event(inspection(code, document_no="抽F", **failed))
    link = make_event(
        violation(
            code, document_no="罚B", occurred_on=ago(219), decided_on=ago(190), related_to=[{"document_no": "抽F"}]
        )
    )
    fine = make_event(
        violation(
            code, document_no="罚V", occurred_on=ago(221), decided_on=ago(180), related_to=[{"document_no": "罚B"}]
        )
    )
    cease(fine, TODAY - timedelta(days=20), Cessation.REPAIRED)
    cease(link, TODAY - timedelta(days=3), Cessation.REPAIRED)


def nothing(code: str) -> None:
    make_event(inspection(code, document_no="抽P", occurred_on=ago(500)))


def only_failure(code: str) -> None:
    failure(code)


TWINS: dict[str, tuple[Callable[[str], None], Callable[[str], None]]] = {
    "a withdrawn re-check": (withdrawn_recheck, only_failure),
    "a withdrawn re-inspection": (withdrawn_reinspection, only_failure),
    "a withdrawn confirmation": (withdrawn_confirmation, only_failure),
    "a re-check masked today": (masked_recheck, only_failure),
    "a repaired link": (repaired_link, plain),
    "a link that is not final": (not_yet_final_link, plain),
    "a failure whose penalty was repaired": (repaired_penalty_of_a_failure, nothing),
}


@pytest.mark.parametrize("eras", [1, 2])
def test_the_public_sees_no_difference_to_one_who_never_had_it(
    client: FlaskClient, clock: Clock, share: Share, eras: int
) -> None:
    turned = [*TWINS][eras - 1 :] + [*TWINS][: eras - 1]
    names = list(enumerate(share(turned)))
    pairs = {name: (make_enterprise(2 * number), make_enterprise(2 * number + 1)) for number, name in names}
    for name, codes in pairs.items():
        for code, make in zip(codes, TWINS[name], strict=True):
            make(code)
    if eras > 1:
        enacted(STRICTER, TODAY + timedelta(days=10))
    clock.day = TODAY + timedelta(days=11 * (eras - 1))
    for name, codes in pairs.items():
        told = [without(get(client, f"/enterprises/{code}/forecast"), *OWN) for code in codes]
        assert told[0] == told[1], name
    for name, back, path in [(name, *asked) for name in pairs for asked in ASKED]:
        day = path if back is None else f"{path}?as_of={ago(back)}"
        told = [without(get(client, f"/enterprises/{code}{day}"), *OWN) for code in pairs[name]]
        assert told[0] == told[1], (name, back, path)


def test_to_staff_a_withdrawn_re_check_mended_until_it_was_withdrawn(client: FlaskClient) -> None:
    code, key = make_enterprise(), make_key()
    withdrawn_recheck(code)

    def outcome(back: int) -> str:
        record = client.get(f"{API}/enterprises/{code}?as_of={ago(back)}", headers=key).get_json()
        (found,) = [one["outcome"] for one in record["findings"] if one["rule"] == "sampling-failed"]
        return str(found)

    told = {back: outcome(back) for back in (99, 61, 60, 6, 5, 0)}
    assert told == {99: "counted", 61: "counted", 60: "mended", 6: "mended", 5: "counted", 0: "counted"}


def test_another_second_look_takes_the_place_of_a_withdrawn_one(client: FlaskClient) -> None:
    code = make_enterprise()
    first = failure(code)
    withdrawn = look_again(code, first, "recheck", days=60)
    look_again(code, first, "recheck", days=30, document="复2")
    assert get(client, f"/enterprises/{code}")["inspections"][-2]["mended_on"] == ago(60)
    cease(withdrawn, TODAY)
    (mended,) = [one for one in get(client, f"/enterprises/{code}")["inspections"] if one["document_no"] == "抽F"]
    assert mended["mended_on"] == ago(30)


def test_a_withdrawal_that_is_to_come_is_foretold_and_comes(client: FlaskClient, clock: Clock) -> None:
    code = make_enterprise()
    recheck = look_again(code, failure(code), "recheck")
    before = get(client, f"/enterprises/{code}")
    cease(recheck, TODAY + timedelta(days=9))
    assert get(client, f"/enterprises/{code}")["score"] == before["score"]
    foretold = get(client, f"/enterprises/{code}/forecast")["items"]
    clock.day = TODAY + timedelta(days=9)
    after = get(client, f"/enterprises/{code}")
    assert ("sampling-failed", "counted") in [(one["rule"], one["outcome"]) for one in after["findings"]]
    (turn,) = [item for item in foretold if item["on"] == str(clock.day)]
    assert (turn["score"], turn["grade"]) == (after["score"], after["grade"])


def test_what_two_cessations_of_one_day_say_is_the_first_that_came(client: FlaskClient) -> None:
    code, key = make_enterprise(), make_key()
    event = make_event(violation(code))
    cease(event, TODAY, Cessation.REVOKED)
    cease(event, TODAY, Cessation.REPAIRED)
    found = client.get(f"{API}/events/{event}", headers=key).get_json()["publication"]["withheld"]
    assert [one["reason"] for one in found] == ["revoked"]


def test_findings_stand_in_the_same_order_whatever_order_the_database_gives(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from credit.services import dossiers

    code, key = make_enterprise(), make_key()
    three(code, True, None)
    failure_of = failure(code)
    look_again(code, failure_of, "recheck")
    path = f"{API}/enterprises/{code}?as_of={ago(1)}"
    before = client.get(path, headers=key).data
    plain_rows = dossiers.stored

    def turned(*given: Any) -> Any:
        return plain_rows(*given).reverse()

    monkeypatch.setattr(dossiers, "stored", turned)
    assert client.get(path, headers=key).data == before
    assert len(db.session.scalars(select(Event.seq)).all()) == 6
