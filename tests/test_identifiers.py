"""Unified codes, organization codes, registration numbers and GTINs, one by one and by column."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from credit import identifiers
from credit.identifiers import ALPHABET, check_code, lookup_key, mends, normalise
from credit.rules.codes import code_problems, normalise_column


def fictional_code(serial: int) -> str:
    """Make a valid code of a division that doesn't exist."""
    body = f"91340799{serial:08d}"
    return with_check_digit(body + organization_check(body[8:]))


def organization_check(eight: str) -> str:
    return next(c for c in "0123456789X" if identifiers.check_organization_code(eight + c) is None)


def with_check_digit(seventeen: str) -> str:
    return seventeen + uscc.calc_check_digit(seventeen)


codes = st.integers(0, 99_999_999).map(fictional_code)
seventeens = st.builds(
    str.__add__,
    st.text("0123456789", min_size=8, max_size=8),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@st.composite
def corrupted(draw: st.DrawFn) -> str:
    """A valid code with up to three slips: a character put in, replaced or left out."""
    text = draw(codes)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        put = draw(st.text(ALPHABET + "IOSVZa \u3000-–９无.+E", max_size=2))
        text = text[:place] + put + text[place + draw(st.integers(0, 1)) :]
    return text


def reason(text: str) -> str | None:
    problem = check_code(text)
    return problem.reason if problem else None


# --- unified code: the reason in words ---


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        (lambda code: code[:-1], "length"),
        (lambda code: code + "1", "length"),
        (lambda code: "", "length"),
        (lambda code: "无", "length"),
        (lambda code: "2" + code[1:], "check_digit"),
        (lambda code: code[:2] + "A" + code[3:], "letter"),
        (lambda code: code[:10] + "O" + code[11:], "letter"),
        (lambda code: code[:10] + "无" + code[11:], "letter"),
        (lambda code: "9.13407E+17", "number_typed"),
        (lambda code: "9.1340799012345E17", "number_typed"),
        (lambda code: "913407990123456000", "number_typed"),
        (lambda code: "913407990123456000.0", "number_typed"),
    ],
)
def test_a_failing_code_is_refused_with_the_reason(slip, word):
    problem = check_code(slip(fictional_code(12345678)))
    assert problem and problem.reason == word and problem.zh and problem.en


def test_the_letter_sentence_names_place_and_letter():
    problem = check_code("9134079901O3456789")
    assert problem and "11" in problem.zh and "“O”" in problem.zh and "“O”" in problem.en


def test_a_registration_number_in_place_of_a_code_is_recognised():
    problem = check_code("34079900000000" + mod_11_10.calc_check_digit("34079900000000"))
    assert problem and "注册号" in problem.zh and problem.reason == "length"


@pytest.mark.parametrize("first", "ANY")
def test_letters_in_place_1_are_refused_as_stdnum_does_although_the_standard_has_some(first):
    rest = "2340799MF0000000"
    total = ALPHABET.index(first) + sum(
        weight * ALPHABET.index(c) for weight, c in zip(identifiers.WEIGHTS[1:], rest, strict=False)
    )
    code = first + rest + ALPHABET[-total % 31]
    assert not uscc.is_valid(code)
    assert reason(code) == "letter"


@given(seventeens)
def test_a_code_built_with_its_check_digit_is_valid(seventeen):
    assert check_code(with_check_digit(seventeen)) is None


@given(codes)
def test_blanks_dashes_lower_case_and_full_width_do_not_matter(code):
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for written in (code.lower(), f" {code[:8]} {code[8:]}\t", f"{code[:2]}–{code[2:]}", wide):
        assert normalise(written) == code
        assert check_code(written) is None


@given(st.one_of(corrupted(), st.text(), codes))
def test_our_verdict_is_stdnums_on_the_normalised_text(text):
    assert (check_code(text) is None) == uscc.is_valid(normalise(text))


# --- mends ---


def edits(one: str, other: str) -> int:
    """Count the edits between two texts, a swap of neighbours being one (Damerau-Levenshtein)."""
    width, height = len(one) + 1, len(other) + 1
    table = {(i, 0): i for i in range(width)} | {(0, j): j for j in range(height)}
    for i, j in itertools.product(range(1, width), range(1, height)):
        table[i, j] = min(
            table[i - 1, j] + 1,
            table[i, j - 1] + 1,
            table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
        )
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
            table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(corrupted())
def test_every_mend_is_valid_and_one_edit_or_a_look_alike_reading_away(text):
    code = normalise(text)
    look_alikes = {code.translate(table) for table in identifiers.LOOK_ALIKES}
    for mend in mends(text):
        assert uscc.is_valid(mend)
        assert edits(code, mend) == 1 or mend in look_alikes


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ"))
def test_every_single_slip_is_mended(code, place, letter):
    missing = code[:place] + code[place + 1 :]
    extra = code[:place] + letter + code[place:]
    wrong = code[:place] + letter + code[place + 1 :]
    swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
    for slip in (missing, extra, wrong, swapped):
        assert uscc.is_valid(slip) or code in mends(slip)


@given(codes)
def test_look_alike_letters_are_mended_all_at_once(code):
    written = code.translate(str.maketrans("1052", "IOSZ"))
    assert written == code or code in mends(written)


def test_a_valid_code_and_a_hopeless_one_have_no_mends():
    assert mends(fictional_code(1)) == mends("无") == mends("9" * 20_000_000) == []


# --- columns ---


@given(st.lists(st.one_of(st.none(), corrupted(), codes, st.text(max_size=20)), max_size=30))
def test_a_column_is_judged_as_each_of_its_texts(texts):
    found = code_problems(pl.Series("code", texts, dtype=pl.String)).to_list()
    assert found == [reason(text or "") for text in texts]
    assert [word is None for word in found] == [uscc.is_valid(normalise(t or "")) for t in texts]


@given(st.lists(st.one_of(st.none(), corrupted(), st.text(max_size=20)), max_size=30))
def test_a_column_is_normalised_as_each_of_its_texts(texts):
    found = normalise_column(pl.Series("code", texts, dtype=pl.String)).to_list()
    assert found == [None if text is None else normalise(text) for text in texts]


@given(st.binary(min_size=18, max_size=18))
def test_every_ascii_byte_in_every_place_is_judged_as_stdnum_does(raw):
    text = "".join(chr(byte % 128) for byte in raw)
    assert code_problems(pl.Series([text])).to_list() == [reason(text)]


# --- warnings, organization code, look-up ---


def test_an_unknown_division_only_warns():
    assert check_code(fictional_code(7)) is None
    assert [odd.reason for odd in identifiers.warnings(fictional_code(7))] == ["division"]
    assert identifiers.warnings(fictional_code(7), divisions=lambda digits: True) == []
    assert identifiers.known_division("340705") and not identifiers.known_division("12")


def test_a_wrong_organization_part_only_warns():
    right = fictional_code(7)[:17]
    wrong = with_check_digit(right[:16] + ("1" if right[16] != "1" else "2"))
    odd = identifiers.warnings(wrong, divisions=lambda digits: True)
    assert check_code(wrong) is None and [o.reason for o in odd] == ["organization_code"]


def test_a_look_up_key_is_told_by_its_length():
    code = fictional_code(31415926)
    part = identifiers.org_code_of(code)
    assert lookup_key(f" {code.lower()}") == identifiers.LookupKey("code", code, None)
    hyphenated = lookup_key(f"{part[:8]}-{part[8]}")
    assert hyphenated == identifiers.LookupKey("organization_code", part, None)
    neither = lookup_key("铜陵")
    assert neither.kind == "neither" and neither.problem and neither.problem.reason == "length"


def test_a_code_failing_its_check_digit_still_looks_up():
    code = fictional_code(31415926)
    key = lookup_key("91340798" + code[8:])
    assert key.kind == "code" and key.problem and key.problem.reason == "check_digit"


# --- goods ---


@pytest.mark.parametrize("body", ["9999999", "99999999999", "699999999999", "1999999999999"])
def test_a_gtin_of_any_length_is_written_with_14_digits(body):
    gtin = body + ean.calc_check_digit(body)
    assert identifiers.gtin14(f"{gtin[:4]}-{gtin[4:]}") == gtin.rjust(14, "0")
    assert identifiers.registered_in_china(gtin) == body.startswith("69")


@pytest.mark.parametrize(
    ("written", "word"),
    [("699999999999", "check_digit"), ("123", "length"), ("69999999O", "length"),
     ("69999999999O", "letter")],
)  # fmt: skip
def test_a_failing_gtin_is_refused_with_the_reason(written, word):
    problem = identifiers.check_gtin(written)
    assert problem and problem.reason == word
    with pytest.raises(ValueError, match="GTIN"):
        identifiers.gtin14(written)


@given(st.text("0123456789", min_size=14, max_size=14))
def test_a_registration_number_is_right_with_one_last_digit_only(fourteen):
    right = [d for d in "0123456789" if not identifiers.check_registration_number(fourteen + d)]
    assert right == [mod_11_10.calc_check_digit(fourteen)]
