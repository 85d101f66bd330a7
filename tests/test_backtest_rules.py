"""Back-test: who moves, what followed, and the whole report, against plain Python and known answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.policy import load_policy
from credit.rules.backtest.moves import (
    MOVES,
    ORDER,
    beside,
    matrix,
    moved_by,
    movers,
    with_moves,
)
from credit.rules.backtest.outcomes import half_years, outcomes_within
from credit.rules.backtest.report import backtest_report
from credit.rules.grading import grades
from credit.rules.law import Law
from tests.backtest_frames import (
    DAY,
    GRADES,
    both,
    event,
    events,
    firms_of,
    followed,
    gradings,
    ranked,
)
from tests.grading_frames import facts_of
from tests.oracle_policy import months_after
from tests.strategies import random_history

KNOWN_TO = date(2026, 1, 1)
BAD = [
    "sampling-failed",
    "sampling-failed-safety",
    "inspection-refused",
    "violation-general",
    "violation-serious",
]
POLICIES = {
    which: {"name": {"zh": which, "en": which}, "digest": which * 10} for which in ("old", "new")
}


# moves


def two_policies() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each pair of grades once: enterprise n moves from one to the other."""
    pairs = list(product(GRADES, repeat=2))
    old, new = (
        gradings((firm, DAY, pair[side], None) for firm, pair in enumerate(pairs))
        for side in (0, 1)
    )
    return old, new


def test_every_pair_of_grades_has_its_move_and_its_steps() -> None:
    old, new = two_policies()
    for row in with_moves(beside(old, new)).iter_rows(named=True):
        was, now = (GRADES.index(row[side]) for side in ("old", "new"))
        rated = was < 6 and now < 6
        assert row["steps"] == (was - now if rated else None)
        ordinary = "same" if was == now else "up" if now < was else "down"
        apart = "same" if was == now else "gained" if now < 6 else "lost" if was < 6 else "other"
        assert row["move"] == (ordinary if rated else apart)


@given(
    st.lists(st.tuples(st.sampled_from(GRADES), st.sampled_from(GRADES)), min_size=1, max_size=60)
)
def test_the_margins_of_the_matrix_are_the_grades_of_each_policy(pairs: list[Any]) -> None:
    old, new = (
        gradings((firm, DAY, pair[side], None) for firm, pair in enumerate(pairs))
        for side in (0, 1)
    )
    found = np.array(matrix(with_moves(beside(old, new))))
    assert found.sum() == len(pairs)
    for axis, side in ((1, 0), (0, 1)):
        assert found.sum(axis=axis).tolist() == [sum(p[side] == g for p in pairs) for g in ORDER]


def test_movers_come_largest_first_and_those_without_steps_last() -> None:
    old = gradings(
        [
            (1, DAY, "A", 80),
            (2, DAY, "AAA", 95),
            (3, DAY, "N", None),
            (4, DAY, "B", 60),
            (5, DAY, "A", 80),
        ]
    )
    new = gradings(
        [
            (1, DAY, "B", 60),
            (2, DAY, "D", 10),
            (3, DAY, "A", 80),
            (4, DAY, "B", 50),
            (5, DAY, "B", 50),
        ]
    )
    found = movers(with_moves(beside(old, new)))
    assert found["enterprise"].to_list() == [2, 5, 1, 3]
    assert found["steps"].to_list() == [-5, -1, -1, None]


@pytest.mark.parametrize("other", [[(1, DAY, "A", 80)], [(1, DAY, "A", 80), (3, DAY, "A", 80)]])
def test_gradings_of_other_asks_are_refused(other: list[Any]) -> None:
    old = gradings([(1, DAY, "A", 80), (2, DAY, "A", 80)])
    with pytest.raises(ValueError, match="in common"):
        beside(old, gradings(other))


def test_moves_by_an_attribute_count_a_firm_under_each_of_its_values_and_unknown_ones_apart() -> (
    None
):
    old, new = ranked([2, 2, 2, 2]), ranked([1, 3, 2, 2])
    reported = [(0, "甲局"), (0, "甲局"), (0, "乙局"), (1, "甲局"), (2, None)]
    attributes = pl.DataFrame(
        reported, schema={"enterprise": pl.Int64, "department": pl.String}, orient="row"
    )
    rows = moved_by(with_moves(beside(old, new)), attributes, "department").rows(named=True)
    found = {row["value"]: (row["firms"], row["up"], row["down"], row["same"]) for row in rows}
    assert found == {"甲局": (2, 1, 1, 0), "乙局": (1, 1, 0, 0), None: (2, 0, 0, 2)}
    assert rows[0]["value"] == "甲局"
    assert all(sum(row[move] for move in MOVES) == row["firms"] for row in rows)


# what followed


def test_half_years_whose_window_ends_within_the_data() -> None:
    assert half_years(date(2023, 1, 1), date(2025, 1, 1)) == [
        date(2023, 1, 1),
        date(2023, 7, 1),
        date(2024, 1, 1),
    ]
    assert half_years(date(2023, 1, 2), date(2024, 12, 31)) == [date(2023, 7, 1)]
    assert half_years(date(2025, 1, 1), date(2025, 6, 30)) == []


def asked(*days: date) -> pl.DataFrame:
    return pl.DataFrame(
        {"enterprise": [1] * len(days), "day": list(days)},
        schema={"enterprise": pl.Int64, "day": pl.Date},
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], (False, False, False)),
        ([event(1, "sampling-failed", DAY)], (False, False, False)),
        ([event(1, "sampling-failed", DAY + timedelta(1))], (True, False, True)),
        ([event(1, "violation-serious", date(2025, 1, 1))], (True, False, True)),
        ([event(1, "violation-serious", date(2025, 1, 2))], (False, False, False)),
        ([event(1, "violation-general", date(2024, 5, 1), public=False)], (True, False, True)),
        ([event(1, "violation-minor", date(2024, 5, 1))], (False, True, True)),
        ([event(1, "final-pass", date(2024, 5, 1))], (False, False, True)),
        ([event(1, "pass-requested", date(2024, 5, 1))], (False, False, False)),
        ([event(1, "recheck", date(2024, 5, 1))], (False, False, False)),
        ([event(1, "sampling-failed", date(2024, 5, 1), public=False)], (False, False, False)),
        ([event(1, "sampling-failed", date(2024, 5, 1), ended="overturned")], (False, False, True)),
        ([event(1, "sampling-failed", date(2024, 5, 1), ended="mended")], (True, False, True)),
        ([event(1, "violation-general", date(2024, 5, 1), ended="repaired")], (True, False, True)),
        ([event(1, "violation-general", date(2024, 5, 1), ended="revoked")], (False, False, False)),
        ([event(1, "sampling-failed", date(2024, 12, 30), in_force=date(2026, 1, 2))], (False, False, True)),
        ([event(1, "sampling-failed", date(2023, 12, 1)), event(2, "violation-serious", date(2024, 2, 1), case=1)],
         (False, False, False)),
        ([event(1, "sampling-failed", date(2024, 2, 1)), event(2, "violation-serious", date(2024, 3, 1), case=1)],
         (True, False, True)),
    ],
)  # fmt: skip
def test_what_counts_as_an_outcome(found: list[dict[str, Any]], expected: tuple[bool, ...]) -> None:
    told = outcomes_within(events(*found), asked(DAY), KNOWN_TO)
    assert told.select("outcome", "minor", "observed").row(0) == expected


def test_a_day_whose_window_is_not_over_is_left_out() -> None:
    told = outcomes_within(events(), asked(DAY, date(2025, 1, 1), date(2025, 1, 2)), KNOWN_TO)
    assert told["outcome"].to_list() == [False, False, None]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 24))
def test_outcomes_agree_with_plain_python(seed: int, months: int) -> None:
    chance = Random(seed)

    def some_day() -> date:
        return date(2022, 1, 1) + timedelta(days=chance.randrange(1500))

    rules = [*BAD, "violation-minor", "final-pass", "recheck"]
    rows = [
        event(n, chance.choice(rules), some_day(), enterprise=chance.randrange(4), case=n)
        for n in range(30)
    ]
    asks = [(chance.randrange(4), some_day()) for _ in range(20)]
    frame = pl.DataFrame(asks, schema={"enterprise": pl.Int64, "day": pl.Date}, orient="row")
    told = outcomes_within(events(*rows), frame, KNOWN_TO, months)
    expected = []
    for firm, day in asks:
        end = months_after(day, months)
        if end <= KNOWN_TO:
            within = {
                r["rule"] for r in rows if r["enterprise"] == firm and day < r["decided"] <= end
            }
            seen = bool(within - {"recheck"})
            expected.append((firm, day, bool(within & set(BAD)), "violation-minor" in within, seen))
    assert sorted(told.drop_nulls().rows()) == sorted(expected)
    assert told["outcome"].null_count() == len(asks) - len(expected)


# the whole


def stricter(law: Law, key: str, more: int) -> Law:
    """The policy with every value of one key raised."""
    found = law.provisions[key]
    values = tuple(dated._replace(value=dated.value + more) for dated in found.values)
    return replace(law, provisions=law.provisions | {key: replace(found, values=values)})


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """A band raised by five points, over the random histories of 300 firms."""
    chance, law = Random(11), load_policy()
    many = [random_history(chance) for _ in range(300)]
    facts = facts_of([(one["firm"], one["events"], one["listings"]) for one in many])
    days = [*half_years(date(2022, 1, 1), date(2027, 1, 1)), date(2026, 11, 22)]
    asks = pl.DataFrame({"enterprise": range(300)}, schema={"enterprise": pl.Int64}).join(
        pl.DataFrame({"day": days}), how="cross"
    )
    old, new = (grades(asks, facts, policy) for policy in (law, stricter(law, "bands.B", 10)))
    firms, departments = firms_of(300, "铜都示例有限公司")
    rows = both(old, new, outcomes_within(facts.events, asks, date(2027, 1, 1)))
    return backtest_report(
        rows, days[-1], firms, departments, POLICIES, seed=1, resamples=50, most=3
    )


def test_the_report_is_ready_for_json_and_its_parts_agree(report: dict[str, Any]) -> None:
    json.dumps(report, allow_nan=False)
    total, told = report["summary"], report["prediction"]
    assert sum(map(sum, report["matrix"])) == total["firms"] == 300
    assert (
        total["moved"]
        == total["up"] + total["down"] + total["gained"] + total["lost"] + total["other"]
    )
    assert total["down"] > 0 and total["up"] == 0
    assert len(report["movers"]) + report["movers_left"] == total["moved"]
    assert len(report["movers"]) == min(3, total["moved"])
    assert [row["day"] for row in report["days"]][-1] == report["day"] == "2026-11-22"
    assert told["incomplete"] == 300 and told["asks"] == 300 * len(told["days"])
    assert told["observed"]["n"] < told["all"]["n"]
    assert told["observed"]["outcomes"] == told["all"]["outcomes"] > 0
    for rows in report["moved_by"].values():
        assert sum(row["down"] for row in rows) == total["down"]
    assert report["moved_by"]["industry"][0]["name"] == {"zh": "制造业", "en": "manufacturing"}
    assert report["moved_by"]["region"][0]["value"] == "340700"


def test_nothing_graded_and_nothing_followed_is_said() -> None:
    firms, departments = firms_of(2, "铜都示例有限公司")
    none = both(gradings([]), gradings([]), followed([]))
    told = backtest_report(none, DAY, firms, departments, POLICIES, seed=1)
    assert told["summary"]["firms"] == told["summary"]["moved"] == 0 == sum(map(sum, told["matrix"]))
    rows = both(ranked([0, 6]), ranked([0, 6]), followed([]))
    told = backtest_report(rows, DAY, firms, departments, POLICIES, seed=1)
    assert told["summary"]["foresight"] == "unknown" and told["summary"]["moved"] == 0
    assert told["prediction"]["all"]["grade"]["auc"]["difference"]["reason"] == "nothing_rated"
    assert (told["prediction"]["asks"], told["prediction"]["incomplete"]) == (0, 2)
