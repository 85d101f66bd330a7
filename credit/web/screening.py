"""Screening as a page: a list pasted or uploaded, the verdict on each bidder and why, in the order sent."""

from __future__ import annotations

from typing import Any

import polars as pl
from flask import current_app, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.errors import BeforeRegister, InvalidInput, RegisterError
from credit.proof import check, proved, refuse_many
from credit.screening_files import screened_file, uploaded
from credit.services.screening import clearances, files
from credit.services.screening.screen import DEFAULT
from credit.web.asked import day_of
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.pasted import pasted
from credit.web.tender_words import LINES, kinds_on, list_name, lists_on

SHOWN = 2_000
Told = dict[str, Any]
Page = str | Response | tuple[str, int]


def screening() -> Page:
    """The form; with a list, what was found of each bidder, or the list back as a file."""
    request.max_content_length = int(current_app.config["CREDIT_MAX_SCREENING"])
    if request.method == "GET":
        return _page({})
    asked, tender = request.form.get("as"), _tender()
    try:
        refuse_many()
        as_of = day_of("as_of", request.form.get("as_of", ""))
        if asked == "file":
            return screened_file(tender, as_of)
        bidders = [] if asked == "pin" else _bidders().to_dicts()
        return found_page(proved(check(bidders, tender, as_of), tender))
    except (ValidationError, InvalidInput) as refused:
        return _page(wrong_fields(refused)), 422
    except RegisterError as refused:
        place = "as_of" if isinstance(refused, BeforeRegister) else "file"
        return _page({place: t(refused.detail_zh, refused.detail)}), refused.status


def found_page(proof: Told) -> str:
    """What a check found, with its receipt: the only time that its secret is shown."""
    return _page({}, proof)


def _tender() -> dict[str, str | None]:
    """What the form says of the tender, as the receipt keeps it."""
    told = {name: request.form.get(name, "").strip()[:256] or None for name in LINES}
    return {"kind": request.form.get("kind") or DEFAULT, **told}


def _bidders() -> pl.DataFrame:
    """The bidders of the uploaded file, else those that were pasted. Raises InvalidInput, FileRefused."""
    with uploaded() as path:
        if path is not None:
            return files.bidders(path)[1].drop("row")
    return pasted(request.form.get("list", "")).drop("row")


def _page(wrong: dict[str, str], proof: Told | None = None) -> str:
    day = today()
    lists = lists_on(day)
    return render_template(
        "screening.html", wrong=wrong, typed=request.form, kinds=kinds_on(day), day=day, proof=proof, shown=SHOWN,
        sure=clearances.SURE,        list_name=lambda name: list_name(name, lists),
    )  # fmt: skip
