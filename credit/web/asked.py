"""What the reader asked for, taken from the page's address."""

from __future__ import annotations

from datetime import date

from flask import request

from credit.errors import InvalidInput


def asked(name: str) -> str | None:
    """A word from the address; an empty field asks for nothing."""
    return request.args.get(name, "").strip() or None


def asked_day(name: str) -> date | None:
    """A day from the address. Raises InvalidInput if it is none."""
    text = asked(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(
            f"“{text}” is no day: write it like 2026-11-22.",
            zh=f"“{text}”不是日期，请写成 2026-11-22 的样子。",
            errors={name: ["not a day"]},
        ) from None
