"""Draws at the desk (双随机): plans and draws, a form for a new plan, and one draw with what can be done now."""

from __future__ import annotations

import re
from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.rules.draws.states import ACTS
from credit.services.draws import acts, told
from credit.services.inspecting.told import checklists_of
from credit.terms import DrawState
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from schemas.draw import PlanIn
from schemas.draw_told import DrawActIn

Page = str | Response | tuple[str, int]
LISTS = ("months", "regions", "industries", "products", "items", "departments")
PLAIN = ("id", "title", "starts_on", "ends_on", "qualification", "checklist")
PARTS = re.compile(r"[\s,，、;；]+")
WHY = {
    "closed": ("注销或吊销", "closed"), "no-tier": ("没有监管类别", "without a tier"),
    "yearly-cap": ("本年计划检查已达上限", "at the cap of the year"),
    "higher-level": ("上级近期已抽查", "sampled lately by a higher level"),
}  # fmt: skip


@signed_in("supervise")
def draws() -> Page:
    """Plans and draws, the latest first; make a plan."""
    if request.method == "GET":
        return _page({})
    day, sent = today(), {name: text.strip() for name, text in request.form.items() if text.strip()}
    try:
        given = PlanIn().load(_plan(sent))
        with transaction("draw-plan", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            number, _ = acts.make(change, g.bearer, given, day)
    except (ValidationError, InvalidInput) as refused:
        return _page({path.split(".")[0]: told for path, told in wrong_fields(refused).items()}), 422
    except RegisterError as refused:
        return _page({"id": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.draw_case", number=number), 303)


def _plan(sent: dict[str, str]) -> dict[str, Any]:
    """What was typed, in the shape of a plan; lists are parted by commas or blanks."""
    plain = {name: sent[name] for name in PLAIN if name in sent}
    parts: dict[str, list[Any]] = {name: [one for one in PARTS.split(sent.get(name, "")) if one] for name in LISTS}
    parts["months"] = [int(month) if month.isdecimal() else month for month in parts["months"]]
    size = sent.get("size")
    more: dict[str, Any] = {"size": int(size) if size.isdecimal() else size} if size else {}
    if sent.get("shares"):
        told_of = [part for part in PARTS.split(sent["shares"].replace("＝", "=")) if part]
        more["shares"] = dict(part.partition("=")[::2] for part in told_of)
    return plain | parts | more | {"key_item": "key_item" in sent}


def _page(wrong: dict[str, str]) -> str:
    page: Any = told.page(asked("cursor"), 20)
    return render_template(
        "desk-draws.html", page=page, wrong=wrong, typed=request.form, states=DrawState,
        checklists=checklists_of(today()),
    )  # fmt: skip


@signed_in("supervise")
def draw_case(number: int) -> Page:
    """One draw: what it asks for, what was done, what can be done now, and who was drawn."""
    if request.method == "GET":
        return _case(number, {})
    sent = {name: text for name in ("act", "seed", "seed_source") if (text := request.form.get(name, "").strip())}
    try:
        given = DrawActIn().load(sent)
        name = given.pop("act")
        known = {key: value for key, value in given.items() if value is not None}
        with transaction("draw-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            acts.BY_NAME[name](change, number, g.bearer, today(), **known)
    except ValidationError as refused:
        return _case(number, wrong_fields(refused)), 422
    except RegisterError as refused:
        acts.find(number)
        return _case(number, {"acts": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.draw_case", number=number), 303)


def _case(number: int, wrong: dict[str, str]) -> str:
    case = told.one(number, today())
    able = [name for name, act in ACTS.items() if case["state"] in act.begins]
    return render_template(
        "desk-draw.html", case=case, able=able, acts=ACTS, wrong=wrong, typed=request.form, why=WHY, states=DrawState
    )
