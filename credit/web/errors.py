"""Errors as a page: the reason, what to do, and the mends as links."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.exceptions import HTTPException

from credit.errors import RegisterError
from credit.web.language import t

Answer = tuple[str, int, list[tuple[str, str]]]


def error_page(error: RegisterError | HTTPException) -> Answer:
    """The page for a refusal of the register or an error of HTTP, with its status and headers."""
    if isinstance(error, RegisterError):
        title, detail = t(error.zh, error.title), t(error.detail_zh, error.detail)
        return _page(error.status, title, detail, error.extra), error.status, []
    status = error.code or 500
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return _page(status, None, "", {}), status, headers


def _page(status: int, title: str | None, detail: str, extra: dict[str, Any]) -> str:
    """Without a title the page finds words for the status."""
    return render_template("error.html", status=status, title=title, detail=detail, extra=extra)
