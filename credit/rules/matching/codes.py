"""What the codes of a list may be, many at once: the kind of each, and the mends of those that fail.

A mend is a valid code one slip away; the register says which of them exist. By GB 32100-2015 no
single slip makes another valid code, so every slip of a valid code is noticed and has it as a mend.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.identifiers import ALPHABET, WEIGHTS
from credit.rules.codes import code_problems, normalise_column

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

CODE, ORGANIZATION, REGISTRATION = "code", "organization_code", "registration_number"
INVALID, EMPTY = "invalid", "empty"
LENGTH, DIGIT_PLACES, MODULUS = 18, 8, 31
MENDS = {"code": pl.String, "mend": pl.String, "edit": pl.String}
# Letters that the standard leaves out, and what they are taken for; V has three.
LOOK_ALIKES = [(b"IOSZV", b"1052" + like_v) for like_v in (b"U", b"Y", b"W")]
_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_WEIGHTS = np.array(WEIGHTS, dtype=np.int64)
_INVERSES = np.array([pow(weight, -1, MODULUS) for weight in WEIGHTS], dtype=np.int64)
_UNKNOWN = -1
_VALUES = np.full(256, _UNKNOWN, dtype=np.int64)
_VALUES[_LETTERS] = np.arange(len(ALPHABET))


def read_codes(texts: pl.Series) -> pl.DataFrame:
    """What each text may be: columns `code` (normalised), `kind`, `problem` (a word of `check_code`).

    Kinds: code (valid, 18), organization_code (9 letters or digits), registration_number (15
    digits), invalid, empty. Only `code` is checked here: the register knows the others or doesn't.
    """
    code = normalise_column(texts.cast(pl.String).fill_null("")).alias("code")
    problem = code_problems(code).alias("problem")
    kind = (
        pl.when(pl.col("code") == "").then(pl.lit(EMPTY))
        .when(pl.col("problem").is_null()).then(pl.lit(CODE))
        .when(pl.col("code").str.contains("^[0-9A-Z]{8}[0-9X]$")).then(pl.lit(ORGANIZATION))
        .when(pl.col("code").str.contains("^[0-9]{15}$")).then(pl.lit(REGISTRATION))
        .otherwise(pl.lit(INVALID))
    )  # fmt: skip
    read = pl.DataFrame([code, problem]).with_columns(kind=kind)
    known = pl.col("kind").is_in([CODE, INVALID])
    return read.select("code", "kind", problem=pl.when(known).then("problem"))


def mends_of(codes: pl.Series) -> pl.DataFrame:
    """Every valid code one slip away from each invalid one: `code`, `mend`, `edit`, each pair once.

    Edits, the likeliest first: look_alike, substitution, transposition, missing, extra. The codes
    are normalised; those of another length than 17 to 19 and those with foreign signs have none.
    """
    usable = codes.drop_nulls().unique().sort()
    usable = usable.filter(usable.str.contains("^[0-9A-Z]{17,19}$"))
    parts = [_table(*made) for made in _slips_undone(usable)]
    if not parts:
        return pl.DataFrame(schema=MENDS)
    return pl.concat(parts).unique(["code", "mend"], keep="first", maintain_order=True)


def _slips_undone(usable: pl.Series) -> Iterator[tuple[pl.Series, Bytes, str]]:
    lengths = usable.str.len_bytes()
    for length in (LENGTH, LENGTH - 1, LENGTH + 1):
        codes = usable.filter(lengths == length)
        if codes.is_empty():
            continue
        places = np.frombuffer("".join(codes).encode(), dtype=np.uint8).reshape(-1, length)
        if length == LENGTH:
            yield from ((codes, _translated(places, *pair), "look_alike") for pair in LOOK_ALIKES)
            for place in range(LENGTH):
                yield codes, _filled(places, place), "substitution"
            for place in range(LENGTH - 1):
                order = np.arange(LENGTH)
                order[[place, place + 1]] = place + 1, place
                yield codes, places[:, order], "transposition"
        elif length < LENGTH:
            for place in range(LENGTH):
                yield codes, _filled(np.insert(places, place, ord("0"), axis=1), place), "missing"
        else:
            for place in range(length):
                yield codes, np.delete(places, place, axis=1), "extra"


def _translated(places: Bytes, letters: bytes, digits: bytes) -> Bytes:
    table = np.arange(256, dtype=np.uint8)
    table[list(letters)] = list(digits)
    return np.asarray(table[places], dtype=np.uint8)


def _filled(places: Bytes, place: int) -> Bytes:
    """The one character in a place that brings the check sum to 0; what is illegal elsewhere stays so."""
    values = _VALUES[places]
    rest = values * _WEIGHTS
    rest[:, place] = 0
    filled = places.copy()
    filled[:, place] = _LETTERS[-rest.sum(axis=1) * _INVERSES[place] % MODULUS]
    return filled


def _table(codes: pl.Series, made: Bytes, edit: str) -> pl.DataFrame:
    """The pairs whose mend is valid."""
    values = _VALUES[made]
    legal = (values != _UNKNOWN).all(axis=1) & (values[:, :DIGIT_PLACES] < 10).all(axis=1)
    fits = legal & ((values * _WEIGHTS).sum(axis=1) % MODULUS == 0)
    text = made[fits].tobytes().decode("ascii")
    mends = [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]
    kept = codes.filter(pl.Series(fits))
    return pl.DataFrame({"code": kept, "mend": mends, "edit": [edit] * len(mends)}, schema=MENDS)
