"""Register files made and imported in tests, and what is said of their rows. Codes are fictional."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import xlsxwriter
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.models import Enterprise, Register
from seed.codes import fictional_code

HEADER = "统一社会信用代码,企业名称,注册日期"
Import = Callable[..., tuple[Result, pl.DataFrame]]


FIRST, SECOND, THIRD = (fictional_code(number) for number in (1, 2, 3))


def workbook(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return path


def last_seq() -> int:
    db.session.rollback()
    return int(db.session.scalars(select(Register.last_seq)).one())


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Enterprise)) or 0)


def importer(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """Import a file, or text or bytes as one; the answer and the report of rejected rows."""

    def run(
        content: Path | str | bytes, *options: str, name: str = "register.csv"
    ) -> tuple[Result, pl.DataFrame]:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        report = tmp_path / "report.csv"
        report.unlink(missing_ok=True)
        args = ["credit", "import-enterprises", str(path), "--report", str(report), *options]
        result = runner.invoke(args=args, catch_exceptions=False)
        rejected = pl.read_csv(report, infer_schema=False) if report.exists() else pl.DataFrame()
        return result, rejected

    return run


def rejects(answer: tuple[Result, pl.DataFrame], *wanted: tuple[int, str, str]) -> None:
    """These rows, as (line, column, reason), and no others were rejected; each with a suggestion."""
    result, rejected = answer
    told = [
        (int(row["line"]), row["column"], row["reason"]) for row in rejected.iter_rows(named=True)
    ]
    assert told == list(wanted)
    assert rejected["suggestion"].null_count() == 0
    assert result.exit_code == (1 if wanted else 0)
