"""The transparency log: a leaf tells nothing, its evidence proves all, and a quiet edit of history is found out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import delete, select, update

from credit import retention
from credit.db import db, transaction
from credit.log_heads import sign_head
from credit.models import Amendment, ListingAct, LogHead, LogLeaf, LogNode, Receipt
from credit.rules.leaves import check_evidence
from credit.rules.verification import checks
from credit.services import signing
from credit.services.transparency import entries, proof, tree
from credit.terms import Leaf
from tests.conftest import Clock
from tests.makers import ago, make_enterprise, make_event, make_key, make_listing, violation
from tests.screening import fresh_lists

LOG = "/api/v1/log"


@pytest.fixture(autouse=True)
def keys(app: Flask, tmp_path: Path) -> None:
    app.config["CREDIT_KEYS"] = str(tmp_path / "keys")


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    fresh_lists(tmp_path)
    return make_enterprise()


def receipt(client: FlaskClient, code: str) -> dict[str, Any]:
    made: dict[str, Any] = client.post("/api/v1/screenings", json={"subjects": [{"code": code}]}).get_json()
    return made["receipt"]


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(LOG + path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def good(given: dict[str, Any]) -> bool:
    return all(one.good for one in checks(given, signing.key_set()))


def withdrawn(client: FlaskClient, code: str) -> None:
    event = make_event(violation(code, document_no="示例罚〔2026〕8号"))
    said = {"reason": "other", "explanation": "录入重复", "revoked_on": ago(1)}
    answer = client.post(f"/api/v1/events/{event}/withdrawal", json=said, headers=make_key())
    assert answer.status_code in (200, 201), answer.text


def edited(table: Any, *conditions: Any, **values: Any) -> None:
    """A quiet edit: past every rule, straight in the database."""
    db.session.rollback()
    with db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
        assert connection.execute(update(table).where(*conditions).values(**values)).rowcount == 1


def test_a_receipt_is_proved_to_be_in_the_log_once_the_days_head_is_signed(client: FlaskClient, code: str) -> None:
    own = receipt(client, code)
    path = f"/api/v1/receipts/{own['id']}"
    assert client.get(path).get_json()["log"] is None and client.get(LOG).status_code == 404
    sign_head("test")
    told = client.get(path).get_json()
    assert told["log"]["content"]["signature"] == own["signature"] and good(told)
    assert client.post("/api/v1/receipts/verify", json=told).get_json()["good"]
    other = client.get(f"/api/v1/receipts/{receipt(client, code)['id']}").get_json()
    assert [one.word for one in checks(other | {"log": told["log"]}, signing.key_set())] == ["good", "other_receipt"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"salt": "0" * 32}, "not_in_log"), ({"number": 1}, "not_in_log"), ({"path": []}, "not_in_log"),
        ({"content": {"kind": "receipt"}}, "not_in_log"), ({"path": ["no hash"]}, "unreadable"),
        ({"head": {"signature": "cut"}}, "unreadable"), ({"head": None}, "unreadable"), ({"number": None}, "unreadable"),
    ],
)  # fmt: skip
def test_altered_evidence_is_refused_with_the_reason(
    client: FlaskClient, code: str, change: dict[str, Any], word: str
) -> None:
    own = receipt(client, code)
    receipt(client, code)
    sign_head("test")
    first = db.session.scalar(select(LogLeaf.ref).where(LogLeaf.number == 0))
    told = client.get(f"/api/v1/receipts/{first}").get_json()["log"]
    assert own["id"] and check_evidence(told, signing.key_set()).good
    found = check_evidence(told | change, signing.key_set())
    assert (found.good, found.word) == (False, word) and found.zh and found.en


def test_a_receipt_is_not_taken_for_a_head_nor_a_head_for_a_receipt(client: FlaskClient, code: str) -> None:
    own = receipt(client, code)
    sign_head("test")
    head = get(client, "")
    assert [one.word for one in checks({"signature": head["signature"]}, signing.key_set())] == ["other_kind"]
    assert [one.word for one in checks(head | {"signature": own["signature"]}, signing.key_set())] == ["other_kind"]
    assert good(head) and not good(head | {"size": head["size"] + 1})


def test_heads_continue_each_other_and_leaves_make_their_roots_anew(client: FlaskClient, code: str) -> None:
    sizes = []
    for count in (1, 3, 0, 2):
        for _ in range(count):
            receipt(client, code)
        sign_head("test")
        sizes.append(get(client, "")["size"])
    assert sizes == sorted(set(sizes)), "each day enters the audit's head at least"
    for first, second in pairwise(sizes):
        proved = get(client, f"/consistency?first={first}&second={second}")
        assert good(proved) and not good(proved | {"first": proved["second"] | {"signature": "cut"}})
        assert not good(proved | {"path": proved["path"][:-1] if proved["path"] else ["00" * 32]})
    for number in range(sizes[1]):
        proved = get(client, f"/inclusion?number={number}&size={sizes[1]}")
        assert good(proved) and not good(proved | {"number": number + 1})
    leaves = get(client, "/leaves?limit=2")
    assert [one["number"] for one in leaves["items"]] == [0, 1] and leaves["next"] == "2"
    assert [one["size"] for one in get(client, "/heads")["items"]] == sizes


def test_asking_for_what_was_never_signed_is_answered_with_the_reason(client: FlaskClient, code: str) -> None:
    sign_head("test")
    size = get(client, "")["size"]
    for path in (f"/inclusion?number={size}", f"/inclusion?number=0&size={size + 1}", f"/consistency?first={size}&second=99"):
        assert client.get(LOG + path).get_json()["code"] == "unknown-log-entry", path
    assert "first" in client.get(f"{LOG}/consistency?first=2&second=1").get_json()["errors"]
    assert client.get(f"{LOG}/inclusion?number=-1").status_code == 422
    assert client.get(f"{LOG}/inclusion?number={2**63}").status_code == 422


def test_a_leaf_tells_nothing_not_even_to_who_tries_every_enterprise(client: FlaskClient, code: str) -> None:
    make_listing(code)
    sign_head("test")
    leaf = db.session.scalars(select(LogLeaf).where(LogLeaf.kind == "listing")).one()
    content = entries.on_file(Leaf.LISTING, [leaf.ref])[leaf.ref].content
    public = get(client, "/leaves?limit=200")
    assert code not in json.dumps(public) and str(leaf.salt) not in json.dumps(public)
    hashes = {one["hash"] for one in public["items"]}
    assert tree.leaf_of(content, str(leaf.salt)).hex() in hashes
    assert tree.leaf_of(content, "").hex() not in hashes
    assert len(str(leaf.salt)) == 32, "128 bits"
    twice = {leaf.salt for leaf in db.session.scalars(select(LogLeaf))}
    assert len(twice) == len(hashes), "no salt is used twice"


def test_evidence_of_a_listing_is_told_only_while_the_listing_is(
    client: FlaskClient, code: str, clock: Clock
) -> None:
    make_listing(code)
    assert get(client, f"/listings/{code}") == {"items": []}, "it is in the log from the day's head on"
    sign_head("test")
    told = get(client, f"/listings/{code}")
    assert good(told) and told["items"][0]["content"]["code"] == code
    shown = client.get("/api/v1/blacklist").get_json()["items"][0]
    assert {name: shown[name] for name in ("facts", "listed_on", "ends_on")}.items() <= told["items"][0]["content"].items()
    clock.day += timedelta(days=3 * 366)
    assert get(client, f"/listings/{code}") == {"items": []}
    assert good(told), "who kept the evidence can go on proving it"


def test_decisions_and_corrections_are_entered_too_and_each_once(client: FlaskClient, code: str) -> None:
    listing = make_listing(code)
    withdrawn(client, code)
    sign_head("test")
    sign_head("test")
    kinds = list(db.session.scalars(select(LogLeaf.kind).order_by(LogLeaf.number)))
    acts = db.session.query(ListingAct).where(ListingAct.listing_id == listing).count()
    assert kinds.count("listing") == 1 and kinds.count("decision") == acts - 1
    assert kinds.count("correction") == 1 and kinds.count("audit") == 2
    assert proof.verify() == (len(kinds), 0, [])


EDITS: dict[str, Any] = {
    "a receipt": lambda: (Receipt, [], {"digest": "0" * 64}),
    "a listing's basis": lambda: (ListingAct, [ListingAct.act == "decide"], {"document_no": "另一文号"}),
    "the day of a listing": lambda: (ListingAct, [ListingAct.act == "publish"], {"acted_on": date(2020, 1, 1)}),
    "the reason of a withdrawal": lambda: (Amendment, [], {"reason": "另一理由"}),
    "a leaf's hash": lambda: (LogNode, [LogNode.level == 0, LogNode.number == 0], {"hash": b"0" * 32}),
    "a node over leaves": lambda: (LogNode, [LogNode.level == 1, LogNode.number == 0], {"hash": b"0" * 32}),
    "a head": lambda: (LogHead, [], {"root": "0" * 64}),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_quiet_edit_is_found(client: FlaskClient, runner: FlaskCliRunner, code: str, what: str) -> None:
    make_listing(code)
    withdrawn(client, code)
    receipt(client, code)
    sign_head("test")
    assert runner.invoke(args=["credit", "log", "verify"]).exit_code == 0
    table, conditions, values = EDITS[what]()
    edited(table, *conditions, **values)
    found = runner.invoke(args=["credit", "log", "verify"])
    assert found.exit_code == 1 and "faults 0" not in found.output, found.output


def test_a_case_that_is_deleted_in_time_is_forgotten_and_the_tree_stands(client: FlaskClient, code: str) -> None:
    make_listing(code, date(2022, 4, 1))
    sign_head("test")
    before, acts = get(client, ""), db.session.query(ListingAct).count()
    assert retention.delete_due(date(2030, 4, 1)) == 1
    assert proof.verify() == (before["size"], acts, [])
    salts = select(LogLeaf.salt).where(LogLeaf.kind.in_(["listing", "decision"]))
    assert set(db.session.scalars(salts)) == {None}, "nobody can open them any more"
    sign_head("test")
    assert good(get(client, f"/consistency?first={before['size']}&second={before['size'] + 1}"))


def test_an_outsider_who_kept_a_head_sees_a_log_that_was_made_anew(client: FlaskClient, code: str) -> None:
    receipt(client, code)
    sign_head("test")
    kept = get(client, "")
    with transaction("test"):
        for table in (LogHead, LogNode, LogLeaf):
            db.session.execute(delete(table))
    receipt(client, code)
    sign_head("test")
    sign_head("test")
    first, second = (one["size"] for one in get(client, "/heads")["items"])
    proved = get(client, f"/consistency?first={first}&second={second}")
    assert good(proved), "by itself the new log is whole"
    assert [one.word for one in checks(proved | {"first": kept}, signing.key_set())] == ["inconsistent"]


def test_the_day_run_signs_a_head_and_the_audit_tells_its_root(
    client: FlaskClient, runner: FlaskCliRunner, code: str
) -> None:
    receipt(client, code)
    told = runner.invoke(args=["credit", "daily"])
    assert told.exit_code == 0, told.output
    head = get(client, "")
    entry = runner.invoke(args=["credit", "log", "sign"])
    assert entry.exit_code == 0 and f"size {head['size'] + 1}" in entry.output


def test_the_command_checks_evidence_and_consistency_offline(
    client: FlaskClient, runner: FlaskCliRunner, code: str, tmp_path: Path
) -> None:
    own = receipt(client, code)
    sign_head("test")
    first = get(client, "")["size"]
    sign_head("test")
    keys = tmp_path / "keys.json"
    keys.write_bytes(client.get("/.well-known/jwks.json").data)
    paths = (f"/api/v1/receipts/{own['id']}", LOG, f"{LOG}/consistency?first={first}&second={first + 1}")
    for number, path in enumerate(paths):
        file = tmp_path / f"{number}.json"
        file.write_bytes(client.get(path).data)
        told = runner.invoke(args=["credit", "verify", str(file), "--key", str(keys)])
        assert told.exit_code == 0 and "NOT" not in told.output, told.output
    file.write_text(file.read_text().replace('"path":["', '"path":["00'))
    assert runner.invoke(args=["credit", "verify", str(file), "--key", str(keys)]).exit_code == 1
