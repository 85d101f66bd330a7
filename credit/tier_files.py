"""The list of supervised enterprises as a file, at both doors: CSV that Excel opens, or a workbook of texts."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from flask import Response

from credit.screening_files import MIME
from credit.services import supervision
from credit.services.screening import files

HEADERS = {
    "code": "统一社会信用代码", "name": "名称", "grade": "等级", "tier": "监管类别", "risk": "产品风险",
    "region": "地区", "industry": "行业", "last": "上次检查", "last_type": "检查类型", "last_result": "检查结果",
    "due": "应检", "due_on": "应检期限", "rate": "年检查频次", "planned": "本年已计划检查", "cap": "年度上限",
    "reasons": "原因",
}  # fmt: skip


def tier_file(asked: dict[str, Any], kind: str, day: date) -> Response:
    """What is asked for, every enterprise; `kind`: csv or xlsx."""
    told = supervision.table(asked, day)
    named = told.select(pl.all().cast(pl.String)).rename({name: HEADERS[name] for name in told.columns})
    return table_file(named, f"tiers-{day}", kind)


def table_file(table: pl.DataFrame, name: str, kind: str, cache: str = "no-store") -> Response:
    """A table of texts as a download that a spreadsheet opens, without formulas; `kind`: csv or xlsx."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{kind}"
        files.write(path, table)
        body = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": cache}
    return Response(body, 200, headers, content_type=MIME[f".{kind}"])
