"""The quick looks before a comparison: they may find too much, but never miss what a comparison would find."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.matching import compare
from credit.rules.matching.near import near_pairs, texts_of
from credit.rules.matching.possible import bare_column, possible, possible_pairs
from credit.rules.matching.slips import POINTS, contrast, slip, slip_pairs
from credit.rules.name_columns import fold_column
from tests.screening_pairs import written_pairs

PAIRS = written_pairs()
ONE_FIRM = [pair for pair in PAIRS if pair.one_firm]
# Two slips at once are looked for in short lists alone, whose names are compared with all that share tokens.
texts = st.text("铜陵岚檀建材科技有限公司", min_size=2, max_size=9)


def bare(names: list[str]) -> pl.Series:
    return bare_column(fold_column(pl.Series(names, dtype=pl.String)))


def near(asked: list[str], known: list[str]) -> set[tuple[int, int]]:
    mine, theirs = near_pairs(texts_of(pl.Series(asked, dtype=pl.String)), texts_of(pl.Series(known, dtype=pl.String)))
    return set(zip(mine.tolist(), theirs.tolist(), strict=True))


def test_what_is_one_firm_is_possible() -> None:
    asked, known = bare([pair.asked for pair in ONE_FIRM]), bare([pair.known for pair in ONE_FIRM])
    assert possible_pairs(asked, known).all()


def test_what_is_one_firm_is_near() -> None:
    asked, known = bare([pair.asked for pair in ONE_FIRM]), bare([pair.known for pair in ONE_FIRM])
    found = near(asked.to_list(), known.to_list())
    missed = [ONE_FIRM[n] for n in range(len(ONE_FIRM)) if (n, n) not in found]
    assert len(missed) <= 0.01 * len(ONE_FIRM), missed


def test_branches_are_possible_beside_their_parents() -> None:
    related = [pair for pair in PAIRS if pair.relations == ("related",)]
    assert possible_pairs(bare([pair.asked for pair in related]), bare([pair.known for pair in related])).all()


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_pairs_are_looked_at_as_each_by_itself(pairs: list[tuple[str, str]]) -> None:
    asked, known = zip(*pairs, strict=True)
    found = possible_pairs(pl.Series(list(asked)), pl.Series(list(known)))
    assert found.to_list() == [possible(*pair) for pair in pairs] == [possible(b, a) for a, b in pairs]


@given(texts, st.data())
def test_a_run_taken_out_and_a_swap_are_near(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    run = data.draw(st.integers(1, 5))
    shorter = text[:start] + text[start + run :]
    if shorter:
        assert near([text], [shorter]) == near([shorter], [text]) == {(0, 0)}
    assert near([text], [text[::-1]]) == {(0, 0)}


@given(st.lists(texts, min_size=1, max_size=6, unique=True))
def test_every_text_is_near_to_itself_alone_or_to_kin(known: list[str]) -> None:
    found = near(known, known)
    assert {(n, n) for n in range(len(known))} <= found
    assert all((theirs, mine) in found for mine, theirs in found)


def test_one_character_for_another_is_near_if_it_is_like_it_or_far_behind() -> None:
    assert near(["岚檀建材"], ["岚谭建材"]) == {(0, 0)}
    assert near(["岚檀建材"], ["岚大建材"]) == set()
    assert near(["铜陵岚檀建材"], ["铜陵岚檀建大"]) == {(0, 0)}


def test_the_table_of_slips_is_that_of_the_comparison() -> None:
    codes = slip_pairs()[::5000].tolist()
    for code in codes:
        one, other = chr(code // POINTS), chr(code % POINTS)
        assert slip(one, other) and not contrast(one, other)


def test_nothing_is_near_to_nothing() -> None:
    assert near([], ["铜陵"]) == near(["铜陵"], []) == set()


@given(texts, texts)
def test_a_quick_no_is_the_answer_of_the_comparison(one: str, other: str) -> None:
    both = bare([one, other])
    if not possible(both[0], both[1]):
        assert compare(one, other).relation in ("different", "related")
