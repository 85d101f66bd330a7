"""Delegation at the desk: let a colleague act in one's role for some days, and end it."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.rules.delegations import LONGEST
from credit.services import delegations
from credit.web.asked import day_of
from credit.web.desk import signed_in
from credit.web.language import t

SCOPE = "supervise or decide or review"
Page = str | Response | tuple[str, int]


@signed_in(SCOPE)
def delegated() -> Page:
    """Who acts for the officer and for whom the officer acts; give a delegation, or end one."""
    if request.method == "GET":
        return _page({})
    number = request.form.get("number", "")
    try:
        if number.isdecimal() and len(number) < 19:
            with transaction("delegation-end", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
                delegations.end(change, int(number), g.bearer.officer_id, today())
        else:
            given = _given()
            with transaction("delegation", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
                delegations.delegate(change, g.bearer.officer_id, **given, day=today())
    except InvalidInput as refused:
        place = next(iter(refused.extra["errors"]))
        return _page({place: t(refused.detail_zh, refused.detail)}), 422
    except RegisterError as refused:
        return _page({"deputy": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.delegated", done="ended" if number else "given"), 303)


def _given() -> dict[str, Any]:
    """What the form said. Raises InvalidInput naming the field."""
    said = {name: request.form.get(name, "").strip() for name in ("deputy", "since", "until", "reason")}
    for name, text in said.items():
        if not text or len(text) > 256:
            raise InvalidInput("Must be given.", zh="请填写", errors={name: ["Must be given."]})
    if not (said["deputy"].isdecimal() and len(said["deputy"]) < 19):
        raise InvalidInput("Choose a colleague.", zh="请选择同事", errors={"deputy": ["Choose a colleague."]})
    return {
        "deputy_id": int(said["deputy"]), "reason": said["reason"],
        **{name: day_of(name, said[name]) for name in ("since", "until")},
    }  # fmt: skip


def _page(wrong: dict[str, str]) -> str:
    officer, day = int(g.bearer.officer_id), today()
    return render_template(
        "desk-delegations.html", wrong=wrong, typed=request.form, day=day, last=day + LONGEST,
        found=delegations.of(officer, day), done=request.args.get("done"),
        colleagues=delegations.colleagues(officer, g.department_id),
    )  # fmt: skip
