"""What the reader asked for, taken from the page's address."""

from __future__ import annotations

from datetime import date

from flask import request

from credit.errors import InvalidInput
from credit.terms import Kind


def asked(name: str) -> str | None:
    """A word from the address; an empty field asks for nothing. Raises InvalidInput if it can't be read."""
    word = request.args.get(name, "").strip()
    if not word.isprintable():
        raise InvalidInput(
            "The address holds a control character: take it out.",
            zh="网址中含有控制字符，请删除。",
            errors={name: ["a control character"]},
        )
    return word or None


def asked_kind() -> Kind | None:
    """The kind of events that the reader wants to see; any other word asks for all."""
    word = asked("kind")
    return Kind(word) if word in set(Kind) else None


def asked_day(name: str) -> date | None:
    """A day from the address. Raises InvalidInput if it is none."""
    return day_of(name, asked(name) or "")


def day_of(name: str, text: str) -> date | None:
    """A day that was typed into a field of this name; None where it is empty. Raises InvalidInput if it is none."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InvalidInput(
            f"“{text}” is no day: write it like 2026-11-22.",
            zh=f"“{text}”不是日期，请写成 2026-11-22 的样子。",
            errors={name: ["not a day"]},
        ) from None
