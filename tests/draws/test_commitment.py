"""Commit and reveal: what is published proves the draw and tells no tier."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import polars as pl
import pytest

from credit.rules.draws import commitment as rules
from credit.rules.draws.enterprises import candidates, counts, draw
from credit.rules.draws.refusals import BadSeed
from credit.rules.draws.strata import share, strata
from tests.draws.frames import known

SHARES = {f"{tier}-III": share(Fraction(p), Fraction(1)) for tier, p in {"1": 1, "3": 10, "4": 100}.items()}


def test_a_seed_is_bound_by_its_digest() -> None:
    digest = rules.seed_digest("种子")
    assert digest == hashlib.sha256("种子".encode()).hexdigest()
    rules.check_seed("种子", digest)
    with pytest.raises(BadSeed):
        rules.check_seed("种籽", digest)


def test_published_inputs_give_the_same_list() -> None:
    found = candidates(known({"1": 200, "3": 100, "4": 4}), 4)
    found = found.with_columns(rules.pseudonyms("salt", found["key"]))
    held = strata(counts(found), SHARES)
    drawn = draw(found, held, "seed", "plan")
    names = rules.numbered([one.name for one in held], "salt")
    quotas = {names[one.name]: one.quota for one in held}
    shown = rules.opaque(found, names)
    assert rules.again(shown, quotas, "seed", "plan") == drawn["key"].to_list()
    assert rules.inputs_digest(shown.sample(fraction=1, shuffle=True), quotas) == rules.inputs_digest(shown, quotas)


def test_published_inputs_name_no_firm_and_no_tier() -> None:
    found = candidates(known({"1": 3, "3": 3}), 4)
    codes = found["key"]
    found = found.with_columns(rules.pseudonyms("salt", codes))
    text = rules.opaque(found, rules.numbered(["1-III", "3-III"], "salt")).write_csv()
    assert not any(code in text for code in codes)
    assert "III" not in text
    assert set(rules.pseudonyms("other", codes)).isdisjoint(found["key"])
    assert found["key"].str.len_chars().unique().to_list() == [32]


def test_the_published_order_tells_nothing() -> None:
    """By pseudonym; and the numbers of the strata follow the salt, not the tier."""
    found = candidates(known({"1": 50, "3": 50}), 4)
    found = found.with_columns(rules.pseudonyms("salt", found["key"]))
    assert rules.opaque(found, rules.numbered(["1-III", "3-III"], "salt"))["key"].is_sorted()
    orders = {tuple(rules.numbered(["1-I", "2-I", "3-I"], f"salt {n}")) for n in range(40)}
    assert len(orders) == 6


def test_a_draw_of_one_tier_would_tell_it() -> None:
    assert rules.tells_tiers(pl.DataFrame({"tier": ["4", "4", "4"]}), 80)
    assert not rules.tells_tiers(pl.DataFrame({"tier": ["4", "4", "3", "1"]}), 80)
    assert not rules.tells_tiers(pl.DataFrame({"tier": []}, schema={"tier": pl.String}), 80)
