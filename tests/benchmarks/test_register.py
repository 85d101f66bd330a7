"""The synthetic register looks real: valid distinct codes, skewed names, skewed events."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from stdnum.cn import uscc

from credit.models import Event
from tests.benchmarks.dossiers import SHARES, events
from tests.benchmarks.register import HEADERS, registry, write_registry_csv
from tests.benchmarks.words import TRADITIONAL

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def register() -> pl.DataFrame:
    return registry(20_000, seed=7)


@pytest.fixture(scope="module")
def reported() -> pl.DataFrame:
    return events(4_000, 20_000, seed=7, today=TODAY)


def organization_check(part: str) -> str:
    total = sum(
        int(letter, 36) * weight
        for letter, weight in zip(part, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def test_every_code_is_distinct_valid_and_of_the_unassigned_division(
    register: pl.DataFrame,
) -> None:
    codes = register["统一社会信用代码"].to_list()
    assert len(set(codes)) == len(codes)
    assert len({code[8:17] for code in codes}) == len(codes)
    assert all(uscc.is_valid(code) and code[2:8] == "340799" for code in codes)
    assert all(code[16] == organization_check(code[8:16]) for code in codes)


def test_individual_businesses_and_cooperatives_have_their_own_first_digits(
    register: pl.DataFrame,
) -> None:
    kinds = (
        register.select(pl.col("统一社会信用代码").str.head(2).alias("start"), "企业类型")
        .unique()
        .sort("start")
    )
    assert kinds.rows() == [("91", "N/A"), ("92", "个体工商户"), ("93", "农民专业合作社")]


def test_names_are_skewed_as_real_ones_are(register: pl.DataFrame) -> None:
    names = register["企业名称"]
    assert names.str.len_chars().min() >= 4
    assert names.str.len_chars().max() <= 30
    assert 0.22 < names.str.contains(r"[（(]").mean() < 0.30
    assert 0.10 < names.str.contains("科技").mean() < 0.20
    assert names.str.contains("古建园林").mean() < 0.005
    assert 0.9 < names.n_unique() / len(names) < 1
    assert 0 < names.str.contains_any(list(TRADITIONAL.values())).mean() < 0.01
    assert 0 < names.str.contains(r"[Ａ-Ｚ０-９]").mean() < 0.01


def test_the_same_seed_gives_the_same_register_and_another_seed_another() -> None:
    assert registry(300, seed=5).equals(registry(300, seed=5))
    assert not registry(300, seed=5).equals(registry(300, seed=6))


def test_the_file_has_the_headers_of_a_real_register_and_one_line_for_each_enterprise(
    tmp_path: Path,
) -> None:
    write_registry_csv(tmp_path / "register.csv", 500, seed=7)
    with (tmp_path / "register.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HEADERS
    assert len(rows) == 500
    assert all(date(1980, 1, 1) <= date.fromisoformat(row["注册日期"]) < TODAY for row in rows)
    assert any("," in row["注册资金"] for row in rows)


def test_event_kinds_come_in_their_shares_and_most_inspections_pass(reported: pl.DataFrame) -> None:
    for kind, share in SHARES.items():
        assert len(reported.filter(kind=kind)) / len(reported) == pytest.approx(share, abs=0.01)
    assert 0.8 < (reported.filter(kind="inspection")["result"] == "pass").mean() < 0.92


def test_most_enterprises_have_few_events_and_few_have_many(reported: pl.DataFrame) -> None:
    counts = reported["enterprise_id"].value_counts()["count"]
    assert reported["enterprise_id"].is_between(1, 4_000).all()
    assert (4_000 - len(counts)) + (counts <= 2).sum() > 2_000
    assert counts.top_k(200).sum() > len(reported) * 0.2


def test_event_rows_have_the_columns_and_words_of_the_table(reported: pl.DataFrame) -> None:
    assert reported.columns == [column.name for column in Event.__table__.columns]
    assert reported["seq"].to_list() == list(range(1, 20_001))
    required = [
        column.name
        for column in Event.__table__.columns
        if not column.nullable and column.name != "code"
    ]
    assert sum(reported.select(required).null_count().row(0)) == 0
    assert (
        not reported.select("kind", "document_no", "source_ref", "enterprise_id")
        .is_duplicated()
        .any()
    )
    assert all(json.loads(penalties) for penalties in reported["penalties"].drop_nulls().unique())


def test_second_looks_follow_a_failure_of_the_same_enterprise(reported: pl.DataFrame) -> None:
    first = reported.select(of="seq", first_day="occurred_on", owner="enterprise_id", was="result")
    second = reported.filter(pl.col("stage") != "first").join(first, on="of")
    assert len(second) == reported["of"].is_not_null().sum() > 500
    assert set(second["was"]) == {"fail"}
    assert (second["enterprise_id"] == second["owner"]).all()
    assert (second["occurred_on"] > second["first_day"]).all()


def test_no_event_lies_in_the_future(reported: pl.DataFrame) -> None:
    happened = reported.select(
        "occurred_on", "decided_on", "published_on", "served_on", "performed_on", "valid_from"
    )
    assert all(day <= TODAY for day in happened.max().row(0))


@pytest.mark.parametrize("kind", list(SHARES))
def test_a_reported_event_passes_the_shape_that_the_api_takes(
    reported: pl.DataFrame, kind: str
) -> None:
    from schemas.event import SHAPES, load_event

    shape = SHAPES[kind]()
    for row in reported.filter(kind=kind).head(200).to_dicts():
        document = {
            key: value for key, value in row.items() if key in shape.fields and value is not None
        }
        document |= {
            key: value.isoformat() for key, value in document.items() if isinstance(value, date)
        }
        document |= {
            key: json.loads(document[key])
            for key in ("penalties", "failed_items")
            if key in document
        }
        if kind == "violation":
            document["proceedings"] = document["proceedings"] == "pending"
        assert load_event(document | {"code": "913407990000000000"}, TODAY)["kind"] == kind
