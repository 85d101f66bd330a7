"""Special supervision (重点监管): an internal flag of departments that no public door tells of."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import TODAY
from tests.desk import make_login, send, sign_in
from tests.makers import ago, make_enterprise, make_key

PATH = "/api/v1/watches"
REASON = "多次投诉，暂无列入依据-内部"


@pytest.fixture
def code() -> str:
    return make_enterprise()


def sent(client: FlaskClient, path: str, given: dict[str, Any], department: str = "示例市场监督管理局") -> Any:
    return client.post(path, json=given, headers=make_key(department))


def test_a_department_watches_and_ends_it_and_others_cant(client: FlaskClient, code: str) -> None:
    made = sent(client, PATH, {"code": code, "reason": REASON})
    assert (made.status_code, made.get_json()["since"]) == (201, str(TODAY))
    assert sent(client, PATH, {"code": code, "reason": "再次"}).status_code == 200
    number = made.get_json()["number"]
    assert [one["number"] for one in client.get(PATH, headers=make_key()).get_json()["items"]] == [number]
    assert sent(client, f"{PATH}/{number}/end", {"reason": "已整改"}, "示例农业农村局").status_code == 403
    early = sent(client, f"{PATH}/{number}/end", {"reason": "已整改", "ended_on": ago(1)})
    assert early.status_code == 422 and "ended_on" in early.get_json()["errors"]
    assert sent(client, f"{PATH}/{number}/end", {"reason": "已整改"}).get_json()["ended_on"] == str(TODAY)
    assert sent(client, f"{PATH}/{number}/end", {"reason": "已整改"}).status_code == 409
    assert client.get(PATH, headers=make_key()).get_json()["items"] == []
    assert len(client.get(f"{PATH}?ended=true", headers=make_key()).get_json()["items"]) == 1


def test_nothing_public_changes_by_a_watch(client: FlaskClient, code: str) -> None:
    doors = (
        f"/api/v1/enterprises/{code}", f"/enterprises/{code}", "/api/v1/blacklist", "/api/v1/changes?after=0",
        f"/api/v1/enterprises?q={code}", "/api/v1/statistics/departments",
    )  # fmt: skip
    make_key()
    before = [client.get(door) for door in doors]
    assert sent(client, PATH, {"code": code, "reason": REASON}).status_code == 201
    after = [client.get(door) for door in doors]
    assert [one.data for one in before] == [one.data for one in after]
    assert [one.headers.get("ETag") for one in before] == [one.headers.get("ETag") for one in after]
    assert client.get(PATH).status_code == 401


def test_the_desk_shows_watches_and_keeps_what_was_typed(client: FlaskClient, code: str) -> None:
    sign_in(client, make_login("supervisor"))
    assert "没有重点监管的企业" in client.get("/desk/watches").text
    wrong = send(client, "/desk/watches", code="91340799MAFK000000", reason=REASON)
    assert wrong.status_code in (400, 404, 422) and REASON in wrong.text
    assert send(client, "/desk/watches", code=code, reason=REASON).status_code == 303
    page = client.get("/desk/watches").text
    assert REASON in page
    number = client.get(PATH, headers=make_key()).get_json()["items"][0]["number"]
    assert send(client, "/desk/watches", number=str(number)).status_code == 422
    assert send(client, "/desk/watches", number=str(number), **{f"reason-{number}": "已整改"}).status_code == 303
    assert REASON not in client.get("/desk/watches").text
