"""Valid, fictional unified social credit codes of the unassigned division 340799, vectorised."""

from __future__ import annotations

import numpy as np
import polars as pl

DIVISION = b"340799"
UNIFIED = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
UNIFIED_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
NUMERIC_SHARE = 45  # of 100 organization codes: those before 2015 are numbers, later ones MA…


def unified_codes(categories: np.ndarray, rng: np.random.Generator) -> pl.Series:
    """Codes 9c340799…, one for each digit c of `categories` (1 firm, 2 individual, 3 cooperative).

    All organization-code parts are different; both check characters are right.
    """
    letters = np.empty((len(categories), 18), dtype=np.uint8)
    letters[:, 0] = ord("9")
    letters[:, 1] = categories + ord("0")
    letters[:, 2:8] = np.frombuffer(DIVISION, dtype=np.uint8)
    letters[:, 8:16] = _organizations(len(categories), rng)
    letters[:, 16] = _organization_check(letters[:, 8:16])
    letters[:, 17] = _unified_check(letters[:, :17])
    return pl.Series(letters.view("S18").ravel().astype("U18").tolist(), dtype=pl.String)


def _organizations(count: int, rng: np.random.Generator) -> np.ndarray:
    """Eight characters each; distinct because x -> step * x + start permutes the residues."""
    order = np.arange(count, dtype=np.uint64)
    numeric = order % 100 < NUMERIC_SHARE
    parts = np.empty((count, 8), dtype=np.uint8)
    parts[numeric] = ord("0") + _digits(_scattered(order[numeric], 10**8, rng), 10, 8)
    parts[~numeric, :2] = np.frombuffer(b"MA", dtype=np.uint8)
    parts[~numeric, 2:] = UNIFIED[_digits(_scattered(order[~numeric], 31**6, rng), 31, 6)]
    return parts


def _scattered(order: np.ndarray, modulus: int, rng: np.random.Generator) -> np.ndarray:
    # 310k + 21 is coprime to both moduli: it ends in 1, and leaves 21 when divided by 31.
    step = np.uint64(int(rng.integers(3_000, 300_000)) * 310 + 21)
    start = np.uint64(rng.integers(0, modulus))
    return (order * step + start) % np.uint64(modulus)


def _digits(numbers: np.ndarray, base: int, width: int) -> np.ndarray:
    powers = np.array([base**place for place in range(width - 1, -1, -1)], dtype=np.uint64)
    return ((numbers[:, None] // powers) % np.uint64(base)).astype(np.uint8)


def _organization_check(letters: np.ndarray) -> np.ndarray:
    """GB 11714: digits count themselves, letters 10 to 35; 10 is written X."""
    values = np.where(letters < ord("A"), letters - ord("0"), letters - ord("A") + 10)
    total = values.astype(np.int64) @ ORG_WEIGHTS
    checks: np.ndarray = np.frombuffer(b"0123456789X", dtype=np.uint8)[(11 - total % 11) % 11]
    return checks


def _unified_check(letters: np.ndarray) -> np.ndarray:
    """GB 32100: modulo 31 over its own alphabet, which lacks I, O, S, V and Z."""
    values = np.zeros(128, dtype=np.int64)
    values[UNIFIED] = np.arange(31)
    checks: np.ndarray = UNIFIED[(31 - (values[letters] @ UNIFIED_WEIGHTS) % 31) % 31]
    return checks
