"""The papers of a listing: each kind over HTTP, as JSON, page and PDF, numbered, and never another text."""

from __future__ import annotations

import hashlib
import io
import threading
from datetime import date
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit import reader
from credit.db import db, transaction
from credit.models import EnterpriseVersion
from credit.rules.papers import KINDS, series
from credit.services import enterprises, paper_forms, papers
from schemas.enterprise import EnterpriseIn
from tests.conftest import TODAY, Clock
from tests.desk import sign_in
from tests.makers import (
    DECISION,
    WORKSHEET,
    make_enterprise,
    make_event,
    make_key,
    notice,
    violation,
)
from tests.pdf import text_of
from tests.test_listing_acts import PAPER
from tests.test_listings_api import URL, Office

LATER = date(2027, 12, 1)
APPLIED = {"performed": "缴款书", "harm_removed": "召回报告", "pledge": "守信承诺书"}
SEEN: dict[str, str] = {}


def embedded(body: bytes) -> list[tuple[str, bool]]:
    """Each font of a PDF, and whether it is in the file."""
    fonts = []
    for page in pypdf.PdfReader(io.BytesIO(body)).pages:
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            fonts.append((described["/FontName"], any(name.startswith("/FontFile") for name in described)))
    return fonts


def removed(client: FlaskClient, clock: Clock) -> tuple[Office, int]:
    """A listing from its proposal to its early removal, refused once before, and then restored."""
    office = Office(client)
    listing = office.published(make_enterprise(1))
    clock.day = LATER
    for end in ("refuse_removal", "grant_removal"):
        applied = {"applied_on": str(LATER)} | APPLIED
        assert office.act(listing, "apply_removal", **applied).status_code == 200
        assert office.act(listing, "accept_removal", document_no="受1").status_code == 200
        reason = {"document_no": f"示例{end}号", "reason": "核查意见"}
        assert office.act(listing, end, "decider", **reason).status_code == 200
    again = DECISION | {"document_no": "示例恢〔2027〕1号", "reason": "承诺书系伪造"}
    assert office.act(listing, "restore", "decider", **again).status_code == 200
    assert office.act(listing, "confirm", "second").status_code == 200
    assert office.act(listing, "revoke", "decider", document_no="示例撤〔2027〕1号", reason="处罚被撤销").status_code == 200
    return office, listing


def test_every_kind_of_paper_tells_its_facts_basis_and_number_in_each_form(client: FlaskClient, clock: Clock) -> None:
    office, listing = removed(client, clock)
    key = office.keys["handler"]
    items = client.get(f"{URL}/{listing}/documents", headers=key).json["items"]
    assert [(one["kind"], one["number"], one["register_no"]) for one in items] == [
        ("notice", "示例告〔2026〕1号", "列告〔2026〕1号"),
        ("decision", "示例列〔2026〕1号", "列决〔2026〕1号"),
        ("repair-notice", "列修〔2026〕1号", "列修〔2026〕1号"),
        ("refusal", "示例refuse_removal号", "列驳〔2027〕1号"),
        ("removal", "示例grant_removal号", "列移〔2027〕1号"),
        ("decision", "示例恢〔2027〕1号", "列决〔2027〕1号"),
        ("repair-notice", "列修〔2027〕1号", "列修〔2027〕1号"),
        ("revocation", "示例撤〔2027〕1号", "列撤〔2027〕1号"),
    ]
    assert set(KINDS) == {one["kind"] for one in items}
    sign_in(client, "decider")
    for one in items:
        told = client.get(f"{URL}/{listing}/documents/{one['kind']}?act={one['act']}", headers=key).json
        answer = client.get(one["links"]["pdf"], headers=key)
        assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "private, no-store"
        set_text, page = text_of(answer.data), client.get(one["links"]["page"]).text
        assert client.get(one["links"]["page"].replace("?", ".pdf?")).data == answer.data
        for words in (told["name"]["zh"], told["number"], told["addressee"], told["code"], told["authority"]):
            assert words in page and words in set_text
        for paragraph in told["paragraphs"]:
            assert paragraph["heading"] in page and paragraph["text"] in page
            assert paragraph["heading"] in set_text and "".join(paragraph["text"].split()) in set_text
        assert all(kept and "NotoSansCJK" in name for name, kept in embedded(answer.data))


def said(told: dict[str, Any]) -> str:
    return "".join(paragraph["text"] for paragraph in told["paragraphs"])


def test_a_decision_says_all_that_article_13_asks_and_the_repair_notice_goes_with_it(
    client: FlaskClient, clock: Clock
) -> None:
    office, listing = removed(client, clock)
    key, place = office.keys["handler"], f"{URL}/{listing}/documents"
    acts = {one["kind"]: one["act"] for one in reversed(client.get(place, headers=key).json["items"])}
    decision = client.get(f"{place}/decision?act={acts['decision']}", headers=key).json
    for field in ("facts", "basis", "measures", "removal_conditions", "remedies", "penalty_document_no"):
        assert DECISION[field].rstrip("。") in said(decision), field
    assert "期限自公示之日起3年" in said(decision) and "放弃陈述、申辩和听证" in said(decision)
    repair = client.get(f"{place}/repair-notice?act={acts['repair-notice']}", headers=key).json
    assert repair["act"] == decision["act"] and DECISION["document_no"] in said(repair)
    assert "满1年，可以申请" in said(repair) and "2个工作日内决定是否受理，受理后7个工作日内" in said(repair)
    notified = client.get(f"{place}/notice", headers=key).json
    assert "5个工作日内，即2026年11月27日前" in said(notified)
    restored = client.get(f"{place}/decision", headers=key).json
    assert restored["name"]["zh"] == "恢复列入决定书" and "承诺书系伪造。" in said(restored)
    assert "2027年12月1日申请提前移出" in said(client.get(f"{place}/removal", headers=key).json)


@pytest.mark.parametrize("field", ["document_no", "facts", "basis", "measures", "removal_conditions", "remedies"])
def test_a_decision_that_lacks_a_part_is_not_saved_and_makes_no_paper(client: FlaskClient, field: str) -> None:
    office = Office(client)
    listing = office.proposed(make_enterprise(1))
    for name, document in (("assess", WORKSHEET), ("notify", notice(TODAY)), ("waive", {"document_no": "弃1"})):
        assert office.act(listing, name, **document).status_code == 200
    for empty in ({}, {field: ""}, {field: " 　\n"}, {field: None}):
        sent = {name: text for name, text in DECISION.items() if name != field} | empty
        refused = office.act(listing, "decide", "decider", **sent)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field]), empty
    assert client.get(f"{URL}/{listing}/documents/decision", headers=office.keys["handler"]).status_code == 404


def test_an_unconfirmed_decision_is_a_draft_without_the_register_s_number(client: FlaskClient) -> None:
    office = Office(client)
    listing = office.published(make_enterprise(1))
    drafted = _decided(office, 2)
    outline = client.get(f"{URL}/{drafted}/documents", headers=office.keys["second"]).json["items"]
    assert [(one["kind"], one["issued"], one["register_no"]) for one in outline] == [
        ("notice", True, "列告〔2026〕2号"), ("decision", False, None), ("repair-notice", False, None),
    ]  # fmt: skip
    body = client.get(outline[1]["links"]["pdf"], headers=office.keys["second"]).data
    assert "草稿：待另一人复核，不得送达" in text_of(body)
    sign_in(client, "decider")
    assert "不得送达" in client.get(outline[1]["links"]["page"]).text
    assert "不得送达" not in client.get(f"/desk/listings/{listing}/documents/decision").text
    assert office.act(drafted, "drop", "decider", reason="情节轻微").status_code == 200
    third = _decided(office, 3)
    assert office.act(third, "confirm", "second").status_code == 200
    assert papers.paper(third, "decision").register_no == series(2, 2026, KINDS["decision"])  # a draft takes no number


def _decided(office: Office, number: int) -> int:
    listing = office.proposed(make_enterprise(number))
    for name, who, document in (
        ("assess", "handler", WORKSHEET), ("notify", "handler", notice(TODAY)),
        ("waive", "handler", {"document_no": "弃1"}), ("decide", "decider", DECISION),
    ):  # fmt: skip
        assert office.act(listing, name, who, **document).status_code == 200
    return listing


def test_two_officers_at_once_leave_neither_gap_nor_double_number(app: Flask, client: FlaskClient) -> None:
    office = Office(client)
    waiting = [_decided(office, number) for number in range(1, 5)]
    gate = threading.Barrier(len(waiting))

    def confirm(listing: int) -> None:
        with app.app_context():
            sent = {"act": "confirm", "document": {}}
            gate.wait()
            app.test_client().post(f"{URL}/{listing}/acts", json=sent, headers=office.keys["second"])
            db.session.remove()
            reader.close()

    db.session.remove()
    threads = [threading.Thread(target=confirm, args=(listing,)) for listing in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {papers.paper(listing, "decision").register_no for listing in waiting}
    assert numbers == {series(number, 2026, KINDS["decision"]) for number in range(1, 5)}


def test_the_same_act_gives_the_same_bytes_whatever_comes_later_and_on_both_databases(
    client: FlaskClient, clock: Clock
) -> None:
    office = Office(client)
    code = make_enterprise(1)
    event = make_event(violation(code, document_no="示例罚〔2026〕9号"))
    listing = office.published(code)
    before = paper_forms.as_pdf(papers.paper(listing, "decision"))
    clock.day = LATER
    with transaction("test") as change:
        renamed = EnterpriseIn(day=LATER).load({"code": code, "name": "铜都改名有限公司"})
        enterprises.put(change, renamed, LATER)
    assert db.session.query(EnterpriseVersion).count() == 2 and event
    office.act(listing, "revoke", "decider", **PAPER)
    assert paper_forms.as_pdf(papers.paper(listing, "decision")) == before
    assert "铜都改名有限公司" in text_of(paper_forms.as_pdf(papers.paper(listing, "revocation")))
    digest = hashlib.sha256(before).hexdigest()
    assert SEEN.setdefault("decision", digest) == digest


def test_a_text_is_never_taken_for_markup(client: FlaskClient) -> None:
    office = Office(client)
    listing = office.published(make_enterprise(1))
    hostile = "#panic() $x$ *粗* @a <script>alert(1)</script> \\ #read(\"/etc/passwd\") " + "长" * 3000
    assert office.act(listing, "revoke", "decider", document_no="<b>撤1</b>", reason=hostile).status_code == 200
    body = client.get(f"{URL}/{listing}/documents/revocation.pdf", headers=office.keys["handler"]).data
    assert "".join(hostile.split()) in text_of(body).replace("列撤〔2026〕1号", "") or "#panic()$x$*粗*@a<script>" in text_of(body)
    sign_in(client)
    page = client.get(f"/desk/listings/{listing}/documents/revocation").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_papers_are_for_staff_and_what_is_not_there_is_said(client: FlaskClient) -> None:
    office = Office(client)
    listing = office.proposed(make_enterprise(1))
    place = f"{URL}/{listing}/documents"
    for path in (place, f"{place}/notice", f"{place}/notice.pdf"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=make_key("报送局", scopes=("events:write",))).status_code == 403
        assert client.get(f"/desk/{path.removeprefix('/api/v1/')}").status_code == 303
    key = office.keys["handler"]
    assert client.get(place, headers=key).json == {"items": []}
    for path in (f"{place}/notice", f"{place}/notice.pdf", f"{place}/letter"):
        refused = client.get(path, headers=key)
        assert (refused.status_code, refused.json["code"]) == (404, "unknown-paper")
    assert client.get(f"{URL}/99/documents/notice", headers=key).json["code"] == "unknown-listing"
    assert client.get(f"{place}/notice?act=x", headers=key).status_code == 422
    accepted = {"Accept": "application/pdf"} | key
    office.act(listing, "drop", "decider", reason="无")
    other = office.published(make_enterprise(2))
    assert client.get(f"{URL}/{other}/documents/notice", headers=accepted).mimetype == "application/pdf"
    sign_in(client)
    assert "还没有文书" in client.get(f"/desk/listings/{listing}/documents").text
    assert "No documents yet" in client.get(f"/desk/listings/{listing}/documents?lang=en").text
    assert client.get(f"/desk/listings/{listing}/documents/notice").status_code == 404
    assert client.get(f"/desk/listings/{other}/documents/notice?act=x").status_code == 422
