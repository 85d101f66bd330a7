"""A quick look at two names, before their parts are compared: can they be one firm's at all?

Of the characters of the shorter name all but slips must stand in the longer one, wherever that is.
It is meant never to say no where `compare` says more than "different".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from credit.rules.matching.numerals import canonical
from credit.rules.matching.slips import slip

# Left out or written shorter at will.
FREE_WORDS = {"有限责任公司": "有限公司", "农民专业合作社": "专业合作社"}
FREE_ENDS = "[省市县区旗州盟]|地区|[一-鿿]族自治"
NUMERALS = "[0-9零一二三四五六七八九十第]"
MOST_SLIPS = 2
# Behind so many characters, a place and a brand or a long brand, one unlike character is forgiven.
AFTER_BRAND = 4


def bare_column(folded: pl.Series) -> pl.Series:
    """Folded names without what is written in more than one way, for `possible`."""
    bare = folded
    for word, shorter in FREE_WORDS.items():
        bare = bare.str.replace_all(word, shorter, literal=True)
    bare = bare.str.replace_all(FREE_ENDS, "")
    numbered = bare.str.contains(NUMERALS)
    if not numbered.any():
        return bare
    return bare.scatter(numbered.arg_true(), [canonical(name) for name in bare.filter(numbered)])


def possible_pairs(one: pl.Series, other: pl.Series) -> pl.Series:
    """`possible` for each pair of bare names.

    Sorted characters have as long a common subsequence as the names have characters in common.
    """
    texts = pl.concat([one, other]).unique()
    ordered = pl.DataFrame({"text": texts, "sorted": ["".join(sorted(text)) for text in texts]})
    both = [side.to_frame("text").join(ordered, on="text", maintain_order="left")["sorted"] for side in (one, other)]
    shared = process.cpdist(*(side.to_list() for side in both), scorer=LCSseq.similarity, dtype=np.uint16, workers=-1)
    lengths = np.minimum(one.str.len_chars().to_numpy(), other.str.len_chars().to_numpy())
    missing: npt.NDArray[np.int64] = lengths.astype(np.int64) - shared
    found = missing == 0
    (doubtful,) = ((missing > 0) & (missing <= MOST_SLIPS)).nonzero()
    for place in doubtful.tolist():
        found[place] = possible(one[place], other[place])
    return pl.Series(found)


def possible(one: str, other: str) -> bool:
    """Whether two bare names can be one firm's. Symmetric."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    rest = list(longer)
    missing: list[str] = []
    for character in shorter:
        if character in rest:
            rest.remove(character)
        else:
            missing.append(character)
            if len(missing) > MOST_SLIPS:
                return False
    if not missing or all(any(slip(character, left) for left in rest) for character in missing):
        return True
    return len(missing) == 1 and one[:AFTER_BRAND] == other[:AFTER_BRAND]
