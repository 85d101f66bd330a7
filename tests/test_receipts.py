"""Receipts: what was answered is signed, anybody can check it offline, and its holder alone can open it."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select, text

from credit.clock import now
from credit.db import ChangeRow, db
from credit.models import Receipt
from credit.rules.receipts import canonical, check, digest_of
from credit.services import signing
from credit.terms import Cessation
from tests.conftest import TODAY
from tests.makers import ago, make_cessation, make_enterprise, make_event, violation
from tests.screening import fresh_lists

API = "/api/v1/screenings"


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_KEYS"] = str(tmp_path / "keys")
    fresh_lists(tmp_path)
    return make_enterprise()


@pytest.fixture
def told(client: FlaskClient, code: str) -> dict[str, Any]:
    sent = {"tender": {"number": "示采〔2026〕1号"}, "subjects": [{"ref": "甲", "code": code}]}
    answer: dict[str, Any] = client.post(API, json=sent).get_json()
    return answer


def file_of(told: dict[str, Any]) -> dict[str, Any]:
    return told["receipt"] | {"body": {name: told[name] for name in told if name not in ("id", "receipt")}}


def test_the_answer_is_signed_and_the_body_opens_with_the_secret_alone(
    client: FlaskClient, told: dict[str, Any]
) -> None:
    path = f"/api/v1/receipts/{told['id']}"
    public = client.get(path)
    assert public.status_code == 200 and "body" not in public.get_json()
    assert told["receipt"]["secret"] not in public.text and "甲" not in public.text
    opened = client.get(path, headers={"Receipt-Secret": told["receipt"]["secret"]})
    body = opened.get_json()["body"]
    assert opened.headers["Cache-Control"] == "private, no-store" and body["results"] == told["results"]
    made = datetime.fromisoformat(public.get_json()["made_at"])
    assert abs(made - now()) < timedelta(minutes=5) and told["known_at"] == public.get_json()["made_at"]
    assert digest_of(body) == public.get_json()["digest"] == told["receipt"]["digest"]
    assert client.get(path, headers={"Receipt-Secret": "another"}).status_code == 404
    assert client.get("/api/v1/receipts/none").status_code == 404


def test_a_guess_too_many_is_refused(client: FlaskClient, told: dict[str, Any]) -> None:
    path = f"/api/v1/receipts/{told['id']}"
    statuses = [client.get(path, headers={"Receipt-Secret": f"wrong{n}"}).status_code for n in range(12)]
    assert statuses[0] == 404 and statuses[-1] == 429


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "good"), ({"body": {"results": []}}, "altered"), ({"id": "another"}, "other_receipt"),
        ({"signature": "cut"}, "unreadable"),
    ],
)  # fmt: skip
def test_whatever_was_altered_is_named(
    client: FlaskClient, told: dict[str, Any], change: dict[str, Any], word: str
) -> None:
    sent = {name: value for name, value in (file_of(told) | change).items() if name not in ("secret", "verify")}
    found = client.post("/api/v1/receipts/verify", json=sent).get_json()
    assert (found["word"], found["good"]) == (word, word == "good") and found["zh"] and found["en"]


def test_every_letter_of_the_signature_counts(client: FlaskClient, told: dict[str, Any]) -> None:
    keys, signature = signing.key_set(), told["receipt"]["signature"]
    for place in range(0, len(signature), 7):
        letter = "A" if signature[place] != "A" else "B"
        altered = check({"signature": signature[:place] + letter + signature[place + 1 :]}, keys)
        assert not altered.good or altered.facts == check({"signature": signature}, keys).facts, place
    assert check({"signature": signature[: len(signature) // 2]}, keys).good is False


def test_keys_of_before_go_on_verifying_and_a_revoked_one_is_told(
    client: FlaskClient, runner: FlaskCliRunner, code: str, told: dict[str, Any]
) -> None:
    first = client.get("/.well-known/jwks.json").get_json()["keys"]
    assert [(one["kty"], one["crv"], "d" in one) for one in first] == [("OKP", "Ed25519", False)]
    assert runner.invoke(args=["credit", "signing-key", "new"]).exit_code == 0
    later = client.post(API, json={"subjects": [{"code": code}]}).get_json()
    keys = client.get("/.well-known/jwks.json").get_json()
    assert len(keys["keys"]) == 2 and "retired" in keys["keys"][0] and "retired" not in keys["keys"][1]
    assert check(file_of(told), keys).good and check(file_of(later), keys).good
    kid = first[0]["kid"]
    assert runner.invoke(args=["credit", "signing-key", "revoke", kid, "--reason", "遗失"]).exit_code == 0
    keys = client.get("/.well-known/jwks.json").get_json()
    assert check(file_of(told), keys).word == "revoked_key" and check(file_of(later), keys).good
    assert check(file_of(told), {"keys": keys["keys"][1:]}).word == "unknown_key"
    assert "作废" in client.get(f"/verify/{told['id']}").text


def test_private_keys_are_files_that_their_owner_alone_reads(app: Flask, told: dict[str, Any]) -> None:
    (file,) = Path(app.config["CREDIT_KEYS"]).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600 and "d" in json.loads(file.read_text())
    assert json.loads(file.read_text())["d"] not in str(signing.key_set())


def test_a_later_repair_doesnt_rewrite_a_receipt_and_a_new_check_refers_to_it(
    client: FlaskClient, code: str
) -> None:
    grave = {"penalties": ["suspended_business"], "fine": None, "occurred_on": ago(200), "decided_on": ago(190)}
    make_event(violation(code, document_no="示例罚〔2026〕9号", **grave))
    before = client.post(API, json={"subjects": [{"code": code}]}).get_json()
    make_cessation(code, "示例罚〔2026〕9号", TODAY - timedelta(days=1), Cessation.REPAIRED)
    after = client.post(API, json={"subjects": [{"code": code}], "refers_to": before["id"]}).get_json()
    assert [one["results"][0]["verdict"] for one in (before, after)] == ["excluded", "clear"]
    path = f"/api/v1/receipts/{before['id']}"
    kept = client.get(path, headers={"Receipt-Secret": before["receipt"]["secret"]}).get_json()["body"]
    assert kept["results"] == before["results"] and check(file_of(before), signing.key_set()).good
    assert check(file_of(after), signing.key_set()).facts["refers_to"] == before["id"]  # type: ignore[index]
    assert f"/verify/{before['id']}" in client.get(f"/verify/{after['id']}").text


def test_a_receipt_takes_no_change_number(client: FlaskClient, code: str) -> None:
    def last() -> int:
        db.session.rollback()
        return db.session.scalar(select(func.max(ChangeRow.last_seq))) or 0

    seq = last()
    client.post(API, json={"subjects": [{"code": code}]})
    assert last() == seq and db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_the_page_proves_a_receipt_and_opens_it_with_its_secret(client: FlaskClient, told: dict[str, Any]) -> None:
    path = f"/verify/{told['id']}"
    page = client.get(path).text
    assert "有效" in page and told["receipt"]["digest"] in page and "示采" not in page
    wrong = client.post(path, data={"secret": "x"})
    assert wrong.status_code == 422 and "示采" not in wrong.text
    opened = client.post(path, data={"secret": told["receipt"]["secret"]}).text
    assert "示采〔2026〕1号" in opened and "未见" in opened
    assert client.get("/verify/none").status_code == 404


def test_the_command_checks_a_receipt_offline(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, code: str, tmp_path: Path
) -> None:
    sent, receipt, keys = (tmp_path / name for name in ("in.csv", "r.json", "keys.json"))
    sent.write_text(f"code\n{code}\n{code}\n", encoding="utf-8")
    args = ["credit", "screen", str(sent), "-o", str(tmp_path / "out.csv"), "--receipt", str(receipt)]
    assert runner.invoke(args=args).exit_code == 0
    keys.write_bytes(client.get("/.well-known/jwks.json").data)
    good = runner.invoke(args=["credit", "verify", str(receipt), "--key", str(keys)])
    assert good.exit_code == 0 and good.output.startswith("good")
    altered = json.loads(receipt.read_text())
    altered["body"]["summary"]["clear"] = 3
    receipt.write_bytes(canonical(altered))
    bad = runner.invoke(args=["credit", "verify", str(receipt), "--key", str(keys)])
    assert bad.exit_code == 1 and "NOT GOOD" in bad.output


def test_a_file_and_the_page_give_a_receipt_too(client: FlaskClient, code: str, app: Flask, tmp_path: Path) -> None:
    app.config["CREDIT_SPOOL"] = str(tmp_path / "spool")
    back = client.post(f"{API}/file", data={"file": (io.BytesIO(f"{code}\n{code}\n".encode()), "a.csv")})
    number, secret = back.headers["Receipt-Id"], back.headers["Receipt-Secret"]
    assert client.get(f"/api/v1/receipts/{number}", headers={"Receipt-Secret": secret}).status_code == 200
    page = client.post("/screening", data={"list": code, "number": "示采9号"}).text
    assert "/verify/" in page and "查询码" in page


def test_a_receipt_waits_for_nobody_who_holds_the_registers_row(client: FlaskClient, code: str, database: str) -> None:
    """SQLite has one writer at a time, whatever it writes: there nobody who reads is waited for."""
    locked = " FOR UPDATE" if database == "postgresql" else ""
    with db.engine.connect() as other, other.begin():
        other.execute(text(f"SELECT last_seq FROM register{locked}"))
        answer = client.post(API, json={"subjects": [{"code": code}]})
        assert answer.status_code == 200 and answer.get_json()["receipt"]["signature"]
