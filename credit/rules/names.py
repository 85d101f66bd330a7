"""Names folded for search: one spelling for all, pairs of characters, and pinyin initials.

Every character folds by itself, so that a part of a name always folds to a part of the folded
name: no search for a part can miss. A whole-phrase conversion of traditional characters would
break that, since it writes 乾 one way in 乾隆 and another way in 乾燥.

The tokens made here need an index that takes every non-ASCII character as a letter (FTS5:
`tokenize='ascii'`; its `unicode61` cuts tokens at characters newer than Unicode 6.1).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from importlib.metadata import distribution
from itertools import chain, product
from operator import add
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

from opencc import OpenCC

MIN_NAME_QUERY = 2
MIN_INITIALS_QUERY = 3
# Punctuation, symbols, blanks, marks, controls, invisible characters, half surrogate pairs.
DROPPED_CATEGORY = re.compile("[PSZ].|M[ne]|C[cfs]")
ZEROS = str.maketrans("〇○◯", "零零零")
FIRST_CHINESE = "\u2e80"
# Readings in surnames and place names that pypinyin's phrases don't contain.
READINGS_IN_NAMES = {
    "区": "o",
    "召": "s",
    "泷": "s",
    "种": "c",
    "覃": "q",
    "祭": "z",
    "繁": "p",
    "荥": "y",
    "浚": "x",
    "佛": "b",
    "角": "l",
    "幢": "z",
}


def fold(name: str) -> str:
    """Spell a name for comparison: NFKC, no case, simplified, no accents, blanks or punctuation.

    Rare and private-use characters stay as they are; the circles written for zero become 零.
    """
    return name.translate(_FOLDS)


def bigrams(folded: str) -> list[str]:
    """List the distinct pairs of neighbouring characters, in their order."""
    return list(dict.fromkeys(map(add, folded, folded[1:])))


def initials(folded: str) -> list[str]:
    """Give for each character the letters its readings begin with: 长 "cz", a "a", 3 "3".

    A character without a known reading gives "", which no query matches.
    """
    letters = letters_of_characters()
    return [letters.get(character, "") for character in folded]


def initial_trigrams(folded: str) -> list[str]:
    """List the distinct runs of three initials, in every reading; at most 36 ** 3."""
    options = initials(folded)
    runs = chain.from_iterable(map(product, options, options[1:], options[2:]))
    return list(dict.fromkeys(map("".join, runs)))


def query_trigrams(query_folded: str) -> list[str]:
    """List the runs of three letters that a matching name must have; none for a shorter query."""
    runs = zip(query_folded, query_folded[1:], query_folded[2:], strict=False)
    return list(dict.fromkeys(map("".join, runs)))


def matches_name(query_folded: str, folded: str) -> bool:
    """Tell whether the query is a part of the name; both folded, the query not empty."""
    return bool(query_folded) and query_folded in folded


def matches_initials(query_folded: str, folded: str) -> bool:
    """Tell whether the letters are initials of neighbouring characters, anywhere in the name."""
    options = initials(folded)
    starts = range(len(options) - len(query_folded) + 1)
    return bool(query_folded) and any(
        all(letter in options[start + place] for place, letter in enumerate(query_folded))
        for start in starts
    )


class _Folds(dict[int, str]):
    """A table for `str.translate` that learns each character when it first meets it."""

    def __missing__(self, character: int) -> str:
        self[character] = folded = _fold_until_stable(chr(character))
        return folded


_FOLDS = _Folds()
# For whole columns (`credit.rules.name_columns`), one name a line.
LINE_FOLDS = _Folds({ord("\n"): "\n"})


def _fold_until_stable(text: str) -> str:
    """Fold again what folding gave: 薴 becomes 苧, and only that becomes 苎."""
    folded = "".join(map(_fold_character, text))
    return text if folded == text else _fold_until_stable(folded)


def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    without_accents = "".join(part for part in decomposed if unicodedata.category(part) != "Mn")
    composed = unicodedata.normalize("NFKC", without_accents).casefold()
    return "".join(filter(_is_kept, _simplified(composed.translate(ZEROS))))


def _is_kept(character: str) -> bool:
    return not DROPPED_CATEGORY.match(unicodedata.category(character))


def _simplified(text: str) -> str:
    return _opencc().convert(text) if text >= FIRST_CHINESE and _is_kept(text[0]) else text


@cache
def _opencc() -> OpenCC:
    return OpenCC("t2s")


@cache
def letters_of_characters() -> dict[str, str]:
    """Make the table of a folded character's initials, sorted: letters and digits, then Chinese.

    A character has the readings of all that folds to it: 干 also stands for 乾, read q.
    """
    letters: defaultdict[str, set[str]] = defaultdict(set)
    for character, readings in _living_readings().items():
        letters[fold(character)] |= readings
    for character in ascii_lowercase + digits:
        letters[character] = {character}
    return {character: "".join(sorted(initials)) for character, initials in letters.items()}


def _living_readings() -> dict[str, set[str]]:
    """Give the initials of each character that people use today.

    A dictionary also lists dead readings (司 as ci, 有 as wei), which nobody types and which would
    double the index. Living ones stand first, or occur in a phrase, or are in READINGS_IN_NAMES.
    """
    in_phrases = _readings_in_phrases()
    living = {}
    for code_point, listed in pypinyin_table("pinyin_dict.json").items():
        character = chr(int(code_point))
        every = [_initial(reading) for reading in listed.split(",")]
        if fold(character) in in_phrases:
            attested = in_phrases.get(character, set()).intersection(every)
            living[character] = {every[0], *attested, *READINGS_IN_NAMES.get(character, "")}
        else:
            living[character] = set(every)
    return living


def _readings_in_phrases() -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for phrase, readings in pypinyin_table("phrases_dict.json").items():
        for character, options in zip(phrase, readings, strict=False):
            found[character].update(map(_initial, options))
    return found


def pypinyin_table(name: str) -> dict[str, Any]:
    """Read one of pypinyin's tables; importing it would keep 88 MB in each web process."""
    file = distribution("pypinyin").locate_file(f"pypinyin/{name}")
    table: dict[str, Any] = json.loads(Path(str(file)).read_text("utf-8"))
    return table


@lru_cache(maxsize=4096)
def _initial(reading: str) -> str:
    """Take the first letter of a reading without its tone: zhòng gives z, ń gives n."""
    return unicodedata.normalize("NFD", reading)[0]
