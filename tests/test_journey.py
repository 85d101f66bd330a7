"""One story from a register file to a grade that anybody can look up, and on until the list is left again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import transaction
from credit.services import enterprises, listings, way
from tests.conftest import Clock
from tests.makers import (
    DECISION,
    WORKSHEET,
    award,
    code_of,
    inspection,
    make_officers,
    notice,
    violation,
)

API = "/api/v1"
FACTS = "以不合格酱油冒充合格产品。"
FIRM, NEIGHBOUR = code_of(1), code_of(2)
REGISTER = f"""统一社会信用代码,企业名称,注册日期,行政区划,行业代码,状态
{FIRM},铜都望江亭酱业有限公司,2015/5/5,340799,C1462,存续
{NEIGHBOUR},铜都望江楼酱业有限公司,2019-09-09,340799,C1462,存续
{FIRM[:-1]}?,铜都抄错酱业有限公司,2019-09-09,340799,C1462,存续
"""


def test_from_a_register_file_to_a_grade_and_through_the_list(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, clock: Clock, tmp_path: Path
) -> None:
    def record(code: str = FIRM) -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"{API}/enterprises/{code}").json or {}
        return found

    def listed() -> list[str]:
        return [row["code"] for row in (client.get(f"{API}/blacklist").json or {})["items"]]

    def graded(grade: str) -> list[str]:
        return [item["code"] for item in (client.get(f"{API}/enterprises?grade={grade}").json or {})["items"]]

    # A newcomer brings the register; one row has a wrong code and is named.
    clock.day = date(2026, 5, 4)
    file = tmp_path / "register.csv"
    file.write_text(REGISTER, encoding="gb18030")
    told = runner.invoke(args=["credit", "import-enterprises", str(file)])
    assert told.exit_code == 1
    assert "new 2, changed 0, unchanged 0, rejected 1" in told.output
    again = runner.invoke(args=["credit", "import-enterprises", str(file)])
    assert again.output.startswith("new 0, changed 0, unchanged 2")
    assert [record()["grade"], record()["notices"][0]["en"][:9]] == ["N", "Not rated"]
    found = client.get(f"{API}/enterprises?q=望江亭").json or {}
    assert [item["code"] for item in found["items"]] == [FIRM]

    # The department gets a key and reports: a pass, a pledge, a fine.
    assert runner.invoke(args=["credit", "department", "add", "示例市场监督管理局"]).exit_code == 0
    key = runner.invoke(args=["credit", "key", "new", "示例市场监督管理局"]).stdout.strip()

    def report(sent: dict[str, Any]) -> str:
        answer = client.post(f"{API}/events", json=sent, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 201, answer.text
        grade: str = (answer.json or {})["grade"]
        return grade

    assert report(inspection(FIRM, occurred_on="2026-05-02", type="random_draw")) == "A"
    assert report(award(FIRM, valid_from="2026-05-03")) == "AA"
    assert "AA" in client.get(f"/enterprises/{FIRM}?lang=en").text
    clock.day = date(2026, 6, 15)
    fine = {"occurred_on": "2026-06-01", "decided_on": "2026-06-15", "document_no": "示例罚〔2026〕21号"}
    assert report(violation(FIRM, **fine)) == "B"
    shown = record()
    assert [(v["document_no"], v["shown_until"]) for v in shown["violations"]] == [("示例罚〔2026〕21号", "2027-06-15")]
    assert sum(finding["points"] for finding in shown["findings"]) == shown["score"]
    assert shown["repair"]["earliest"] == "2026-09-15"
    assert record(NEIGHBOUR)["grade"] == "N"

    # Time mends it: nobody does anything, and a year later the fine is gone.
    clock.day = date(2027, 6, 14)
    assert (record()["grade"], graded("B")) == ("B", [FIRM])
    clock.day = date(2027, 6, 15)
    assert (record()["grade"], record()["violations"]) == ("A", [])
    assert "示例罚〔2026〕21号" not in client.get(f"/enterprises/{FIRM}").text
    assert (graded("A"), graded("B")) == ([FIRM], [])

    # A grave case: proposed, heard, decided by one, confirmed by another, and only then public.
    clock.day = date(2027, 7, 1)
    officers = make_officers()

    def act(name: str, officer: str, **fields: Any) -> None:
        with transaction("listing", officer) as change:
            enterprise = listings.act(change, listing, name, officers[officer], clock.day, fields)
            way.advance(change, [enterprise], clock.day)

    given = {"code": FIRM, "list": "samr-44", "ground": "art-7", "facts": FACTS}
    with transaction("listing", "supervisor") as change:
        listing = listings.propose(change, officers["supervisor"], given, clock.day)
        way.advance(change, [enterprises.find(FIRM)], clock.day)
    for day, name, officer, fields in (
        (date(2027, 7, 1), "assess", "supervisor", WORKSHEET),
        (date(2027, 7, 2), "notify", "supervisor", notice(date(2027, 7, 2))),
        (date(2027, 7, 12), "lapse", "supervisor", {}),
        (date(2027, 7, 15), "decide", "decider", DECISION),
        (date(2027, 7, 16), "confirm", "confirmer", {}),
    ):
        clock.day = day
        act(name, officer, **fields)
        assert (record()["grade"], listed()) == ("A", [])
    clock.day = date(2027, 7, 20)
    act("publish", "supervisor")
    assert (record()["grade"], listed(), graded("D")) == ("D", [FIRM], [FIRM])
    assert (client.get(f"{API}/enterprises/{FIRM}/grades").json or {})["items"][0]["grade"] == "D"
    assert "铜都望江亭酱业有限公司" in client.get("/blacklist").text
    assert FACTS in client.get(f"/enterprises/{FIRM}").text

    # Three years on the list end by the clock alone.
    clock.day = date(2030, 7, 19)
    assert (record()["grade"], listed()) == ("D", [FIRM])
    clock.day = date(2030, 7, 20)
    assert (record()["grade"], record()["listings"], listed(), graded("D")) == ("A", [], [], [])
    assert "铜都望江亭酱业有限公司" not in client.get("/blacklist").text
    assert FACTS not in client.get(f"/enterprises/{FIRM}").text
    spans = (client.get(f"{API}/enterprises/{FIRM}/grades").json or {})["items"]
    assert "D" not in {span["grade"] for span in spans}
    due = runner.invoke(args=["credit", "daily"])
    assert due.output.startswith("due ") and record()["grade"] == "A"
    assert client.get("/readyz").status_code == 200
