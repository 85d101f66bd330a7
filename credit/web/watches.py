"""Special supervision at the desk: whom departments watch, and a form to watch or to end it."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.services import watches
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.watch import WatchEndIn, WatchIn

FIELDS = ("code", "reason", "document_no")
Page = str | Response | tuple[str, int]


@signed_in("supervise")
def watched() -> Page:
    """Whom departments watch now; watch another one, or end it."""
    if request.method == "GET":
        return _page({})
    day, sent = today(), {name: text.strip() for name, text in request.form.items() if text.strip()}
    number = sent.get("number", "")
    try:
        if number.isdecimal() and len(number) < 19:
            given = WatchEndIn(day=day).load({"reason": sent.get(f"reason-{number}", "")})
            with transaction("watch-end", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
                watches.end(change, int(number), g.bearer, given, day)
        else:
            named = {name: sent[name] for name in FIELDS if name in sent}
            given = WatchIn(day=day).load(named)
            with transaction("watch", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
                watches.watch(change, g.bearer, given, day)
    except (ValidationError, InvalidInput) as refused:
        wrong = wrong_fields(refused)
        return _page({f"reason-{number}" if number else name: told for name, told in wrong.items()}), 422
    except RegisterError as refused:
        return _page({"code": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.watched"), 303)


def _page(wrong: dict[str, str]) -> str:
    page: Any = watches.page(asked("cursor"))
    return render_template("desk-watches.html", page=page, wrong=wrong, typed=request.form)
