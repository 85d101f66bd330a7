"""Asking the blacklist without saying about whom: by the beginning of a fingerprint, or offline by a filter."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.fingerprints import (
    Filter,
    false_positives,
    filter_of,
    fingerprint,
    packed,
    read_filter,
)
from credit.services import signing
from tests.conftest import Clock
from tests.makers import code_of, make_enterprise, make_listing

API = "/api/v1/blacklist"


@pytest.fixture
def code(app: Flask) -> str:
    made = make_enterprise()
    make_listing(made)
    return made


def begun(client: FlaskClient, prefix: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/beginning/{prefix}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def test_the_first_digits_of_a_fingerprint_find_the_listing_and_none_with_other_digits(
    client: FlaskClient, code: str
) -> None:
    whole = hashlib.sha256(code.encode()).hexdigest()
    for digits in range(2, 6):
        (found,) = begun(client, whole[:digits])
        assert whole[:digits] + found["rest"] == whole and found["code"] == code and "id" not in found
    shown = client.get(API).get_json()["items"][0]
    assert {name: found[name] for name in shown} == shown, "as the blacklist itself tells it"
    other = "0" if whole[0] != "0" else "1"
    assert begun(client, other + whole[1:4]) == []


@pytest.mark.parametrize("prefix", ["a", "abcdef", "xyz1", "AB12", "%25%25", "ab'--"])
def test_what_is_no_beginning_is_refused_by_name(client: FlaskClient, code: str, prefix: str) -> None:
    answer = client.get(f"{API}/beginning/{prefix}")
    assert answer.status_code == 422 and "prefix" in answer.get_json()["errors"]


def test_what_has_ended_is_told_neither_by_its_beginning_nor_by_the_filter(
    client: FlaskClient, code: str, clock: Clock
) -> None:
    assert client.get(f"{API}/filter").get_json()["count"] == 1
    clock.day += timedelta(days=3 * 366)
    assert begun(client, fingerprint(code)[:4]) == [] and client.get(f"{API}/filter").get_json()["count"] == 0


def test_the_filter_is_signed_and_follows_the_register(client: FlaskClient, code: str) -> None:
    first = client.get(f"{API}/filter")
    checked, found = read_filter(first.get_json(), signing.key_set())
    assert checked.good and found is not None and found.may_hold(code) and not found.may_hold(code_of(2))
    assert client.get(f"{API}/filter", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    other = make_enterprise(2)
    make_listing(other)
    later = read_filter(client.get(f"{API}/filter").get_json(), signing.key_set())[1]
    assert later is not None and later.may_hold(other) and later.facts["seq"] > found.facts["seq"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"fingerprints": ""}, "altered"), ({"fingerprints": "no base64!"}, "unreadable"), ({"bytes": 2}, "altered"),
        ({"as_of": "2020-01-01"}, "altered"), ({"signature": "cut"}, "unreadable"), ({"signature": None}, "unreadable"),
    ],
)  # fmt: skip
def test_a_filter_that_was_altered_is_refused_with_the_reason(
    client: FlaskClient, code: str, change: dict[str, Any], word: str
) -> None:
    told = client.get(f"{API}/filter").get_json()
    checked, found = read_filter(told | change, signing.key_set())
    assert (checked.word, found) == (word, None)


@given(st.sets(st.integers(0, 10**9), max_size=60), st.sets(st.integers(0, 10**9), max_size=60))
def test_no_listed_code_is_ever_told_as_not_listed(listed: set[int], others: set[int]) -> None:
    made = filter_of([fingerprint(str(one)) for one in listed], 4, as_of="2026-11-22", seq=1, site="")
    body = packed([fingerprint(str(one)) for one in listed], 4)
    found = Filter({"bytes": 4}, tuple(body[at : at + 4] for at in range(0, len(body), 4)))
    assert all(found.may_hold(str(one)) for one in listed) and made["count"] == len(body) // 4
    assert sum(found.may_hold(str(one)) for one in others - listed) <= 1, "one of four thousand million"


def test_the_stated_share_of_false_positives_is_the_true_one() -> None:
    body = packed((fingerprint(f"listed {n}") for n in range(2_000)), 2)
    found = Filter({"bytes": 2}, tuple(body[at : at + 2] for at in range(0, len(body), 2)))
    share = false_positives(len(found.held), 2)
    seen = sum(found.may_hold(f"other {n}") for n in range(20_000)) / 20_000
    spread = (share * (1 - share) / 20_000) ** 0.5
    assert abs(seen - share) < 4 * spread, (seen, share)


def test_the_command_checks_a_list_offline(
    client: FlaskClient, runner: FlaskCliRunner, code: str, tmp_path: Path
) -> None:
    sent, held, keys, out = (tmp_path / name for name in ("in.csv", "filter.json", "keys.json", "out.csv"))
    sent.write_text(f"代码,备注\n{code.lower()},甲\n{code_of(2)},乙\n123,丙\n", encoding="utf-8")
    held.write_bytes(client.get(f"{API}/filter").data)
    keys.write_bytes(client.get("/.well-known/jwks.json").data)
    args = ["credit", "precheck", str(sent), str(held), "--key", str(keys)]
    told = runner.invoke(args=[*args, "-o", str(out)])
    assert told.exit_code == 1 and "may be listed 1, not listed 1, without code 1" in told.output, told.output
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "代码,备注,预检" and "可能在名单上" in rows[1] and rows[2].endswith(",不在名单上")
    altered = json.loads(held.read_text()) | {"count": 7}
    held.write_text(json.dumps(altered))
    refused = runner.invoke(args=args)
    assert refused.exit_code == 1 and "not good" in refused.output
