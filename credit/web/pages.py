"""The way in: the home page, the search for an enterprise, and help."""

from __future__ import annotations

import re
from unicodedata import normalize

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from credit.clock import today
from credit.services import search as enterprises
from credit.services import statistics
from credit.web.asked import asked


def home() -> str:
    """One field to search with, what this register is, and the numbers of the day."""
    return render_template("home.html", numbers=statistics.numbers(today()))


def search() -> str | Response:
    """Enterprises by name, pinyin initials or code; a whole code leads to the enterprise itself."""
    q = asked("q") or ""
    if is_whole_code(q):
        return redirect(url_for("web.enterprise", code=q))
    grade, region, industry, cursor = map(asked, ("grade", "region", "industry", "cursor"))
    page = enterprises.search(q, today(), grade, region, industry, cursor)
    return render_template(
        "search.html", page=page, q=q, grade=grade, region=region, industry=industry, cursor=cursor
    )


def is_whole_code(text: str) -> bool:
    """About as long as a unified code and with digits: its own page says what is wrong with it."""
    folded = normalize("NFKC", text).upper()
    return bool(re.fullmatch(r"(?=.*\d)[0-9A-Z]{16,20}", folded))


def help_page() -> str:
    """How to read the register, and what to do when it is wrong."""
    return render_template("help.html")
