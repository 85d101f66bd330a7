"""Files of events: each row as strict as the API, in every format, in Chinese and English."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import EventLink
from tests.event_files import FINE, TEST, event_importer, events, table
from tests.register_files import FIRST, SECOND, Import, last_seq, rejects, workbook


@pytest.fixture
def take(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import events through the command door."""
    return event_importer(runner, tmp_path)


def test_a_file_of_violations_is_taken_graded_and_published(
    take: Import, client: FlaskClient
) -> None:
    row = FINE | {
        "penalties": "fine; confiscated_gains", "related_to": "抽检〔2026〕1号；抽检〔2026〕2号",
        "product": "黄酒", "lot": "L1",
        "served_on": "2026-06-02", "confiscated": "1,234.50元", "fine": "￥60,000.00",
        "publication_notice_on": "2026-06-02", "repair_notice_on": "2026-06-02", "proceedings": "否",
    }  # fmt: skip
    answer = take("violation", table(row))
    rejects(answer)
    assert answer[0].stdout == "new 1, changed 0, unchanged 0, rejected 0\n"
    (event,) = events()
    assert event.penalties == ["fine", "confiscated_gains"]
    assert (str(event.fine), str(event.confiscated)) == ("60000.00", "1234.50")
    assert (event.product, event.lot, str(event.served_on)) == ("黄酒", "L1", "2026-06-02")
    assert set(db.session.scalars(select(EventLink.document_no))) == {
        "抽检〔2026〕1号",
        "抽检〔2026〕2号",
    }
    (shown,) = client.get(f"/api/v1/enterprises/{FIRST}").get_json()["violations"]
    assert (shown["document_no"], shown["fine"], shown["severity"]) == (
        "铜市监罚〔2026〕1号",
        "60000.00",
        "general",
    )


def test_the_same_file_again_is_a_no_op(take: Import) -> None:
    text = table(FINE, FINE | {"code": SECOND})
    take("violation", text)
    before = last_seq()
    answer = take("violation", text)
    rejects(answer)
    assert answer[0].stdout == "new 0, changed 0, unchanged 2, rejected 0\n"
    assert last_seq() == before


def test_csv_workbook_json_lines_and_parquet_say_the_same(take: Import, tmp_path: Path) -> None:
    row = FINE | {
        "gtin": "6901234567892",
        "product": "黄酒",
        "served_on": "2026-06-02",
        "heavier": "否",
        "related_to": "甲1;甲2",
    }
    nested = FINE | {
        "penalties": ["fine"], "fine": 60000, "item": {"gtin": "6901234567892", "product": "黄酒"}, "heavier": False,
        "notices": {"served_on": "2026-06-02"}, "related_to": [{"document_no": "甲1"}, {"document_no": "甲2"}],
    }  # fmt: skip
    rejects(take("violation", table(row)))
    before = last_seq()
    frame = pl.DataFrame([nested]).with_columns(pl.col("decided_on").str.to_date())
    frame.write_parquet(tmp_path / "events.parquet")
    cells = {
        name: orjson.dumps(value).decode() if isinstance(value, (dict, list)) else value
        for name, value in nested.items()
    }
    for content, name in (
        (orjson.dumps(nested).decode() + "\n", "events.jsonl"),
        (tmp_path / "events.parquet", ""),
        (workbook(tmp_path / "events.xlsx", [list(row), list(row.values())]), ""),
        (table(cells | {"heavier": "false"}), "events.csv"),
        (table(row).replace(",", "\t"), "events.csv"),
    ):
        answer = take("violation", content, name=name)
        rejects(answer)
        assert answer[0].stdout == "new 0, changed 0, unchanged 1, rejected 0\n", name or content
    assert last_seq() == before


def test_chinese_headers_words_and_days_are_understood(take: Import) -> None:
    row = {
        "统一社会信用代码": FIRST.lower(), "行为日期": "2026年5月1日", "处罚决定日期": "2026/6/1",
        "行政处罚决定书文号": "铜市监罚〔2026〕1号",
        "违法行为类型": "产品质量", "处罚种类": "罚款；没收违法所得", "罚款金额": "6,000元",
        "产品名称": "黄酒", "从重处罚": "是", "程序": "普通程序",
    }  # fmt: skip
    rejects(take("violation", table(row)))
    (event,) = events()
    assert (event.code, event.category, event.heavier, str(event.decided_on)) == (
        FIRST,
        "product_quality",
        True,
        "2026-06-01",
    )
    assert (event.penalties, str(event.fine), event.product) == (
        ["fine", "confiscated_gains"],
        "6000.00",
        "黄酒",
    )


def test_inspections_name_their_failed_items_and_the_look_before(
    take: Import, client: FlaskClient
) -> None:
    failed = TEST | {
        "result": "fail",
        "failed_items": '[{"item": "菌落总数", "limit": "100", "value": "1200"}]',
        "product": "黄酒",
    }
    again = TEST | {
        "occurred_on": "2026-08-01",
        "document_no": "复查〔2026〕1号",
        "stage": "recheck",
        "related_to": failed["document_no"],
    }
    rejects(take("inspection", table(failed, again)))
    first, second = events()
    assert first.failed_items == [{"item": "菌落总数", "limit": "100", "value": "1200"}]
    assert second.of == first.event_id
    shown = client.get(f"/api/v1/enterprises/{FIRST}").get_json()["inspections"]
    assert {one["document_no"] for one in shown} == {failed["document_no"], again["document_no"]}


def test_awards_are_taken(take: Import, client: FlaskClient) -> None:
    award = {
        "code": FIRST,
        "document_no": "证1",
        "category": "质量认证",
        "valid_from": "2026-01-01",
        "valid_until": "2029-01-01",
    }
    prize = {
        "code": FIRST,
        "document_no": "奖1",
        "category": "quality_prize",
        "level": "省级",
        "valid_from": "2026-01-01",
    }
    rejects(take("award", table(award, prize)))
    assert len(client.get(f"/api/v1/enterprises/{FIRST}").get_json()["awards"]) == 2
