"""Items as pages: the trace of one, the GS1 Digital Link that leads to it, and what needs following up."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

from credit.clock import today
from credit.db import transaction
from credit.errors import RegisterError
from credit.services.items import prefixes
from credit.services.items.trace import trace
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.record import timeline
from schemas.item import PrefixIn

JSON = "application/json"


def item(gtin: str) -> str:
    """What may be shown of an item, of all its lots or of one."""
    lot = asked("lot")
    found = trace(gtin, lot, today())
    record = {"violations": found["violations"], "inspections": found["inspections"], "awards": [], "findings": []}
    return render_template("item.html", item=found, timeline=timeline(record), lot=lot)


def digital_link(gtin: str, lot: str | None = None) -> Answer:
    """A GS1 Digital Link (AI 01 item, AI 10 lot) resolves to the page, or to the API for a program."""
    if request.accept_mimetypes.best_match(["text/html", JSON], "text/html") == JSON:
        return redirect(url_for("items.trace", gtin=gtin, lot=lot, lang=None), 307)
    return redirect(url_for("web.item", gtin=gtin, lot=lot), 307)


@signed_in("enterprises:write")
def follow_up() -> str | tuple[str, int]:
    """Items of which nobody knows whose they are; the form says whose a prefix is."""
    day, given, wrong = today(), {**request.form}, ""
    done = None
    if request.method == "POST":
        try:
            done = _kept(given)
            given = {}
        except ValidationError as error:
            wrong = " ".join(str(text) for texts in error.normalized_messages().values() for text in texts)
        except RegisterError as error:
            wrong = error.detail_zh + " / " + error.detail
    page = render_template(
        "follow-up.html", unknown=prefixes.unknown(day), given=given, wrong=wrong, done=done, day=day
    )
    return (page, 422) if wrong else page


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    fields = {name: given[name] for name in ("prefix", "code", "valid_from", "valid_until") if given.get(name)}
    loaded = PrefixIn().load(fields | {"gtin_8": bool(given.get("gtin_8"))})
    with transaction("item-prefix", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        code, _ = prefixes.hold(change, g.department_id, loaded)
    return {"prefix": loaded["prefix"], "code": code}
