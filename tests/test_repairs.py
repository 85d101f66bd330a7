"""Credit repair (信用修复): conditions by rule, clocks, what ends with it, and what the public sees of it: nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.terms import OfficerRole
from tests.conftest import TODAY
from tests.makers import (
    ago,
    inspection,
    make_enterprise,
    make_event,
    make_key,
    make_listing,
    make_officers,
    make_person,
    violation,
)
from tests.objections.filings import CONTACT, attached

PATH = "/api/v1/repairs"
OTHER = "示例农业农村局"
Post = Callable[..., Any]


def fine(code: str, days: int = 120, **fields: Any) -> dict[str, Any]:
    """A general violation decided and published so many days ago."""
    return violation(code, **{"occurred_on": ago(days + 30), "decided_on": ago(days), "published_on": ago(days)} | fields)


def application(code: str, event: int | None, **fields: Any) -> dict[str, Any]:
    """What the public form sends."""
    return {
        "code": code, "event": event, "document_no": "示例罚〔2026〕1号", "words": "罚款已缴清，问题产品已召回销毁。",
        "performed_on": ago(20), "pledge": True, "contact": CONTACT, "attachments": [attached()],
    } | fields  # fmt: skip


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    return make_enterprise()


@pytest.fixture
def fined(code: str) -> int:
    """A general violation whose shortest publication (three months) is over."""
    return make_event(fine(code))


@pytest.fixture
def post(client: FlaskClient) -> Post:
    own = make_key()

    def send(given: Any, act: str = "", headers: dict[str, str] | None = None) -> Any:
        return client.post(f"{PATH}/{act}" if act else PATH, json=given, headers=own if act and not headers else headers)

    return send


@pytest.fixture
def record(client: FlaskClient, code: str) -> Callable[..., Any]:
    return lambda query="": client.get(f"/api/v1/enterprises/{code}{query}").get_json()


def test_a_granted_repair_ends_publication_and_the_grade_is_made_anew(
    client: FlaskClient, post: Post, record: Any, code: str, fined: int
) -> None:
    before = record()
    assert [one["id"] for one in before["violations"]] == [fined]
    filed = post(application(code, fined)).get_json()
    assert (filed["kind"], filed["state"], record()["violations"][0]["pledge"]) == ("repair", "open", None)
    path = filed["number"]
    accepted = post({"document_no": "受理1"}, f"{path}/accept").get_json()
    assert accepted["state"] == "accepted"
    assert record()["violations"][0]["pledge"] == {"since": str(TODAY)}
    granted = post({"outcome": "granted", "document_no": "修复1", "reason": "符合条件"}, f"{path}/decide")
    assert granted.status_code == 200, granted.text
    after = record()
    assert after["violations"] == [] and after["grade"] != before["grade"] and "修复1" not in str(after)
    followed = client.get(f"{PATH}/{path}", headers={"Repair-Secret": filed["secret"]}).get_json()
    assert (followed["state"], followed["outcome"], followed["reason"]) == ("decided", "granted", "符合条件")


def test_the_public_sees_a_repaired_firm_as_one_that_never_had_the_entry(
    post: Post, record: Any, code: str, fined: int
) -> None:
    number = post(application(code, fined)).get_json()["number"]
    post({"document_no": "受理1"}, f"{number}/accept")
    post({"outcome": "granted", "document_no": "修复1", "reason": "符合条件"}, f"{number}/decide")
    for day in (ago(0), ago(10), ago(60)):
        told = record(f"?as_of={day}")
        assert told["violations"] == [] and not {"violation-general"} & {one["rule"] for one in told["findings"]}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"days": 60}, "最短公示期"),
        ({"restricted_until": (TODAY.replace(year=TODAY.year + 1)).isoformat()}, "法定限制期限"),
        ({"days": 60, "penalties": ["warning", "fine"], "fine": "100.00", "publication_basis": "某条例第九条"}, "轻微"),
    ],
)
def test_repair_cant_be_applied_for_before_its_conditions_are_met(
    post: Post, code: str, changed: dict[str, Any], why: str
) -> None:
    event = make_event(fine(code, **changed))
    refused = post(application(code, event))
    assert refused.status_code == 409 and why in refused.get_json()["detail_zh"], refused.text


def test_a_heavier_penalty_since_stands_against_it(post: Post, code: str, fined: int) -> None:
    make_event(fine(code, 30, document_no="重罚1", penalties=["suspended_business"], heavier=True))
    refused = post(application(code, fined))
    assert refused.status_code == 409 and "重罚1" in refused.get_json()["detail_zh"]


def test_an_application_needs_pledge_and_proof_and_a_day_that_can_be(post: Post, code: str, fined: int) -> None:
    wrong = [{"pledge": False}, {"attachments": []}, {"performed_on": ago(-1)}, {"performed_on": ago(400)}]
    told = [post(application(code, fined, **one)) for one in wrong]
    assert [answer.status_code for answer in told] == [422] * 4
    fields = [next(iter(answer.get_json()["errors"])) for answer in told]
    assert [one.split(".")[-1] for one in fields] == ["pledge", "attachments", "performed_on", "performed_on"]


def test_what_isnt_accepted_can_be_applied_for_again_and_a_second_one_waits(post: Post, code: str, fined: int) -> None:
    first = post(application(code, fined)).get_json()["number"]
    assert post(application(code, fined)).status_code == 409
    declined = post({"document_no": "不受理1", "reason": "缴款凭证不清晰"}, f"{first}/reject").get_json()
    assert (declined["state"], declined["outcome"]) == ("decided", "declined")
    assert post(application(code, fined)).status_code == 200


def test_another_department_and_a_decided_case_are_refused(post: Post, code: str, fined: int) -> None:
    number = post(application(code, fined)).get_json()["number"]
    granted = {"outcome": "granted", "document_no": "修复1", "reason": "符合"}
    assert post(granted, f"{number}/decide").get_json()["state"] == "open"
    assert post({"document_no": "受理1"}, f"{number}/accept", make_key(OTHER)).status_code == 403
    post({"document_no": "受理1"}, f"{number}/accept")
    assert post({"document_no": "受理1"}, f"{number}/accept").status_code == 409
    assert post(granted | {"outcome": "denied"}, f"{number}/decide").status_code == 200
    assert post(granted, f"{number}/decide").status_code == 409


def test_a_repair_by_false_documents_is_revoked_and_the_entry_is_back(
    post: Post, record: Any, code: str, fined: int
) -> None:
    before = record()
    number = post(application(code, fined)).get_json()["number"]
    post({"document_no": "受理1"}, f"{number}/accept")
    post({"outcome": "granted", "document_no": "修复1", "reason": "符合"}, f"{number}/decide")
    revoked = post({"document_no": "撤修1", "reason": "缴款凭证系伪造"}, f"{number}/revoke")
    assert revoked.status_code == 200, revoked.text
    after = record()
    assert (after["score"], [one["id"] for one in after["violations"]]) == (before["score"], [fined])
    assert post({"document_no": "撤修1", "reason": "缴款凭证系伪造"}, f"{number}/revoke").status_code == 409


def test_a_failed_inspection_is_repaired_by_itself_but_not_while_its_penalty_is_shown(
    post: Post, record: Any, code: str
) -> None:
    failed = make_event(inspection(code, result="fail", producer_confirmed=True, occurred_on=ago(150), document_no="抽1", final_on=ago(135)))
    about = {"document_no": "抽1", "performed_on": ago(100)}
    make_event(fine(code, related_to=[{"document_no": "抽1"}]))
    refused = post(application(code, failed, **about))
    assert refused.status_code == 409 and "示例罚〔2026〕1号" in refused.get_json()["detail_zh"]
    alone = make_event(
        inspection(code, result="fail", producer_confirmed=True, occurred_on=ago(150), document_no="抽2", final_on=ago(135), item={"product": "乙"})
    )
    number = post(application(code, alone, **(about | {"document_no": "抽2"}))).get_json()["number"]
    post({"document_no": "受理2"}, f"{number}/accept")
    assert post({"outcome": "granted", "document_no": "修2", "reason": "已整改"}, f"{number}/decide").status_code == 200
    assert [one["id"] for one in record()["inspections"]] == [failed]


def test_an_inspection_ends_with_the_repaired_penalty_that_it_belongs_to(post: Post, record: Any, code: str) -> None:
    make_event(inspection(code, result="fail", producer_confirmed=True, occurred_on=ago(150), document_no="抽1", final_on=ago(135)))
    fined = make_event(fine(code, related_to=[{"document_no": "抽1"}]))
    number = post(application(code, fined)).get_json()["number"]
    post({"document_no": "受理1"}, f"{number}/accept")
    post({"outcome": "granted", "document_no": "修1", "reason": "符合"}, f"{number}/decide")
    told = record()
    assert told["violations"] == [] and told["inspections"] == []


def test_the_repair_of_a_listing_is_its_early_removal_by_officers(
    client: FlaskClient, post: Post, record: Any, code: str
) -> None:
    who = make_officers()
    make_listing(code, date(TODAY.year - 2, TODAY.month, 1), officers=who)
    sent = application(code, None, document_no="示例列〔2026〕1号")
    number = post(sent).get_json()["number"]
    assert post({"document_no": "受理1"}, f"{number}/accept").status_code == 403  # a key is no officer
    first, second = (make_person(role) for role in (OfficerRole.SUPERVISOR, OfficerRole.DECIDER))
    assert post({"document_no": "受理1"}, f"{number}/accept", first).status_code == 200
    assert record()["listings"][0]["pledge"] == {"since": str(TODAY)}
    granted = {"outcome": "granted", "document_no": "移出1", "reason": "满一年，已履行"}
    told = post(granted, f"{number}/decide", second)
    assert told.status_code == 200, told.text
    assert record()["listings"] == [] and client.get("/api/v1/blacklist").get_json()["items"] == []


def test_a_ruling_of_a_court_masks_what_is_bad_until_the_plan_is_performed(
    client: FlaskClient, post: Post, record: Any, code: str, fined: int
) -> None:
    before = record()
    ruling = {"code": code, "court": "示例中级人民法院", "document_no": "(2026)示破1号", "ruled_on": ago(3)}
    mask = post(ruling, "masks")
    assert mask.status_code == 201, mask.text
    assert (mask.get_json()["events"], record()["violations"]) == ([fined], [])
    assert post(ruling, "masks").status_code == 200 and post(ruling | {"court": "另一法院"}, "masks").status_code == 409
    number = mask.get_json()["number"]
    failed = {"how": "failed", "document_no": "(2026)示破2号", "reason": "重整计划执行不能"}
    assert post(failed, f"masks/{number}/end", make_key(OTHER)).status_code == 403
    assert post(failed, f"masks/{number}/end").get_json()["how"] == "failed"
    assert (record()["score"], record()["violations"][0]["id"]) == (before["score"], fined)
    again = post(ruling | {"document_no": "(2026)示破3号"}, "masks").get_json()["number"]
    ended = post(failed | {"how": "performed"}, f"masks/{again}/end")
    assert ended.status_code == 200 and record()["violations"] == []
    assert post(failed, f"masks/{again}/end").status_code == 409


def test_a_ruling_of_a_court_takes_a_listing_off_the_list_while_it_holds(
    client: FlaskClient, post: Post, record: Any, code: str
) -> None:
    number = make_listing(code, TODAY - timedelta(days=100))

    def listed() -> list[str]:
        shown = [one["document_no"] for one in client.get("/api/v1/blacklist").get_json()["items"]]
        assert len(record()["listings"]) == len(shown)
        assert code in client.get("/blacklist.atom").text or not shown
        return shown

    before, told = record(), listed()
    assert told == ["示例列〔2026〕1号"] and before["grade"] == "D"
    ruling = {"code": code, "court": "示例中级人民法院", "document_no": "(2026)示破1号", "ruled_on": ago(3)}
    mask = post(ruling, "masks")
    assert (mask.status_code, mask.get_json()["events"], mask.get_json()["listings"]) == (201, [], [number])
    assert listed() == [] and record()["grade"] != "D"
    assert client.get(f"/api/v1/blacklist?as_of={ago(50)}").get_json()["items"] == []
    past = client.get(f"/api/v1/enterprises/{code}?as_of={ago(50)}").get_json()
    assert past["listings"] == [] and past["grade"] != "D"
    auditor = make_key(OTHER, ("audit",))
    former = client.get("/api/v1/listings/former", headers=auditor).get_json()["items"]
    assert [(one["id"], one["ended_by"]["zh"]) for one in former] == [(number, "按法院裁定屏蔽")]
    failed = {"how": "failed", "document_no": "(2026)示破2号", "reason": "重整计划执行不能"}
    post(failed, f"masks/{mask.get_json()['number']}/end")
    assert listed() == told and record()["listings"] == before["listings"] and record()["grade"] == "D"
    assert client.get(f"/api/v1/blacklist?as_of={ago(50)}").get_json()["items"] != []
    again = post(ruling | {"document_no": "(2026)示破3号"}, "masks").get_json()["number"]
    assert post(failed | {"how": "performed"}, f"masks/{again}/end").status_code == 200 and listed() == []
    for key, status in ((make_key(), 200), (make_key(OTHER), 403), (auditor, 403)):
        assert client.get(f"/api/v1/listings/{number}", headers=key).status_code == status
    archive = client.get(f"/api/v1/repairs/archive?code={code}", headers=make_key()).get_json()["items"]
    assert [(one["number"], one["what"], one["ended_by"]) for one in archive] == [(number, "listing", "(2026)示破2号")]


def test_the_clocks_of_repair_are_on_the_list_of_duties(client: FlaskClient, post: Post, code: str, fined: int) -> None:
    number = post(application(code, fined)).get_json()["number"]

    def clocks() -> dict[str, tuple[str, str]]:
        items = client.get("/api/v1/alerts?limit=100", headers=make_key()).get_json()["items"]
        return {one["kind"]: (one["state"], one["due_on"]) for one in items if one["kind"].startswith("repair-")}

    assert [*clocks()] == ["repair-acceptance"] and clocks()["repair-acceptance"][0] == "open"
    post({"document_no": "受理1"}, f"{number}/accept")
    assert {kind: state for kind, (state, _) in clocks().items()} == {"repair-acceptance": "in_time", "repair-decision": "open"}
    assert clocks()["repair-decision"][1] > clocks()["repair-acceptance"][1]
