"""The draw of enterprises: reproducible, without replacement, by quota, whatever the order of reading."""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.draws.enterprises import candidates, counts, draw, left_out
from credit.rules.draws.fairness import evenly_drawn, fair, of_strata, within_strata
from credit.rules.draws.refusals import BadSeed
from credit.rules.draws.strata import Stratum, share, strata
from credit.rules.draws.tickets import ENTERPRISE, ticket, tickets
from tests.conftest import LONG
from tests.draws.frames import TIERS, known

SHARES = {f"{tier}-III": share(Fraction(p), Fraction(1)) for tier, p in {"1": 1, "2": 3, "3": 10, "4": 100}.items()}
RUNS = 10_000 if LONG else 400
LEVEL = 0.001


def drawn_of(found: pl.DataFrame, seed: str = "seed", plan: str = "plan") -> pl.DataFrame:
    """A draw by the usual shares."""
    return draw(found, strata(counts(found), SHARES), seed, plan)


def test_a_ticket_is_the_hash_that_the_algorithm_says() -> None:
    text = "种子\nplan-1\nenterprise\n91340799MAFK00010U"
    wanted = int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:16], 16)
    assert ticket("种子", "plan-1", ENTERPRISE, "91340799MAFK00010U") == wanted
    assert tickets("种子", "plan-1", ENTERPRISE, pl.Series(["91340799MAFK00010U"])).to_list() == [wanted]


def test_anybody_who_follows_the_algorithm_draws_the_same() -> None:
    """The algorithm once more, in plain Python."""
    found = candidates(known(TIERS), 4)
    drawn = drawn_of(found, "2026136期 03 08 14", "2026-1")
    mine = []
    for one in strata(counts(found), SHARES):
        keys = found.filter(stratum=one.name)["key"].to_list()
        hashed = {k: hashlib.sha256(f"2026136期 03 08 14\n2026-1\nenterprise\n{k}".encode()).hexdigest() for k in keys}
        mine += sorted((hashed[key][:16], key) for key in keys)[: one.quota]
    assert drawn["key"].to_list() == [key for _, key in sorted(mine)]
    assert len(drawn) == 4 + 6 + 30 + 20


@given(st.randoms(use_true_random=False), st.text(min_size=1, alphabet="abc中 "), st.integers(1, 60))
def test_order_means_nothing_and_nobody_comes_twice(random: object, seed: str, many: int) -> None:
    found = candidates(known({"1": many, "3": 2 * many, "4": 3}), 4)
    mixed = found.sample(fraction=1, shuffle=True, seed=random.randrange(2**30))  # type: ignore[attr-defined]
    seed = f"s{seed}"
    drawn = drawn_of(found, seed)
    assert drawn.equals(drawn_of(mixed, seed).select(drawn.columns))
    assert drawn["key"].is_unique().all()
    quotas = {one.name: one.quota for one in strata(counts(found), SHARES) if one.quota}
    assert counts(drawn) == quotas


def test_another_seed_or_plan_is_another_draw() -> None:
    found = candidates(known({"3": 1000}), 4)
    usual = set(drawn_of(found)["key"])
    assert set(drawn_of(found, "other")["key"]) != usual != set(drawn_of(found, plan="other")["key"])


@pytest.mark.parametrize("seed", ["", "  ", "a\nb", "a\u2028b", "x" * 1001])
def test_a_seed_is_one_line(seed: str) -> None:
    with pytest.raises(BadSeed):
        drawn_of(candidates(known({"4": 1}), 4), seed)


def test_who_is_no_candidate_and_why() -> None:
    told = known({"3": 5}).with_columns(
        living=pl.Series([False, True, True, True, True]), planned=pl.Series([9, 4, 3, 0, 0]),
        higher=pl.Series([True, True, True, False, False]), tier=pl.Series(["3", "3", "3", None, "3"]),
    )  # fmt: skip
    assert left_out(told, 4)["why"].to_list() == ["closed", "yearly-cap", "higher-level", "no-tier", None]
    assert left_out(told, None)["why"].to_list() == ["closed", "higher-level", "higher-level", "no-tier", None]
    assert len(candidates(told, 4)) == 1


def test_nobody_is_drawn_from_nothing() -> None:
    found = candidates(known({}), 4)
    assert drawn_of(found).is_empty()
    assert fair(within_strata(found, drawn_of(found), "region"))


@pytest.mark.slow
def test_shares_converge_to_the_plan_s() -> None:
    """Over many seeded draws every tier gets its share exactly, and inside a tier everybody is drawn equally often.

    Chi-square at the level 0.001 for each tier (10,000 draws with CREDIT_LONG=1).
    """
    found = candidates(known({"1": 200, "2": 100, "3": 60, "4": 5}), 4)
    times: Counter[str] = Counter(dict.fromkeys(found["key"], 0))
    tiers: Counter[str] = Counter()
    for run in range(RUNS):
        drawn = drawn_of(found, f"seed {run}")
        times.update(drawn["key"].to_list())
        tiers.update(drawn["tier"].to_list())
    assert tiers == {"1": 2 * RUNS, "2": 3 * RUNS, "3": 6 * RUNS, "4": 5 * RUNS}
    for tier, quota in (("1", 2), ("2", 3), ("3", 6)):
        p = evenly_drawn([n for key, n in times.items() if key[0] == tier], RUNS, quota)
        assert p > LEVEL, tier


def test_an_unfair_draw_is_found_out() -> None:
    found = candidates(known({"3": 1000}), 4)
    good, bad = drawn_of(found), found.filter(region="340701").head(100)
    assert fair(within_strata(found, good, "region"))
    tested = within_strata(found, bad, "region")
    assert not fair(tested)
    assert tested["drawn"].sum() == 100 == round(tested["due"].sum())


def test_the_exact_test_by_hand() -> None:
    """Of 4, 2 are of the group and 2 are drawn, both of the group: 1/6, and as unlikely is none: p = 1/3."""
    found = candidates(known({"3": 4}), 4).with_columns(region=pl.Series(["a", "a", "b", "b"]))
    tested = within_strata(found, found.head(2), "region")
    assert tested["p"].round(6).to_list() == [0.333333, 0.333333]


def test_a_draw_is_held_against_what_was_due() -> None:
    found = candidates(known({"3": 26}), 4)
    told = of_strata(strata(counts(found), SHARES), drawn_of(found)).row(0, named=True)
    assert told == {"stratum": "3-III", "candidates": 26, "due": 2.6, "drawn": 3, "kept": True}
    assert not of_strata([Stratum("3-III", 26, Fraction(13, 5), 2)], drawn_of(found))["kept"][0]
    assert evenly_drawn([0, 0, 0, 90], 30, 3) < LEVEL
