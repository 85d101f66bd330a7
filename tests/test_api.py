"""The JSON door: what may be asked and how, and how it refuses."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.clock import SHANGHAI, seconds_left
from tests.makers import (
    code_of,
    make_department,
    make_enterprise,
    make_key,
    make_listing,
)

API = "/api/v1"
LISTS = ("/enterprises", "/blacklist")
EVERY = ("/enterprises/CODE", "/enterprises", "/enterprises/CODE/grades", "/blacklist", "/policy")


@pytest.fixture
def code(app: Flask) -> str:
    """One enterprise on file."""
    return make_enterprise()


def paths(code: str) -> list[str]:
    """Every public GET of the API."""
    return [API + path.replace("CODE", code) for path in EVERY]


class TestReading:
    def test_every_answer_has_an_etag_and_is_not_sent_twice(self, client: FlaskClient, code: str) -> None:
        for path in paths(code):
            first = client.get(path)
            etag = first.headers["ETag"]
            assert (first.status_code, first.mimetype) == (200, "application/json"), path
            for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
                again = client.get(path, headers={"If-None-Match": known})
                assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag), (path, known)
                assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_head_says_what_get_says_without_a_body(self, client: FlaskClient, code: str) -> None:
        for path in paths(code):
            head, get = client.head(path), client.get(path)
            assert (head.status_code, head.data) == (200, b""), path
            for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length"):
                assert head.headers[name] == get.headers[name], (path, name)

    def test_options_and_wrong_methods_name_what_is_allowed(self, client: FlaskClient, code: str) -> None:
        for path in paths(code):
            allowed = set(client.options(path).headers["Allow"].split(", "))
            assert {"GET", "HEAD", "OPTIONS"} <= allowed, path
            answer = client.delete(path)
            assert (answer.status_code, answer.json and answer.json["code"]) == (405, "method-not-allowed")
            assert answer.mimetype == "application/problem+json"
            assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", ")) <= allowed
        reading = client.get(f"{API}/events")
        assert (reading.status_code, set(reading.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})

    def test_whatever_is_accepted_the_answer_is_json(self, client: FlaskClient, code: str) -> None:
        for accept in ("text/html", "application/xml", "image/png;q=0.5", "", "nonsense", "*/*;q=0"):
            for path in (f"{API}/enterprises/{code}", f"{API}/enterprises/{code_of(9)}", f"{API}/nowhere"):
                answer = client.get(path, headers={"Accept": accept})
                assert answer.mimetype in ("application/json", "application/problem+json"), (accept, path)

    def test_no_cache_keeps_an_answer_past_midnight_in_shanghai(self, client: FlaskClient, code: str) -> None:
        for path in paths(code):
            kind, _, age = client.get(path).headers["Cache-Control"].partition(", max-age=")
            assert kind == "public"
            assert 0 <= int(age) <= 300

    @pytest.mark.parametrize(
        ("instant", "left"),
        [
            (datetime(2026, 11, 22, 0, 0, 0, tzinfo=SHANGHAI), 86400),
            (datetime(2026, 11, 22, 23, 59, 59, 900_000, tzinfo=SHANGHAI), 0),
            (datetime(2026, 11, 22, 23, 58, 0, tzinfo=SHANGHAI), 120),
            (datetime(2026, 11, 23, 0, 0, 1, tzinfo=SHANGHAI), 0),
            (datetime.fromisoformat("2026-11-22T15:59:00Z"), 60),
            (datetime.fromisoformat("2026-11-22T16:00:01Z"), 0),
        ],
    )
    def test_a_day_ends_at_midnight_in_shanghai(self, instant: datetime, left: int) -> None:
        assert seconds_left(date(2026, 11, 22), instant) == left


class TestQueries:
    def test_an_unknown_parameter_is_refused_by_its_name(self, client: FlaskClient, code: str) -> None:
        for path in paths(code):
            answer = client.get(path, query_string={"colour": "red"})
            assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), path
            assert answer.json is not None
            assert (answer.json["code"], set(answer.json["errors"])) == ("invalid-input", {"colour"})

    def test_an_empty_parameter_is_as_if_it_were_not_there(self, client: FlaskClient, code: str) -> None:
        names = ("as_of", "q grade region limit cursor", "as_of", "ground as_of cursor", "on")
        for path, empty in zip(paths(code), names, strict=True):
            plain, asked = client.get(path), client.get(path, query_string=dict.fromkeys(empty.split(), ""))
            assert (asked.status_code, asked.data) == (200, plain.data), path

    def test_a_wrong_parameter_of_a_list_is_refused_by_its_name(self, client: FlaskClient) -> None:
        wrong = {
            "limit": ["0", "-1", "201", "1.5", "x", "1e2", "9" * 400, "9" * 5000, "NaN"],
            "cursor": ["x", "-1", "n", "r-1", "cc\x00", "n" + "9" * 30, "９x", "' OR 1=1", "9" * 65],
            "region": ["3", "34079x", "3407990", "三四", "%", "34\x00"],
            "q": ["长" * 101, "a\x00b", "\x1b"],
        }
        for path, (name, texts) in product(LISTS, wrong.items()):
            for text in texts:
                answer = client.get(API + path, query_string={name: text})
                assert answer.status_code == 422, (path, name, text)
                assert set((answer.json or {})["errors"]) == {name}, (path, name, text)

    def test_other_wrong_parameters_are_refused_by_their_names(self, client: FlaskClient, code: str) -> None:
        search, record = f"{API}/enterprises", f"{API}/enterprises/{code}"
        wrong = [
            (search, "grade", "E"), (search, "industry", "Z1"), (search, "industry", "C131101"), (search, "q", "铜"),
            (record, "as_of", "yesterday"), (record, "as_of", "2026-02-30"), (record, "known_at", "2026-01-01"),
            (f"{record}/grades", "as_of", "0"), (f"{API}/blacklist", "as_of", "2026"), (f"{API}/policy", "on", "now"),
        ]  # fmt: skip
        for path, name, text in wrong:
            answer = client.get(path, query_string={name: text})
            assert (answer.status_code, set((answer.json or {})["errors"])) == (422, {name}), (path, name, text)

    def test_pages_of_a_list_hold_everything_once_in_order(self, client: FlaskClient) -> None:
        codes = sorted(make_enterprise(number) for number in range(3))
        found, cursor = [], ""
        for _ in range(2):
            page = client.get(f"{API}/enterprises", query_string={"limit": 2, "cursor": cursor}).json
            assert page is not None
            found += [item["code"] for item in page["items"]]
            cursor = page["next"]
        assert (found, cursor) == (codes, None)

    def test_pages_of_the_blacklist_follow_each_other(self, client: FlaskClient) -> None:
        codes = [make_enterprise(number) for number in range(2)]
        for one in codes:
            make_listing(one)
        first = client.get(f"{API}/blacklist?limit=1").json or {}
        second = client.get(f"{API}/blacklist?limit=1&cursor={first['next']}").json or {}
        assert [page["items"][0]["code"] for page in (first, second)] == codes
        assert second["next"] is None


class TestCodes:
    def test_every_spelling_of_a_code_is_found(self, client: FlaskClient, code: str) -> None:
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
        whole = client.get(f"{API}/enterprises/{code}").data
        for spelling in (code.lower(), wide, f" {code} ", code[8:17], code[8:17].lower(), f"{code[8:16]}-{code[16]}"):
            answer = client.get(f"{API}/enterprises/{spelling}")
            assert (answer.status_code, answer.data) == (200, whole), spelling
            assert client.get(f"{API}/enterprises/{spelling}/grades").status_code == 200

    def test_a_wrong_code_is_told_why_and_how_to_mend_it(self, client: FlaskClient, code: str) -> None:
        swapped = code[:-1] + ("0" if code[-1] != "0" else "1")
        for path in (f"{API}/enterprises/{swapped}", f"{API}/enterprises/{swapped}/grades"):
            answer = client.get(path)
            assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
            problem = answer.json or {}
            assert (problem["code"], problem["reason"], problem["suggestions"]) == ("bad-code", "check_digit", [code])
            assert problem["detail_zh"]
            assert answer.headers["Cache-Control"] == "no-store"

    def test_nonsense_is_no_code(self, client: FlaskClient) -> None:
        for text in ("x", "%00", "a%00b", "%ED%A0%80", "%FF", "' OR 1=1 --", "9" * 3000, "..", "😀" * 18):
            for path in (f"{API}/enterprises/{text}", f"{API}/enterprises/{text}/grades", f"/enterprises/{text}"):
                assert client.get(path).status_code in (400, 404), path

    def test_an_unknown_code_is_not_found(self, client: FlaskClient) -> None:
        answer = client.get(f"{API}/enterprises/{code_of(9)}")
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "unknown-enterprise")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_an_unknown_address_is_a_problem_too(self, client: FlaskClient) -> None:
        for path in (f"{API}/nowhere", f"{API}/enterprises/x/y/z", f"{API}/"):
            answer = client.get(path)
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
            assert (answer.json or {})["code"] == "not-found"


class TestPut:
    def test_a_department_registers_a_firm_and_renames_it(self, client: FlaskClient) -> None:
        code, headers = code_of(3), make_key()
        url = f"{API}/enterprises/{code}"
        sent = {"name": "铜都甲有限公司", "registered_on": "2015-05-05", "region": "340799", "industry": "C1311"}
        assert client.put(url, json=sent, headers=headers).json == {"code": code, "changed": True}
        etag = client.get(url).headers["ETag"]
        again = client.put(url, json=sent | {"code": code.lower()}, headers=headers)
        assert again.json == {"code": code, "changed": False}
        assert client.get(url).headers["ETag"] == etag
        assert client.put(url, json={"name": "铜都乙有限公司"}, headers=headers).status_code == 200
        record = client.get(url).json or {}
        assert (record["name"], record["region"], record["industry"]) == ("铜都乙有限公司", "340799", "C1311")
        assert record["former_names"] == [{"name": "铜都甲有限公司", "until": "2026-11-22"}]

    def test_what_is_wrong_is_named(self, client: FlaskClient, code: str) -> None:
        url, headers = f"{API}/enterprises/{code}", make_key()
        before = client.get(url).headers["ETag"]
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"name": ""}, "name"), ({"name": None}, "name"), ({"name": "甲\x00乙"}, "name"),
            ({"registered_on": "2026-11-23"}, "registered_on"), ({"registered_on": "0001-01-01"}, "registered_on"),
            ({"valid_from": "2026-11-23"}, "valid_from"), ({"industry": "Z"}, "industry"), ({"region": "34"}, "region"),
            ({"accepted_because": "I say so"}, "accepted_because"), ({"legacy_id": "9" * 33}, "legacy_id"),
            ({"parent_code": "x"}, "parent_code"), ({"code": code_of(9)}, "code"), ({"status": "asleep"}, "status"),
            ({"colour": "red"}, "colour"),
        ]  # fmt: skip
        for fields, field in wrong:
            answer = client.put(url, json={"name": "铜都示例1有限公司"} | fields, headers=headers)
            assert answer.status_code == 422, (fields, answer.text)
            assert set((answer.json or {})["errors"]) == {field}, fields
        assert client.put(url, json={}, headers=headers).status_code == 422
        assert client.put(f"{API}/enterprises/x", json={"name": "铜都"}, headers=headers).status_code == 400
        assert client.put(url, json={"name": "铜都"}).status_code == 401
        assert client.put(url, json={"name": "铜都"}, headers=make_key(scopes=("events:write",))).status_code == 403
        assert client.get(url).headers["ETag"] == before


def test_pages_refuse_nonsense_too(client: FlaskClient, code: str) -> None:
    make_department()
    asked = [
        ("/enterprises", "q", "a\x00b"), ("/enterprises", "q", "长" * 5000), ("/enterprises", "q", "铜"),
        ("/enterprises", "q", "%"), ("/enterprises", "grade", "E"), ("/enterprises", "region", "\x00"),
        ("/enterprises", "industry", "\x00"), ("/enterprises", "cursor", "\x00"), ("/blacklist", "cursor", "x"),
        ("/blacklist", "cursor", "9" * 400), ("/blacklist", "region", "\x00"), ("/blacklist", "ground", "\x00"),
        ("/blacklist", "q", "\x00"), ("/blacklist", "as_of", "x"), ("/rulebook", "on", "x"),
        ("/rulebook", "on", "1900-01-01"), (f"/enterprises/{code}", "as_of", "1900-01-01"),
        (f"/enterprises/{code}", "as_of", "2027-01-01"), (f"/enterprises/{code}", "kind", "\x00"),
        (f"/enterprises/{code}", "kind", "rumour"), ("/", "lang", "\x00"),
    ]  # fmt: skip
    for path, name, text in asked:
        answer = client.get(path, query_string={name: text})
        assert answer.status_code < 500, (path, name, text)
        assert answer.mimetype == "text/html"
