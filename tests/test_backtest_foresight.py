"""Foresight and its chance: against counted pairs, plain ranks, simulated firms and books."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.backtest.bootstrap import tables
from credit.rules.backtest.prediction import paired
from credit.rules.backtest.ranks import auc, rank_correlation, tied_pairs
from credit.rules.backtest.rates import calibration, wilson
from tests.backtest_frames import GRADES, both, followed, gradings, ranked

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40)
DAYS = [date(2020, 1, 1), date(2020, 7, 1), date(2021, 1, 1)]


def alone(graded: pl.DataFrame, after: pl.DataFrame, seed: int = 1, resamples: int = 200) -> dict[str, Any]:
    """The foresight of one policy: the old side of a pair of twins."""
    told = paired(both(graded, graded, after), seed, resamples)
    for mark in ("grade", "score"):
        told[mark] = {name: one["old"] for name, one in told[mark].items()}
    return told


def pairs_counted(rows: list[tuple[int, bool]]) -> tuple[float, float]:
    """AUC and share of ties, one pair after the other."""
    pairs = [(p, n) for p, bad in rows if bad for n, other in rows if not other]
    wins = sum(1 if p > n else 0.5 if p == n else 0 for p, n in pairs)
    return wins / len(pairs), sum(p == n for p, n in pairs) / len(pairs)


def auc_counted(rows: list[tuple[int, bool]]) -> float:
    return pairs_counted(rows)[0]


def spearman(rows: list[tuple[int, bool]]) -> float | None:
    """Pearson's correlation of mean ranks, in plain Python; None where one side doesn't vary."""

    def ranks(values: list[int]) -> list[float]:
        ordered = sorted(values)
        return [ordered.index(v) + (ordered.count(v) + 1) / 2 for v in values]

    sides = [ranks([level for level, _ in rows]), ranks([int(bad) for _, bad in rows])]
    apart = [[rank - sum(side) / len(side) for rank in side] for side in sides]
    spread = [sum(rank**2 for rank in side) for side in apart]
    if not all(spread):
        return None
    return sum(a * b for a, b in zip(*apart, strict=True)) / (spread[0] * spread[1]) ** 0.5


@given(ROWS)
def test_measures_agree_with_counting_pairs_and_with_plain_ranks(
    rows: list[tuple[int, bool]],
) -> None:
    table = np.zeros((1, 6, 2))
    for level, bad in rows:
        table[0, level, int(bad)] += 1
    if len({bad for _, bad in rows}) == 2:
        assert (float(auc(table)), float(tied_pairs(table))) == pytest.approx(pairs_counted(rows))
    else:
        assert np.isnan(auc(table)) and np.isnan(tied_pairs(table))
    expected = spearman(rows)
    found = float(rank_correlation(table))
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_a_prediction_says_the_same_of_its_rows_and_is_ready_for_json(
    rows: list[tuple[int, bool]],
) -> None:
    graded, after = ranked(level for level, _ in rows), followed(bad for _, bad in rows)
    told = alone(graded, after, resamples=20)
    json.dumps(told, allow_nan=False)
    assert (told["n"], told["outcomes"]) == (len(rows), sum(bad for _, bad in rows))
    assert told["grade"] == told["score"]
    for name, expected in (("auc", auc_counted), ("rank_correlation", spearman)):
        one = told["grade"][name]
        if one["value"] is None:
            assert one["reason"] in ("no_outcomes", "only_outcomes", "one_level")
        else:
            assert one["value"] == pytest.approx(expected(rows), abs=1e-4)


@pytest.mark.parametrize(
    ("levels", "outcomes", "reasons"),
    [
        ([], [], ("nothing_rated", "nothing_rated")),
        ([6, 7], [True, False], ("nothing_rated", "nothing_rated")),
        ([0, 1], [False, False], ("no_outcomes", "no_outcomes")),
        ([0, 1], [True, True], ("only_outcomes", "only_outcomes")),
        ([2, 2], [True, False], ("few_outcomes", "one_level")),
        ([2] * 20, [True, False] * 10, (None, "one_level")),
        ([0, *[3] * 30], [True, *[False] * 30], ("few_outcomes", "few_outcomes")),
    ],
)
def test_what_cannot_be_measured_says_why(
    levels: list[int], outcomes: list[bool], reasons: tuple[str | None, str]
) -> None:
    told = alone(ranked(levels), followed(outcomes))
    assert tuple(told["grade"][name]["reason"] for name in ("auc", "rank_correlation")) == reasons
    pair = paired(both(ranked(levels), ranked(levels), followed(outcomes)), seed=1)
    assert pair["grade"]["auc"]["difference"]["reason"] == reasons[0]
    assert (pair["grade"]["auc"]["difference"]["low"] is None) is (reasons[0] is not None)


BY_DAY = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.booleans()), min_size=2, max_size=40)


@settings(max_examples=50, deadline=None)
@given(BY_DAY)
def test_only_pairs_of_one_half_year_are_compared(rows: list[tuple[int, int, bool]]) -> None:
    """One pair after the other, and the plain correlation of each half-year, weighted by its gradings."""
    table = np.zeros((3, 6, 2))
    for day, level, bad in rows:
        table[day, level, int(bad)] += 1
    days = [[(level, bad) for on, level, bad in rows if on == day] for day in range(3)]
    wins = [(p > n) + (p == n) / 2 for one in days for p, bad in one if bad for n, other in one if not other]
    found = float(auc(table))
    assert found == pytest.approx(sum(wins) / len(wins)) if wins else np.isnan(found)
    told = [(len(one), spearman(one)) for one in days if one]
    known = [(size, value) for size, value in told if value is not None]
    mean = sum(s * v for s, v in known) / sum(s for s, _ in known) if known else None
    assert float(rank_correlation(table)) == pytest.approx(mean) if known else np.isnan(rank_correlation(table))


def two_half_years() -> tuple[pl.DataFrame, pl.DataFrame]:
    """A half-year in which 12 of 40 grades A fail, and one in which 30 of 40 grades C do.

    Within either half-year all have one grade: nothing is foreseen. Mixed, the later, worse grades
    would seem to foresee whatever that half-year has more of.
    """
    rows = [(firm, day, GRADES[level], 80 - 10 * level) for day, level in ((DAYS[0], 2), (DAYS[1], 4)) for firm in range(40)]
    graded = gradings(rows)
    fails = [firm < (12 if day == DAYS[0] else 30) for firm, day, *_ in rows]
    return graded, graded.select("enterprise", "day", outcome=pl.Series(fails))


def test_half_years_that_differ_foresee_nothing_by_that_and_each_is_told() -> None:
    graded, after = two_half_years()
    told = paired(both(graded, graded, after), seed=1, resamples=40)
    assert told["grade"]["auc"]["new"]["value"] == 0.5 and told["grade"]["tied_pairs"]["new"] == 1
    assert told["grade"]["rank_correlation"]["new"]["value"] is None
    each = [(row["day"], row["n"], row["outcomes"], row["failed"]) for row in told["half_years"]]
    assert each == [(str(DAYS[0]), 40, 12, 12), (str(DAYS[1]), 40, 30, 30)]
    for row in told["half_years"]:
        assert [row[mark]["old"]["value"] for mark in ("grade", "score")] == [0.5, 0.5]
        assert row["grade"]["difference"] == {"value": 0, "low": 0, "high": 0, "reason": None}


@pytest.mark.parametrize(("failing", "others", "told_apart"), [(3, 60, False), (9, 60, False), (60, 9, False), (10, 10, True)])
def test_nothing_is_claimed_from_fewer_than_ten_enterprises_on_either_side(
    failing: int, others: int, told_apart: bool
) -> None:
    """The same few in five half-years are still few, however sure their draws agree."""
    starts = [*DAYS, date(2021, 7, 1), date(2022, 1, 1)]
    firms = [(firm, day, firm < failing) for day in starts for firm in range(failing + others)]
    sharp = gradings((firm, day, "D" if bad else "A", 10 if bad else 80) for firm, day, bad in firms)
    blind = gradings((firm, day, "B", 60) for firm, day, _ in firms)
    after = sharp.select("enterprise", "day", outcome=pl.Series([bad for *_, bad in firms]))
    told = paired(both(blind, sharp, after), seed=1)["grade"]["auc"]
    for which, value in (("old", 0.5), ("new", 1.0), ("difference", 0.5)):
        assert told[which]["value"] == value
        assert told[which]["reason"] == (None if told_apart else "few_outcomes")
        assert (told[which]["low"] is not None) is told_apart


def test_not_rated_and_closed_are_left_out_and_counted() -> None:
    told = alone(ranked([0, 5, 6, 6, 7, 3]), followed([False, True, True, False, True, False]))
    assert (told["n"], told["outcomes"], told["failed"]) == (3, 1, 1)
    assert told["left_out"]["old"] == {"not_rated": 2, "closed": 1}
    assert told["grade"]["auc"]["value"] == 1
    pair = paired(both(ranked([0, 5, 6]), ranked([6, 5, 7]), followed([False, True, True])), seed=1)
    assert pair["n"] == 1
    assert pair["left_out"] == {
        "old": {"not_rated": 1, "closed": 0},
        "new": {"not_rated": 1, "closed": 1},
    }


# chance


def test_whole_enterprises_are_drawn_and_one_draw_serves_all_marks() -> None:
    chance = np.random.default_rng(5)
    firms = np.repeat(np.arange(40), 3)
    mark, outcome = chance.integers(0, 6, 120), chance.random(120) < 0.3
    day = DAYS * 40
    rows = pl.DataFrame({"enterprise": firms, "day": day, "grade": mark, "again": mark, "outcome": outcome})
    made = tables(rows, ["grade", "again"], resamples=50, seed=9)
    expected = np.zeros((3, 6, 2))
    np.add.at(expected, (np.tile(np.arange(3), 40), mark, outcome.astype(int)), 1)
    assert made["grade"].found.tolist() == expected.tolist()
    assert (made["grade"].resampled.sum(axis=(1, 2, 3)) == 120).all()
    assert (made["grade"].resampled == made["again"].resampled).all()
    assert len(np.unique(made["grade"].resampled, axis=0)) > 1
    same = tables(
        rows.sample(fraction=1, shuffle=True, seed=1), ["grade", "again"], resamples=50, seed=9
    )
    assert (same["grade"].resampled == made["grade"].resampled).all()


def test_resamples_have_the_mean_and_the_spread_of_drawing_firms() -> None:
    """10 firms of 100 with 3 outcomes each: the resampled number is 3 times binomial(100, 0.1)."""
    rows = pl.DataFrame({"enterprise": np.repeat(np.arange(100), 3), "day": DAYS * 100, "grade": 0}).with_columns(
        outcome=pl.col("enterprise") < 10
    )
    drawn = tables(rows, ["grade"], resamples=4000, seed=2)["grade"].resampled[:, :, 0, 1].sum(axis=1)
    assert set(drawn % 3) == {0}
    assert drawn.mean() == pytest.approx(30, abs=0.6)
    assert drawn.std() == pytest.approx(3 * (100 * 0.1 * 0.9) ** 0.5, rel=0.05)


def simulated(seed: int, firms: int, days: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Firms of lasting character: the grade and the outcome of all its half-years hang on it."""
    chance = np.random.default_rng(seed)
    badness = np.repeat(chance.random(firms), days)
    lasting = np.repeat(chance.integers(-1, 2, firms), days)
    level = np.clip((badness * 4).astype(int) + 1 + lasting, 0, 5)
    starts = [date(2020 + n // 2, 1 + 6 * (n % 2), 1) for n in range(days)] * firms
    owner = np.repeat(np.arange(firms), days).tolist()
    outcome = (chance.random(firms * days) < badness * 0.5).tolist()
    graded = gradings(
        (f, d, GRADES[lv], 90 - int(lv)) for f, d, lv in zip(owner, starts, level, strict=True)
    )
    return graded, graded.select("enterprise", "day", outcome=pl.Series(outcome))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    graded, after = simulated(99, 60_000, 2)
    truth = alone(graded, after, resamples=1)["grade"]["auc"]["value"]
    covered = 0
    for seed in range(150):
        one = alone(*simulated(seed, 120, 6), seed=seed, resamples=120)["grade"]["auc"]
        covered += one["low"] <= truth <= one["high"]
    assert 132 <= covered <= 150


def test_half_years_of_one_firm_widen_the_interval() -> None:
    graded, after = simulated(3, 150, 8)
    single = graded.with_columns(enterprise=pl.int_range(pl.len()))
    widths = []
    for rows in (graded, single):
        rated = after.with_columns(enterprise=rows["enterprise"])
        one = alone(rows, rated, resamples=4000)["grade"]["auc"]
        widths.append(one["high"] - one["low"])
    assert widths[0] > 1.06 * widths[1]


def test_two_policies_are_compared_on_the_same_draws() -> None:
    graded, after = simulated(7, 400, 2)
    same = paired(both(graded, graded, after), seed=4)
    assert same["grade"]["auc"]["difference"] == {"value": 0, "low": 0, "high": 0, "reason": None}
    blind = graded.with_columns(grade=pl.lit("B"), score=pl.lit(60, dtype=pl.Int32))
    worse = paired(both(graded, blind, after), seed=4)["grade"]
    one = alone(graded, after, seed=4)["grade"]
    assert worse["auc"]["new"]["value"] == 0.5 and worse["tied_pairs"]["new"] == 1
    assert worse["auc"]["old"]["value"] == one["auc"]["value"]
    assert worse["auc"]["difference"]["high"] < 0
    assert worse["rank_correlation"]["difference"]["reason"] == "one_level"


# rates


@pytest.mark.parametrize(
    ("outcomes", "size", "low", "high"),
    [(0, 10, 0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 5, 0.5655, 1)],
)
def test_wilson_intervals_are_those_of_the_books(
    outcomes: int, size: int, low: float, high: float
) -> None:
    assert wilson(outcomes, size) == pytest.approx((low, high), abs=1e-4)


def test_calibration_tells_of_every_grade_even_of_those_that_nobody_has() -> None:
    graded, after = ranked([0, 5, 5, 6, 7]), followed([False, True, False, True, True])
    told = calibration(both(graded, graded, after), "new")
    found = {row["grade"]: (row["n"], row["outcomes"], row["rate"]) for row in told}
    assert list(found) == ["AAA", "AA", "A", "B", "C", "D", "N"]
    assert found["AAA"] == (1, 0, 0) and found["D"] == (2, 1, 0.5) and found["N"] == (1, 1, 1)
    assert found["B"] == (0, 0, None)
