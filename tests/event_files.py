"""Files of events made and imported in tests."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from credit.db import db
from credit.models import Event
from tests.register_files import FIRST, SECOND, Import

DEPARTMENT = "铜陵示范市场监督管理局"
FINE = {
    "code": FIRST, "occurred_on": "2026-05-01", "decided_on": "2026-06-01", "document_no": "铜市监罚〔2026〕1号",
    "category": "product_quality", "penalties": "fine", "fine": "60000",
}  # fmt: skip
TEST = {
    "code": FIRST, "occurred_on": "2026-05-01", "document_no": "抽检〔2026〕1号", "result": "pass", "role": "producer",
    "producer_confirmed": "是",
}  # fmt: skip


def table(*rows: dict[str, Any]) -> str:
    """Rows as CSV text under all their headers."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    written = csv.DictWriter(text, names, lineterminator="\n")
    written.writeheader()
    written.writerows(rows)
    return text.getvalue()


def event_importer(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import events of a kind into a register of two enterprises; the answer and the report."""
    firms = tmp_path / "firms.csv"
    firms.write_text(
        f"code,name,注册日期\n{FIRST},铜陵甲酿造有限公司,2010-05-01\n{SECOND},铜陵乙酿造有限公司,2010-05-01\n"
    )
    assert runner.invoke(args=["credit", "import-enterprises", str(firms)]).exit_code == 0
    assert runner.invoke(args=["credit", "department", "add", DEPARTMENT]).exit_code == 0

    def run(
        kind: str, content: Path | str, *options: str, name: str = "events.csv"
    ) -> tuple[Result, pl.DataFrame]:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_text(content)
        report = tmp_path / "report.csv"
        report.unlink(missing_ok=True)
        args = [
            "credit",
            "import-events",
            kind,
            str(path),
            "--department",
            DEPARTMENT,
            "--report",
            str(report),
            *options,
        ]
        result = runner.invoke(args=args, catch_exceptions=False)
        return result, pl.read_csv(
            report, infer_schema=False
        ) if report.exists() else pl.DataFrame()

    return run


def events() -> list[Event]:
    db.session.rollback()
    return list(db.session.scalars(select(Event).order_by(Event.seq)))
