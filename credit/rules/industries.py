"""Industries (GB/T 4754-2017): a class has one spelling, the letter of its section and 2 to 4 digits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Each section (门类) with its first division (大类); the last division is 97.
BEGINS = {
    "A": 1, "B": 6, "C": 13, "D": 44, "E": 47, "F": 51, "G": 53, "H": 61, "I": 63, "J": 66, "K": 70, "L": 71,
    "M": 73, "N": 76, "O": 80, "P": 83, "Q": 84, "R": 86, "S": 91, "T": 97,
}  # fmt: skip
# The section of each division, both as they are written: 15 -> C.
SECTIONS = {
    f"{division:02}": max(letter for letter, first in BEGINS.items() if first <= division)
    for division in range(1, 98)
}


@dataclass(frozen=True)
class IndustryProblem:
    """Why a text is no class of the standard."""

    zh: str
    en: str


SHAPE = IndustryProblem(
    "行业代码应为1位字母加2至4位数字，如C1311",
    "An industry code of GB/T 4754-2017 is a letter and 2 to 4 digits, e.g. C1311",
)


def normalise_industry(text: str) -> str:
    """C1512 for 1512, c1512 and Ｃ１５１２; what is no class stays wrong, for `check_industry` to tell.

    Files write classes with or without the letter of the section, which follows from the division.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return SECTIONS.get(plain[:2], "") + plain


def check_industry(code: str) -> IndustryProblem | None:
    """Say why a normalised text is no division, group or class of the standard; None if it may be one."""
    if not re.fullmatch("[A-T]?[0-9]{2,4}", code):
        return SHAPE
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
    division, section = digits[:2], SECTIONS.get(digits[:2])
    if section is None:
        return IndustryProblem(
            f"国民经济行业分类（GB/T 4754-2017）没有大类{division}",
            f"GB/T 4754-2017 has no division {division}",
        )
    if code[0] != section:
        return IndustryProblem(
            f"大类{division}属于门类{section}，不属于{code[0]}：是否为{section}{digits}？",
            f"Division {division} belongs to section {section}, not to {code[0]}: {section}{digits}?",
        )
    return None


def check_industry_prefix(code: str) -> IndustryProblem | None:
    """Say why no class begins with a normalised text. A section alone is a prefix too: C, C1."""
    return None if re.fullmatch("[A-T][0-9]?", code) else check_industry(code)
