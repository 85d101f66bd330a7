"""Copies of other bodies' lists at the desk: how fresh each is, and a form that takes a new copy in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import FileRefused, InvalidInput
from credit.screening_files import uploaded
from credit.services import outside_lists
from credit.services.policies import law_on
from credit.web.asked import day_of
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.tender_words import lists_on

SCOPE = "administer"
Page = str | Response | tuple[str, int]


def copies() -> Any:
    """Each list with its last copy; a new one. An upload may be larger than other forms."""
    request.max_content_length = int(current_app.config["CREDIT_MAX_BATCH"])
    return _copies()


copies.auth_rule = SCOPE  # type: ignore[attr-defined]


@signed_in(SCOPE)
def _copies() -> Page:
    if request.method == "GET":
        return _page({})
    form, day = request.form, today()
    try:
        as_of = day_of("as_of", form.get("as_of", "")) or day
        with uploaded() as path:
            if path is None:
                told = "Choose a file."
                raise InvalidInput(told, zh="请选择文件", errors={"file": [told]})
            with transaction("outside-list", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
                outside_lists.take(change, law_on(day), form.get("list", ""), path, as_of, day, "sure" in form)
    except FileRefused as refused:
        return _page({"file": t(refused.detail_zh, refused.detail)}, rows=refused.extra.get("rows", ())), refused.status
    except InvalidInput as refused:
        named = {place: t(refused.detail_zh, refused.detail) for place in wrong_fields(refused)}
        return _page(named), 422
    except ValidationError as refused:
        return _page(wrong_fields(refused)), 422
    return redirect(url_for("web.outside_lists", taken=form.get("list", "")), 303)


def _page(wrong: dict[str, str], rows: Any = ()) -> str:
    day = today()
    held = {row["list"]: row for row in outside_lists.copies(day).to_dicts()}
    told = [_told(name, one, held.get(name), day) for name, one in lists_on(day).items()]
    return render_template(
        "desk-outside-lists.html", lists=told, wrong=wrong, rows=list(rows)[:20], typed=request.form, day=day,
        taken=request.args.get("taken"),
    )  # fmt: skip


def _told(name: str, one: dict[str, Any], copy: dict[str, Any] | None, day: date) -> dict[str, Any]:
    """A list: its words, its last copy's day and entries, and the last day on which that is fresh enough."""
    until = copy["data_as_of"] + timedelta(days=int(one["fresh_days"])) if copy else None
    return {
        "name": name, "words": {"zh": one["zh"], "en": one["en"]}, "data_as_of": copy and copy["data_as_of"],
        "rows": copy and copy["rows"], "fresh_until": until, "stale": until is None or until < day,
    }  # fmt: skip
