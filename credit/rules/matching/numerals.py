"""Numbers and letters in names: 第一, 一 and 1 are one spelling, and no two of them are taken for each other."""

from __future__ import annotations

import re

DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
NUMERALS = re.compile("第?([0-9零一二三四五六七八九十]+)")
# A round letter among numerals is the zero that a typist took for it: 六O九.
ROUND = re.compile("(?<=[0-9零一二三四五六七八九])o(?=[0-9零一二三四五六七八九])")
RUNS = re.compile("[0-9]+|[a-z]+")


def canonical(folded: str) -> str:
    """Write each number in digits: 第一建筑 and 1建筑 become 1建筑, 三五一六 becomes 3516."""
    if folded.isalpha() and not any(numeral in folded for numeral in "零一二三四五六七八九十"):
        return folded
    return NUMERALS.sub(lambda found: _digits(found[1]), ROUND.sub("0", folded))


def runs(canonical_text: str) -> list[str]:
    """The numbers and the Latin words of a text, in their order."""
    return RUNS.findall(canonical_text)


def _digits(numeral: str) -> str:
    """二十一 is 21, 三五 is 35, 十 is 10."""
    if "十" not in numeral:
        return numeral.translate(DIGITS)
    tens, _, ones = numeral.partition("十")
    return (tens.translate(DIGITS) or "1") + (ones.translate(DIGITS) or "0")
