"""Open data: what is public, as files, consistent at one number, going on in the feed without gap or repeat."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from credit.db import db
from credit.services import export_data, export_words
from credit.services.export_files import FORMATS, Table
from tests.conftest import TODAY, Clock
from tests.feed_mirror import Mirror, public_state
from tests.makers import (
    ago,
    award,
    inspection,
    make_enterprise,
    make_event,
    make_events,
    make_listing,
    violation,
)
from tests.public_answers import get


@pytest.fixture
def filled(app: Flask) -> list[str]:
    """Three enterprises: with everything, with a name that a spreadsheet would compute, with nothing."""
    codes = [make_enterprise(1), make_enterprise(2, name="=1+1有限公司"), make_enterprise(3)]
    failed = {"result": "fail", "role": "seller", "failed_items": [{"item": "酒精度", "limit": "≥40", "value": "38"}]}
    make_events(inspection(codes[0], **failed), violation(codes[0]), award(codes[0]), inspection(codes[1]))
    make_listing(codes[0])
    make_event(violation(codes[1], penalties=["warning"], fine=None, document_no="不公开"))
    return codes


def exported(runner: FlaskCliRunner, folder: Path, *options: str) -> dict[str, Any]:
    told = runner.invoke(args=["credit", "export", str(folder), *options])
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def test_an_export_holds_what_the_public_doors_tell(
    client: FlaskClient, runner: FlaskCliRunner, filled: list[str], tmp_path: Path
) -> None:
    manifest = exported(runner, tmp_path / "open")
    firms = {row["code"]: row for row in rows(tmp_path / "open", "enterprises")}
    assert set(firms) == set(filled)
    for code, row in firms.items():
        record = get(client, f"/enterprises/{code}")
        shared = {name: value for name, value in row.items() if name in record}
        assert len(shared) > 15
        assert shared == {name: record[name] for name in shared}
        for name in ("violations", "inspections", "awards"):
            told = [row for row in rows(tmp_path / "open", name) if row.pop("code") == code]
            assert told == record[name]
        spans = [row for row in rows(tmp_path / "open", "grades") if row.pop("code") == code]
        assert spans[::-1] == get(client, f"/enterprises/{code}/grades")["items"]
    listed = [{k: v for k, v in row.items() if k not in ("feed_id", "seq")} for row in rows(tmp_path / "open", "blacklist")]
    assert listed == get(client, "/blacklist")["items"]
    assert manifest["rows"] == {"enterprises": 3, "grades": 6, "violations": 1, "inspections": 2, "awards": 1, "blacklist": 1}
    assert (manifest["day"], len(manifest["policy"])) == ("2026-11-22", 64)
    assert "不公开" not in "".join(path.read_text(errors="replace") for path in (tmp_path / "open").iterdir())


def test_all_formats_hold_the_same(runner: FlaskCliRunner, filled: list[str], tmp_path: Path) -> None:
    exported(runner, tmp_path / "open")
    for name, columns in export_data.columns().items():
        told = rows(tmp_path / "open", name)
        parquet = pl.read_parquet(tmp_path / "open" / f"{name}.parquet")
        with (tmp_path / "open" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        assert len(lines) == len(parquet) == len(told)
        for column, kind in columns:
            values = [row[column] for row in told]
            flat = [None if v is None else json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values]
            plain = flat if kind == "any" else values
            typed = [v if v is None else v.isoformat() for v in parquet[column]] if kind == "date" else list(parquet[column])
            assert typed == plain, (name, column)
            texts = ["" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for v in plain]
            assert [line[column].removeprefix("'=1").removeprefix("=1") for line in lines] == [
                text.removeprefix("=1") for text in texts
            ], (name, column)


def test_no_cell_of_a_csv_is_a_formula(runner: FlaskCliRunner, filled: list[str], tmp_path: Path) -> None:
    exported(runner, tmp_path / "open", "--format", "csv")
    text = (tmp_path / "open" / "enterprises.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1有限公司" in text
    assert ",=1+1" not in text
    assert {path.suffix for path in (tmp_path / "open").iterdir()} == {".csv", ".json", ""}


def test_sums_and_description_fit_the_files(runner: FlaskCliRunner, filled: list[str], tmp_path: Path) -> None:
    exported(runner, tmp_path / "open")
    folder = tmp_path / "open"
    sums = dict(line.split()[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    package = json.loads((folder / "datapackage.json").read_text())
    assert len(package["resources"]) == 6 * 3
    for resource in package["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert resource["bytes"] == (folder / resource["path"]).stat().st_size
        assert all({"name", "type", "title", "description"} <= set(field) for field in resource["schema"]["fields"])


def test_every_column_is_described() -> None:
    names = {column.name for columns in export_data.columns().values() for column in columns}
    assert names - set(export_words.FIELDS) == set()


def test_the_feed_goes_on_from_the_export_without_gap_or_repeat(
    client: FlaskClient, runner: FlaskCliRunner, filled: list[str], tmp_path: Path
) -> None:
    manifest = exported(runner, tmp_path / "open", "--format", "jsonl")
    mirror = Mirror(client)
    mirror.after = manifest["seq"]
    assert get(client, manifest["changes"].removeprefix("/api/v1"))["items"] == []
    for row in rows(tmp_path / "open", "enterprises"):
        record = get(client, f"/enterprises/{row['code']}")
        mirror.held[row["feed_id"]] = {"type": "enterprise", "id": row["feed_id"]} | record
    for row in rows(tmp_path / "open", "blacklist"):
        number = row.pop("feed_id")
        mirror.held[number] = {"type": "listing", "id": number} | row
    assert mirror.state() == public_state(client)
    make_event(award(filled[2]))
    make_listing(filled[2])
    make_enterprise(4)
    assert mirror.follow().state() == public_state(client)
    assert [item["type"] for item in mirror.told] == ["enterprise", "listing", "enterprise"]


def test_what_is_written_meanwhile_is_not_in_it(
    app: Flask, runner: FlaskCliRunner, filled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process reports after the first rows were read; all files tell of the state before."""
    write, done = Table.write, []
    code = f"""
import sys
from credit import create_app
from tests.conftest import QUIET
from tests.makers import award, make_enterprise, make_event
app = create_app(QUIET | {{"DATABASE_URL": {app.config["DATABASE_URL"]!r}}})
with app.app_context():
    make_enterprise(9); make_event(award({filled[2]!r}))
"""

    def meanwhile(self: Table, some: list[dict[str, Any]]) -> None:
        write(self, some)
        if some and not done:
            done.append(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True))

    monkeypatch.setattr(Table, "write", meanwhile)
    manifest = exported(runner, tmp_path / "open", "--format", "jsonl")
    assert done
    assert len(rows(tmp_path / "open", "enterprises")) == manifest["rows"]["enterprises"] == 3
    assert manifest["rows"]["awards"] == 1
    monkeypatch.undo()
    assert exported(runner, tmp_path / "open", "--format", "jsonl")["rows"]["awards"] == 2


def test_what_the_calendar_ended_is_not_in_it(
    runner: FlaskCliRunner, clock: Clock, filled: list[str], tmp_path: Path
) -> None:
    clock.day = TODAY.replace(year=2030)
    manifest = exported(runner, tmp_path / "open")
    assert (manifest["rows"]["blacklist"], manifest["rows"]["violations"]) == (0, 0)


class TestFolder:
    def test_an_earlier_export_is_replaced_and_anything_else_is_left_alone(
        self, runner: FlaskCliRunner, filled: list[str], tmp_path: Path
    ) -> None:
        folder = tmp_path / "open"
        exported(runner, folder)
        exported(runner, folder, "--format", "csv")
        assert not list(folder.glob("*.parquet"))
        (folder / "diary.txt").write_text("mine")
        told = runner.invoke(args=["credit", "export", str(folder)])
        assert (told.exit_code, (folder / "diary.txt").read_text()) == (2, "mine")
        assert list(tmp_path.glob(".open*")) == []

    def test_a_killed_export_leaves_nothing_half(
        self, runner: FlaskCliRunner, filled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "open"
        before = exported(runner, folder, "--format", "jsonl")

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Table, "close", killed)
        assert runner.invoke(args=["credit", "export", str(folder), "--format", "jsonl"]).exit_code != 0
        assert json.loads((folder / "manifest.json").read_text()) == before
        left = tmp_path / ".open.part-999999999"
        left.mkdir()
        monkeypatch.undo()
        exported(runner, folder, "--format", "jsonl")
        assert not left.exists(), "what a killed process left is taken away by the next"

    @pytest.mark.parametrize("formats", ["", "xlsx", "csv,xml"])
    def test_an_unknown_format_is_wrong_use(self, runner: FlaskCliRunner, tmp_path: Path, formats: str) -> None:
        assert runner.invoke(args=["credit", "export", str(tmp_path / "x"), "--format", formats]).exit_code == 2
        assert not (tmp_path / "x").exists()


def test_an_empty_register_exports_empty_tables(runner: FlaskCliRunner, tmp_path: Path, app: Flask) -> None:
    manifest = exported(runner, tmp_path / "open")
    assert set(manifest["rows"].values()) == {0}
    for name in export_data.columns():
        assert pl.read_parquet(tmp_path / "open" / f"{name}.parquet").is_empty()
    db.session.rollback()
    assert ago(0) == manifest["day"]
    assert set(FORMATS) == {path.suffix[1:] for path in (tmp_path / "open").iterdir()} - {"json", ""}
