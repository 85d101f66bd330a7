"""Makers for screening: copies of the lists that others keep, and bidders as a tender has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from credit.db import transaction
from credit.policy import load_policy
from credit.services import outside_lists
from credit.services.screening.screen import Screening, results, screen
from tests.conftest import TODAY

LISTS = ("court-debtors", "tax", "procurement")
HEAD = "企业名称,统一社会信用代码,列入事由,文书号,执行法院,列入日期,截止日期"
NOBODY = "无关企业有限公司,,示例事由,(2026)示执1号,示例法院,2026-01-05,"


def take(place: Path, name: str, *rows: str, on: date = TODAY, day: date = TODAY) -> outside_lists.Taken:
    """A copy of a list, taken in."""
    path = place / f"{name}-{on}.csv"
    path.write_text("\n".join([HEAD, *(rows or (NOBODY,))]), encoding="utf-8")
    with transaction("test") as change:
        return outside_lists.take(change, load_policy(), name, path, on, day)


def fresh_lists(place: Path, **rows: str) -> None:
    """A fresh copy of every list; `rows`: by list, the entry that it holds."""
    for name in LISTS:
        take(place, name, *([rows[name.replace("-", "_")]] if name.replace("-", "_") in rows else []))


def bidders(*given: dict[str, Any]) -> pl.DataFrame:
    """Bidders in the columns that screening takes."""
    schema = {"row": pl.Int64, "ref": pl.String, "code": pl.String, "name": pl.String, "group": pl.String}
    rows = [{"row": n, "ref": str(n), "code": None, "name": None, "group": None} | one for n, one in enumerate(given)]
    return pl.DataFrame(rows, schema=schema)


def screened(*given: dict[str, Any], kind: str = "government-procurement", on: date = TODAY) -> Screening:
    """A screening of these bidders."""
    return screen(bidders(*given), kind, on, TODAY)


def verdict(kind: str = "government-procurement", on: date = TODAY, **one: Any) -> str:
    """The verdict on one bidder."""
    return str(results(screened(one, kind=kind, on=on))[0]["verdict"])
