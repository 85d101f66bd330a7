"""Copies of the lists that other bodies keep: taken in whole or not at all, each for the day that it tells of.

A list with holes would clear firms that it should not: one wrong row refuses the whole file, and names the row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import FileRefused, InvalidInput
from credit.models import OutsideEntry, OutsideList
from credit.rules.codes import code_problems, normalise_column
from credit.rules.law import Law
from credit.rules.name_columns import fold_column
from credit.services.files import read_table
from credit.services.marks import TOO_LONG
from credit.services.registry_rows import CONTROL, day_written
from credit.services.writing import insert

HEADERS = {
    "code": ("统一社会信用代码", "社会信用代码", "信用代码", "组织机构代码", "code", "uscc"),
    "name": (
        "企业名称", "单位名称", "供应商名称", "被执行人", "被执行人名称", "失信主体名称", "纳税人名称", "名称", "name",
    ),
    "basis": (
        "列入依据", "列入事由", "失信行为", "失信行为具体情形", "情形", "严重违法失信行为的具体情形", "案件性质",
        "依据", "basis",
    ),
    "document_no": ("文书号", "决定书文号", "处罚决定书文号", "案号", "执行依据文号", "文号", "document_no"),
    "authority": ("列入机关", "执行法院", "执法单位", "处罚机关", "主管税务机关", "公布机关", "authority"),
    "since": ("列入日期", "发布日期", "公布日期", "处罚日期", "立案日期", "since"),
    "until": ("截止日期", "公示截止日期", "处罚截止日期", "有效期至", "期满日期", "until"),
}  # fmt: skip
REASONS = {
    "name": "缺少名称，或超过256个字 / the name is missing or has more than 256 characters",
    "control": "含有控制字符，请删除 / has a control character, remove it",
    "since": "列入日期应写作 2020-01-31，且不晚于数据日期 / the day of entry: as 2020-01-31, no later than the data",
    "until": "截止日期应写作 2020-01-31 / write the last day as 2020-01-31",
    "long": "单元格过长 / a cell is too long",
}
MOST_REJECTED = 100
SMALL, LESS, MORE = 20, 2, 5  # a copy of half the size, or of five times, is asked about


@dataclass(frozen=True)
class Taken:
    """How many entries were taken in, and of how many the code failed its check: they are known by name alone."""

    entries: int
    by_name: int
    new: bool


def take(
    change: Change, law: Law, name: str, path: Path, data_as_of: date, day: date, sure: bool = False
) -> Taken:
    """Take a copy of a list in; the same file for the same day again changes nothing.

    A copy with far fewer or far more entries than the last one is mostly another file: it needs `sure`. Raises
    InvalidInput for that, for a list that the policy doesn't know or a day to come, FileRefused naming what is wrong.
    """
    known = law.value("screening.lists", day) if "screening.lists" in law.provisions else {}
    if name not in known:
        raise InvalidInput(f"Lists are {', '.join(known)}.", zh=f"没有“{name}”这份名单", errors={"list": ["Unknown."]})
    if data_as_of > day:
        raise InvalidInput("It lies ahead.", zh="数据日期晚于今天", errors={"data_as_of": [f"Not after {day}."]})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    same = select(OutsideList).where(
        OutsideList.list == name, OutsideList.data_as_of == data_as_of, OutsideList.digest == digest
    )
    if (held := db.session.scalars(same).first()) is not None:
        return Taken(held.rows, 0, False)
    rows = entries(read_table(path), data_as_of)
    if not sure:
        _check_size(name, len(rows))
    _keep(change, name, rows, data_as_of, day, digest)
    return Taken(len(rows), int(rows["failed"].sum()), True)


def _check_size(name: str, count: int) -> None:
    """Raises InvalidInput naming `sure` where the last copy of a list had quite another size."""
    before = db.session.scalar(
        select(OutsideList.rows).where(OutsideList.list == name)
        .order_by(OutsideList.data_as_of.desc(), OutsideList.seq.desc()).limit(1)
    )  # fmt: skip
    if before and max(before, count) > SMALL and not before / LESS <= count <= before * MORE:
        told = f"The last copy had {before} entries, this one has {count}: say that you are sure."
        zh = f"上一份有 {before} 条，这一份有 {count} 条，相差悬殊；确认无误请勾选后再提交"
        raise InvalidInput(told, zh=zh, errors={"sure": [told]})


def keep(change: Change, name: str, rows: pl.DataFrame, data_as_of: date, day: date) -> None:
    """Take in a copy that is no file: rows with the columns of HEADERS (days as since_on, until_on)."""
    named = rows.rename({"since_on": "since", "until_on": "until"}).with_row_index("line", offset=1)
    digest = hashlib.sha256(rows.write_csv().encode()).hexdigest()
    _keep(change, name, entries(named, data_as_of), data_as_of, day, digest)


def _keep(change: Change, name: str, rows: pl.DataFrame, data_as_of: date, day: date, digest: str) -> None:
    (seq,) = change.take()
    change.about |= {"list": name, "rows": len(rows), "data_as_of": str(data_as_of)}
    db.session.add(
        OutsideList(
            seq=seq, list=name, data_as_of=data_as_of, received_on=day, rows=len(rows), digest=digest
        )
    )  # fmt: skip
    db.session.flush()
    insert(OutsideEntry, rows.drop("failed").with_columns(copy=pl.lit(seq, dtype=pl.Int64)))


def entries(table: pl.DataFrame, data_as_of: date) -> pl.DataFrame:
    """The rows of a file in the columns of OutsideEntry, and `failed`: whether the code was no code.

    Raises FileRefused naming the first rows that are wrong, and why.
    """
    rows = _understood(table)
    codes = normalise_column(rows["code"])
    full = rows.with_columns(code=codes, problem=code_problems(codes)).with_columns(
        since_day=day_written("since"), until_day=day_written("until"),
        failed=pl.col("problem").is_not_null() & pl.col("code").is_not_null(),
    )  # fmt: skip
    late = pl.col("since_day") > data_as_of
    reason = (
        pl.when(pl.col("long")).then(pl.lit("long"))
        .when(pl.col("name").is_null() | (pl.col("name").str.len_chars() > 256)).then(pl.lit("name"))
        .when(pl.any_horizontal(pl.col(*HEADERS).str.contains(CONTROL))).then(pl.lit("control"))
        .when(pl.col("since").is_not_null() & (pl.col("since_day").is_null() | late)).then(pl.lit("since"))
        .when(pl.col("until").is_not_null() & pl.col("until_day").is_null()).then(pl.lit("until"))
    )  # fmt: skip
    bad = full.with_columns(reason=reason).filter(pl.col("reason").is_not_null())
    if len(bad):
        told = [f"{line}: {REASONS[why]}" for line, why in bad.head(MOST_REJECTED).select("line", "reason").iter_rows()]
        raise FileRefused(
            f"{len(bad)} rows are wrong, so nothing was taken in. Line {'; '.join(told[:3])}",
            zh=f"有 {len(bad)} 行不符合要求，整份名单未导入：第 {'；第 '.join(told[:3])}", rows=told,
        )  # fmt: skip
    names = fold_column(full["name"])
    return full.select(
        "line", code=pl.when(~pl.col("failed")).then("code"), name="name", folded=names.str.slice(0, 256),
        basis=pl.col("basis").fill_null(""), document_no=pl.col("document_no").fill_null("").str.slice(0, 256),
        authority=pl.col("authority").fill_null("").str.slice(0, 256),
        since=pl.col("since_day").fill_null(data_as_of), until="until_day", failed="failed",
    )  # fmt: skip


def _understood(table: pl.DataFrame) -> pl.DataFrame:
    """The columns of HEADERS by their own names, null where the file has none; `line`, and `long` cells."""
    given = {name.strip().strip("\ufeff").lower(): name for name in table.columns}
    found = {ours: next((given[one] for one in headers if one in given), None) for ours, headers in HEADERS.items()}
    if found["name"] is None:
        raise FileRefused(
            f"No column for name: call it {' or '.join(HEADERS['name'][:3])}. Found: {', '.join(table.columns)[:200]}.",
            zh="没有找到“企业名称”列",
        )
    columns: dict[str, Any] = {
        ours: pl.col(name) if name else pl.lit(None, dtype=pl.String) for ours, name in found.items()
    }
    long = pl.col(TOO_LONG).is_not_null() if TOO_LONG in table.columns else pl.lit(False)
    return table.select(pl.col("line").cast(pl.Int64), long=long, **columns)


def copies(day: date) -> pl.DataFrame:
    """list, copy, data_as_of, rows: of each list the last copy that tells of `day` or of a day before."""
    held = select(OutsideList.list, OutsideList.seq.label("copy"), OutsideList.data_as_of, OutsideList.rows).where(
        OutsideList.data_as_of <= day
    )
    schema = {"list": pl.String, "copy": pl.Int64, "data_as_of": pl.Date, "rows": pl.Int64}
    rows = pl.DataFrame([tuple(row) for row in db.session.execute(held)], schema=schema, orient="row")
    return rows.sort("data_as_of", "copy").group_by("list", maintain_order=True).last()
