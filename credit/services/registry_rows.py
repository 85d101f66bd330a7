"""Rows of a register file: headers understood, cells checked, column by column."""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.errors import FileRefused
from credit.identifiers import DESTROYED_BY_EXCEL
from credit.rules.codes import code_problems, normalise_column
from credit.rules.regions import regions_by_name
from credit.services.files import NUMBERED
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
REASONS = {
    "length": "统一社会信用代码应为18位：请核对证照 / must have 18 characters",
    "letter": "含有代码不允许的字符（不用 I O S V Z）/ has a character that codes don't have",
    "check_digit": "校验位不符：请核对是否抄错一位 / check digit fails, look for one wrong character",
    "number_typed": f"{DESTROYED_BY_EXCEL.zh} / {DESTROYED_BY_EXCEL.en}",
    "name_missing": "缺少企业名称 / the name is missing",
    "name_long": "名称超过256个字 / the name has more than 256 characters",
    "control_character": "含有控制字符，请删除 / has a control character, remove it",
    "date": "日期应写作 2020-01-31 / write dates as 2020-01-31",
    "future": "日期晚于今天 / the date lies in the future",
    "region": "区划代码应为6位数字 / a region code has 6 digits",
    "industry": "行业代码应为1位字母加2至4位数字 / an industry code is a letter and 2 to 4 digits",
    "status": f"状态应为 {', '.join(t.zh for t in Status)} / must be one of {', '.join(Status)}",
    "cells": "列数与表头不符 / has more or fewer cells than the header",
    "code_twice": "同一代码在文件中出现两次且名称不同 / the code stands twice with different names",
}  # fmt: skip
REJECTED = ["line", "column", "code", "name", "reason", "suggestion"]
LIVING = {"开业": "living", "在业": "living", "在营": "living", "存续": "living", "正常": "living", "迁出": "living",
          "注销": "deregistered", "已注销": "deregistered", "吊销": "revoked", "吊销未注销": "revoked", "撤销": "revoked"}  # fmt: skip


def checked(table: pl.DataFrame, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows (code, name, short_name, status, kind, legacy_id, region, industry, registered_on,
    line) and rejected ones (line, column, code, name, reason, suggestion)."""
    rows = _understood(table)
    problems = _problems(rows, day)
    bad = problems.filter(pl.col("reason").is_not_null())
    good = problems.filter(pl.col("reason").is_null())
    first = good.unique("code", keep="first", maintain_order=True)
    again = good.join(first.select("code", first_name="name", first_line="line"), on="code", maintain_order="left")
    twice = again.filter((pl.col("line") != pl.col("first_line")) & (pl.col("name") != pl.col("first_name")))
    bad = pl.concat(
        [bad, twice.select(bad.columns[:-2]).with_columns(reason=pl.lit("code_twice"), column=pl.lit("name"))],
        how="diagonal",
    )
    told = bad.with_columns(suggestion=pl.col("reason").replace_strict(REASONS, return_dtype=pl.String))
    return _typed(first), told.select(*REJECTED)


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
    cells = pl.col("cells") != 0 if "cells" in table.columns else pl.lit(False)
    columns = [
        (pl.col(name) if name else pl.lit(None, dtype=pl.String)).alias(ours) for ours, name in found.items()
    ]
    return table.select("line", *columns, typed_as_number=numbers, wrong_cells=cells)


def _problems(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Each row with its first problem: `reason` and `column`, both null where all is well."""
    codes = normalise_column(rows["code"])
    written = pl.col("registered_on").str.replace_all(r"[/.年月]", "-").str.replace("日", "")
    on = pl.coalesce(written.str.to_date("%Y-%m-%d", strict=False), written.str.to_date("%Y%m%d", strict=False))
    status = pl.col("status").replace_strict(
        LIVING | {t.zh: str(t) for t in Status} | {str(t): str(t) for t in Status}, default=None, return_dtype=pl.String
    )
    region = pl.col("region").is_null() | pl.col("region").str.contains(r"^\d{6}$")
    industry = pl.col("industry").is_null() | pl.col("industry").str.contains(r"^[A-Ta-t]?\d{2,4}$")
    full = rows.with_columns(code=codes, problem=code_problems(codes), day=on, known_status=status)
    checks = (
        ("cells", "line", pl.col("wrong_cells")),
        ("number_typed", "code", pl.col("typed_as_number") & pl.col("problem").is_not_null()),
        (pl.col("problem"), "code", pl.col("problem").is_not_null()),
        ("name_missing", "name", pl.col("name").is_null()),
        ("name_long", "name", pl.col("name").str.len_chars() > 256),
        ("control_character", "name", pl.col("name").str.contains(r"[\x00-\x08\x0b-\x1f\x7f]")),
        ("date", "registered_on", pl.col("registered_on").is_not_null() & pl.col("day").is_null()),
        ("future", "registered_on", pl.col("day") > day),
        ("status", "status", pl.col("status").is_not_null() & pl.col("known_status").is_null()),
        ("region", "region", ~region),
        ("industry", "industry", ~industry),
    )
    reason, column = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for word, where, wrong in reversed(checks):
        told = word if isinstance(word, pl.Expr) else pl.lit(word)
        reason = pl.when(wrong).then(told).otherwise(reason)
        column = pl.when(wrong).then(pl.lit(where)).otherwise(column)
    return full.with_columns(reason=reason, column=column)


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
        status=pl.coalesce("known_status", pl.lit("living")),
        kind=kind,
        registered_on="day",
        industry=pl.col("industry").str.to_uppercase(),
        legacy_id=pl.col("legacy_id").str.slice(0, 32),
    )
    return found.select(
        "code", "name", "short_name", "status", "kind", "legacy_id", "region", "industry", "registered_on", "line"
    )

