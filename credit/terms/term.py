"""What a word of the vocabulary is."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A word with two labels: `Grade.AAA.zh`, `Grade.AAA.en`; its value is what stands in tables."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Term:
        term = str.__new__(cls, value)
        term._value_ = value
        term.zh, term.en = zh, en
        return term
