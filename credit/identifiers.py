"""Identifiers of enterprises and goods: normalise, check, name the reason, suggest the mend.

python-stdnum decides whether a unified code (GB 32100-2015), a GTIN (GS1) or a check digit by
ISO 7064 is right; this module says in words what is wrong. The organization code (GB 11714-1997)
is not in stdnum and stands here. Whole columns are checked by `credit.rules.codes`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from stdnum import ean, numdb
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

DIGITS = "0123456789"
LETTERS = DIGITS + ascii_uppercase
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
LOOK_ALIKES = [str.maketrans("IOSZV", "1052" + like_v) for like_v in "UYW"]

# Blanks, invisible characters and everything that stdnum or Unicode takes for a dash, as a
# character class that Python's re and Polars' Rust engine read alike.
BLANKS_AND_DASHES = (
    "[\\-\\x00-\\x20\x7f-\xa0\xad\u02d7\u0304\u058a\u05be\u1400\u1680\u1806\u180a\u180e"
    "\u2000-\u2015\u2028-\u202f\u2043\u205f-\u206f\u2212\u23af\u23ba-\u23bd\u23e4"
    "\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u3000\u301c\u3030\u30a0\ufeff]"
)
CODE_LETTERS = f"^[0-9]{{8}}[{ALPHABET}]{{10}}$"
# Excel keeps 15 digits: what it shows of an 18-digit number, and what it saves of it.
EXCEL_NUMBER = r"^([0-9]\.[0-9]+E\+?[0-9]+|[0-9]E\+[0-9]+|[0-9]+\.0*|[0-9]{15}000)$"
Reason = Literal["length", "letter", "check_digit", "number_typed", "division", "organization_code"]


@dataclass(frozen=True)
class CodeProblem:
    """Why a code is refused, or what is odd about it: one word for programs, a sentence each."""

    reason: Reason
    zh: str
    en: str


DESTROYED_BY_EXCEL = CodeProblem(
    "number_typed",
    "代码被存成了数字，只剩15位有效数字，无法还原；请将单元格设为文本后重新填写",
    "The code was stored as a number, which keeps only 15 digits and can't be restored: "
    "format the cell as text and enter the code again",
)


@dataclass(frozen=True)
class Scheme:
    """A kind of number: its name, its lengths, its letters in the first eight places and after."""

    zh: str
    en: str
    lengths: tuple[int, ...]
    first_eight: str
    rest: str
    fits: Callable[[str], bool]


@dataclass(frozen=True)
class LookupKey:
    """What somebody typed to find one enterprise.

    The kind goes by length alone (18, 9, other). A code whose problem is `check_digit` may still
    stand in the register: an administrator may have accepted it as verified.
    """

    kind: Literal["code", "organization_code", "neither"]
    value: str
    problem: CodeProblem | None


def normalise(text: str) -> str:
    """Compose as NFKC, drop blanks and dashes, turn to upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return re.sub(BLANKS_AND_DASHES, "", unicodedata.normalize("NFKC", text)).upper()


def check_code(text: str) -> CodeProblem | None:
    """Say why the text is no unified social credit code (GB 32100-2015); None if it is one.

    stdnum decides, after `normalise`. It takes digits only in places 1 to 8, whereas the standard
    also has letters such as A, N and Y in place 1 (armed forces, rural collectives, others). No
    published code of an enterprise needs one (enterprises begin with 9), so we stay with stdnum.
    """
    code = normalise(text)
    problem = _problem(code, UNIFIED)
    if problem and (re.match(EXCEL_NUMBER, code) or _is_rounded(code)):
        return DESTROYED_BY_EXCEL
    if problem and check_registration_number(code) is None:
        zh, en = "，是15位工商注册号", ": it is an old registration number"
        return CodeProblem("length", problem.zh + zh, problem.en + en)
    return problem


def _is_rounded(code: str) -> bool:
    """Whether these are the digits that a spreadsheet's number of 18 places has left, not those that were typed."""
    return len(code) == 18 and code.isdecimal() and code.isascii() and int(float(code)) == int(code)


def _problem(code: str, scheme: Scheme) -> CodeProblem | None:
    """Check length, then letters, then the check digit: the first that fails is the reason."""
    if len(code) not in scheme.lengths:
        return CodeProblem(
            "length",
            f"{scheme.zh}应为{'、'.join(map(str, scheme.lengths))}位，这里是{len(code)}位",
            f"{scheme.en} has {' or '.join(map(str, scheme.lengths))} places, here {len(code)}",
        )
    for place, letter in enumerate(code):
        if letter not in (scheme.first_eight if place < 8 else scheme.rest):
            return CodeProblem(
                "letter",
                f"{scheme.zh}第{place + 1}位不能是“{letter}”",
                f"{scheme.en} can't have “{letter}” in place {place + 1}",
            )
    if not scheme.fits(code):
        return CodeProblem(
            "check_digit",
            f"{scheme.zh}校验位不符，请逐位核对",
            f"{scheme.en} has a check digit, and here it doesn't fit: compare each character",
        )
    return None


def mends(text: str) -> list[str]:
    """List the valid codes one slip away, likeliest first; the caller keeps the known ones.

    A slip is a look-alike letter (all of them at once), two neighbours swapped, one character
    wrong, missing or too many. A valid code has no mends.
    """
    code = normalise(text)
    if not 17 <= len(code) <= 19 or uscc.is_valid(code):
        return []
    return list(dict.fromkeys(mend for mend in _slips_undone(code) if uscc.is_valid(mend)))


def _slips_undone(code: str) -> Iterator[str]:
    """Yield codes of 18 characters; at most one per place, since the check sum leaves no choice."""
    places = range(len(code))
    if len(code) == 18:
        yield from (code.translate(look_alikes) for look_alikes in LOOK_ALIKES)
        yield from (code[:p] + code[p + 1] + code[p] + code[p + 2 :] for p in places[:-1])
        yield from (_filled(code[:p], code[p + 1 :]) for p in places)
    elif len(code) == 17:
        yield from (_filled(code[:p], code[p:]) for p in range(18))
    else:
        yield from (code[:p] + code[p + 1 :] for p in places)


def _filled(before: str, after: str) -> str:
    """Put the one character between the two parts that brings the check sum to 0 modulo 31."""
    if any(character not in ALPHABET for character in before + after):
        return ""
    values = [ALPHABET.index(character) for character in before + "0" + after]
    total = sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
    value = -total * pow(WEIGHTS[len(before)], -1, 31) % 31
    return before + ALPHABET[value] + after


def check_organization_code(text: str) -> CodeProblem | None:
    """Say why the text is no organization code (GB 11714-1997); a hyphen and lower case are fine.

    The standard reserves no number, so that eight zeros with check digit 0 pass.
    """
    return _problem(normalise(text), ORGANIZATION)


def _organization_code_fits(code: str) -> bool:
    """Compare place 9 with 11 - sum mod 11, where 10 is written X and 11 is written 0."""
    total = sum(w * int(c, 36) for w, c in zip(ORGANIZATION_WEIGHTS, code[:8], strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]


def org_code_of(code: str) -> str:
    """Cut the organization code, places 9 to 17, out of a unified code."""
    return normalise(code)[8:17]


def known_division(digits: str) -> bool:
    """Tell whether 6 digits are, or ever were, a division of GB/T 2260."""
    parts = numdb.get("cn/loc").info(digits)
    return len(parts) == 2 and bool(parts[1][1])


def warnings(code: str, divisions: Callable[[str], bool] = known_division) -> list[CodeProblem]:
    """List what is odd about a valid code; no reason to refuse it.

    Of genuine codes one in ten has division digits that stand in no current table.
    """
    code = normalise(code)
    odd: list[CodeProblem] = []
    division = code[2:8]
    if not divisions(division):
        zh, en = f"行政区划码{division}未收录", f"Division digits {division} are in no table"
        odd.append(CodeProblem("division", zh, en))
    if check_organization_code(org_code_of(code)):
        zh, en = "第9至17位不符合组织机构代码规则", "Places 9 to 17 are no organization code"
        odd.append(CodeProblem("organization_code", zh, en))
    return odd


def lookup_key(text: str) -> LookupKey:
    """Say whether the text is a unified code, an organization code, or neither, and why."""
    value = normalise(text)
    if len(value) == 9:
        return LookupKey("organization_code", value, check_organization_code(value))
    return LookupKey("code" if len(value) == 18 else "neither", value, check_code(value))


def check_registration_number(text: str) -> CodeProblem | None:
    """Say why the text is no 15-digit registration number (GS15-2006, ISO 7064 MOD 11,10)."""
    return _problem(normalise(text), REGISTRATION)


def check_gtin(text: str) -> CodeProblem | None:
    """Say why the text is no GTIN of 8, 12, 13 or 14 digits (GS1)."""
    return _problem(normalise(text), GTIN)


def gtin14(text: str) -> str:
    """Write a GTIN with 14 digits, zeros in front; ValueError if `check_gtin` has a problem."""
    if problem := check_gtin(text):
        raise ValueError(problem.en)
    return normalise(text).zfill(14)


def registered_in_china(gtin: str) -> bool:
    """Tell whether GS1 China issued the prefix (690 to 699): registered there, not made there."""
    digits = gtin14(gtin)
    return (digits[6:] if digits.startswith("000000") else digits[1:]).startswith("69")


UNIFIED = Scheme(
    "统一社会信用代码", "A unified social credit code", (18,), DIGITS, ALPHABET, uscc.is_valid
)
ORGANIZATION = Scheme(
    "组织机构代码", "An organization code", (9,), LETTERS, DIGITS + "X", _organization_code_fits
)
REGISTRATION = Scheme(
    "工商注册号", "A registration number", (15,), DIGITS, DIGITS, mod_11_10.is_valid
)
GTIN = Scheme("商品条码", "A GTIN", (8, 12, 13, 14), DIGITS, DIGITS, ean.is_valid)
