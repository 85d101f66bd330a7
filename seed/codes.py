"""Fictional codes: right by every check digit, in a division that no place bears."""

from __future__ import annotations

from stdnum.cn import uscc

from credit.identifiers import ORGANIZATION_WEIGHTS

DIVISION = "340799"


def fictional_code(number: int, kind: str = "91") -> str:
    """The unified code (GB 32100) of the fictional enterprise with this number; kind 91 or 92."""
    places = f"MAFK{number:04}"
    total = sum(w * int(c, 36) for w, c in zip(ORGANIZATION_WEIGHTS, places, strict=True))
    first = f"{kind}{DIVISION}{places}{'0123456789X0'[11 - total % 11]}"
    check: str = uscc.calc_check_digit(first)
    return first + check
