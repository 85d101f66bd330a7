"""Inspections at the desk, without script: an inspector's own list, the visit with evidence, results, the sheet."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credit.db import db, transaction
from credit.models import Complaint
from credit.services import departments
from credit.services.complaints import leads
from tests import draw_cases
from tests import inspection_cases as cases
from tests.conftest import TODAY, Once
from tests.desk import make_login, send, sign_in
from tests.draws.registers import make_tiers
from tests.inspecting.test_sheets import fill, read, workbook
from tests.makers import DEPARTMENT, ago, inspection, make_enterprise, make_event

PICTURE = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"
ANSWERED = {f"answer-{question}": "yes" for question in cases.QUESTIONS}


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def test_an_inspector_signs_in_and_sees_the_own_tasks_first(client: FlaskClient) -> None:
    one, other = make_login("supervisor"), make_login("supervisor")
    sign_in(client, one)
    assert "名录是空的" in client.get("/desk/inspectors").text
    for login in (one, other):
        added = send(client, "/desk/inspectors", act="add", name=f"检查{login.id}", login=login.login)
        assert added.status_code == 303
    twice = send(client, "/desk/inspectors", act="add", name="再来", login=one.login)
    assert twice.status_code == 422 and 'id="login-mistake"' in twice.text
    assert "没有任务" in client.get("/desk/inspections").text
    code = make_enterprise(51)
    form = client.get("/desk/inspections/new").text
    numbers = [part.split('"')[0] for part in form.split('name="inspectors" type="checkbox" value="')[1:]]
    given = send(
        client, "/desk/inspections/new", code=code, type="special", subject="节日专项", checklist="general",
        due_on=str(TODAY + timedelta(days=9)), inspectors=numbers,
    )  # fmt: skip
    assert given.status_code == 303
    mine = client.get("/desk/inspections").text
    assert 'aria-current="page">我的' in mine and "节日专项" in mine
    sign_in(client, make_login("supervisor"))
    assert 'aria-current="page">待检查' in client.get("/desk/inspections").text


def test_a_visit_with_evidence_and_its_result_without_script(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    app.config["CREDIT_ATTACHMENTS"] = str(tmp_path / "attachments")
    code = make_enterprise(52)
    number = cases.given(code)
    sign_in(client, make_login("supervisor"))
    page = f"/desk/inspections/{number}"
    shown = client.get(page).text
    people = [part.split('"')[0] for part in shown.split('name="inspectors" type="checkbox" value="')[1:]]
    visit: dict[str, Any] = {"act": "visit", "inspected_on": str(TODAY), "inspectors": people, **ANSWERED}
    alone = send(client, page, **visit | {"inspectors": people[:1], "found": "一人到场"})
    assert alone.status_code == 422 and "不得少于 2 人" in alone.text and "一人到场" in alone.text
    no_note = send(client, page, **visit | {"answer-5-test": "no"})
    assert no_note.status_code == 422 and 'id="notes-5-test-mistake"' in no_note.text
    evil = send(client, page, **visit, files=(io.BytesIO(b"MZ evil"), "a.jpg"))
    assert evil.status_code == 422 and "按文件内容判断" in evil.text
    kept = send(client, page, **visit, **{"gtin-0": "6901234567892", "lot-0": "L7"}, files=(io.BytesIO(PICTURE), "现场.jpg"))
    assert kept.status_code == 303
    after = client.get(page).text
    assert "现场.jpg" in after and "L7" in after
    file = client.get(after.split(f'href="{page}/files/')[1].split('"')[0].join((f"{page}/files/", "")))
    assert file.data == PICTURE
    file.close()
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert send(client, page, act="result").status_code == 422
    done = send(client, page, act="result", **{"result-0": "fail", "failed-0": "酒精度；标签", "safety-0": "yes"})
    assert done.status_code == 303
    assert "已经办结" in client.get(f"{page}?lang=zh").text and "It is done" in client.get(f"{page}?lang=en").text


def test_a_recheck_that_is_due_is_taken_up_from_the_list(client: FlaskClient) -> None:
    code = make_enterprise(53)
    failed = make_event(
        inspection(code, result="fail", role="producer", producer_confirmed=True, occurred_on=ago(40), ordered_on=ago(20))
    )
    people = cases.inspectors(2)
    sign_in(client, make_login("supervisor"))
    listed = client.get("/desk/inspections").text
    assert "到期的整改复查" in listed and f"of={failed}" in listed
    form = client.get(f"/desk/inspections/new?code={code}&of={failed}&due_on={TODAY + timedelta(days=55)}").text
    assert code in form and f'value="{failed}"' in form
    given = send(
        client, "/desk/inspections/new", code=code, type="supervised_sampling", subject="整改复查", of=str(failed),
        checklist="general", due_on=str(TODAY + timedelta(days=55)), inspectors=[str(one) for one in people],
    )  # fmt: skip
    assert given.status_code == 303 and "到期的整改复查" not in client.get("/desk/inspections").text


def test_a_lead_from_a_complaint_waits_for_its_task_and_goes_with_it(client: FlaskClient) -> None:
    code = make_enterprise(57)
    with transaction("test") as change:
        (seq,) = change.take()
        one = Complaint(
            seq=seq, kind="report", category="product", state="accepted", department_id=departments.add(DEPARTMENT),
            code=code, item_code="", filed_on=TODAY, secret="x",
        )  # fmt: skip
        db.session.add(one)
        number = leads.lead(change, one, "多人反映酒精度不足", TODAY)
    people = cases.inspectors(2)
    sign_in(client, make_login("supervisor"))
    assert "多人反映酒精度不足" in client.get("/desk/inspections").text
    form = client.get(f"/desk/inspections/new?code={code}&lead={number}").text
    assert f'name="lead" value="{number}"' in form and 'value="complaint" selected' in form
    given_task = send(
        client, "/desk/inspections/new", code=code, type="complaint", subject="核查", checklist="general",
        due_on=str(TODAY + timedelta(days=5)), lead=str(number), inspectors=[str(one) for one in people],
    )  # fmt: skip
    assert given_task.status_code == 303 and "多人反映酒精度不足" not in client.get("/desk/inspections").text


def test_the_sheet_goes_out_and_back_over_the_draws_page(client: FlaskClient, codes: Any, tmp_path: Path) -> None:
    draw, _ = cases.drawn(1)
    sign_in(client, make_login("supervisor"))
    assert f"/desk/draws/{draw}/sheet" in client.get(f"/desk/draws/{draw}").text
    sheet = read(client.get(f"/desk/draws/{draw}/sheet").data, tmp_path)
    wrong = fill((sheet[0], [list(row) for row in sheet[1]]), [0], 检查结果="很好")
    refused = send(client, f"/desk/draws/{draw}/sheet", file=(io.BytesIO(workbook(*wrong)), "tasks.xlsx"))
    assert refused.status_code == 422 and "没有保存任何一行" in refused.text
    good = fill(sheet, [0])
    kept = send(client, f"/desk/draws/{draw}/sheet", file=(io.BytesIO(workbook(*good)), "tasks.xlsx"))
    assert kept.status_code == 200 and "现场检查 1 项，结果 1 项" in kept.text
    assert send(client, f"/desk/draws/{draw}/sheet").status_code == 422


def test_the_directory_keeps_recusals_and_lets_people_leave(client: FlaskClient) -> None:
    login, code = make_login("supervisor"), make_enterprise(54)
    draw_cases.people(1)
    (number,) = cases.inspectors(1)
    sign_in(client, login)
    assert send(client, "/desk/inspectors", act="recuse", number=str(number), code=code, reason="亲属").status_code == 303
    assert code in client.get("/desk/inspectors").text
    assert send(client, "/desk/inspectors", act="recuse", number=str(number), code="x", reason="亲属").status_code == 422
    assert send(client, "/desk/inspectors", act="leave", number=str(number)).status_code == 303
    assert send(client, "/desk/inspectors", act="leave", number=str(number)).status_code == 409
    assert send(client, "/desk/inspectors", act="leave", number="x").status_code == 404
    sign_in(client, make_login("auditor"))
    for page in ("/desk/inspectors", "/desk/inspections", "/desk/inspections/new"):
        assert client.get(page).status_code == 403
