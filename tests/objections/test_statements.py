"""The right to reply: an enterprise's statement, shown beside its entry once an officer has checked it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.testing import FlaskClient

from tests.conftest import TODAY, Clock
from tests.objections.conftest import Send
from tests.objections.filings import PATH, objection, statement


class TestStatement:
    def test_it_is_shown_only_after_an_officer_has_checked_it(
        self, client: FlaskClient, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined)).get_json()
        assert record()["violations"][0]["statement"] is None
        assert "更换了供应商" not in client.get(f"/enterprises/{code}").text
        accepted = send({"outcome": "accepted", "reason": "无个人信息"}, f"{filed['number']}/decide")
        assert accepted.status_code == 200, accepted.text
        shown = {"text": "本企业已召回全部产品，并更换了供应商。", "since": str(TODAY)}
        assert record()["violations"][0]["statement"] == shown
        assert "更换了供应商" in client.get(f"/enterprises/{code}").text

    def test_one_that_tells_of_people_is_accepted_only_with_the_reason(
        self, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined, words="本企业已处理，联系电话13800138000。")).get_json()
        decision = {"outcome": "accepted", "reason": "可"}
        refused = send(decision, f"{filed['number']}/decide")
        assert refused.status_code == 422 and "13800138000" not in refused.text
        assert send(decision | {"cleared": "企业自愿公开的客服电话"}, f"{filed['number']}/decide").status_code == 200
        assert "13800138000" in record()["violations"][0]["statement"]["text"]

    def test_a_refused_one_is_never_shown_and_its_filer_is_told_why(
        self, client: FlaskClient, send: Send, record: Any, code: str, fined: int
    ) -> None:
        filed = send(statement(code, fined)).get_json()
        assert send({"outcome": "refused", "reason": "含手机号码"}, f"{filed['number']}/decide").status_code == 200
        assert record()["violations"][0]["statement"] is None
        told = client.get(f"{PATH}/{filed['number']}", headers={"Objection-Secret": filed["secret"]}).get_json()
        assert (told["outcome"], told["reason"]) == ("refused", "含手机号码")

    def test_a_later_one_takes_its_place_and_each_goes_with_its_entry(
        self, clock: Clock, send: Send, record: Any, code: str, fined: int
    ) -> None:
        for words in ("第一份声明", "第二份声明"):
            number = send(statement(code, fined, words=words)).get_json()["number"]
            assert send({"outcome": "accepted", "reason": "可"}, f"{number}/decide").status_code == 200
        assert record()["violations"][0]["statement"]["text"] == "第二份声明"
        clock.day = date.fromisoformat(record()["violations"][0]["shown_until"])
        assert "第二份声明" not in str(record())

    def test_a_thousand_characters_are_taken_and_one_more_is_refused(self, send: Send, code: str, fined: int) -> None:
        refused = send(statement(code, fined, words="字" * 1001))
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"words"})
        assert send(statement(code, fined, words="字" * 1000)).status_code == 200

    def test_it_stands_beside_an_objection_and_waits_for_its_turn(self, send: Send, code: str, fined: int) -> None:
        assert send(objection(code, fined)).status_code == 200
        assert send(statement(code, fined)).status_code == 200
        assert send(statement(code, fined, words="又一份")).status_code == 409
