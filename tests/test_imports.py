"""Import of register files: real ones as they come, in every format, again, and changed.

Real codes are named by their line in the shared tables, never written here.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.identifiers import check_code
from credit.models import Enterprise, EnterpriseVersion
from seed.codes import fictional_code
from tests.conftest import TODAY, Clock
from tests.register_files import (
    FIRST,
    HEADER,
    SECOND,
    Import,
    count,
    importer,
    last_seq,
    rejects,
    workbook,
)

REGISTRY = Path(__file__).resolve().parents[2] / "shared" / "data" / "registry"


def real(name: str) -> Path:
    path = REGISTRY / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path.name}")
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    with real(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a register file through the command door."""
    return importer(runner, tmp_path)


@pytest.mark.real
def test_a_real_register_file_is_taken_whole_and_its_twin_in_gb18030_changes_nothing(
    take: Import,
) -> None:
    result, rejected = take(real("tongling_dev_500.csv"))
    assert result.stdout == "new 500, changed 0, unchanged 0, rejected 0\n"
    assert (result.exit_code, len(rejected), count()) == (0, 0, 500)
    before = last_seq()
    for name in ("tongling_dev_500.gb18030.csv", "tongling_dev_500.csv"):
        result, _ = take(real(name))
        assert result.stdout == "new 0, changed 0, unchanged 500, rejected 0\n"
        assert result.exit_code == 0
    assert last_seq() == before


@pytest.mark.real
def test_every_real_enterprise_is_found_by_its_code_however_typed_and_by_its_name(
    take: Import, client: FlaskClient
) -> None:
    take(real("tongling_dev_500.csv"))
    rows = rows_of("tongling_dev_500.csv")
    for place, row in enumerate(rows):
        code, name = row["统一社会信用代码"], row["企业名称"]
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
        typed = (code, code.lower(), wide, code[8:17])[place % 4]
        found = client.get(f"/api/v1/enterprises/{typed}").get_json()
        assert (found["code"], found["name"]) == (code, name), f"line {place + 2}"
        assert (found["status"], found["region_name"] is not None) == ("living", True)
        items = client.get("/api/v1/enterprises", query_string={"q": name}).get_json()["items"]
        assert items[0]["code"] == code, f"line {place + 2}"


@pytest.mark.real
@pytest.mark.parametrize("suffix", [".xlsx", ".jsonl", ".parquet", ".csv"])
def test_the_real_register_is_the_same_in_every_format(
    take: Import, tmp_path: Path, suffix: str
) -> None:
    rows = rows_of("tongling_dev_500.csv")
    table, path = pl.DataFrame(rows), tmp_path / f"register{suffix}"
    if suffix == ".xlsx":
        workbook(path, [list(rows[0]), *[list(row.values()) for row in rows]])
    elif suffix == ".csv":
        path.write_bytes(table.write_csv(separator="\t").encode("utf-16"))
    else:
        (table.write_ndjson if suffix == ".jsonl" else table.write_parquet)(path)
    result, _ = take(path)
    assert (result.stdout, result.exit_code) == ("new 500, changed 0, unchanged 0, rejected 0\n", 0)
    result, _ = take(real("tongling_dev_500.csv"))
    assert result.stdout == "new 0, changed 0, unchanged 500, rejected 0\n"


@pytest.mark.real
def test_of_the_real_anomalies_the_good_rows_are_in_and_each_bad_one_is_named(take: Import) -> None:
    rows = rows_of("anomalies_dev.csv")
    good = {line for line, row in enumerate(rows, 2) if row["anomaly"].startswith("lowercase")}
    good |= {
        line for line, row in enumerate(rows, 2) if check_code(row["统一社会信用代码"]) is None
    }
    result, rejected = take(real("anomalies_dev.csv"), "--strict")
    assert (result.exit_code, count(), last_seq()) == (1, 0, 0)
    assert "nothing was kept" in result.stderr
    result, rejected = take(real("anomalies_dev.csv"))
    assert result.exit_code == 1
    assert {int(line) for line in rejected["line"]} == set(range(2, len(rows) + 2)) - good
    assert rejected.columns == ["line", "column", "code", "name", "reason", "suggestion"]
    assert rejected.drop("code", "name").null_count().sum_horizontal().item() == 0
    reasons = {
        rows[int(line) - 2]["anomaly"]: reason
        for line, reason in rejected.select("line", "reason").iter_rows()
    }
    assert reasons["check_digit"] == "check_digit"
    for row in rejected.filter(pl.col("column") == "code").iter_rows(named=True):
        problem = check_code(rows[int(row["line"]) - 2]["统一社会信用代码"])
        assert problem is not None and row["reason"] == problem.reason, f"line {row['line']}"
    assert {
        reason for tag, reason in reasons.items() if tag.startswith(("length", "literal", "15"))
    } == {"length"}
    fifteen = [
        row
        for row in rejected.iter_rows(named=True)
        if rows[int(row["line"]) - 2]["anomaly"].startswith("15")
    ]
    assert any("registration number" in row["suggestion"] for row in fifteen)
    assert count() == len(good)
    assert (
        db.session.scalar(
            select(func.count()).where(Enterprise.code != func.upper(Enterprise.code))
        )
        == 0
    )
    before = last_seq()
    assert take(real("anomalies_dev.csv"))[0].stdout.startswith(
        f"new 0, changed 0, unchanged {len(good)}, "
    )
    assert last_seq() == before


def test_a_changed_name_becomes_a_former_name_found_under_both(
    take: Import, client: FlaskClient, clock: Clock
) -> None:
    take(f"{HEADER}\n{FIRST},铜陵旧日酿造有限公司,2010-05-01\n")
    clock.day = date(2026, 12, 1)
    result, _ = take(f"{HEADER}\n{FIRST},铜陵新月酿造有限公司,2010-05-01\n")
    assert result.stdout == "new 0, changed 1, unchanged 0, rejected 0\n"
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert found["name"] == "铜陵新月酿造有限公司"
    assert found["former_names"] == [{"name": "铜陵旧日酿造有限公司", "until": "2026-12-01"}]
    for part in ("旧日", "新月"):
        (item,) = client.get("/api/v1/enterprises", query_string={"q": part}).get_json()["items"]
        assert (item["code"], item["name"]) == (FIRST, "铜陵新月酿造有限公司")
        assert item["matched_name"] == ("铜陵旧日酿造有限公司" if part == "旧日" else None)
    before = client.get(f"/api/v1/enterprises/{FIRST}?as_of=2026-11-30").get_json()
    assert before["name"] == "铜陵旧日酿造有限公司"


def test_a_name_changed_on_the_day_of_its_import_is_a_former_name_too(
    take: Import, client: FlaskClient
) -> None:
    take(f"code,name\n{FIRST},铜陵旧日酿造有限公司\n")
    take(f"code,name\n{FIRST},铜陵新月酿造有限公司\n")
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert found["former_names"] == [{"name": "铜陵旧日酿造有限公司", "until": TODAY.isoformat()}]


def test_a_deregistered_enterprise_is_closed_and_a_file_without_status_doesnt_revive_it(
    take: Import, client: FlaskClient
) -> None:
    take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    result, _ = take(f"{HEADER},登记状态\n{FIRST},铜陵甲酿造有限公司,2010-05-01,注销\n")
    assert result.stdout.startswith("new 0, changed 1")
    found = client.get(f"/api/v1/enterprises/{FIRST}").get_json()
    assert (found["status"], found["grade"]) == ("deregistered", None)
    assert not db.session.scalars(select(Enterprise.living)).one()
    result, _ = take(f"{HEADER}\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n")
    assert result.stdout.startswith("new 0, changed 0, unchanged 1")
    assert client.get(f"/api/v1/enterprises/{FIRST}").get_json()["status"] == "deregistered"


def test_the_status_is_understood_as_offices_word_it(take: Import) -> None:
    words = {
        "存续（在营、开业、在册）": "living", "吊销，未注销": "revoked", "已注销": "deregistered",
        "revoked": "revoked", "-": "living",
        "注销中": "living",
    }  # fmt: skip
    rows = [
        f"{fictional_code(number)},铜陵甲酿造有限公司,{told}" for number, told in enumerate(words)
    ]
    rejects(take("\n".join(["code,name,status", *rows])))
    kept = db.session.execute(select(EnterpriseVersion.code, EnterpriseVersion.status)).all()
    assert dict(map(tuple, kept)) == {
        fictional_code(number): status for number, status in enumerate(words.values())
    }


def test_an_import_keeps_what_no_register_file_tells(take: Import, runner: FlaskCliRunner) -> None:
    failing = FIRST[:-1] + ("0" if FIRST[-1] != "0" else "1")
    runner.invoke(
        args=[
            "credit",
            "accept-code",
            failing,
            "--name",
            "铜陵旧日酿造有限公司",
            "--because",
            "见营业执照原件",
        ]
    )
    rejects(take(f"code,name,legacy_id\n{failing},铜陵新月酿造有限公司,340700000000017\n"))
    rejects(take(f"code,name\n{failing},铜陵满月酿造有限公司\n"))
    last = db.session.scalars(
        select(EnterpriseVersion).order_by(EnterpriseVersion.seq.desc())
    ).first()
    assert last is not None
    assert (last.name, last.legacy_id) == ("铜陵满月酿造有限公司", "340700000000017")
    assert last.accepted_because == "见营业执照原件"


def test_a_file_that_only_adds_registration_numbers_changes_the_firms_it_names(
    take: Import,
) -> None:
    take(f"code,name\n{FIRST},铜陵甲酿造有限公司\n{SECOND},铜陵乙酿造有限公司\n")
    rows = f"{FIRST},铜陵甲酿造有限公司,3407017\n{SECOND},铜陵乙酿造有限公司,\n"
    for changed in (1, 0):
        result, _ = take(f"code,name,legacy_id\n{rows}")
        assert result.stdout == f"new 0, changed {changed}, unchanged {2 - changed}, rejected 0\n"
    kept = db.session.execute(
        select(EnterpriseVersion.code, EnterpriseVersion.legacy_id).order_by(EnterpriseVersion.seq)
    )
    assert [tuple(row) for row in kept] == [(FIRST, None), (SECOND, None), (FIRST, "3407017")]
