"""Copies of the lists that others keep: taken in whole or not at all, as their files come, each for its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from credit.db import db
from credit.errors import FileRefused, InvalidInput
from credit.models import OutsideEntry, OutsideList
from credit.services import outside_lists
from tests.conftest import TODAY
from tests.makers import code_of
from tests.screening import HEAD, take


def test_a_copy_is_kept_with_its_day_and_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    row = f"某某公司,{code_of(1)},拒不履行,(2026)执1号,示例法院,2026年1月5日,2028/01/05"
    first, again = (take(tmp_path, "court-debtors", row) for _ in range(2))
    assert (first.entries, first.new, again.entries, again.new) == (1, True, 1, False)
    kept = db.session.scalars(select(OutsideEntry)).one()
    assert (kept.code, kept.authority, str(kept.since), str(kept.until)) == (
        code_of(1), "示例法院", "2026-01-05", "2028-01-05",
    )  # fmt: skip


def test_the_copy_of_a_day_is_the_last_one_that_tells_of_it(app: Flask, tmp_path: Path) -> None:
    for days in (30, 10, 20):
        take(tmp_path, "tax", on=TODAY - timedelta(days=days))

    def of(days: int) -> list[object]:
        return outside_lists.copies(TODAY - timedelta(days=days))["data_as_of"].to_list()

    assert of(31) == [] and of(15) == [TODAY - timedelta(days=20)] and of(0) == [TODAY - timedelta(days=10)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",,无名,,,2026-01-05,", "名称"), ("甲公司,,,,,05.01.2026,", "列入日期"), ("甲公司,,,,,2027-01-05,", "列入日期"),
        ("甲公司,,,,,2026-01-05,不限", "截止日期"), ("甲\x07公司,,,,,2026-01-05,", "控制字符"),
    ],
)  # fmt: skip
def test_one_wrong_row_refuses_the_file_and_is_named(app: Flask, tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "tax", "好公司,,,,,2026-01-05,", row)
    assert told in str(refused.value.detail_zh) and "3" in refused.value.extra["rows"][0]
    assert db.session.scalar(select(func.count()).select_from(OutsideList)) == 0


def test_a_code_that_fails_its_check_leaves_the_entry_known_by_name(app: Flask, tmp_path: Path) -> None:
    taken = take(tmp_path, "tax", "甲公司,9134079****0000000,,,,2026-01-05,", "乙公司,,,,,,")
    assert (taken.entries, taken.by_name) == (2, 1)
    kept = db.session.scalars(select(OutsideEntry).order_by(OutsideEntry.line)).all()
    assert [one.code for one in kept] == [None, None] and kept[1].since == TODAY


def test_an_unknown_list_or_a_day_to_come_is_refused_by_name(app: Flask, tmp_path: Path) -> None:
    for name, on, field in (("blacklist", TODAY, "list"), ("tax", TODAY + timedelta(days=1), "data_as_of")):
        with pytest.raises(InvalidInput) as refused:
            take(tmp_path, name, on=on)
        assert list(refused.value.extra["errors"]) == [field]


def test_the_command_takes_a_copy_and_names_what_is_wrong(runner: FlaskCliRunner, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"{HEAD}\n甲公司,,事由,1号,法院,2026-01-05,\n", encoding="gb18030")
    bad.write_text(f"{HEAD}\n,,,,,,\n,,只有事由,,,,\n", encoding="utf-8")
    command = ["credit", "import-list", "court-debtors"]
    done = runner.invoke(args=[*command, str(good), "--as-of", str(TODAY)])
    assert done.exit_code == 0 and "1 entries" in done.output
    failed = runner.invoke(args=[*command, str(bad), "--as-of", str(TODAY)])
    assert failed.exit_code == 1 and "name" in failed.output
    assert runner.invoke(args=["credit", "import-list", "none", str(good)]).exit_code in (1, 2)
