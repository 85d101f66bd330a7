"""Names folded for search, their bigrams and their pinyin initials."""

from __future__ import annotations

import csv
import sqlite3
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.name_columns import bigram_column, fold_column, initials_column
from credit.rules.names import (
    MIN_INITIALS_QUERY,
    bigrams,
    fold,
    initial_trigrams,
    initials,
    letters_of_characters,
    matches_initials,
    matches_name,
    query_trigrams,
)

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
# Ordinary, polyphonic, traditional, bracketed, wide, rare and private-use characters.
COMMON = (
    "铜陵重庆长乐行区干乾隆薴後发髮ABab12ＡＢ１２（）()·．、“” \u3000\t\n㈱Ⅷ〇○é"
    "\ue001\U00020000\U000f0001"
)
names = st.one_of(st.text(COMMON, max_size=30), st.text(max_size=30))


@pytest.fixture(scope="module", autouse=True)
def _tables_are_made_once() -> None:
    """Before Hypothesis measures the first example: making the readings takes a second."""
    letters_of_characters()


def real_names() -> list[str]:
    path = DATA / "registry" / "name_edge_cases.csv"
    if not path.exists():
        pytest.skip(f"shared data not here: {path.name}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["企业名称"] for row in csv.DictReader(file)]


def parts(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


# --- fold ---


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("重慶長風機電（集團）有限公司", "重庆长风机电集团有限公司"),
        ("重庆长风机电(集团)有限公司", "重庆长风机电集团有限公司"),
        ("【铜陵】〔甲〕「乙」『丙』〈丁〉《戊》[己]{庚}<辛>", "铜陵甲乙丙丁戊己庚辛"),
        ("甲·乙・丙•丁．戊。己，庚、辛", "甲乙丙丁戊己庚辛"),
        ("ＮＴ 工程\u3000Ｂ-2", "nt工程b2"),
        ("Straße É", "strassee"),
        ("二〇一 二○一 二零一", "二零一二零一二零一"),
        ("（）· ", ""),
        ("\ufeff铜\u200b陵\n", "铜陵"),
    ],
)
def test_spellings_of_one_name_fold_alike(written, folded):
    assert fold(written) == folded


def test_both_uses_of_a_character_with_two_simplified_forms_fold_alike():
    assert fold("乾隆") in fold("铜陵乾隆酒业") and fold("乾燥") == fold("干燥")


@pytest.mark.parametrize("rare", ["\ue001", "\U000f0001", "\U00020000", "\U0002ceb0", "㛃"])
def test_rare_and_private_use_characters_survive(rare):
    assert fold(f"铜{rare}陵") == f"铜{rare}陵"
    assert f"铜{rare}" in bigrams(f"铜{rare}陵")


@given(names)
def test_folding_again_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


@given(names, names)
def test_a_part_of_a_name_folds_to_a_part_of_the_folded_name(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@given(names)
def test_nothing_but_letters_and_numbers_is_left(name):
    assert not [c for c in fold(name) if unicodedata.category(c)[0] in "PSZ" or c.isspace()]


# --- bigrams ---


@given(names)
def test_every_two_character_part_is_a_bigram_once(name):
    folded = fold(name)
    assert sorted(bigrams(folded)) == sorted(set(parts(folded, 2)))


@given(names, st.data())
def test_the_bigrams_of_a_query_stand_in_every_name_that_it_matches(name, data):
    folded = fold(name)
    ends = st.integers(0, len(folded))
    start, end = sorted((data.draw(ends), data.draw(ends)))
    query = folded[start:end]
    assert matches_name(query, folded) == bool(query)
    assert set(bigrams(query)) <= set(bigrams(folded))


# --- initials ---


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tlhf", "铜陵恒丰建材有限公司"),
        ("cqcf", "重庆长风机电有限公司"),
        ("cqzf", "重庆长风机电有限公司"),
        ("zqcf", "重庆长风机电有限公司"),
        ("cqcf", "重慶長風機電有限公司"),
        ("gsyh", "铜陵工商银行"),
        ("tlyq", "铜陵乐器厂"),
        ("tllq", "铜陵乐器厂"),
        ("tlql", "铜陵乾隆酒业"),
        ("tlgz", "铜陵干燥设备厂"),
        ("oyxc", "欧阳星辰"),
        ("sxsp", "单县食品厂"),
        ("tl3m", "铜陵3M公司"),
        ("abkj", "AB科技"),
        ("yxgs", "铜陵恒丰有限公司"),
    ],
)
def test_a_name_is_found_by_its_initials_whichever_reading_is_meant(query, name):
    folded = fold(name)
    assert matches_initials(query, folded)
    assert set(query_trigrams(query)) <= set(initial_trigrams(folded))


def test_dead_readings_are_left_out():
    assert initials("有限公司") == ["y", "x", "g", "s"]


def test_a_character_without_a_reading_matches_no_letter():
    assert initials("\ue001") == [""]
    assert not matches_initials("tl", "铜\ue001陵")
    assert not matches_initials("", "铜陵")


@given(names, st.data())
def test_the_index_of_initials_never_misses_what_the_verify_accepts(name, data):
    folded = fold(name)
    options = initials(folded)
    start = data.draw(st.integers(0, len(options)))
    run = options[start : data.draw(st.integers(start, len(options)))]
    query = "".join(data.draw(st.sampled_from(letters)) for letters in run if letters)
    if len(query) == len(run) >= MIN_INITIALS_QUERY:
        assert matches_initials(query, folded)
    if matches_initials(query, folded):
        assert set(query_trigrams(query)) <= set(initial_trigrams(folded))


@given(names, st.text("abcdhlqtxyz12", min_size=3, max_size=5))
def test_a_query_whose_letters_are_not_there_does_not_match(name, query):
    folded = fold(name)
    possible = [
        all(letter in letters for letter, letters in zip(query, window, strict=True))
        for window in parts(initials(folded), len(query))
    ]
    assert matches_initials(query, folded) == any(possible)


def test_the_trigrams_of_a_long_name_of_ambiguous_characters_are_bounded():
    assert len(initial_trigrams(fold("单擖湛") * 40)) <= 36**3


# --- columns ---


@given(st.lists(st.one_of(st.none(), names), max_size=12))
def test_columns_give_what_each_name_gives(written):
    folded = fold_column(pl.Series("name", written, dtype=pl.String))
    assert folded.to_list() == [None if name is None else fold(name) for name in written]
    each = [name or "" for name in folded]
    pairs, runs = bigram_column(folded), initials_column(folded)
    assert [sorted(line.split(" ")) for line in pairs] == [sorted(bigrams(n)) or [""] for n in each]
    assert [sorted(line.split()) for line in runs] == [sorted(initial_trigrams(n)) for n in each]


def test_a_column_longer_than_a_block_keeps_its_order():
    folded = pl.Series([f"铜陵{number}" for number in range(300_000)])
    assert bigram_column(folded)[299_999].split() == ["29", "99", "铜陵", "陵2"]
    assert initials_column(folded)[131_072].split() == ["l13", "tl1", "072", "107", "131", "310"]


def test_full_text_search_keeps_every_token_whole():
    """SQLite's `ascii` tokenizer takes every non-ASCII character as a letter."""
    folded = fold("铜\ue001陵\U0002ceb0\U000f0001\u0378")
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(n, detail=none, tokenize='ascii')")
    database.execute("INSERT INTO t VALUES (?)", (bigram_column(pl.Series([folded]))[0],))
    for pair in bigrams(folded):
        assert database.execute("SELECT count(*) FROM t(?)", (f'"{pair}"',)).fetchone() == (1,)
    database.close()


# --- real awkward names ---


@pytest.mark.real
def test_real_awkward_names_keep_every_character_that_means_something():
    for name in real_names():
        folded = fold(name)
        assert folded and fold(folded) == folded
        private = [c for c in name if unicodedata.category(c) == "Co"]
        assert [c for c in folded if unicodedata.category(c) == "Co"] == private


@pytest.mark.real
def test_real_awkward_names_are_found_by_every_part():
    for name in real_names():
        folded, indexed = fold(name), set(bigrams(fold(name)))
        for part in parts(name, 2) + parts(name, 5):
            query = fold(part)
            assert query in folded and set(bigrams(query)) <= indexed


@pytest.mark.real
def test_real_awkward_names_give_the_same_tokens_in_columns():
    written = real_names()
    folded = fold_column(pl.Series(written))
    assert folded.to_list() == [fold(name) for name in written]
    runs = initials_column(folded)
    assert [set(line.split()) for line in runs] == [set(initial_trigrams(n)) for n in folded]
