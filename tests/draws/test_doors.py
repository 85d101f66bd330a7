"""Draws over HTTP: supervisors lead them, the public checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from credit.services.draws import proofs
from tests import draw_cases
from tests.conftest import Clock, Once
from tests.draws.registers import PLAN, make_tiers
from tests.makers import make_key, make_person

PATH = "/api/v1/draws"
SENT = {name: value for name, value in PLAN.items() if name != "inspectors"} | {"id": "计划甲"}


@pytest.fixture
def codes(once: Once) -> dict[str, list[str]]:
    """Enterprises of each tier."""
    found: dict[str, list[str]] = once("draws", make_tiers)
    return found


def post(client: FlaskClient, path: str, who: dict[str, str], **given: Any) -> Any:
    return client.post(f"{PATH}{path}", json=given, headers=who)


def test_the_whole_way(client: FlaskClient, codes: dict[str, list[str]], clock: Clock) -> None:
    maker, other = make_person(), make_person()
    people = [post(client, "/inspectors", maker, name=f"检查{n}").get_json() for n in range(3)]
    away = post(client, f"/inspectors/{people[0]['number']}/recusals", maker, code=codes["4"][0], reason="亲属")
    assert away.get_json()["recused"] == [codes["4"][0]]
    made = client.post(PATH, json=SENT, headers=maker)
    assert (made.status_code, client.post(PATH, json=SENT, headers=maker).status_code) == (201, 200)
    number, outlook = made.get_json()["number"], made.get_json()["outlook"]
    assert outlook["budget"] == sum(one["quota"] for one in outlook["strata"]) > 0
    assert post(client, f"/{number}/acts", maker, act="approve").status_code == 403
    assert post(client, f"/{number}/acts", other, act="approve").status_code == 200
    assert client.get(f"{PATH}/{number}/proof").status_code == 404
    assert post(client, f"/{number}/acts", maker, act="commit").get_json()["state"] == "committed"
    committed = client.get(f"{PATH}/{number}/proof")
    drawn = post(client, f"/{number}/acts", maker, act="draw").get_json()
    assert drawn["outlook"] is None and len(drawn["drawn"]) == outlook["budget"]
    watched = next(one for one in drawn["drawn"] if one["code"] == codes["4"][0])
    assert people[0]["number"] not in [one["number"] for one in watched["inspectors"]]
    assert client.get(f"{PATH}/{number}/proof").data == committed.data
    assert client.get(f"{PATH}/{number}/inputs").status_code == 404
    assert post(client, f"/{number}/acts", maker, act="draw").get_json()["code"] == "drawn-already"
    assert post(client, f"/{number}/acts", maker, act="reveal").status_code == 409
    clock.day = clock.day.replace(year=2027, month=1)
    assert post(client, f"/{number}/acts", maker, act="reveal").get_json()["state"] == "revealed"
    proof = client.get(f"{PATH}/{number}/proof").get_json()
    assert proof["drawn"] == [one["pseudonym"] for one in drawn["drawn"]]
    inputs = client.get(proof["inputs"])
    assert inputs.content_type.startswith("text/csv")
    assert client.get(proof["inputs"], headers={"If-None-Match": inputs.headers["ETag"]}).status_code == 304
    assert [one["number"] for one in client.get(f"{PATH}/commitments").get_json()["items"]] == [number]


def test_the_public_learns_no_firm_tier_or_plan_beforehand(client: FlaskClient, codes: dict[str, list[str]]) -> None:
    maker = make_person()
    for n in range(2):
        post(client, "/inspectors", maker, name=f"检查{n}")
    number = client.post(PATH, json=SENT, headers=maker).get_json()["number"]
    for act, who in (("approve", make_person()), ("commit", maker), ("draw", maker)):
        assert post(client, f"/{number}/acts", who, act=act).status_code == 200
    for path in (f"/{number}/proof", "/commitments", f"/{number}/inputs"):
        said = client.get(f"{PATH}{path}").text
        assert not any(code in said for some in codes.values() for code in some)
        assert not any(word in said for word in (SENT["id"], SENT["title"], "检查", "tier", "3-I"))
    for path in ("", f"/{number}", "/inspectors"):
        assert client.get(f"{PATH}{path}").status_code == 401
        assert client.get(f"{PATH}{path}", headers=make_key(scopes=("events:write",))).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"act": "approve", "seed": "x"}, "seed"), ({"act": "draw", "seed_source": "x"}, "seed_source"),
        ({"act": "draw", "seed": "a\nb"}, "seed"), ({"act": "undo"}, "act"), ({}, "act"),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(client: FlaskClient, app: Any, given: dict[str, str], field: str) -> None:
    answer = post(client, "/1/acts", make_person(), **given)
    assert answer.status_code == 422 and field in answer.get_json()["errors"]


def test_a_plan_that_cant_be_kept_is_refused_and_nothing_stays(client: FlaskClient, codes: Any) -> None:
    maker = make_person()
    above = client.post(PATH, json=SENT | {"shares": None, "quotas": {"4-I": 3}}, headers=maker)
    assert (above.status_code, above.get_json()["code"]) == (422, "quota-above-stratum")
    assert above.get_json()["strata"] == [{"stratum": "4-I", "candidates": 2, "quota": 3}]
    unknown = client.post(PATH, json=SENT | {"departments": ["无此局"]}, headers=maker)
    assert unknown.get_json()["code"] == "unknown-department"
    assert client.post(PATH, json=SENT, headers=make_key()).status_code == 403
    assert client.get(PATH, headers=maker).get_json() == {"items": [], "next": None}


def test_somebody_who_left_is_told_and_leaves_once(client: FlaskClient, app: Any) -> None:
    maker = make_person()
    number = post(client, "/inspectors", maker, name="检查", regions=["3407"], qualifications=["food"]).get_json()["number"]
    assert post(client, f"/inspectors/{number}/leave", make_person(department="示例农业农村局")).status_code == 403
    assert post(client, f"/inspectors/{number}/leave", maker).get_json()["left_on"]
    assert post(client, f"/inspectors/{number}/leave", maker).status_code == 409
    assert post(client, "/inspectors/9999/leave", maker).get_json()["code"] == "unknown-inspector"
    assert client.get(f"{PATH}/99999", headers=maker).get_json()["code"] == "unknown-draw"


def test_anybody_checks_a_saved_proof_offline(runner: FlaskCliRunner, codes: Any, tmp_path: Path) -> None:
    number = draw_cases.led(draw_cases.planned(1, shares={"2": 50, "3": 50, "4": 100}), "reveal")
    told, body = proofs.proof(number), proofs.inputs(number)
    proof, inputs = tmp_path / "proof.json", tmp_path / "inputs.csv"

    def checked(told: Any, body: bytes) -> tuple[int, str]:
        proof.write_bytes(orjson.dumps(told, default=str))
        inputs.write_bytes(body)
        said = runner.invoke(args=["credit", "draw-check", str(proof), str(inputs)])
        return said.exit_code, said.output

    assert checked(told, body)[0] == 0 and checked(told, body)[1].startswith("good: ")
    other_list, other_seed = told | {"drawn": told["drawn"][::-1]}, told | {"seed": "another"}
    assert "another list" in checked(other_list, body)[1]
    assert "The seed is not" in checked(other_seed, body)[1]
    assert "inputs are not" in checked(told, b"\n".join(body.splitlines()[:-1]) + b"\n")[1]
    assert "statement is not" in checked(told | {"statement": told["statement"] | {"seq": 0}}, body)[1]
    assert checked(told | {"statement": None}, body)[0] == 1
    assert checked({}, body)[0] == checked(told, b"\x00,")[0] == 2
