"""Tickets: the random numbers of a draw, each a hash that anybody can make again."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import polars as pl

from credit.rules.draws.refusals import BadSeed

ENTERPRISE, INSPECTOR = "enterprise", "inspector"
LONGEST = 1000


def checked(text: str) -> str:
    """A seed, or the name of a plan: one line, not empty. Raises BadSeed."""
    if not text.strip() or len(text) > LONGEST or text.splitlines() != [text]:
        told = f"A seed or a plan's id is one line of at most {LONGEST} characters that isn't empty."
        raise BadSeed(told, zh="随机种子和计划编号应为一行非空文本")
    return text


def ticket(seed: str, plan: str, what: str, name: str) -> int:
    """The ticket of one: 0 to 2**64 - 1."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{plan}\n{what}\n{name}".encode()).digest()[:8], "big")


def _sha256() -> Any:
    """Python's own SHA-256 where it is built in: for short texts it takes half the time of OpenSSL's."""
    try:
        return getattr(hashlib, "__get_builtin_constructor")("sha256")
    except (AttributeError, ValueError):
        return hashlib.sha256


def digests(start: str, names: pl.Series) -> list[bytes]:
    """SHA-256 of `start` followed by each name, in UTF-8."""
    known = _sha256()(start.encode())
    found = []
    for name in names.cast(pl.Binary).to_list():
        own = known.copy()
        own.update(name)
        found.append(own.digest())
    return found


def tickets(seed: str, plan: str, what: str, names: pl.Series) -> pl.Series:
    """The ticket of each of many: the same numbers as `ticket`, one hash each."""
    hashed = digests(f"{seed}\n{plan}\n{what}\n", names)
    words = np.frombuffer(b"".join(hashed), dtype=">u8")[::4].astype(np.uint64)
    return pl.Series("ticket", words, dtype=pl.UInt64)
