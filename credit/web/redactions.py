"""Redaction at the desk: which texts wait, and one text with what was found in it beside what is proposed."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, StaleVersion
from credit.services import fact_history, way
from credit.services import redactions as service
from credit.services.duties.desk import duties, page
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.redaction import RedactionIn

OWN = "events:write or supervise"
MOST = 50
NUMBER = re.compile("[0-9]{1,18}")
Answer = str | Response | tuple[str, int]


@signed_in(OWN)
def redactions() -> str:
    """The department's texts in which personal data was found and that nobody has masked or cleared."""
    day = today()
    found = duties(day, g.department_id).filter(pl.col("kind") == "redact", pl.col("done_on").is_null())
    told = page(found, day, "redact", None, asked("cursor"), MOST)
    return render_template("redactions.html", page=told, filters={"cursor": asked("cursor")})


@signed_in(OWN)
def redaction(event_id: int) -> Answer:
    """A fact's text with its findings marked, the masked text proposed beside it; masked or cleared here."""
    event, about = service.of_event(event_id, g.bearer)
    told = service.told(event, about)
    if request.method == "GET":
        return _page(told, {})
    act, day = request.form.get("act", ""), today()
    if act == "clear" and not request.form.get("sure"):
        return _page(told, {"sure": t("请勾选确认。", "Tick the box to confirm.")}), 422
    try:
        given = RedactionIn().load(_sent(act, told))
        with transaction("redaction", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
            enterprise_id, new = service.redact(change, event_id, g.bearer, given, day)
            if new:
                way.advance(change, [enterprise_id], day)
    except InvalidInput as refused:
        return _page(told, dict.fromkeys(wrong_fields(refused), t(refused.detail_zh, refused.detail))), 422
    except ValidationError as refused:
        return _page(told, wrong_fields(refused)), 422
    except StaleVersion as refused:
        return _page(told, {"text": t(refused.detail_zh, refused.detail)}), 409
    return redirect(url_for("web.redaction", event_id=event_id, done=act), 303)


def _sent(act: str, told: dict[str, Any]) -> dict[str, Any]:
    """The form as the API takes it; the proposal is masked on the register's side, not by what was sent."""
    form = request.form
    version = {"version": int(form["version"])} if NUMBER.fullmatch(form.get("version", "")) else {}
    reason = {"reason": form["reason"]} if form.get("reason", "").strip() else {}
    if act == "propose":
        return {"masked": told["proposed"]} | version
    numbers = [int(one) for one in form.getlist("cleared") if NUMBER.fullmatch(one)]
    cleared = {"cleared": numbers} if numbers or act == "clear" else {}
    masked = {} if act == "clear" else {"masked": form.get("masked", "").replace("\r\n", "\n")}
    return masked | cleared | reason | version


def _page(told: dict[str, Any], wrong: dict[str, str]) -> str:
    history = fact_history.history(told["event"], today())
    return render_template(
        "redaction.html", told=told, pieces=_pieces(told), fact=history, wrong=wrong, typed=request.form,
        done=request.args.get("done"),
    )  # fmt: skip


def _pieces(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The text cut at its findings: plain pieces, and marked ones with their finding."""
    found, place = [], 0
    for one in told["findings"]:
        found.append({"text": told["text"][place : one["start"]], "finding": None})
        found.append({"text": told["text"][one["start"] : one["end"]], "finding": one})
        place = one["end"]
    return [*found, {"text": told["text"][place:], "finding": None}]
