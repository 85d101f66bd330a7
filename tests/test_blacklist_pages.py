"""Thousands of listings: pages without repeat or gap, and quick ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from flask import Flask
from sqlalchemy import insert

from credit.db import db, transaction
from credit.errors import InvalidInput
from credit.models import Enterprise, EnterpriseVersion, Listing, ListingAct, Record
from credit.policy import load_policy
from credit.rules.fingerprints import fingerprint
from credit.services import listed, names
from credit.services.blacklist import choices, count, public_listings
from credit.services.dossiers import enterprise_versions
from tests.conftest import TODAY
from tests.makers import DECISION, make_officers

MANY, REVOKED = 5000, 500
PAGE_SECONDS = 0.1
GROUNDS = ("art-7", "art-11")


@pytest.fixture
def listed_codes(app: Flask) -> list[str]:
    """The codes of 5,000 published listings, each tenth revoked since, in the order of their ids."""
    officer = make_officers()["supervisor"]
    numbers = range(1, MANY + 1)
    codes = [f"91340799{number:010}" for number in numbers]
    texts = [f"铜都第{number}号酿造有限公司" for number in numbers]
    place: Callable[[int], str] = lambda number: "340799" if number % 2 else "340700"  # noqa: E731
    known = {"status": "living", "kind": "enterprise", "wants_grade": False, "valid_from": date(2020, 1, 1)}
    stored = {"graded_on": TODAY, "expires_on": date(9999, 12, 31), "etag": "x", "status": "living", "body": b"{}"}
    act = {
        "act": "publish",
        "state": "published",
        "acted_on": TODAY - timedelta(30),
        "officer_id": officer,
        "document_no": "示例1号",
    }
    told = {**DECISION, "ends_on": "2029-10-23", "earliest_removal": "2027-10-23"}
    rows: list[tuple[Any, Callable[[int], dict[str, Any]]]] = [
        (Enterprise, lambda n: {"id": n, "code": codes[n - 1], "org_code": codes[n - 1][8:17], "living": True}),
        (EnterpriseVersion, lambda n: {"seq": n, "enterprise_id": n, "code": codes[n - 1], "name": texts[n - 1], **known}),
        (Record, lambda n: {"enterprise_id": n, "code": codes[n - 1], "seq": n, "name": texts[n - 1], "region": place(n), **stored}),
        (Listing, lambda n: {"id": n + MANY, "enterprise_id": n, "code": codes[n - 1], "fingerprint": fingerprint(codes[n - 1]),
                             "list": "samr-44", "ground": GROUNDS[n % 2],
                             "facts": "以次充好", "department_id": 1, "proposed_by": officer}),
        (ListingAct, lambda n: {"seq": n + 2 * MANY, "listing_id": n + MANY, "enterprise_id": n, "fields": told, **act}),
    ]  # fmt: skip
    with transaction("test") as change:
        for model, made in rows:
            db.session.execute(insert(model), [made(number) for number in numbers])
        ends = {**act, "act": "revoke", "state": "revoked", "acted_on": TODAY, "fields": {"reason": "撤销"}}
        revoked = range(10, MANY + 1, 10)
        db.session.execute(
            insert(ListingAct),
            [{"seq": n + 3 * MANY, "listing_id": n + MANY, "enterprise_id": n, **ends} for n in revoked],
        )
        names.remember(pl.DataFrame({"enterprise_id": list(numbers), "text": texts}))
        change.take(4 * MANY)
    return [code for number, code in enumerate(codes, 1) if number % 10]


def every_page(limit: int, **asked: Any) -> list[str]:
    page = public_listings(TODAY, limit=limit, **asked)
    codes = [item["code"] for item in page.items]
    while page.next:
        assert len(page.items) == limit
        page = public_listings(TODAY, limit=limit, cursor=page.next, **asked)
        codes += [item["code"] for item in page.items]
    return codes


def test_thousands_of_listings_are_paged_without_repeat_or_gap(listed_codes: list[str]) -> None:
    assert every_page(200) == listed_codes
    assert every_page(200, region="340799") == [code for code in listed_codes if int(code[-1]) % 2]
    assert every_page(200, ground="art-11", q="第49") == [
        code for code in listed_codes if _has(code, "49") and int(code[-1]) % 2
    ]
    assert count(TODAY) == len(listed_codes) == MANY - REVOKED
    assert count(TODAY - timedelta(1)) == MANY
    assert {row["value"] for row in choices(TODAY)["regions"]} == {"340700", "340799"}
    frame = listed.listings(None, load_policy(), enterprise_versions(None))
    assert frame.height == MANY and frame.filter(pl.col("until") == TODAY).height == REVOKED
    for cursor in ("x", "", "-1", "1.5", "9" * 19, "٣", "1\n"):
        with pytest.raises(InvalidInput, match="next"):
            public_listings(TODAY, cursor=cursor)


def _has(code: str, digits: str) -> bool:
    return str(int(code[8:])).startswith(digits)


def test_a_page_of_thousands_of_listings_is_quick(listed_codes: list[str]) -> None:
    asked: list[dict[str, Any]] = [{}, {"cursor": str(MANY + 4000)}, {"region": "340799"}, {"ground": "art-7"}, {"q": "第4999号"},
                                   {"q": "酿造"}, {"as_of": TODAY - timedelta(20)}]  # fmt: skip
    for each in asked:
        public_listings(TODAY, **each)
        began = time.process_time()
        assert public_listings(TODAY, **each).items
        assert time.process_time() - began < PAGE_SECONDS, each
    for work in (count, choices):
        began = time.process_time()
        work(TODAY)
        assert time.process_time() - began < PAGE_SECONDS, work
