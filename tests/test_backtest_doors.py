"""The doors of the back-test: drafts that somebody sends, the API, the command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from credit import cli_backtest
from credit.db import transaction
from credit.errors import DraftRefused, PolicyError
from credit.policy import load_policy
from credit.services import enterprises
from credit.services.backtest import first_day_on_file
from credit.services.drafts import read_draft
from schemas.enterprise import EnterpriseIn
from tests.backtest_register import HARSH, draft, four_firms, planted_past, tried
from tests.conftest import TODAY
from tests.makers import code_of, make_key
from tests.policy_versions import STRICTER, enacted, files
from tests.register_files import last_seq

pytestmark = pytest.mark.usefixtures("app")
PATH = "/api/v1/policy/backtest"


@pytest.fixture
def four(app: Flask) -> list[str]:
    return four_firms()


@pytest.fixture
def planted(app: Flask) -> None:
    planted_past()


# Drafts that somebody sends

BAD_DRAFTS = {
    "an unknown key": ({"points.yaml": "points.bse:\n  title: {zh: 甲, en: a}"}, "points.yaml", "points.bse"),
    "a wrong value": (files({"points.yaml": ("value: 80", "value: eighty")}), "points.yaml", "points.base"),
    "a head without a name": (files({"policy.yaml": ("id: tongling-2026", "id: ''")}), "policy.yaml", "id"),
    "no YAML": ({"points.yaml": "a: [1"}, "points.yaml", None),
    "a bomb": ({"policy.yaml": "a: &a [x]\nb: [*a, *a]"}, "policy.yaml", None),
    "a deep nest": ({"points.yaml": "[" * 100_000}, "points.yaml", None),
    "a control character": ({"points.yaml": "a: \x00"}, "points.yaml", None),
    "a head without sources": ({"policy.yaml": "id: x"}, "policy.yaml", None),
}


@pytest.mark.parametrize("name", BAD_DRAFTS)
def test_a_bad_draft_is_refused_with_its_file_and_key(name: str) -> None:
    sent, file, key = BAD_DRAFTS[name]
    with pytest.raises(DraftRefused) as refused:
        read_draft(sent, TODAY)
    assert refused.value.extra == {"file": file, "key": key}
    assert file in refused.value.detail and isinstance(refused.value, PolicyError)


def test_a_draft_of_one_file_takes_the_others_from_the_law_in_force() -> None:
    shipped = files(HARSH)
    one = read_draft({"points.yaml": shipped["points.yaml"]}, TODAY)
    assert one == draft(STRICTER)
    law = enacted({"grades.yaml": ("value: 88", "value: 89")})
    two = read_draft({"points.yaml": shipped["points.yaml"]}, TODAY)
    assert two.value("bands.AA", TODAY) == 89 == law.value("bands.AA", TODAY)
    assert two.value("points.violation-general", TODAY) == -15


# The doors


def post(client: FlaskClient, body: Any, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    answer = client.post(PATH, json=body, headers=make_key() if headers is None else headers)
    return answer.status_code, answer.get_json()


def test_the_api_answers_with_the_report(client: FlaskClient, four: list[str]) -> None:
    shipped, span = files(HARSH), {"from": "2026-01-01", "to": str(TODAY), "seed": 3}
    status, told = post(client, {"files": {name: shipped[name] for name in HARSH}, **span})
    assert status == 200
    assert told == tried(draft(HARSH), date(2026, 1, 1), seed=3) and told["movers"][0]["code"] == four[1]
    assert post(client, {"draft": enacted(STRICTER).digest})[1]["summary"]["firms"] == 4
    whole = post(client, {"files": {"points.yaml": shipped["points.yaml"]}})[1]
    assert (whole["first"], whole["last"]) == (str(first_day_on_file(load_policy())), str(TODAY))


GOOD = files(HARSH)
REFUSED: dict[str, tuple[Any, int, str]] = {
    "neither": ({}, 422, "invalid-input"),
    "both": ({"files": {"points.yaml": "a: 1"}, "draft": "0" * 64}, 422, "invalid-input"),
    "a folder": ({"files": {"../points.yaml": "a: 1"}}, 422, "invalid-input"),
    "no text": ({"files": {"points.yaml": 1}}, 422, "invalid-input"),
    "no files": ({"files": {}}, 422, "invalid-input"),
    "many files": ({"files": {f"p{n}.yaml": "a: 1" for n in range(41)}}, 422, "invalid-input"),
    "a long file": ({"files": {"points.yaml": "#" * 500_001}}, 422, "invalid-input"),
    "an unknown field": ({"draft": "0" * 64, "days": 3}, 422, "invalid-input"),
    "no day": ({"draft": "0" * 64, "from": "yesterday"}, 422, "invalid-input"),
    "an unknown digest": ({"draft": "0" * 64}, 404, "unknown-policy"),
    "a part of a digest": ({"draft": "0" * 12}, 422, "invalid-input"),
    "a wrong draft": ({"files": {"points.yaml": "points.bse: 1"}}, 422, "draft-refused"),
    "before the register": ({"files": GOOD, "from": "2015-01-01"}, 404, "before-register"),
    "tomorrow": ({"files": GOOD, "to": "2026-11-23"}, 404, "before-register"),
    "backwards": ({"files": GOOD, "from": "2026-02-01", "to": "2026-01-01"}, 422, "invalid-input"),
    "a list": ([1], 422, "invalid-input"),
}


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_the_api_refuses(client: FlaskClient, database: str) -> None:
    headers = make_key()
    for name, (body, status, code) in REFUSED.items():
        found = post(client, body, headers)
        assert (found[0], found[1]["code"]) == (status, code), (name, found)
    wrong = post(client, REFUSED["a wrong draft"][0], headers)[1]
    assert (wrong["file"], wrong["key"]) == ("points.yaml", "points.bse")
    assert client.post(PATH, data="{", headers=headers, content_type="application/json").status_code == 400


def test_only_supervisors_may_ask_and_not_for_too_much(client: FlaskClient, app: Flask, four: list[str]) -> None:
    body = {"files": files(HARSH), "from": "2025-01-01"}
    assert post(client, body, {})[0] == 401
    assert post(client, body, make_key(scopes=("events:write",)))[0] == 403
    app.config["CREDIT_BACKTEST_MOST"] = "8"
    status, told = post(client, body)
    assert (status, told["code"]) == (422, "too-much-work")
    assert (told["enterprises"], told["days"], told["most"]) == (len(four), 3, 8)
    assert "credit backtest" in told["detail"] and "credit backtest" in told["detail_zh"]


def test_nothing_is_written(client: FlaskClient, four: list[str]) -> None:
    before = client.get(f"/api/v1/enterprises/{four[1]}").data
    headers = make_key()
    seq = last_seq()
    assert post(client, {"files": files(HARSH)}, headers)[0] == 200
    assert last_seq() == seq
    assert client.get(f"/api/v1/enterprises/{four[1]}").data == before


def folder_of(texts: dict[str, str], folder: Path) -> str:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_the_command_tells_and_writes(runner: FlaskCliRunner, four: list[str], tmp_path: Path) -> None:
    here, out = folder_of(files(HARSH), tmp_path / "draft"), tmp_path / "report.json"
    days = ["--from", "2026-01-01", "--to", str(TODAY)]
    result = runner.invoke(args=["credit", "backtest", here, *days, "--json", str(out), "--seed", "5"])
    assert result.exit_code == 0, result.output
    assert "4 enterprises, 1 change: 0 up, 1 down" in result.stdout
    assert f"  {four[1]}  铜都示例2有限公司  B 71 -> C 66" in result.stdout.splitlines()
    assert "no half-year has 12 complete months" in result.stdout
    assert json.loads(out.read_bytes()) == tried(draft(HARSH), date(2026, 1, 1), seed=5)


def test_the_command_tells_what_either_foresaw(runner: FlaskCliRunner, planted: None, tmp_path: Path) -> None:
    here = folder_of(files(HARSH), tmp_path / "draft")
    result = runner.invoke(args=["credit", "backtest", here, "--from", "2025-01-01", "--to", "2026-01-01"])
    assert "foresight: 1 half-years 2025-01-01 to 2025-01-01, 20 gradings" in result.stdout
    assert "AUC by grade: 1.000 (1.000 to 1.000) -> 1.000" in result.stdout


def test_the_command_writes_everyone_who_moves(
    runner: FlaskCliRunner, planted: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ten that were fined, though the report names three; a name that is a formula stays a text."""
    monkeypatch.setattr(cli_backtest, "MOVERS", 3)
    with transaction("test") as change:
        given = {"code": code_of(12), "name": "=HYPERLINK(1)有限公司", "region": "340799"}
        enterprises.put(change, EnterpriseIn(day=date(2024, 1, 1)).load(given), date(2024, 1, 1))
    here, found = folder_of(files(HARSH), tmp_path / "draft"), {}
    days = ["--from", "2025-01-01", "--to", "2025-02-01"]
    for name in ("movers.csv", "movers.jsonl"):
        out = tmp_path / "report.json"
        args = ["credit", "backtest", here, *days, "--movers", str(tmp_path / name), "--json", str(out)]
        result = runner.invoke(args=args)
        assert result.exit_code == 0, result.output
        report = json.loads(out.read_bytes())
        assert (len(report["movers"]), report["movers_left"]) == (3, 7)
        found[name] = tmp_path / name
    rows = [json.loads(line) for line in found["movers.jsonl"].read_text().splitlines()]
    assert [row["code"] for row in rows] == [code_of(number) for number in range(11, 21)]
    assert rows[:3] == report["movers"] and {row["move"] for row in rows} == {"down"}
    table = pl.read_csv(found["movers.csv"])
    assert table.columns == list(rows[0]) and table["code"].to_list() == [row["code"] for row in rows]
    assert table["name"][1] == "'=HYPERLINK(1)有限公司" and rows[1]["name"] == "=HYPERLINK(1)有限公司"
    assert table["steps"].to_list() == [row["steps"] for row in rows]


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_command_refuses_a_bad_policy_with_status_2(
    runner: FlaskCliRunner, tmp_path: Path, database: str
) -> None:
    bad = folder_of(files({"points.yaml": ("value: 80", "value: eighty")}), tmp_path / "bad")
    lacking = folder_of({"points.yaml": "{}"}, tmp_path / "lacking")
    good = folder_of(files(), tmp_path / "good")
    for args, words in (
        ((bad,), ("policy-error", "points.yaml", "points.base")),
        ((lacking,), ("policy-error", "industries.yaml")),
        ((str(tmp_path / "none"),), ("Usage",)),
        ((good, "--json", str(tmp_path / "none" / "x.json")), ("Usage", "no folder")),
        ((good, "--movers", str(tmp_path / "none" / "x.csv")), ("Usage", "no folder")),
        ((good, "--movers", str(tmp_path / "x.txt")), ("Usage", ".csv or .jsonl")),
        ((good, "--from", "2026-02-01", "--to", "2026-01-01"), ("invalid-input",)),
        ((good, "--from", "1990-01-01"), ("before-register",)),
    ):
        result = runner.invoke(args=["credit", "backtest", *args])
        assert (result.exit_code, result.stdout) == (2, ""), args
        assert all(word in result.stderr for word in words), result.stderr
