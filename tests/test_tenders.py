"""A tender: pinned when it is announced, checked at evaluation for what changed, and what its buyer cleared."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.receipts import check
from credit.rules.rechecks import changes
from credit.services import signing
from credit.terms import Cessation
from tests.conftest import TODAY
from tests.makers import ago, make_cessation, make_enterprise, make_event, violation
from tests.pdf import text_of
from tests.screening import fresh_lists
from tests.test_screening import entry

API = "/api/v1"
TENDER = {"number": "示采〔2026〕1号", "purchaser": "示例采购人", "kind": "government-procurement"}
GRAVE = {"penalties": ["suspended_business"], "fine": None, "occurred_on": ago(200), "decided_on": ago(190)}
NAME = "铜都示例远山有限公司"


@pytest.fixture
def codes(app: Flask, tmp_path: Path) -> list[str]:
    fresh_lists(tmp_path, tax=entry(name=NAME))
    return [make_enterprise(number) for number in (1, 2, 3)]


def sent(client: FlaskClient, path: str, body: dict[str, Any], secret: str = "", status: int = 200) -> dict[str, Any]:
    headers = {"Receipt-Secret": secret} if secret else {}
    answer = client.post(API + path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def again(client: FlaskClient, before: dict[str, Any], **body: Any) -> dict[str, Any]:
    """A later check of the same tender."""
    return sent(client, "/screenings", {"refers_to": before["id"]} | body, before["receipt"]["secret"])


def verdicts(told: dict[str, Any]) -> list[str]:
    return [one["verdict"] for one in told["results"]]


def test_a_tender_pins_the_registers_state_before_anybody_has_bid(client: FlaskClient, codes: list[str]) -> None:
    announced = sent(client, "/tenders", TENDER, status=201)
    assert announced["results"] == [] and {one["list"] for one in announced["sources"]} >= {"tax", "samr-44"}
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    later = again(client, announced, subjects=[{"code": code} for code in codes])
    assert later["tender"] == announced["tender"] and later["seq"] > announced["seq"] == later["since"]["seq"]
    assert [(one["before"], one["after"]) for one in later["since"]["changed"]] == [
        (None, "excluded"), (None, "clear"), (None, "clear"),
    ]  # fmt: skip


def test_at_evaluation_only_what_changed_since_is_told_and_the_receipts_refer_to_each_other(
    client: FlaskClient, codes: list[str]
) -> None:
    make_event(violation(codes[1], document_no="示例罚〔2026〕8号", **GRAVE))
    first = sent(client, "/screenings", {"tender": TENDER, "subjects": [{"ref": code, "code": code} for code in codes]})
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    make_cessation(codes[1], "示例罚〔2026〕8号", TODAY - timedelta(days=1), Cessation.REPAIRED)
    second = again(client, first)
    assert verdicts(first) == ["clear", "excluded", "clear"] and verdicts(second) == ["excluded", "clear", "clear"]
    since = second["since"]
    assert (since["receipt"], since["unchanged"], since["left_out"]) == (first["id"], 1, [])
    fell, repaired = since["changed"]
    assert (fell["before"], fell["after"], fell["added"][0]["document_no"]) == ("clear", "excluded", "示例罚〔2026〕9号")
    assert (repaired["before"], repaired["after"], repaired["added"], repaired["ended"]) == ("excluded", "clear", [], 1)
    assert "示例罚〔2026〕8号" not in str(second), "what was repaired is not told again"
    opened = client.get(
        f"{API}/receipts/{first['id']}", headers={"Receipt-Secret": first["receipt"]["secret"]}
    ).get_json()
    assert [one["id"] for one in opened["checks"]] == [first["id"], second["id"]]
    facts = check({"signature": second["receipt"]["signature"]}, signing.key_set()).facts
    assert facts is not None and facts["refers_to"] == first["id"]
    third = again(client, second, subjects=[{"code": codes[2]}])
    assert third["since"]["changed"] == [] and [one["code"] for one in third["since"]["left_out"]] == codes[:2]


def test_without_the_secret_nothing_of_an_earlier_check_is_told(client: FlaskClient, codes: list[str]) -> None:
    first = sent(client, "/screenings", {"subjects": [{"code": codes[0]}]})
    bare = sent(client, "/screenings", {"subjects": [{"code": codes[0]}], "refers_to": first["id"]})
    assert bare["since"] is None
    sent(client, "/screenings", {"refers_to": first["id"]}, "another", 404)
    assert "subjects" in sent(client, "/screenings", {"refers_to": first["id"]}, status=422)["errors"]
    assert "subjects" in sent(client, "/screenings", {}, status=422)["errors"]
    assert "checks" not in client.get(f"{API}/receipts/{first['id']}").get_json()


def cleared(told: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"bidder": {"name": NAME}, "by": "采购人代表 王某", "reason": "注册地不同，已电话核实"} | given


def test_a_buyer_remembers_that_a_bidder_is_not_the_firm_of_that_name(client: FlaskClient, codes: list[str]) -> None:
    first = sent(client, "/screenings", {"tender": TENDER, "subjects": [{"name": NAME}, {"code": codes[0]}]})
    (hit,) = first["results"][0]["exclusions"]
    assert verdicts(first) == ["review", "clear"] and not hit["sure"]
    path, secret = f"/receipts/{first['id']}/clearances", first["receipt"]["secret"]
    said = cleared(first, list=hit["list"], document_no=hit["document_no"])
    made = sent(client, path, said, secret, 201)
    assert sent(client, path, said, secret, 201) == made, "the same again is no new one"
    second = again(client, first)
    assert verdicts(second) == ["unknown", "clear"]
    (kept,) = second["results"][0]["cleared"]
    assert (kept["by"], kept["reason"], kept["list"]) == (said["by"], said["reason"], "tax")
    other = sent(client, "/screenings", {"tender": TENDER, "subjects": [{"name": NAME}]})
    assert verdicts(other) == ["review"], "another tender's buyer decides for itself"
    gone = client.delete(f"{API}{path}/{made['id']}", headers={"Receipt-Secret": secret})
    assert gone.status_code == 200 and verdicts(again(client, second)) == ["review", "clear"]
    assert client.delete(f"{API}{path}/{made['id']}", headers={"Receipt-Secret": secret}).status_code == 404


def test_what_a_code_decided_is_never_cleared(client: FlaskClient, codes: list[str]) -> None:
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    first = sent(client, "/screenings", {"subjects": [{"code": codes[0], "name": "铜都示例1有限公司"}]})
    path, secret = f"/receipts/{first['id']}/clearances", first["receipt"]["secret"]
    bidder = {"code": codes[0], "name": "铜都示例1有限公司"}
    for what in ({"code": codes[0]}, {"list": "record", "document_no": "示例罚〔2026〕9号"}, {"code": codes[1]}, {}):
        assert "code" in sent(client, path, cleared(first, bidder=bidder, **what), secret, 422)["errors"], what
    assert "bidder" in sent(client, path, cleared(first, code=codes[0]), secret, 422)["errors"]
    assert "reason" in sent(client, path, cleared(first, reason=""), secret, 422)["errors"]
    sent(client, path, cleared(first, code=codes[0]), "another", 404)
    assert verdicts(again(client, first)) == ["excluded"]


def test_a_similar_firm_that_was_cleared_leaves_no_doubt(client: FlaskClient, codes: list[str]) -> None:
    make_enterprise(4, name="铜都示例远航有限公司")
    first = sent(client, "/screenings", {"subjects": [{"name": "铜都示例远航有限责任公司"}]})
    (match,) = first["results"][0]["matches"]
    assert verdicts(first) == ["review"]
    said = cleared(first, bidder={"name": "铜都示例远航有限责任公司"}, code=match["code"])
    sent(client, f"/receipts/{first['id']}/clearances", said, first["receipt"]["secret"], 201)
    second = again(client, first)
    assert verdicts(second) == ["unknown"] and second["results"][0]["matches"] == []


FINDING = st.fixed_dictionaries(
    {
        "list": st.sampled_from(["tax", "record"]), "document_no": st.sampled_from("一二三"), "code": st.none(),
        "since": st.just("2026-01-05"), "sure": st.booleans(),
    }
)  # fmt: skip
RESULT = st.fixed_dictionaries(
    {
        "ref": st.none(), "code": st.none(), "name": st.sampled_from(["甲厂", "乙厂", "丙厂"]),
        "verdict": st.sampled_from(["clear", "review"]), "exclusions": st.lists(FINDING, max_size=2),
        "considerations": st.just([]),
    }
)  # fmt: skip
LIST = st.lists(RESULT, max_size=3, unique_by=lambda one: one["name"])


def said(findings: list[dict[str, Any]]) -> set[Any]:
    return {tuple(sorted((one | {"code": ""}).items())) for one in findings}


@given(LIST, LIST)
def test_nothing_that_changed_is_left_out_and_nothing_else_is_told(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    told = changes(before, after)
    known = {one["name"]: one for one in before}
    differs = {
        one["name"] for one in after
        if one["name"] not in known or one["verdict"] != known[one["name"]]["verdict"]
        or said(one["exclusions"]) != said(known[one["name"]]["exclusions"])
    }  # fmt: skip
    assert {one["name"] for one in told["changed"]} == differs
    assert told["unchanged"] + len(told["changed"]) == len(after)
    assert {one["name"] for one in told["left_out"]} == set(known) - {one["name"] for one in after}
    assert changes(before, before)["changed"] == []


def opened(client: FlaskClient, told: dict[str, Any], **form: str) -> Any:
    return client.post(f"/verify/{told['id']}", data={"secret": told["receipt"]["secret"]} | form)


def test_the_tenders_file_checks_again_clears_and_takes_back_by_forms_alone(
    client: FlaskClient, codes: list[str]
) -> None:
    first = sent(client, "/screenings", {"tender": TENDER, "subjects": [{"name": NAME}, {"code": codes[0]}]})
    secret = first["receipt"]["secret"]
    form = {"number": first["id"], "secret": secret}
    assert "示采〔2026〕1号" in client.post("/verify", data=form).text
    assert client.post("/verify", data=form | {"secret": "x"}).status_code == 422
    page = opened(client, first).text
    assert "立即复核" in page and "不是这家？" in page and "示例采购人" in page
    said = {"bidder_name": NAME, "list": "tax", "document_no": "(2026)示执9号", "by": "王某", "reason": "另一家"}
    assert opened(client, first, act="clear", **said | {"reason": ""}).status_code == 422
    assert "已排除" in opened(client, first, act="clear", **said).text
    again = opened(client, first, act="recheck").text
    assert "与上次核查相比" in again and "需人工核对 → 未登记" in again and "王某：另一家" in again
    back = opened(client, first, act="take_back", clearance="1")
    assert back.status_code == 200 and "已撤回" in back.text
    assert opened(client, first, act="take_back", clearance="1").status_code == 404
    other = opened(client, first, act="recheck", list=codes[1]).text
    assert "本次名单中没有" in other and codes[1] in other


def test_a_tender_may_be_opened_by_the_page_before_anybody_has_bid(client: FlaskClient, codes: list[str]) -> None:
    page = client.post("/screening", data={"as": "pin", "number": "示采9号", "agency": "示例代理", "lot": "二包"}).text
    assert "数据状态已固定" in page
    number = page.partition("/verify/")[2].partition('"')[0]
    secret = page.partition('name="secret" value="')[2].partition('"')[0]
    found = client.post(f"/verify/{number}", data={"secret": secret}).text
    assert all(words in found for words in ("示采9号", "示例代理", "二包", "没有投标人"))
    assert client.post(f"/verify/{number}", data={"secret": secret, "act": "recheck"}).status_code == 422
    checked = client.post(f"/verify/{number}", data={"secret": secret, "act": "recheck", "list": codes[0]}).text
    assert "新增，未见" in checked


def test_the_receipt_is_a_pdf_with_the_facts_of_evidence_and_proves_itself_offline(
    client: FlaskClient, runner: FlaskCliRunner, codes: list[str], tmp_path: Path
) -> None:
    make_event(violation(codes[0], document_no="示例罚〔2026〕9号", **GRAVE))
    subjects = [{"ref": "1", "code": codes[0]}, {"ref": "2", "name": NAME}]
    told = sent(client, "/screenings", {"tender": TENDER | {"agency": "示例代理"}, "subjects": subjects})
    answer = opened(client, told, act="pdf")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "private, no-store"
    text = text_of(answer.data)
    for fact in ("示采〔2026〕1号", "示例采购人", "示例代理", "依法禁止参加", codes[0], NAME, told["id"],
                 told["receipt"]["digest"], f"/verify/{told['id']}", "示例罚〔2026〕9号", "仅名称相同"):  # fmt: skip
        assert "".join(fact.split()) in text, fact
    assert len(pypdf.PdfReader(io.BytesIO(answer.data)).pages) == 3, "one for the tender, one for each supplier"
    file, keys = tmp_path / "r.pdf", tmp_path / "keys.json"
    file.write_bytes(answer.data)
    keys.write_bytes(client.get("/.well-known/jwks.json").data)
    good = runner.invoke(args=["credit", "verify", str(file), "--key", str(keys)])
    assert good.exit_code == 0 and good.output.startswith("good")
    file.write_bytes(b"%PDF-1.7 cut off")
    assert runner.invoke(args=["credit", "verify", str(file), "--key", str(keys)]).exit_code == 2


def test_sources_of_the_whole_tender_say_where_anybody_was_found(client: FlaskClient, codes: list[str]) -> None:
    told = sent(client, "/screenings", {"subjects": [{"name": NAME}, {"code": codes[0]}]})
    assert {one["list"] for one in told["sources"] if one["state"] == "found"} == {"tax"}
    assert {one["state"] for one in told["results"][1]["sources"]} == {"not_found"}
