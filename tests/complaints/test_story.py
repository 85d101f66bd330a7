"""Complaints and reports through HTTP alone, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from credit import complaining, retention
from credit.db import db, transaction
from credit.models import AuditRow, Complaint, ComplaintLead, ComplaintSealed
from credit.services.complaints import cases, counts, duplicates, sealing
from credit.services.duties.desk import duties
from tests.complaints.sent import PATH, complaint, report
from tests.conftest import TODAY
from tests.makers import DEPARTMENT, make_department, make_enterprise, make_key
from tests.objections.filings import PDF, attached

Act = Callable[..., Any]
PRIVATE = ("张示例", "13800138000", "示例区示例巷三号", "电缆绝缘层", "示例路八号")


def sent(client: FlaskClient, given: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(PATH, json=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def test_a_complaint_from_the_form_to_its_answer(
    client: FlaskClient, key: dict[str, str], act: Act
) -> None:
    code = make_enterprise()
    before = client.get(f"/api/v1/enterprises/{code}").get_json()
    case = sent(client, complaint(code=code, attachments=[attached()]))
    number, secret = case["number"], {"Complaint-Secret": case["secret"]}
    assert (case["state"], case["code"], case["reward"]) == ("received", code, None)
    assert client.get(f"{PATH}/{number}", headers={"Complaint-Secret": "X"}).status_code == 404
    assert act(number, "answer").status_code == 409
    assert act(number, "accept").get_json()["state"] == "accepted"
    assert act(number, "lead", "请现场检查该产品").get_json()["state"] == "inspection"
    (lead,) = db.session.scalars(select(ComplaintLead))
    assert (lead.complaint, lead.enterprise_code, lead.item_code, lead.reason) == (
        number, code, "06901234567892", "请现场检查该产品",
    )  # fmt: skip
    for name, state in (("check", "checked"), ("answer", "answered"), ("close", "closed")):
        assert act(number, name).get_json()["state"] == state
    followed = client.get(f"{PATH}/{number}", headers=secret).get_json()
    assert [one["act"] for one in followed["acts"]] == [
        "accept",
        "lead",
        "check",
        "answer",
        "close",
    ]
    assert client.get(f"/api/v1/enterprises/{code}").get_json() == before
    assert not any(word in str(followed) for word in PRIVATE)


def test_nothing_that_was_said_lies_in_the_clear(
    client: FlaskClient, key: dict[str, str], app: Flask
) -> None:
    case = sent(client, complaint(attachments=[attached(PDF + b"", "张示例的收据.pdf")]))
    db.session.commit()
    held = [
        row
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
    ]
    assert (
        held and not any(word in str(held) for word in PRIVATE) and case["secret"] not in str(held)
    )
    if db.engine.dialect.name == "sqlite":
        place = Path(str(db.engine.url.database))
        body = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
        assert len(body) > 10_000 and not any(word.encode() in body for word in PRIVATE)
    (stored,) = Path(app.config["CREDIT_ATTACHMENTS"]).iterdir()
    assert b"PDF" not in stored.read_bytes()
    file = db.session.execute(text("SELECT seq FROM complaint_file")).scalar_one()
    assert complaining.file_of(cases.of(case["number"]), file) == ("application/pdf", PDF)


def test_each_opening_is_in_the_audit_with_its_reason(
    client: FlaskClient, key: dict[str, str]
) -> None:
    number = sent(client, complaint())["number"]
    assert client.post(f"{PATH}/{number}/opening", json={}, headers=key).status_code == 422
    assert (
        client.post(
            f"{PATH}/{number}/opening", json={"reason": "联系投诉人"}, headers=make_key()
        ).status_code
        == 403
    )
    opened = client.post(
        f"{PATH}/{number}/opening", json={"reason": "联系投诉人"}, headers=key
    ).get_json()
    assert opened["phone"] == "13800138000"
    (entry,) = db.session.scalars(
        select(AuditRow).where(AuditRow.act == "complaint-opened", AuditRow.outcome == "done")
    )
    assert entry.about == {"complaint": number, "reason": "联系投诉人"}
    other = make_key("示例住建局", ("complaints",))
    assert (
        client.post(f"{PATH}/{number}/opening", json={"reason": "看看"}, headers=other).status_code
        == 403
    )


def test_a_rotated_key_still_opens_what_it_sealed(client: FlaskClient, key: dict[str, str]) -> None:
    number = sent(client, complaint())["number"]
    first = db.session.scalars(select(ComplaintSealed.kid)).one()
    second = sealing.rotate()
    later = sent(client, complaint())["number"]
    assert db.session.get_one(ComplaintSealed, later).kid == second != first
    for one in (number, later):
        answer = client.post(f"{PATH}/{one}/opening", json={"reason": "核实"}, headers=key)
        assert answer.get_json()["name"] == "张示例"


def test_a_complaint_needs_a_person_and_a_report_does_not(
    client: FlaskClient, key: dict[str, str]
) -> None:
    wrong = client.post(PATH, json=complaint(name="", phone="", address=""))
    assert wrong.status_code == 422 and {"name", "phone", "address"} <= set(
        wrong.get_json()["errors"]
    )
    told = sent(client, report())
    found = cases.of(told["number"])
    assert (
        found.person is None
        and cases.claims(found, told["reward"])
        and not cases.claims(found, told["secret"])
    )
    assert client.post(PATH, json=report(enterprise="", place="")).status_code == 422
    assert client.post(PATH, json=report(happened_on="2026-11-23")).status_code == 422


def test_one_telephone_sends_few_a_day_and_many_a_year_are_only_told_of(
    client: FlaskClient, key: dict[str, str]
) -> None:
    for phone in (
        "13800138000",
        "+86 138-0013-8000",
        "138 0013 8000",
        "13800138000",
        "13800138000",
    ):
        sent(client, complaint(phone=phone))
    assert client.post(PATH, json=complaint()).status_code == 429
    sent(client, complaint(phone="13900139000"))
    with transaction("complaint"):
        db.session.execute(db.update(Complaint).values(filed_on=TODAY - timedelta(days=30)))
    for _ in range(5):
        last = sent(client, complaint())["number"]
    assert cases.serial(cases.of(last)) == 10


def test_near_cases_are_proposed_and_joined_by_an_officer(
    client: FlaskClient, key: dict[str, str], act: Act
) -> None:
    code = make_enterprise()
    one, two, three = (
        sent(client, complaint(code=code, words=words))["number"]
        for words in (
            "电缆绝缘层一折就裂，要求退货",
            "电缆的绝缘层一折就裂，要求退货！",
            "店员态度不好，收费没有明码标价",
        )
    )
    assert [found["number"] for found in duplicates.proposed(cases.of(two))] == [one]
    assert act(two, "join", case=two).status_code == 422
    assert act(two, "join", case=one).get_json()["state"] == "received"
    assert act(one, "join", case=two).status_code == 422
    assert act(two, "refuse", "已并入前案").get_json()["state"] == "refused"
    assert cases.of(one).state == "received" and three


def test_a_reason_with_personal_data_is_refused(
    client: FlaskClient, key: dict[str, str], act: Act
) -> None:
    number = sent(client, complaint())["number"]
    answer = act(number, "accept", "投诉人电话13800138000，请联系")
    assert answer.status_code == 422 and "reason" in answer.get_json()["errors"]
    assert cases.of(number).state == "received"


def test_a_case_is_transferred_and_then_the_other_departments(
    client: FlaskClient, key: dict[str, str], act: Act
) -> None:
    make_department("示例住建局")
    number = sent(client, complaint(department=DEPARTMENT))["number"]
    assert act(number, "transfer", department=DEPARTMENT).status_code == 422
    assert (
        act(number, "transfer", "属工程质量", department="示例住建局").get_json()["department"]
        == "示例住建局"
    )
    assert act(number, "accept").status_code == 403
    other = make_key("示例住建局", ("complaints",))
    items = client.get(PATH, headers=other).get_json()["items"]
    assert [one["number"] for one in items] == [number] and not any(
        word in str(items) for word in PRIVATE
    )


def test_the_sender_takes_it_back_and_keeping_ends(
    client: FlaskClient, key: dict[str, str], app: Flask
) -> None:
    told = sent(client, complaint(attachments=[attached()]))
    way, secret = f"{PATH}/{told['number']}/withdrawal", {"Complaint-Secret": told["secret"]}
    assert client.post(way).status_code == 404
    assert client.post(way, headers=secret).get_json()["state"] == "withdrawn"
    assert client.post(way, headers=secret).status_code == 409
    assert retention.delete_due(date(2029, 11, 21)) == 0
    assert retention.delete_due(date(2029, 11, 22)) == 1
    assert (
        db.session.scalars(select(ComplaintSealed)).all() == []
        and cases.of(told["number"]).person is None
    )
    assert list(Path(app.config["CREDIT_ATTACHMENTS"]).iterdir()) == []
    assert (
        client.post(
            f"{PATH}/{told['number']}/opening", json={"reason": "核实"}, headers=key
        ).status_code
        == 404
    )


def test_counts_by_month_name_no_firm(client: FlaskClient, key: dict[str, str]) -> None:
    code = make_enterprise(region="340705", industry="C3311")
    for _ in range(2):
        sent(client, complaint(code=code))
    sent(client, report(item_code=""))
    found = counts.by_month(date(2026, 1, 1), TODAY)
    assert dict(found.schema) == counts.COUNTS
    assert found.rows() == [
        (date(2026, 11, 1), "", None, None, 1),
        (date(2026, 11, 1), "06901234567892", "C3311", "340705", 2),
    ]  # fmt: skip


def test_its_clocks_stand_among_the_departments_duties(
    client: FlaskClient, key: dict[str, str], act: Act
) -> None:
    number = sent(client, complaint())["number"]
    open_ones = duties(TODAY).filter(pl.col("kind").str.starts_with("complaint"))
    assert open_ones.select("kind", "state").rows() == [("complaint-acceptance", "open")]
    act(number, "accept")
    after = duties(TODAY).filter(pl.col("kind").str.starts_with("complaint")).sort("kind")
    assert after.select("kind", "state").rows() == [
        ("complaint-acceptance", "in_time"),
        ("complaint-mediation", "open"),
    ]
    late = duties(TODAY + timedelta(days=100)).filter(pl.col("kind") == "complaint-mediation")
    assert late["state"].to_list() == ["overdue"]


def test_cases_are_never_joined_in_a_circle(client: FlaskClient, key: dict[str, str], act: Callable[..., Any]) -> None:
    one, two, three = (sent(client, complaint())["number"] for _ in range(3))
    assert act(one, "join", case=two).status_code == 200
    assert act(two, "join", case=three).status_code == 200
    assert act(three, "join", case=one).status_code == 422


def test_an_answered_case_that_nobody_closes_is_kept_no_longer_than_others(
    client: FlaskClient, key: dict[str, str], act: Callable[..., Any]
) -> None:
    number = sent(client, complaint())["number"]
    act(number, "accept")
    act(number, "answer", "已退货")
    assert retention.delete_due(date(2029, 11, 21)) == 0
    assert retention.delete_due(date(2029, 11, 22)) == 1
    assert db.session.get(ComplaintSealed, number) is None


@pytest.mark.usefixtures("key")
def test_of_two_processes_that_make_the_first_secret_the_first_ones_stays(app: Flask) -> None:
    first = sealing.person("13800138000")
    sealing._keep(sealing.folder() / sealing.PEPPER, b"another")
    assert sealing.person("13800138000") == first
    assert [path.name for path in sealing.folder().iterdir()] == [sealing.PEPPER], "no draft is left"
