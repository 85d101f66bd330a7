"""Two names: the same firm, written otherwise, perhaps a slip, a branch, or another firm; and why."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from credit.rules.matching import compare, parts_of
from credit.rules.matching.slips import contrast, slip
from tests.screening_pairs import SAME_FIRM, Pair, made_pairs, real_rows, written_pairs

PAIRS = written_pairs()
HARD = ("number", "contrast", "form", "place")
BRANDS = st.text("岚檀沐垚禾稷骐筑澜铎珞铭钧晟", min_size=2, max_size=4)
PLACES = st.sampled_from(["", "铜陵", "铜陵市", "安徽省铜陵市", "芜湖", "枞阳县"])
TRADES = st.sampled_from(["建材", "科技", "第一建筑", "第二建筑", "商贸"])
FORMS = st.sampled_from(["有限公司", "有限责任公司", "股份有限公司", "厂", "", "集团有限公司"])
TAILS = st.sampled_from(["", "", "", "第一分公司", "芜湖分公司"])
names = st.builds(lambda *parts: "".join(parts), PLACES, BRANDS, TRADES, FORMS, TAILS)
anything = st.one_of(names, st.text(max_size=12), st.text("铜陵市一二12（）()ab有限公司分", max_size=12))


# --- the written examples ---


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind}: {pair.asked}")
def test_the_written_pairs_are_answered_as_they_say(pair: Pair) -> None:
    found = compare(pair.asked, pair.known)
    assert found.relation == pair.relations[0], found
    assert found.reasons and all(each.zh and each.en for each in found.reasons)


def test_there_are_enough_pairs_of_enough_kinds() -> None:
    by_kind = defaultdict(list)
    for pair in PAIRS:
        by_kind[pair.kind].append(pair)
    assert len({(pair.asked, pair.known) for pair in PAIRS}) == len(PAIRS) >= 400
    assert sum(len(pairs) >= 20 for pairs in by_kind.values()) >= 15


# --- every name ---


@given(anything, anything)
def test_it_does_not_matter_which_name_was_asked(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert (there.relation, there.score) == (back.relation, back.score)
    assert [each.word for each in there.reasons] == [each.word for each in back.reasons]


@given(anything.filter(lambda name: parts_of(name).folded))
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert compare(name, name).score == 100
    assert compare(name, name).relation == "same"


@given(names, names)
def test_a_hard_difference_is_never_the_same_firm(one: str, other: str) -> None:
    found = compare(one, other)
    if {each.word for each in found.reasons} & set(HARD):
        assert found.relation == "different"


@given(anything, anything)
def test_the_score_tells_the_relation(one: str, other: str) -> None:
    found = compare(one, other)
    least, most = {"same": (100, 100), "variant": (80, 99), "hint": (60, 79), "related": (55, 55)}.get(
        found.relation, (0, 49)
    )
    assert least <= found.score <= most
    assert found.reasons


@given(BRANDS, BRANDS, TRADES, FORMS)
def test_another_brand_is_at_most_a_slip(one: str, other: str, trade: str, form: str) -> None:
    if one != other:
        found = compare(f"铜陵{one}{trade}{form}", f"铜陵{other}{trade}{form}")
        assert found.relation in ("hint", "different")


# --- parts and slips ---


def test_a_name_is_taken_apart() -> None:
    parts = parts_of("安徽省铜陵市义安区岚檀（集团）建筑材料有限责任公司第一分公司")
    assert [place.stem for place in parts.places] == ["安徽", "铜陵", "义安"]
    assert (parts.brand, parts.trade, parts.tail) == ("岚檀集团", "建筑材料", "第一分公司")
    assert (parts.form_words, parts.form) == ("有限责任公司", "limited")


def test_a_place_that_is_all_the_brand_stays_the_brand() -> None:
    assert parts_of("铜陵市机械厂").brand == "铜陵"
    assert parts_of("平安科技有限公司").brand == "平安"


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [("末", "未", "shape"), ("宏", "鸿", "sound"), ("东", "西", None), ("甲", "乙", None), ("岚", "檀", None)],
)
def test_slips_are_of_shape_or_sound_and_contrasts_are_none(one: str, other: str, kind: str | None) -> None:
    assert slip(one, other) == slip(other, one) == kind


def test_contrasts_are_told_apart() -> None:
    assert contrast("上", "下") and not contrast("上", "大")


# --- real names, where they are at hand ---


@pytest.mark.real
def test_nearly_every_variation_of_a_real_name_is_recognised() -> None:
    pairs = made_pairs(dict.fromkeys(row["企业名称"] for row in real_rows()))
    variants = [pair for pair in pairs if pair.one_firm]
    found = sum(compare(pair.asked, pair.known).relation in SAME_FIRM for pair in variants)
    others = [pair for pair in pairs if not pair.one_firm]
    wrong = [pair for pair in others if compare(pair.asked, pair.known).relation in SAME_FIRM]
    assert len(variants) > 2000 and len(others) > 500
    assert found >= 0.99 * len(variants)
    assert len(wrong) <= 0.01 * len(others)


@pytest.mark.real
def test_real_firms_are_hardly_ever_taken_for_each_other() -> None:
    rows = [row["企业名称"] for file in ("name_edge_cases.csv", "tongling_dev_500.csv") for row in real_rows(file)]
    firms = list(dict.fromkeys(rows))
    near = np.triu(process.cdist(firms, firms, scorer=fuzz.ratio, score_cutoff=60, dtype=np.uint8), 1)
    pairs = [(firms[one], firms[other]) for one, other in zip(*near.nonzero(), strict=True)]
    reviewed = [pair for pair in pairs if compare(*pair).relation in ("variant", "hint")]
    assert len(reviewed) <= 0.002 * len(firms)


@pytest.mark.real
def test_real_names_of_two_codes_are_the_same_name() -> None:
    named = defaultdict(list)
    for row in real_rows():
        if row["tag"] == "same_name_two_codes":
            named[row["企业名称"]].append(row["统一社会信用代码"])
    assert len(named) > 20
    assert all(compare(name, name).relation == "same" and len(set(codes)) > 1 for name, codes in named.items())
