"""Rows of a register file: headers understood, cells checked, column by column."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from credit.errors import FileRefused
from credit.identifiers import DESTROYED_BY_EXCEL, check_code
from credit.rules.codes import code_problems, normalise_column
from credit.rules.regions import regions_by_name
from credit.services.marks import CELLS, NUMBERED, TOO_LONG
from credit.terms import EnterpriseKind, Status

HEADERS = {
    "code": ["统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "uscc", "code", "credit_code", "unified_code", "unified_social_credit_code"],
    "name": ["企业名称", "单位名称", "名称", "主体名称", "name", "enterprise", "enterprise_name", "company_name"],
    "short_name": ["简称", "企业简称", "short_name"],
    "registered_on": ["注册日期", "成立日期", "登记日期", "registered_on", "registration_date", "established_on"],
    "type": ["企业类型", "主体类型", "类型", "type"],
    "province": ["所在省份", "省份", "省", "province"],
    "city": ["地区", "城市", "市", "city"],
    "region": ["行政区划", "行政区划代码", "区划代码", "region", "region_code"],
    "industry": ["行业代码", "国民经济行业代码", "industry", "industry_code"],
    "status": ["登记状态", "经营状态", "企业状态", "状态", "status"],
    "legacy_id": ["注册号", "工商注册号", "登记注册号", "legacy_id", "registration_number"],
}  # fmt: skip
OPTIONAL = [name for name in HEADERS if name not in ("code", "name")]
REASONS = {
    "length": "统一社会信用代码应为18位：请核对证照 / must have 18 characters",
    "letter": "含有代码不允许的字符（不用 I O S V Z）/ has a character that codes don't have",
    "check_digit": "校验位不符：请核对是否抄错一位 / check digit fails, look for one wrong character",
    "number_typed": f"{DESTROYED_BY_EXCEL.zh} / {DESTROYED_BY_EXCEL.en}",
    "name_missing": "缺少企业名称 / the name is missing or has one character",
    "name_long": "名称超过256个字 / the name has more than 256 characters",
    "control_character": "含有控制字符，请删除 / has a control character, remove it",
    "date": "日期应写作 2020-01-31 / write dates as 2020-01-31",
    "future": "日期晚于今天 / the date lies in the future",
    "region": "区划代码应为6位数字 / a region code has 6 digits",
    "industry": "行业代码应为1位字母加2至4位数字 / an industry code is a letter and 2 to 4 digits",
    "status": f"状态应为 {', '.join(t.zh for t in Status)} / must be one of {', '.join(Status)}",
    "cells": "列数与表头不符 / has more or fewer cells than the header",
    "too_long": "单元格过长，请检查是否缺少引号 / a cell is too long to be meant: look for a quote that is not closed",
    "short_name": "简称超过256个字 / the short name has more than 256 characters",
    "legacy_id": "注册号超过32个字 / the registration number has more than 32 characters",
    "code_twice": "同一代码在文件中出现两次且名称不同 / the code stands twice with different names",
}  # fmt: skip
REJECTED = ["line", "column", "code", "name", "reason", "suggestion"]
STATUS_BEGINS = {
    "(开业|在业|在营|在册|存续|正常|迁出|迁入|歇业|停业|注销中|变更中)": Status.LIVING,
    "(吊销|已吊销|撤销|撤消)": Status.REVOKED,
    "(注销|已注销)": Status.DEREGISTERED,
}  # fmt: skip
ABSENT = ["N/A", "NA", "n/a", "NULL", "null", "None", "-", "--", "—", "/", "无"]
CONTROL = r"[\x00-\x1f\x7f-\x9f]"
FIRST_YEAR = 1800
LONGEST_TOLD = 300


def checked(table: pl.DataFrame, day: date, accepted: Collection[str] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows (code, name, short_name, status, kind, legacy_id, region, industry, registered_on,
    line) and rejected ones (line, column, code, name, reason, suggestion).

    `accepted` are failing codes that an administrator verified. What a file leaves out is null.
    """
    rows = _understood(table)
    problems = _problems(rows, day, accepted)
    bad = problems.filter(pl.col("reason").is_not_null())
    good = problems.filter(pl.col("reason").is_null())
    first = good.unique("code", keep="first", maintain_order=True)
    again = good.join(first.select("code", first_name="name", first_line="line"), on="code", maintain_order="left")
    twice = again.filter((pl.col("line") != pl.col("first_line")) & (pl.col("name") != pl.col("first_name")))
    bad = pl.concat(
        [bad, twice.select(bad.columns[:-2]).with_columns(reason=pl.lit("code_twice"), column=pl.lit("name"))],
        how="diagonal",
    )
    return _typed(first), _told(bad).select(*REJECTED)


def _told(bad: pl.DataFrame) -> pl.DataFrame:
    """What to do about each problem; of a failing code what exactly is wrong with it."""
    of_code = pl.col("reason").is_in(["length", "letter", "check_digit"])
    codes = bad.filter(of_code)["code"].drop_nulls().unique().to_list()
    problems = {code: problem for code in codes if (problem := check_code(code)) is not None}
    sentences = {code: f"{problem.zh} / {problem.en}" for code, problem in problems.items()}
    exact = pl.when(of_code).then(pl.col("code").replace_strict(sentences, default=None, return_dtype=pl.String))
    usual = pl.col("reason").replace_strict(REASONS, return_dtype=pl.String)
    return bad.with_columns(pl.coalesce(exact, usual).alias("suggestion"), pl.col("code", "name").str.slice(0, LONGEST_TOLD))


def _understood(table: pl.DataFrame) -> pl.DataFrame:
    """The known columns under their own names, all of them, null where the file has none."""
    given = {name.strip().strip("\ufeff").lower(): name for name in table.columns}
    found = {
        ours: next((given[header] for header in headers if header in given), None)
        for ours, headers in HEADERS.items()
    }
    for needed in ("code", "name"):
        if found[needed] is None:
            raise FileRefused(
                f"No column for {needed}: name it {' or '.join(HEADERS[needed][:3])}. Found: {', '.join(table.columns)[:200]}.",
                zh=f"没有找到“{HEADERS[needed][0]}”列",
            )
    numbers = pl.col(NUMBERED).list.contains(found["code"]) if NUMBERED in table.columns else pl.lit(False)
    cells = pl.col(CELLS) != 0 if CELLS in table.columns else pl.lit(False)
    ours_of = {name: ours for ours, name in found.items() if name}
    long = pl.col(TOO_LONG).replace(ours_of) if TOO_LONG in table.columns else pl.lit(None, dtype=pl.String)
    columns = [
        (pl.col(name) if name else pl.lit(None, dtype=pl.String)).alias(ours) for ours, name in found.items()
    ]
    absent = pl.col(*OPTIONAL).is_in(ABSENT)
    return table.select("line", *columns, typed_as_number=numbers, wrong_cells=cells, long_cell=long).with_columns(
        pl.when(~absent).then(pl.col(*OPTIONAL)).name.keep()
    )


def _problems(rows: pl.DataFrame, day: date, accepted: Collection[str]) -> pl.DataFrame:
    """Each row with its first problem: `reason` and `column`, both null where all is well."""
    codes = normalise_column(rows["code"])
    full = rows.with_columns(code=codes, problem=code_problems(codes), day=_day(), known_status=_status())
    if accepted:
        full = full.with_columns(problem=pl.when(~pl.col("code").is_in(list(accepted))).then("problem"))
    checks = (
        ("too_long", pl.col("long_cell"), pl.col("long_cell").is_not_null()),
        ("cells", "line", pl.col("wrong_cells")),
        ("number_typed", "code", pl.col("typed_as_number")),
        (pl.col("problem"), "code", pl.col("problem").is_not_null()),
        ("name_missing", "name", pl.col("name").is_null() | (pl.col("name").str.len_chars() < 2)),
        ("name_long", "name", pl.col("name").str.len_chars() > 256),
        ("short_name", "short_name", pl.col("short_name").str.len_chars() > 256),
        ("legacy_id", "legacy_id", pl.col("legacy_id").str.len_chars() > 32),
        *(("control_character", name, pl.col(name).str.contains(CONTROL)) for name in ("name", "short_name", "legacy_id")),
        ("date", "registered_on", pl.col("registered_on").is_not_null() & pl.col("day").is_null()),
        ("future", "registered_on", pl.col("day") > day),
        ("status", "status", pl.col("status").is_not_null() & pl.col("known_status").is_null()),
        ("region", "region", ~pl.col("region").str.contains(r"^[0-9]{6}$")),
        ("industry", "industry", ~pl.col("industry").str.contains(r"^[A-Ta-t]?[0-9]{2,4}$")),
    )
    reason, column = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for word, where, wrong in reversed(checks):
        told = word if isinstance(word, pl.Expr) else pl.lit(word)
        place = where if isinstance(where, pl.Expr) else pl.lit(where)
        reason = pl.when(wrong).then(told).otherwise(reason)
        column = pl.when(wrong).then(place).otherwise(column)
    return full.with_columns(reason=reason, column=column)


def _day() -> pl.Expr:
    """The day of registration, null where it is written in no way that we know."""
    written = pl.col("registered_on").str.replace(r"[ T]00:00(:00(\.0+)?)?$", "")
    written = written.str.replace_all(r"[/.年月]", "-").str.replace("日", "")
    dashed = written.str.to_date("%Y-%m-%d", strict=False)
    found = pl.coalesce(dashed, written.str.to_date("%Y%m%d", strict=False))
    return pl.when(found.dt.year() >= FIRST_YEAR).then(found)


def _status() -> pl.Expr:
    """The status by its word or label, or as the offices of registration word it."""
    words = {str(term): str(term) for term in Status} | {term.zh: str(term) for term in Status}
    found = pl.col("status").replace_strict(words, default=None, return_dtype=pl.String)
    for begins, term in STATUS_BEGINS.items():
        found = pl.coalesce(found, pl.when(pl.col("status").str.contains(f"^{begins}")).then(pl.lit(str(term))))
    return found


def _typed(good: pl.DataFrame) -> pl.DataFrame:
    """Good rows in the columns that an enterprise has."""
    places = {f"{p or ''}{c or ''}": None for p, c in good.select("province", "city").unique().iter_rows()}
    known = regions_by_name()
    codes = {place: known.get(place) for place in places}
    branch = pl.col("name").str.ends_with("分公司") | pl.col("type").fill_null("").str.contains("分公司|分支机构")
    kind = (
        pl.when(pl.col("code").str.starts_with("92")).then(pl.lit(str(EnterpriseKind.INDIVIDUAL)))
        .when(branch).then(pl.lit(str(EnterpriseKind.BRANCH)))
        .otherwise(pl.lit(str(EnterpriseKind.ENTERPRISE)))
    )  # fmt: skip
    place = pl.concat_str("province", "city", ignore_nulls=True)
    found = good.with_columns(
        region=pl.coalesce("region", place.replace_strict(codes, default=None, return_dtype=pl.String)),
        status="known_status",
        kind=kind,
        registered_on="day",
        industry=pl.col("industry").str.to_uppercase(),
    )
    return found.select(
        "code", "name", "short_name", "status", "kind", "legacy_id", "region", "industry", "registered_on", "line"
    )

