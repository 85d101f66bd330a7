"""Supplier lists: saved by buyers, told by feed or webhook when a verdict changes, seen by their holder alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import supplier_lists
from credit.clock import now
from credit.db import db
from credit.models import Supplier, SupplierList
from credit.services.suppliers import delivery, follow
from credit.services.webhook_sending import Outcome
from credit.terms import Cessation
from tests.conftest import TODAY, Clock
from tests.makers import (
    ago,
    make_cessation,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    violation,
)
from tests.screening import fresh_lists

API = "/api/v1/supplier-lists"
GRAVE = {"penalties": ["suspended_business"], "fine": None, "occurred_on": ago(200), "decided_on": ago(190)}


@pytest.fixture
def codes(app: Flask, tmp_path: Path) -> list[str]:
    fresh_lists(tmp_path)
    return [make_enterprise(number) for number in (1, 2, 3)]


def saved(client: FlaskClient, codes: list[str], headers: Any = None, **more: Any) -> dict[str, Any]:
    answer = client.post(API, json={"name": "常用供应商", "codes": codes} | more, headers=headers)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def read(client: FlaskClient, made: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"{API}/{made['id']}", headers={"List-Secret": made["secret"]})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.get_json()
    return told


def verdicts(told: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["verdict"] for one in told["suppliers"]}


def feed(client: FlaskClient, made: dict[str, Any]) -> str:
    answer = client.get(made["feed"].removeprefix("http://localhost"))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
    return answer.text


def test_a_saved_list_has_todays_verdicts_and_says_when_one_changed(client: FlaskClient, codes: list[str]) -> None:
    made = saved(client, [*codes, f" {codes[0].lower()} "])
    assert verdicts(made) == dict.fromkeys(codes, "clear") and feed(client, made).count("<entry>") == 0
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    told = read(client, made)
    assert verdicts(told) == {codes[0]: "excluded", codes[1]: "clear", codes[2]: "clear"}
    assert [one["changed_at"] is not None for one in told["suppliers"]] == [True, False, False]
    atom = feed(client, made)
    assert atom.count("<entry>") == 1 and "依法禁止参加" in atom and codes[1] not in atom


def test_after_a_repair_nothing_of_before_is_told(client: FlaskClient, codes: list[str]) -> None:
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    made = saved(client, codes[:1])
    make_cessation(codes[0], "示例罚〔2026〕9号", TODAY - timedelta(days=1), Cessation.REPAIRED)
    atom = feed(client, made)
    assert "未见" in atom and "依法禁止参加" not in atom and "示例罚" not in atom
    assert verdicts(read(client, made)) == {codes[0]: "clear"}


def test_an_entry_that_ends_with_its_day_ends_here_without_any_job(
    client: FlaskClient, codes: list[str], clock: Clock, tmp_path: Path
) -> None:
    make_listing(codes[0])
    made = saved(client, codes[:1])
    assert verdicts(made) == {codes[0]: "consider"}
    clock.day += timedelta(days=3 * 366)
    assert "需审慎考虑" not in feed(client, made)
    assert verdicts(read(client, made)) == {codes[0]: "review"}, "the outside lists are too old by then"


def test_only_its_holder_sees_a_list_and_the_feeds_address_opens_the_feed_alone(
    client: FlaskClient, codes: list[str]
) -> None:
    made = saved(client, codes)
    token = made["feed"].rpartition("/")[2].removesuffix(".atom")
    for secret in ("", "another", token):
        assert client.get(f"{API}/{made['id']}", headers={"List-Secret": secret}).status_code == 404
    assert client.get(f"/suppliers/{made['id']}/{made['secret']}.atom").status_code == 404
    assert made["secret"] not in str(db.session.execute(select(SupplierList.__table__)).all())
    statuses = [client.get(f"{API}/{made['id']}", headers={"List-Secret": f"x{n}"}).status_code for n in range(12)]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"codes": ["91340799MAFK00010V"]}, "codes"), ({"codes": []}, "codes"), ({"codes": ["1"] * 5001}, "codes"),
        ({"name": ""}, "name"), ({"kind": "lottery"}, "kind"), ({"url": "https://example.org/x"}, "url"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(
    client: FlaskClient, codes: list[str], more: dict[str, Any], field: str
) -> None:
    refused = client.post(API, json={"name": "名单", "codes": codes} | more)
    assert refused.status_code == 422 and field in refused.get_json()["errors"]
    assert db.session.scalar(select(func.count()).select_from(SupplierList)) == 0


def test_a_list_is_changed_and_deleted_by_its_holder(client: FlaskClient, codes: list[str]) -> None:
    made = saved(client, codes[:2])
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    before, headers = read(client, made), {"List-Secret": made["secret"]}
    body = {"name": "新名", "codes": [codes[0], codes[2]], "kind": "tendered-works"}
    told = client.put(f"{API}/{made['id']}", json=body | {"kind": "government-procurement"}, headers=headers).get_json()
    assert (told["name"], set(verdicts(told))) == ("新名", {codes[0], codes[2]})
    assert told["suppliers"][0]["changed_at"] == before["suppliers"][0]["changed_at"]
    other = client.put(f"{API}/{made['id']}", json=body, headers=headers).get_json()
    assert other["kind"] == "tendered-works" and feed(client, made).count("<entry>") == 1
    assert client.delete(f"{API}/{made['id']}", headers=headers).status_code == 200
    assert client.get(f"{API}/{made['id']}", headers=headers).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Supplier)) == 0


def test_two_readers_at_once_note_a_change_once(client: FlaskClient, codes: list[str]) -> None:
    made = saved(client, codes)
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    for _ in range(2):
        follow.up_to_date(made["id"], TODAY, now())
    db.session.rollback()
    assert db.session.get_one(SupplierList, made["id"]).last_change == 1


def test_a_departments_receiver_is_told_until_it_takes_it(client: FlaskClient, codes: list[str]) -> None:
    made = saved(client, codes, make_key(), url="https://example.org/hook")
    assert made["signing_key"].startswith("whsec_")
    sent: list[bytes] = []

    def send(url: str, secret: bytes, message: str, body: bytes) -> Outcome:
        assert url == "https://example.org/hook" and secret == delivery.secret_of(made["id"])
        sent.append(body)
        return Outcome(len(sent) > 1, False, "down")

    assert follow.waiting(TODAY, now()) == [] and delivery.serve(made["id"], TODAY, now(), send) and sent == []
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    assert follow.waiting(TODAY, now()) == [made["id"]]
    assert not delivery.serve(made["id"], TODAY, now(), send)
    db.session.rollback()
    assert follow.waiting(TODAY, now()) == [], "it is left alone for a while"
    later = now() + timedelta(minutes=5)
    assert follow.waiting(TODAY, later) == [made["id"]] and delivery.serve(made["id"], TODAY, later, send)
    db.session.rollback()
    assert follow.waiting(TODAY, later) == [] and len(sent) == 2
    assert codes[0] in sent[1].decode() and codes[1] not in sent[1].decode() and b"excluded" in sent[1]


def test_a_list_that_nobody_looks_at_is_deleted_after_400_days(client: FlaskClient, codes: list[str]) -> None:
    saved(client, codes)
    assert supplier_lists.forget_unseen(TODAY + timedelta(days=400)) == 0
    assert supplier_lists.forget_unseen(TODAY + timedelta(days=401)) == 1


def test_the_page_saves_opens_changes_and_deletes(client: FlaskClient, codes: list[str]) -> None:
    wrong = client.post("/suppliers", data={"act": "save", "name": "名单", "codes": "123"})
    assert wrong.status_code == 422 and "123" in wrong.text
    page = client.post("/suppliers", data={"act": "save", "name": "名单甲", "codes": "，".join(codes)}).text
    assert "订阅地址" in page and page.count("未见") == 3
    number, secret = (page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("number", "secret"))
    held = {"number": number, "secret": secret}
    again = client.post("/suppliers", data=held | {"act": "open"}).text
    assert "名单甲" in again and ".atom" not in again, "the feed's address is shown once"
    changed = client.post("/suppliers", data=held | {"act": "change", "name": "名单乙", "codes": codes[0]}).text
    assert "名单乙" in changed and codes[1] not in changed
    assert "已删除" in client.post("/suppliers", data=held | {"act": "remove"}).text
    assert client.post("/suppliers", data=held | {"act": "open"}).status_code == 422
