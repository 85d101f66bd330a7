"""The monitors over simulated years: outbreaks are found within the stated delay, and false alarms stay within their rate."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from credit.policy import load_policy
from credit.rules.risk_warnings import cusum, monitors, shrinkage
from tests.conftest import LONG, TODAY

YEARS = 1_000 if LONG else 300
LOTS, USUAL, ODDS, RATE = 20, 0.05, 4.0, 0.05


def test_the_false_alarm_rate_of_a_year_is_held() -> None:
    luck = np.random.default_rng(7)
    months = np.full(24 + 12, LOTS)
    failed = luck.binomial(months, USUAL, size=(YEARS, months.size))
    bound = cusum.limit(months, USUAL, ODDS, RATE)
    alarms = (cusum.sums(np.broadcast_to(months, failed.shape), failed, USUAL, ODDS)[:, 24:] > bound).any(axis=1).mean()
    # Three standard errors of a share of 5% in so many years.
    assert alarms <= RATE + 3 * (RATE * (1 - RATE) / YEARS) ** 0.5


def test_a_planted_outbreak_is_found_within_seven_months_nearly_always_and_sooner_as_a_rule() -> None:
    luck = np.random.default_rng(8)
    worse = ODDS * USUAL / (1 - USUAL + ODDS * USUAL)
    months = np.full(24 + 12, LOTS)
    shares = np.concatenate([np.full(24, USUAL), np.full(12, worse)])
    failed = luck.binomial(months, shares, size=(YEARS, months.size))
    crossed = cusum.sums(np.broadcast_to(months, failed.shape), failed, USUAL, ODDS)[:, 24:] > cusum.limit(
        months, USUAL, ODDS, RATE
    )
    delay = np.where(crossed.any(axis=1), crossed.argmax(axis=1) + 1, 99)
    assert (delay <= 7).mean() >= 0.95 and np.median(delay) <= 3


def test_the_sum_equals_one_made_by_hand() -> None:
    up, down = cusum.weights(0.1, 2.0)
    assert (round(up, 4), round(down, 4)) == (0.5978, -0.0953)  # 2/11 against 1/10
    told = cusum.sums(np.array([10, 10, 10]), np.array([0, 3, 1]), 0.1, 2.0)
    assert told.round(3).tolist() == [0.0, 1.126, 0.866]


def test_equal_series_have_equal_limits() -> None:
    months = np.array([3, 9, 12, 4] * 3)
    assert cusum.limit(months, 0.08, 3.0, 0.05) == cusum.limit(months, 0.08, 3.0, 0.05)


def test_small_groups_are_drawn_further_to_the_whole_than_large_ones() -> None:
    groups = pl.DataFrame({"group": list("abcd"), "tested": [4, 400, 400, 400], "failed": [2, 20, 24, 16]})
    told = {row["group"]: row for row in shrinkage.shrunk(groups, 95).to_dicts()}
    assert told["a"]["rate"] < 0.25 and told["a"]["low"] < told["a"]["whole"]
    assert abs(told["b"]["rate"] - 0.05) < 0.01
    assert all(row["low"] < row["rate"] < row["high"] for row in told.values())
    assert shrinkage.shrunk(groups.head(0), 95).is_empty()


def lots(shares: dict[str, tuple[float, float]], many: int = 20) -> pl.DataFrame:
    """36 months of lots: the share that failed before the last six months, and in them."""
    months = [f"{2023 + (11 + at) // 12}-{(11 + at) % 12 + 1:02d}" for at in range(36)]
    rows = [
        (month, name, many, round(many * (after if at >= 30 else before)))
        for name, (before, after) in shares.items() for at, month in enumerate(months)
    ]  # fmt: skip
    schema = {"month": pl.String, "product": pl.String, "tested": pl.Int64, "failed": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_only_the_product_whose_share_rose_is_told_with_its_path() -> None:
    found = monitors.changes(lots({"安全帽": (0.05, 0.3), "台灯": (0.05, 0.05), "毛绒玩具": (0.1, 0.1)}), "product", load_policy(), TODAY)
    assert [one["subject"] for one in found] == ["product:安全帽"]
    evidence = found[0]["evidence"]
    assert len(evidence["months"]) == len(evidence["sums"]) == 36 and max(evidence["sums"][-2:]) > evidence["limit"]
    assert evidence["months"][-1] == f"{TODAY:%Y-%m}"


def test_only_the_product_that_stands_out_is_told() -> None:
    calm = {f"产品{number}": (0.05, 0.05) for number in range(12)}
    found = monitors.excesses(lots(calm | {"保鲜膜": (0.3, 0.3)}), "product", load_policy(), TODAY)
    assert [(one["subject"], one["level"]) for one in found] == [("product:保鲜膜", "high")]
    assert monitors.excesses(lots(calm), "product", load_policy(), TODAY) == []


def failures(*rows: tuple[int, str, str, date]) -> pl.DataFrame:
    """Final failures: enterprise, region, industry, day."""
    schema = {"enterprise": pl.Int64, "region": pl.String, "industry": pl.String, "day": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(product=pl.lit("塑料餐盒"))


@pytest.mark.parametrize(
    ("days", "raised"),
    [
        (((2026, 3, 1), (2026, 5, 1), (2026, 11, 22)), True),
        (((2026, 3, 1), (2026, 5, 1)), False),  # two are one too few
        (((2025, 11, 22), (2026, 5, 1), (2026, 6, 1)), False),  # twelve months ago to the day is over
        (((2025, 11, 23), (2026, 5, 1), (2026, 6, 1)), True),
        (((2026, 3, 1), (2026, 5, 1), (2026, 11, 23)), False),  # tomorrow's is not known
    ],
)
def test_three_finals_of_an_industry_and_region_within_twelve_months_raise_a_meeting(days: Any, raised: bool) -> None:
    rows = [(number, "340705", "C29", date(*day)) for number, day in enumerate(days)]
    found = monitors.meetings(failures(*rows, (9, "340706", "C29", date(2026, 6, 1))), load_policy(), TODAY)
    assert [one["subject"] for one in found] == (["C29@340705"] if raised else [])
