"""The report of a quarter: a PDF to read and keep, a workbook to reckon with. Both tell what the public page tells."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import xlsxwriter

from credit.services import typeset
from credit.web.language import language, say

Told = dict[str, Any]
BY = {
    "quarter": ("季度", "Quarter"), "region": ("地区", "Region"), "industry": ("行业", "Industry"),
    "product": ("产品", "Product"),
}  # fmt: skip
HEADERS = ("分组", "分子", "分母", "百分比", "95%下限", "95%上限")


def pdf(told: Told, day: date, t: Callable[[str, str], str]) -> bytes:
    """The report set as PDF/A and PDF/UA."""
    parts = [*told["course"].values(), *told["parts"]]
    goes_on = "" if told["over"] else t("（本季度未结束）", " (the quarter goes on)")
    content = {
        "language": language(), "page": t("企业质量信用登记", "Enterprise Quality Credit Register"),
        "title": t("质量统计季度报告", "Quality statistics of a quarter") + " " + told["quarter"],
        "state": t("数据截至 ", "As of ") + str(day) + goes_on,
        "note": t(f"少于 {told['least']} 批次的不公布。", f"Groups of fewer than {told['least']} lots are not told."),
        "parts": [_part(one, t) for one in parts if one["items"]],
    }  # fmt: skip
    return typeset.pdf("quarter", content, day)


def _part(one: Told, t: Callable[[str, str], str]) -> Told:
    few = t("不公布", "not told")
    rows = [
        [say(row["label"]), few, "", "", ""] if row["value"] is None
        else [
            say(row["label"]), f"{row['value']:.1f}%", f"{row['low']:.1f}–{row['high']:.1f}%", f"{row['numerator']:,}",
            f"{row['denominator']:,}",
        ]
        for row in one["items"]
    ]  # fmt: skip
    label = t(*BY[one["by"]])
    many = t("合格", "passed") if one["indicator"] == "qualified" else t("不合格", "failed")
    heads = [label, say(one["title"]), t("95% 区间", "95% interval"), many, t("检验批次", "lots tested")]
    title = f"{say(one['title'])} · {label}"
    return {"title": title, "definition": say(one["definition"]), "heads": heads, "rows": rows}


def workbook(told: Told) -> bytes:
    """A sheet for each table; texts are texts, numbers numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        for one in [*told["course"].values(), *told["parts"]]:
            sheet = book.add_worksheet(f"{one['title']['zh'][-4:]}-{BY[one['by']][0]}")
            sheet.write_row(0, 0, HEADERS)
            for line, row in enumerate(one["items"], 1):
                sheet.write_string(line, 0, row["label"]["zh"])
                for column, name in enumerate(("numerator", "denominator", "value", "low", "high"), 1):
                    if row[name] is None:
                        sheet.write_string(line, column, f"少于{told['least']}")
                    else:
                        sheet.write_number(line, column, row[name])
    return out.getvalue()
