"""The two indicators: which lots count, which cells are told, and intervals that agree with a book's."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules import quality_shares as rules
from credit.rules.quality_shares import CUBE, shares, suppressed
from credit.web.quality_charts import bars


def cube(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Lots: month, region, industry, type, tested, failed."""
    return pl.DataFrame(rows, schema=CUBE, orient="row")


LOTS = cube(
    ("2026-01", "340705", "C15", "random_draw", 40, 2),
    ("2026-02", "340705", "C15", "supervised_sampling", 10, 3),
    ("2026-03", "340706", "A01", "supervised_sampling", 6, 0),
    ("2026-04", "340706", "A01", "complaint", 50, 40),
    ("2026-05", "340706", "A01", "requested", 30, 30),
)


def test_each_indicator_counts_its_own_lots() -> None:
    (qualified,) = shares(LOTS, "qualified", "year", 5)
    assert (qualified["numerator"], qualified["denominator"], qualified["value"]) == (51, 56, 91.07)
    (failure,) = shares(LOTS, "failure", "year", 5)
    assert (failure["numerator"], failure["denominator"], failure["value"]) == (3, 16, 18.75)


def test_the_interval_is_wilsons() -> None:
    """Newcombe 1998, table I: 81 of 263 has the Wilson interval 0.2553 to 0.3662."""
    (row,) = shares(cube(("2026-01", "", "", "supervised_sampling", 263, 81)), "failure", "year", 5)
    assert (row["low"], row["high"]) == (25.53, 36.62)


@pytest.mark.parametrize(
    ("by", "groups"),
    [("year", ["2026"]), ("quarter", ["2026Q1"]), ("region", ["340705", "340706"]), ("industry", ["A01", "C15"])],
)
def test_lots_are_grouped(by: str, groups: list[str]) -> None:
    assert [row["group"] for row in shares(LOTS, "qualified", by, 1)] == groups


def test_a_small_cell_is_not_told_and_no_single_one_can_be_computed_from_the_total() -> None:
    rows: list[dict[str, object]] = [
        {"group": name, "numerator": 1, "denominator": many, "value": 1.0, "low": 0.0, "high": 1.0}
        for name, many in (("a", 100), ("b", 4), ("c", 30), ("d", 50))
    ]
    assert [row["value"] for row in suppressed(rows, 5)] == [1.0, None, None, 1.0]
    two = [row | {"denominator": 3} if row["group"] == "d" else row for row in rows]
    assert [row["denominator"] for row in suppressed(two, 5)] == [100, None, 30, None]
    assert suppressed(rows[:1], 5) == rows[:1] and suppressed(rows[1:2], 5)[0]["value"] is None


@given(st.lists(st.integers(1, 30), min_size=2, max_size=8), st.integers(1, 10))
def test_never_is_exactly_one_cell_hidden_among_others(many: list[int], least: int) -> None:
    rows: list[dict[str, object]] = [{"group": str(place), "denominator": lots} for place, lots in enumerate(many)]
    hidden = [row for row, given in zip(suppressed(rows, least), rows, strict=True) if row["denominator"] is None]
    assert len(hidden) != 1
    assert all(row["denominator"] is None for row, lots in zip(suppressed(rows, least), many, strict=True) if lots < least)


def test_the_last_twelve_whole_months_leave_out_the_month_that_goes_on() -> None:
    lots = cube(*((f"{year}-{month:02d}", "", "", "random_draw", 1, 0) for year in (2025, 2026) for month in range(1, 13)))
    now = rules.twelve_months(lots, date(2026, 11, 22))["month"].to_list()
    assert (now[0], now[-1], len(now)) == ("2025-11", "2026-10", 12)
    before = rules.twelve_months(lots, date(2026, 11, 22), back=1)["month"].to_list()
    assert (before[0], before[-1]) == ("2025-01", "2025-10")


def test_quarters_are_named_and_held() -> None:
    assert [rules.quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026Q1", "2026Q1", "2026Q2", "2026Q4"]
    assert LOTS.filter(rules.in_quarter("2026Q1"))["month"].to_list() == ["2026-01", "2026-02", "2026-03"]


def test_a_chart_whose_scale_is_cut_draws_points_and_not_bars_whose_length_would_mislead() -> None:
    high = bars([{"group": "2026Q1", "value": 90.0, "low": 80.0, "high": 95.0}])
    low = bars([{"group": "2026Q1", "value": 12.0, "low": 2.0, "high": 30.0}])
    assert high is not None and low is not None and (high["cut"], low["cut"]) == (True, False)
    assert (high["lines"][0]["label"], low["lines"][0]["label"]) == ("80%", "0%")
    assert bars([{"group": "2026Q1", "value": None, "low": None, "high": None}]) is None
