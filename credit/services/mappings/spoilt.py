"""What the reading of a file noted of a row, as faults of that row."""

from __future__ import annotations

from typing import Any

from credit.services.mappings.shapes import Fault, Words
from credit.services.marks import BROKEN, CELLS, DEEP, NUMBERED, TOO_LONG
from credit.services.registry_words import REASONS

SHOWN = 60


def spoilt(marks: dict[str, Any], code_headers: set[str]) -> list[Fault]:
    """What the file itself spoilt of a row, by the marks of its reading."""
    found = []
    if marks.get(BROKEN):
        found.append(Fault("line", "broken", Words("这一行不是有效的 JSON 对象", str(marks[BROKEN]))))
    if marks.get(DEEP):
        found.append(Fault("line", "too_deep", Words("嵌套过深", "it nests too deep to be meant")))
    if marks.get(CELLS):
        found.append(Fault("line", "cells", _words("cells")))
    if marks.get(TOO_LONG):
        found.append(Fault(str(marks[TOO_LONG])[:SHOWN], "too_long", _words("too_long")))
    if code_headers & set(marks.get(NUMBERED) or ()):
        found.append(Fault("code", "number_typed", _words("number_typed")))
    return found


def _words(reason: str) -> Words:
    zh, _, en = REASONS[reason].partition("/")
    return Words(zh.strip(), en.strip() or zh)
