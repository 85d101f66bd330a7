"""Fold whole columns of names and cut them into search tokens, as `credit.rules.names` does.

The tokens of a block of names are sorted as 64-bit numbers, the name's number in the high bits
and the token in the low ones: so they come out grouped by name, each once, and become text last.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from string import ascii_lowercase, digits

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.rules.names import LINE_FOLDS, letters_of_characters

Numbers = npt.NDArray[np.int64]

BLOCK = 2**17
CODE_POINT_BITS = 21
CODE_POINTS = 0x110000
LINE_END, BLANK = ord("\n"), ord(" ")
INITIALS = ascii_lowercase + digits


def fold_column(names: pl.Series) -> pl.Series:
    """Fold each name; null stays null."""
    if names.is_empty():
        return names
    folded = _lines_of(names).translate(LINE_FOLDS).split("\n")
    return pl.Series(names.name, folded, dtype=pl.String).scatter(names.is_null().arg_true(), None)


def bigram_column(folded: pl.Series) -> pl.Series:
    """Join the distinct bigrams of each folded name by blanks, as FTS5 takes them; "" for null."""
    return _in_blocks(folded, _bigrams)


def initials_column(folded: pl.Series) -> pl.Series:
    """Join the distinct initial trigrams of each folded name by blanks; "" for null."""
    return _in_blocks(folded, _trigrams)


def _lines_of(names: pl.Series) -> str:
    """Write the names as one text, a line each; a line end inside a name falls out, as in fold."""
    text: str = names.fill_null("").str.replace_all("\n", "", literal=True).str.join("\n").item()
    return text


def _in_blocks(folded: pl.Series, tokens_of: Callable[[Numbers, Numbers], list[str]]) -> pl.Series:
    lines: list[str] = []
    for start in range(0, len(folded), BLOCK):
        lines.extend(tokens_of(*_characters(folded.slice(start, BLOCK))))
    return pl.Series(folded.name, lines, dtype=pl.String)


def _characters(block: pl.Series) -> tuple[Numbers, Numbers]:
    """Give the code points of all lines, line ends included, and the number of each one's name."""
    text = _lines_of(block) + "\n"
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    ends = points == LINE_END
    return points, np.cumsum(ends) - ends


def _bigrams(points: Numbers, name: Numbers) -> list[str]:
    whole = (points[:-1] != LINE_END) & (points[1:] != LINE_END)
    pairs = (points[:-1] << CODE_POINT_BITS) | points[1:]
    keys = _distinct((name[:-1] << 2 * CODE_POINT_BITS | pairs)[whole])
    mask = (1 << CODE_POINT_BITS) - 1
    columns = [keys >> CODE_POINT_BITS & mask, keys & mask]
    return _text_lines(keys >> 2 * CODE_POINT_BITS, columns, int(name[-1]) + 1)


def _trigrams(points: Numbers, name: Numbers) -> list[str]:
    kinds = _kind_of_character()[points]
    letters, counts = _letters_of_kind()
    many = counts[kinds]
    ways = many[:-2] * many[1:-1] * many[2:]
    start = np.repeat(np.arange(len(ways)), ways)
    # Which of its run's ways a token is, taken apart into one choice for each of three places.
    way = np.arange(len(start)) - np.repeat(np.cumsum(ways) - ways, ways)
    way, third = np.divmod(way, many[start + 2])
    first, second = np.divmod(way, many[start + 1])
    token = letters[kinds[start], first]
    for place, choice in ((1, second), (2, third)):
        token = token * len(INITIALS) + letters[kinds[start + place], choice]
    keys = _distinct(name[start] << 16 | token)
    columns = [_INITIAL_POINTS[keys % 65536 // 36**power % 36] for power in (2, 1, 0)]
    return _text_lines(keys >> 16, columns, int(name[-1]) + 1)


_INITIAL_POINTS = np.array([ord(letter) for letter in INITIALS], dtype=np.int64)


def _distinct(keys: Numbers) -> Numbers:
    keys = np.sort(keys)
    return keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys


def _text_lines(name: Numbers, columns: list[Numbers], names: int) -> list[str]:
    """Write each name's tokens on its line, a blank between two; nothing for a name without any."""
    last_of_name = np.append(name[1:] != name[:-1], True)[: len(name)]
    ends = np.where(last_of_name, LINE_END, BLANK)
    points = np.stack([*columns, ends], axis=1).astype("<u4")
    lines = points.tobytes().decode("utf-32-le").split("\n")[:-1]
    if len(lines) == names:
        return lines
    of_name = dict(zip(name[last_of_name].tolist(), lines, strict=True))
    return [of_name.get(number, "") for number in range(names)]


@cache
def _kind_of_character() -> npt.NDArray[np.int16]:
    """Number the sets of initials, 0 for none: a table of all code points."""
    kinds = np.zeros(CODE_POINTS, dtype=np.int16)
    numbers = {letters: number for number, letters in enumerate(_sets_of_initials())}
    for character, letters in letters_of_characters().items():
        kinds[ord(character)] = numbers[letters]
    return kinds


@cache
def _letters_of_kind() -> tuple[Numbers, Numbers]:
    """Give each kind's letters as numbers below 36, shape (kinds, most), and how many they are."""
    sets = _sets_of_initials()
    letters = np.zeros((len(sets), max(map(len, sets))), dtype=np.int64)
    for kind, initials in enumerate(sets):
        letters[kind, : len(initials)] = [INITIALS.index(letter) for letter in initials]
    return letters, np.array([len(initials) for initials in sets], dtype=np.int64)


def _sets_of_initials() -> list[str]:
    return ["", *sorted(set(letters_of_characters().values()))]
