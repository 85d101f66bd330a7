"""Check and normalise whole columns of unified codes: the same answers as `credit.identifiers`.

A million codes are read as one table of bytes, shape (n, 18), and looked up in one weight table
per place; only what fails there is looked at as text.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.identifiers import (
    ALPHABET,
    BLANKS_AND_DASHES,
    CODE_LETTERS,
    EXCEL_NUMBER,
    WEIGHTS,
)

MODULUS = 31
# More than nine pairs of places can add up to, and nine of it still fit 16 bits.
ILLEGAL = 1000
PLAIN = "^[0-9A-Z]*$"


def code_problems(column: pl.Series) -> pl.Series:
    """Return null for a valid code, else the reason word of `check_code`; raw or normalised text.

    A null in the column is a code of length 0.
    """
    text = column.fill_null("")
    doubtful = ~_valid(text)
    no_problem = pl.select(pl.repeat(None, len(column), dtype=pl.String).alias(column.name))
    reasons = _reasons(normalise_column(text.filter(doubtful)))
    return no_problem.to_series().scatter(doubtful.arg_true(), reasons)


def normalise_column(series: pl.Series) -> pl.Series:
    """Normalise each text as `identifiers.normalise` does; null stays null.

    Plain upper-case ASCII, nearly all of a register, is left as it is.
    """
    rough = (~series.str.contains(PLAIN)).fill_null(value=False)
    if not rough.any():
        return series
    mended = (
        series.filter(rough)
        .str.normalize("NFKC")
        .str.replace_all(BLANKS_AND_DASHES, "")
        .str.to_uppercase()
    )
    return series.clone().scatter(rough.arg_true(), mended)


def _reasons(codes: pl.Series) -> pl.Series:
    """Name the reason of each normalised code, null for a valid one, in `check_code`'s order."""
    code = pl.col("code")
    reason = (
        pl.when(pl.col("valid"))
        .then(pl.lit(None, dtype=pl.String))
        .when(code.str.contains(EXCEL_NUMBER))
        .then(pl.lit("number_typed"))
        .when(code.str.len_chars() != 18)
        .then(pl.lit("length"))
        .when(~code.str.contains(CODE_LETTERS))
        .then(pl.lit("letter"))
        .otherwise(pl.lit("check_digit"))
    )
    frame = pl.DataFrame({"code": codes, "valid": _valid(codes)})
    return frame.select(reason.alias("reason"))["reason"]


def _valid(codes: pl.Series) -> pl.Series:
    """Mark the normalised codes that GB 32100-2015 accepts; boolean, no nulls."""
    full_length = codes.str.len_bytes() == 18
    if full_length.all():
        return pl.Series(_sums_fit(codes))
    valid = np.zeros(len(codes), dtype=np.bool_)
    valid[full_length.to_numpy()] = _sums_fit(codes.filter(full_length))
    return pl.Series(valid)


def _sums_fit(codes: pl.Series) -> npt.NDArray[np.bool_]:
    """Add the weighted values of 18-byte codes, two places at a time; 0 modulo 31 is right."""
    text = codes.str.join("").item() if len(codes) else ""
    pairs = np.frombuffer(text.encode(), dtype="<u2").reshape(-1, 9)
    total = np.zeros(len(pairs), dtype=np.int16)
    for place, table in enumerate(_pair_tables()):
        total += table[pairs[:, place]]
    fits: npt.NDArray[np.bool_] = _fitting_sums()[total]
    return fits


@cache
def _fitting_sums() -> npt.NDArray[np.bool_]:
    """Mark, for every sum that nine pairs can give, whether it belongs to a valid code."""
    sums = np.arange(9 * ILLEGAL + 1)
    fitting: npt.NDArray[np.bool_] = (sums < ILLEGAL) & (sums % MODULUS == 0)
    return fitting


@cache
def _pair_tables() -> list[npt.NDArray[np.int16]]:
    """Make 9 tables of 65,536: what two neighbouring bytes add to the sum, or ILLEGAL."""
    places = [_place_table(place) for place in range(18)]
    return [_joined(places[place], places[place + 1]) for place in range(0, 18, 2)]


def _place_table(place: int) -> npt.NDArray[np.int16]:
    """Make the table of 256 bytes of one place; the first eight are digits."""
    table = np.full(256, ILLEGAL, dtype=np.int16)
    for value, letter in enumerate(ALPHABET[: 10 if place < 8 else 31]):
        table[ord(letter)] = value * WEIGHTS[place] % MODULUS
    return table


def _joined(first: npt.NDArray[np.int16], second: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Join two byte tables to one of little-endian pairs: the first byte is the low one."""
    sums = second[:, np.newaxis] + first[np.newaxis, :]
    illegal = np.maximum(second[:, np.newaxis], first[np.newaxis, :]) == ILLEGAL
    joined: npt.NDArray[np.int16] = np.where(illegal, ILLEGAL, sums).astype(np.int16).ravel()
    return joined
