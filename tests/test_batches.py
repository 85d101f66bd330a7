"""Batches over HTTP: each row with what became of it, the same batch once, nothing kept of what is cut off."""

from __future__ import annotations

import csv
import gzip
import io
import threading
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from credit import reader
from credit.db import db
from credit.models import Batch, Event
from credit.services.batches import work
from tests.event_reports import counts
from tests.makers import award, code_of, inspection, make_enterprise, make_key, violation
from tests.register_files import workbook

URL = "/api/v1/events/batch"
JSONL = "application/x-ndjson"
KEYS = ("api_key", "department")  # what a test makes to send with


@pytest.fixture(autouse=True)
def spool(app: Flask, tmp_path: Path) -> Path:
    """Uploads wait in a folder of their own."""
    app.config["CREDIT_SPOOL"] = str(tmp_path / "spool")
    return tmp_path / "spool"


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def send(client: FlaskClient, body: bytes, query: str = "", kind: str = JSONL, **headers: str) -> Any:
    """A batch of one department; the answer."""
    given = make_key() | {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"{URL}{query}", data=body, headers=given)


def results(client: FlaskClient, batch: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a batch as they are given back."""
    answer = client.get(batch["results"], headers=make_key())
    assert answer.status_code == 200
    if answer.mimetype == "text/csv":
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return [orjson.loads(line) for line in answer.data.splitlines()]


def kept() -> list[str]:
    """The documents on file, in the order of their numbers."""
    db.session.rollback()
    return list(db.session.scalars(select(Event.document_no).order_by(Event.seq)))


def mixed(code: str) -> list[dict[str, Any]]:
    """Good rows and bad ones."""
    return [
        violation(code, document_no="罚1"),
        violation(code, document_no="罚2", fine="-1"),
        violation(code, document_no="罚1"),
        violation(code, document_no="罚1", fine="70000"),
        violation(code_of(77), document_no="罚3"),
        inspection(code, document_no="抽1"),
        inspection(code, document_no="查1", stage="recheck", occurred_on="2026-03-01", related_to=[{"document_no": "抽1"}]),
        violation(code, document_no="罚4", name="另一家有限公司"),
        award(code, document_no="诺1", name="铜都示例1有限公司"),
    ]


def test_each_row_is_given_back_with_what_became_of_it(client: FlaskClient) -> None:
    code = make_enterprise()
    answer = send(client, lines(*mixed(code)))
    told = answer.json
    assert (answer.status_code, told["state"], told["rows"]) == (200, "done", 9)
    assert (told["recorded"], told["on_file"], told["rejected"], told["graded"]) == (4, 1, 4, 1)
    rows = results(client, told)
    assert [(row["line"], row["status"], row["reason"]) for row in rows] == [
        (1, "recorded", None), (2, "rejected", "invalid"), (3, "on_file", None), (4, "rejected", "different-document"),
        (5, "rejected", "unknown-enterprise"), (6, "recorded", None), (7, "recorded", None),
        (8, "rejected", "other-enterprise"), (9, "recorded", None),
    ]  # fmt: skip
    for row, sent in zip(rows, mixed(code), strict=True):
        assert {name: row[name] for name in sent} == sent
        assert (row["suggestion"] is not None) == (row["status"] == "rejected")
    assert "另一家有限公司" in rows[7]["suggestion"] and "铜都示例1有限公司" in rows[7]["suggestion"]
    assert rows[2]["event"] == rows[0]["event"]
    assert kept() == ["罚1", "抽1", "查1", "诺1"]


def test_a_batch_and_single_reports_say_the_same_of_every_row(client: FlaskClient) -> None:
    """One intake for all doors: the same documents end in the same grade, refusal and content."""
    alone, together = make_enterprise(1), make_enterprise(2)
    headers = make_key()
    single = [client.post("/api/v1/events", json=row, headers=headers) for row in mixed(alone)]
    named = [row | {"name": "铜都示例2有限公司"} if row["document_no"] == "诺1" else row for row in mixed(together)]
    rows = results(client, send(client, lines(*named)).json)
    codes = {201: "recorded", 200: "on_file"}
    assert [codes.get(one.status_code, "rejected") for one in single] == [row["status"] for row in rows]
    refused = {"invalid-input": "invalid"}
    told = [refused.get(one.json["code"], one.json["code"]) for one in single if one.status_code > 201]
    assert told == [row["reason"] for row in rows if row["status"] == "rejected"]
    first, second = (client.get(f"/api/v1/enterprises/{code}").json for code in (alone, together))
    own = {"code", "org_code", "name", "seq", "data_as_of", "violations", "inspections", "awards", "findings"}
    assert {name: first[name] for name in first.keys() - own} == {name: second[name] for name in second.keys() - own}
    assert [len(first[kind]) for kind in ("violations", "inspections", "awards", "findings")] == [
        len(second[kind]) for kind in ("violations", "inspections", "awards", "findings")
    ]


def test_what_one_row_lacks_is_declared_for_the_whole_batch(client: FlaskClient) -> None:
    code = make_enterprise()
    rows = [violation(code, document_no=name, notices=None, proceedings=None) for name in ("罚1", "罚2")]
    rows[1]["notices"] = {"served_on": "2026-10-01"}
    declared = "served_on=2026-09-23&publication_notice_on=2026-09-23&repair_notice_on=2026-09-23&proceedings=false"
    assert send(client, lines(*rows), f"?{declared}").json["recorded"] == 2
    first, second = db.session.scalars(select(Event).order_by(Event.seq))
    assert (str(first.served_on), str(second.served_on)) == ("2026-09-23", "2026-10-01")
    assert [str(one.repair_notice_on) for one in (first, second)] == ["2026-09-23"] * 2
    assert {first.proceedings, second.proceedings} == {"none"}


def test_a_trial_keeps_nothing_and_says_what_would_become_of_each_row(client: FlaskClient) -> None:
    code = make_enterprise()
    before = counts()
    told = send(client, lines(*mixed(code)), "?dry_run=true").json
    assert (told["state"], told["recorded"], told["would_record"], told["rejected"]) == ("done", 0, 4, 4)
    assert [row["status"] for row in results(client, told)].count("would_record") == 4
    assert {row["event"] for row in results(client, told) if row["status"] == "would_record"} == {None}
    after = counts()
    assert {name for name in after if after[name] != before[name]} == {"batch", "batch_part", *KEYS}


def test_strict_keeps_all_or_nothing(client: FlaskClient) -> None:
    code = make_enterprise()
    before = counts()["seq"]
    told = send(client, lines(*mixed(code)), "?strict=true").json
    assert (told["state"], told["recorded"], told["would_record"], told["rejected"]) == ("refused", 0, 4, 4)
    assert (kept(), counts()["seq"]) == ([], before)
    good = send(client, lines(violation(code), award(code)), "?strict=true").json
    assert (good["state"], good["recorded"], good["graded"]) == ("done", 2, 1)


class TestOnce:
    def test_the_same_key_with_the_same_body_is_the_same_batch(self, client: FlaskClient) -> None:
        body = lines(violation(make_enterprise()))
        first = send(client, body, Idempotency_Key="a-1").json
        before = counts()["seq"]
        assert send(client, body, Idempotency_Key="a-1").json == first
        assert counts()["seq"] == before

    def test_the_same_key_with_another_body_is_refused_and_both_digests_are_shown(self, client: FlaskClient) -> None:
        code = make_enterprise()
        first = send(client, lines(violation(code)), Idempotency_Key="a-1").json
        for body, query in ((lines(award(code)), ""), (lines(violation(code)), "?strict=true")):
            answer = send(client, body, query, Idempotency_Key="a-1")
            assert (answer.status_code, answer.json["code"]) == (409, "other-body")
            assert answer.json["on_file"] == first["digest"] != answer.json["sent"]
        assert len(kept()) == 1

    def test_without_a_key_the_body_is_the_key(self, client: FlaskClient) -> None:
        body = lines(violation(make_enterprise()))
        assert send(client, body).json["id"] == send(client, body).json["id"]

    def test_another_department_has_keys_of_its_own_and_sees_no_others(self, client: FlaskClient) -> None:
        code = make_enterprise()
        mine = send(client, lines(violation(code)), Idempotency_Key="a-1").json
        theirs = make_key("示例农业农村局") | {"Content-Type": JSONL, "Idempotency-Key": "a-1"}
        answer = client.post(URL, data=lines(award(code)), headers=theirs)
        assert (answer.status_code, answer.json["recorded"]) == (200, 1)
        for path in (f"{URL}/{mine['id']}", mine["results"]):
            assert client.get(path, headers=theirs).json["code"] == "unknown-batch"

    def test_two_officers_who_send_the_same_batch_at_once_make_one(self, app: Flask) -> None:
        body = lines(*(violation(make_enterprise(), document_no=f"罚{number}") for number in range(30)))
        headers = make_key() | {"Content-Type": JSONL, "Idempotency-Key": "a-1"}
        db.session.remove()
        answers: list[tuple[int, Any]] = []

        def sending() -> None:
            with app.app_context():
                answer = app.test_client().post(URL, data=body, headers=headers)
                answers.append((answer.status_code, answer.json))
                db.session.remove()
                reader.close()

        threads = [threading.Thread(target=sending) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {status for status, _ in answers} == {200}
        assert {(told["id"], told["state"], told["recorded"], told["on_file"]) for _, told in answers} == {
            (answers[0][1]["id"], "done", 30, 0)
        }
        assert len(kept()) == 30


def test_a_batch_cut_short_is_seen_outdated_nowhere_and_resumed(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ROWS", 2)
    codes = [make_enterprise(number) for number in range(3)]
    app.config["CREDIT_BATCH_SECONDS"] = "-1"
    answer = send(client, lines(*(violation(code) for code in codes)), Idempotency_Key="a-1")
    told = answer.json
    assert (answer.status_code, told["state"], told["done"], told["rows"]) == (202, "recording", 2, 3)
    assert told["next"][0]["call"] == f"POST {URL}/{told['id']}/resume"
    shown = [len(client.get(f"/api/v1/enterprises/{code}").json["violations"]) for code in codes]
    assert shown == [1, 1, 0]  # not graded yet, and never told as it was before
    headers = make_key()
    states = []
    while told["state"] != "done":
        told = client.post(f"{URL}/{told['id']}/resume", headers=headers).json
        states.append(told["state"])
    assert states == ["grading", "done"]
    assert (told["recorded"], told["graded"], len(kept())) == (3, 3, 3)
    assert client.post(f"{URL}/{told['id']}/resume", headers=headers).json == told


class TestRefusedWhole:
    def test_an_upload_that_is_cut_off_keeps_nothing(self, client: FlaskClient, spool: Path) -> None:
        body = lines(*(violation(make_enterprise(), document_no=str(number)) for number in range(3)))
        table = b"code,document_no\n91340799MAFK50018B,1\n91340799MA"
        before = counts() | dict.fromkeys(KEYS)
        for sent, kind, query in (
            (body[:-20], JSONL, ""), (gzip.compress(body)[:-9], JSONL, ""), (table, "text/csv", "?kind=violation"),
            (b"", JSONL, ""), (b"PK\x03\x04 cut", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "?kind=award"),
            (b"PAR1", "application/vnd.apache.parquet", ""),
        ):  # fmt: skip
            answer = send(client, sent, query, kind)
            assert (answer.status_code, answer.json["code"]) == (400, "file-refused"), (kind, answer.text)
        assert counts() | dict.fromkeys(KEYS) == before
        assert list(spool.iterdir()) == []

    def test_a_body_shorter_than_it_says_keeps_nothing(self, client: FlaskClient) -> None:
        body = lines(violation(make_enterprise()))
        stream = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body) + 40)}
        answer = client.post(URL, headers=make_key() | {"Content-Type": JSONL}, environ_overrides=stream)
        assert (answer.status_code, answer.json["code"]) == (400, "bad-request")
        assert db.session.scalar(select(func.count()).select_from(Batch)) == 0

    def test_too_many_rows_or_bytes_another_format_and_a_wrong_key(self, app: Flask, client: FlaskClient) -> None:
        app.config["CREDIT_BATCH_ROWS"] = "2"
        body = lines(*(violation(make_enterprise(), document_no=str(number)) for number in range(3)))
        assert send(client, body).json["code"] == "too-many-rows"
        app.config["CREDIT_MAX_BATCH"] = "100"
        assert send(client, body).status_code == 413
        assert send(client, body, kind="application/json").status_code == 415
        assert send(client, body, "?kind=rumour").status_code == 422
        assert send(client, b"code\nx\n", kind="text/csv").json["errors"].keys() == {"kind"}
        assert send(client, body, Idempotency_Key="x" * 201).json["errors"].keys() == {"Idempotency-Key"}
        assert kept() == []

    def test_only_a_key_with_the_scope_sends_and_sees_batches(self, client: FlaskClient) -> None:
        narrow = make_key(scopes=("enterprises:write",))
        for method, path in (("post", URL), ("get", f"{URL}/1"), ("get", f"{URL}/1/results"), ("post", f"{URL}/1/resume")):
            assert getattr(client, method)(path).status_code == 401
            assert getattr(client, method)(path, headers=narrow).status_code == 403


def test_every_format_says_the_same(client: FlaskClient, tmp_path: Path) -> None:
    code = make_enterprise()
    flat = {
        "code": code, "occurred_on": "2026-08-24", "decided_on": "2026-09-23", "document_no": "罚1", "penalties": "fine",
        "category": "product_quality", "fine": "60000.00", "status": "=1+1",
    }  # fmt: skip
    del flat["status"]
    table = (",".join(flat) + "\n" + ",".join(flat.values()) + "\n").encode()
    book = workbook(tmp_path / "a.xlsx", [list(flat), list(flat.values())]).read_bytes()
    pl.DataFrame([flat | {"penalties": ["fine"]}]).write_parquet(tmp_path / "a.parquet")
    nested = lines(flat | {"penalties": ["fine"]})
    assert send(client, table, "?kind=violation", "text/csv").json["recorded"] == 1
    for body, kind in (
        (book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ((tmp_path / "a.parquet").read_bytes(), "application/vnd.apache.parquet"),
        (nested, JSONL), (gzip.compress(nested), JSONL), (table.replace(b",", b"\t"), "text/csv"),
    ):  # fmt: skip
        assert send(client, body, "?kind=violation", kind).json["on_file"] == 1, kind


def test_a_file_in_a_form_is_taken_by_its_name(client: FlaskClient) -> None:
    code = make_enterprise()
    form = {"file": (io.BytesIO(lines(violation(code))), "报送.jsonl"), "dry_run": "true"}
    told = client.post(URL, data=form, headers=make_key()).json
    assert (told["file_name"], told["dry_run"], told["would_record"]) == ("报送.jsonl", True, 1)
    wrong = client.post(URL, data={"file": (io.BytesIO(b"x"), "a.docx")}, headers=make_key())
    assert wrong.json["errors"].keys() == {"file"}


def test_results_of_a_table_are_a_table_without_formulas_and_own_columns_keep_their_names(client: FlaskClient) -> None:
    table = '代码,文书号,status,code\n"=HYPERLINK(""x"")",罚1,旧,x\n'.encode()
    told = send(client, table, "?kind=violation", "text/csv").json
    (row,) = results(client, told)
    assert row["代码"] == "'=HYPERLINK(\"x\")"
    assert (row["input_status"], row["status"], row["line"]) == ("旧", "rejected", "2")
