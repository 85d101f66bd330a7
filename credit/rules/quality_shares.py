"""Two indicators of quality, and why they are not comparable (domain.md 8): each with its own lots.

`qualified` (合格率): lots that passed, of the lots tested by plan (random draws and supervised sampling). `failure`
(监督抽查不合格率): lots that failed, of those tested in supervised sampling, which is aimed at risk. A lot counts once
it is final: a failure under objection counts in neither number, one that the re-inspection overturned has passed.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from credit.errors import RegisterError
from credit.rules.intervals import wilson
from credit.rules.months import months_after
from credit.terms import InspectionType

# One row a month, region (of the enterprise), division of GB/T 4754 (C13) and type of inspection.
CUBE: dict[str, type[pl.DataType]] = {
    "month": pl.String, "region": pl.String, "industry": pl.String, "type": pl.String, "tested": pl.Int64,
    "failed": pl.Int64,
}  # fmt: skip
TYPES = {
    "qualified": (InspectionType.RANDOM_DRAW, InspectionType.SUPERVISED_SAMPLING),
    "failure": (InspectionType.SUPERVISED_SAMPLING,),
}
BY = ("year", "quarter", "region", "industry", "product")


class UnknownQuarter(RegisterError):
    code, status, title = "unknown-quarter", 404, "Nothing is told of this quarter"
    zh = "没有这个季度的统计"


def shares(cube: pl.DataFrame, indicator: str, by: str, least: int) -> list[dict[str, object]]:
    """Rows of an indicator by year, quarter, region, industry or product, in the order of their groups.

    group, numerator, denominator, value, low, high (per cent, 95% Wilson). Cells of fewer than `least` lots are not
    told, nor is another one from which a single one could be computed: value and counts are then null.
    """
    lots = cube.filter(pl.col("type").is_in([str(one) for one in TYPES[indicator]]))
    grouped = lots.with_columns(group=_group(by)).group_by("group").agg(
        denominator=pl.col("tested").sum(), failed=pl.col("failed").sum()
    )
    told = grouped.filter(pl.col("denominator") > 0).sort("group")
    rows = [_share(group, tested, failed, indicator) for group, tested, failed in told.iter_rows()]
    return suppressed(rows, least)


def in_quarter(quarter: str) -> pl.Expr:
    """Whether a column `month` lies in a quarter like 2026Q3."""
    year, number = quarter.split("Q")
    months = [f"{year}-{3 * int(number) - back:02d}" for back in range(3)]
    return pl.col("month").is_in(months)


def _group(by: str) -> pl.Expr:
    month = pl.col("month")
    if by == "year":
        return month.str.slice(0, 4)
    if by == "quarter":
        quarter = (month.str.slice(5, 2).cast(pl.Int64) + 2) // 3
        return pl.format("{}Q{}", month.str.slice(0, 4), quarter)
    return pl.col(by).fill_null("")


def _share(group: str, tested: int, failed: int, indicator: str) -> dict[str, object]:
    many = failed if indicator == "failure" else tested - failed
    low, high = wilson(many, tested)
    told = {"value": many / tested, "low": low, "high": high}
    percents = {name: round(100 * part, 2) for name, part in told.items()}
    return {"group": group, "numerator": many, "denominator": tested, **percents}


def suppressed(rows: list[dict[str, object]], least: int) -> list[dict[str, object]]:
    """Small cells without their numbers. Where only one is small, the next smallest goes too: the total is told
    elsewhere, and one missing part could be computed from it.
    """
    order = sorted(range(len(rows)), key=lambda place: int(str(rows[place]["denominator"])))
    small = [place for place in order if int(str(rows[place]["denominator"])) < least]
    if len(small) == 1 and len(rows) > 1:
        small = order[:2]
    hidden = dict.fromkeys(("numerator", "denominator", "value", "low", "high"))
    return [row | hidden if place in small else row for place, row in enumerate(rows)]


def twelve_months(cube: pl.DataFrame, day: date, back: int = 0) -> pl.DataFrame:
    """The lots of the twelve whole months before the month of `day`; `back`: so many years earlier."""
    end = months_after(day.replace(day=1), -12 * back)
    start = months_after(end, -12)
    return cube.filter(pl.col("month") >= f"{start:%Y-%m}", pl.col("month") < f"{end:%Y-%m}")


def quarter_of(day: date) -> str:
    """2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"
