"""Fields that refuse what a register can't keep, and say how to mend it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from credit.terms import Term

LINE, PARAGRAPH = 256, 10_000
SPACED_OFFSET = re.compile(r" (\d\d:\d\d)$")
EARLIEST = date(1949, 10, 1)
BEYOND = 2**62  # no row bears such a number, and the databases can't hold a larger one
MOST_YUAN, FEN = Decimal(10**13), Decimal("0.01")


class Text(fields.String):
    """Text without control characters (a NUL can't be stored), trimmed, of bounded length, like a pattern."""

    def __init__(
        self, longest: int = LINE, shortest: int = 0, like: validate.Regexp | None = None, **kwargs: Any
    ) -> None:
        checks = [validate.Length(min=shortest, max=longest), *([like] if like else [])]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        for letter in text:
            if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t":
                raise ValidationError(f"Remove the control character U+{ord(letter):04X}.")
        return text.strip()


class Word(fields.Enum[Any]):
    """A word of the vocabulary, by its value or by its Chinese or English label."""

    def __init__(self, terms: type[Term], **kwargs: Any) -> None:
        super().__init__(terms, by_value=True, **kwargs)
        self.words: dict[str, Term] = {}
        for term in terms:
            self.words |= {term.zh: term, term.en.casefold(): term, str(term): term}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Term:
        word = value.strip() if isinstance(value, str) else ""
        found = self.words.get(word) or self.words.get(word.casefold())
        if found is None:
            raise ValidationError(f"Must be one of: {', '.join(sorted(str(term) for term in self.enum))}.")
        return found


class Moment(fields.AwareDateTime):
    """An instant with its offset. An address turns the plus of an offset into a space: it is turned back."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        text = SPACED_OFFSET.sub(r"+\1", value) if isinstance(value, str) else value
        try:
            moment: datetime = super()._deserialize(text, attr, data, **kwargs)
        except ValidationError:
            raise ValidationError("Give an instant with its offset, like 2026-11-22T09:30:00+08:00.") from None
        return moment


class Money(fields.Decimal):
    """An amount in yuan, not negative, to the fen. Up to the bound a float would still be exact."""

    def __init__(self, **kwargs: Any) -> None:
        told: dict[str, Any] = {"minimum": 0, "maximum": int(MOST_YUAN), "description": "yuan, at most two decimals"}
        super().__init__(allow_nan=False, metadata=told | {"type": ["number", "string"]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        amount: Decimal = super()._deserialize(value, attr, data, **kwargs)
        if not 0 <= amount <= MOST_YUAN:
            raise ValidationError(f"Must be between 0 and {MOST_YUAN:,} yuan.")
        if amount != amount.quantize(FEN):
            raise ValidationError("Give yuan with at most two decimals.")
        return abs(amount.quantize(FEN))
