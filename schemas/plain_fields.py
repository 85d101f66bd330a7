"""Fields that leave no doubt, one value or a column of them; whatever else comes is Doubt, never an error."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError

from schemas.fields import FEN

# What the field Text refuses: control characters (Cc) but for line ends and tabs, and surrogates (Cs).
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
YUAN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?", re.ASCII)
DOUBTS = (ValidationError, LookupError, ValueError, TypeError, AttributeError)


class Doubt(ValueError):
    """Not plainly good: the shape itself must say."""


class Reads(ABC):
    """Reads the values of a field. Raises one of DOUBTS where they aren't plainly good."""

    @abstractmethod
    def one(self, value: Any) -> Any:
        """What the field would load."""

    def many(self, values: Sequence[Any]) -> Sequence[Any]:
        """What it would load of each."""
        return list(map(self.one, values))


class Own(Reads):
    """A field of a kind that we don't know reads for itself."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def one(self, value: Any) -> Any:
        return self.field.deserialize(value)


class Optional(Reads):
    """A field that may be null."""

    def __init__(self, inner: Reads) -> None:
        self.inner = inner

    def one(self, value: Any) -> Any:
        return None if value is None else self.inner.one(value)

    def many(self, values: Sequence[Any]) -> Sequence[Any]:
        return super().many(values) if None in values else self.inner.many(values)


class Texts(Reads):
    """Trimmed text of bounded length without control characters."""

    def __init__(self, shortest: int, longest: int) -> None:
        self.shortest, self.longest = shortest, longest

    def one(self, value: Any) -> str:
        if type(value) is not str or (not value.isprintable() and CONTROL.search(value)):
            raise Doubt
        text = value.strip()
        if not self.shortest <= len(text) <= self.longest:
            raise Doubt
        return text

    def many(self, values: Sequence[Any]) -> Sequence[Any]:
        whole = "".join(values)
        if not whole.isprintable() and CONTROL.search(whole):
            raise Doubt
        texts = list(map(str.strip, values))
        lengths = list(map(len, texts))
        if min(lengths) < self.shortest or max(lengths) > self.longest:
            raise Doubt
        return texts


class Words(Reads):
    """Words of the vocabulary as they stand there."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words

    def one(self, value: Any) -> Any:
        return self.words[value]

    def many(self, values: Sequence[Any]) -> Sequence[Any]:
        return list(map(self.words.__getitem__, values))


class Days(Reads):
    """Days as 2026-11-22."""

    def one(self, value: Any) -> date:
        return _day(value)


class Yuan(Reads):
    """Amounts as text; numbers are left to the field."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def one(self, value: Any) -> Any:
        return _yuan(value) if type(value) is str else self.field.deserialize(value)


class Truths(Reads):
    """True and false themselves."""

    def one(self, value: Any) -> bool:
        if value is not True and value is not False:
            raise Doubt
        return bool(value)

    def many(self, values: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, values)) != {bool}:
            raise Doubt
        return values


class Lists(Reads):
    """Lists, and the bounds of their length."""

    def __init__(self, inner: Reads, checks: list[Any]) -> None:
        self.inner, self.checks = inner, checks

    def one(self, value: Any) -> list[Any]:
        if type(value) is not list:
            raise Doubt
        found = list(map(self.inner.one, value))
        for check in self.checks:
            check(found)
        return found


@lru_cache(maxsize=8192)
def _day(value: Any) -> date:
    if type(value) is not str or len(value) != 10 or value[4] != "-" or value[7] != "-":
        raise Doubt
    return date.fromisoformat(value)


@lru_cache(maxsize=8192)
def _yuan(value: str) -> Decimal:
    if not YUAN.fullmatch(value):
        raise Doubt
    return Decimal(value).quantize(FEN)
