"""Quotas: shares of strata, rounded by largest remainder."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.policy import load_policy
from credit.rules.draws.plan import check_law
from credit.rules.draws.refusals import NoRulesOfDraws, QuotaAboveStratum
from credit.rules.draws.strata import by_month, rounded, share, strata

PERCENT = {"1": Fraction(1), "2": Fraction(3), "3": Fraction(10), "4": Fraction(100)}
SHARES = {f"{tier}-III": share(percent, Fraction(1)) for tier, percent in PERCENT.items()}
DUES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.fractions(0, 500), max_size=8)


def quotas(**counts: int) -> dict[str, int]:
    """The quota of so many candidates of each tier."""
    return {one.name: one.quota for one in strata({f"{tier[1]}-III": n for tier, n in counts.items()}, SHARES)}


def test_the_total_stays_true_and_the_largest_remainder_gets_the_rest() -> None:
    # due 1.49, 1.5, 2.6: together 5.59, so 6: the remainders .6 and .5 get one each
    assert quotas(t1=149, t2=50, t3=26) == {"1-III": 1, "2-III": 2, "3-III": 3}


def test_equal_remainders_go_by_name() -> None:
    assert rounded({"b": Fraction(1, 2), "a": Fraction(1, 2)}) == {"a": 1, "b": 0}


def test_the_fourth_tier_is_drawn_whole() -> None:
    assert quotas(t4=7) == {"4-III": 7}


def test_a_share_is_doubled_by_risk_but_never_more_than_all() -> None:
    assert share(Fraction(10), Fraction(2)) == Fraction(1, 5)
    assert share(Fraction(100), Fraction(2)) == 1


def test_a_given_size_is_spread_as_the_shares_are() -> None:
    found = strata({"1-III": 1000, "3-III": 100}, SHARES, size=40)
    assert [one.quota for one in found] == [20, 20]


def test_a_quota_above_its_stratum_is_named() -> None:
    with pytest.raises(QuotaAboveStratum) as refused:
        strata({"3-III": 1000, "4-III": 3}, SHARES, quotas={"4-III": 4, "9-I": 1})
    assert refused.value.extra["strata"] == [
        {"stratum": "4-III", "candidates": 3, "quota": 4}, {"stratum": "9-I", "candidates": 0, "quota": 1},
    ]  # fmt: skip
    assert "4-III: 4 of 3" in refused.value.detail
    with pytest.raises(QuotaAboveStratum) as whole:
        strata({"3-III": 1000, "4-III": 3}, SHARES, size=1004)
    assert whole.value.extra["strata"] == [{"stratum": "*", "candidates": 1003, "quota": 1004}]


def test_a_stratum_with_fewer_is_taken_whole_and_the_others_share_the_rest() -> None:
    found = strata({"1-III": 1000, "3-III": 1000, "4-III": 3}, SHARES, size=600)
    assert [one.quota for one in found] == [54, 543, 3]


@given(DUES)
def test_rounding_keeps_the_sum_and_moves_none_by_one_or_more(dues: dict[str, Fraction]) -> None:
    found, whole = rounded(dues), sum(dues.values(), Fraction(0))
    assert abs(sum(found.values()) - whole) <= Fraction(1, 2)
    assert all(abs(found[name] - due) < 1 for name, due in dues.items())


@given(st.dictionaries(st.sampled_from(sorted(SHARES)), st.integers(0, 10_000)))
def test_no_share_asks_for_more_than_there_are(counts: dict[str, int]) -> None:
    assert all(one.quota <= one.candidates for one in strata(counts, SHARES))


def test_the_load_of_the_months_is_even() -> None:
    assert by_month(11, [9, 3, 6]) == {3: 4, 6: 4, 9: 3}
    assert by_month(0, [1]) == {1: 0}


def test_a_policy_of_before_draws_is_named() -> None:
    law = load_policy()
    check_law(law)
    before = replace(law, provisions={key: one for key, one in law.provisions.items() if not key.startswith("draws.")})
    with pytest.raises(NoRulesOfDraws) as refused:
        check_law(before)
    assert len(refused.value.extra["keys"]) == 5


@given(st.dictionaries(st.sampled_from(sorted(SHARES)), st.integers(1, 300), min_size=1), st.data())
def test_a_size_is_kept_exactly(counts: dict[str, int], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, sum(counts.values())))
    found = strata(counts, SHARES, size=size)
    assert sum(one.quota for one in found) == size
    assert all(one.quota <= one.candidates for one in found)
