"""The directory of inspectors at the desk: who there is; add one, keep a recusal, let one leave."""

from __future__ import annotations

import re
from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.rules.draws.refusals import UnknownInspector
from credit.services.draws import directory
from credit.services.inspecting import giving
from credit.services.inspecting.told import checklists_of
from credit.terms import InspectionType
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import named_fields
from credit.web.language import t
from schemas.draw_told import InspectorNew, RecusalIn
from schemas.inspecting import BY_HAND, TaskIn

Page = str | Response | tuple[str, int]
PARTS = re.compile(r"[\s,，、;；]+")
MOST = 200


@signed_in("supervise")
def inspectors() -> Page:
    """Who inspects, for what and where, from whom they stay away, and how much they were given this year."""
    if request.method == "GET":
        return _page({})
    form, day = request.form, today()
    try:
        with transaction("inspector", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            if form.get("act") == "add":
                directory.add(change, g.bearer, InspectorNew().load(_new()))
            elif form.get("act") == "recuse":
                given = RecusalIn().load({name: form.get(name, "").strip() for name in ("code", "reason")})
                directory.recuse(change, _number(), g.bearer, given, day)
            else:
                directory.leave(change, _number(), g.bearer, day)
    except (ValidationError, InvalidInput) as refused:
        return _page(named_fields(refused)), 422
    except RegisterError as refused:
        return _page({"name": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.inspectors"), 303)


def _number() -> int:
    number = request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise UnknownInspector
    return int(number)


def _new() -> dict[str, Any]:
    form = request.form
    parts = {name: [one for one in PARTS.split(form.get(name, "")) if one] for name in ("regions", "qualifications")}
    login = form.get("login", "").strip()
    return {"name": form.get("name", ""), **parts, **({"login": login} if login else {})}


def _page(wrong: dict[str, str]) -> str:
    page: Any = directory.page(asked("cursor"), 50, today())
    return render_template("desk-inspectors.html", page=page, wrong=wrong, typed=request.form)


@signed_in("supervise")
def inspection_new() -> Page:
    """Give a task outside the draw; a re-check comes with what is known of it."""
    if request.method == "GET":
        return _form({})
    form, day = request.form, today()
    named = ("code", "type", "subject", "checklist", "due_on")
    sent: dict[str, Any] = {name: text for name in named if (text := form.get(name, "").strip())}
    sent["inspectors"] = [int(one) for one in form.getlist("inspectors") if one.isdecimal() and len(one) < 19]
    if lead := form.get("lead", "").strip():
        sent["lead"] = int(lead) if lead.isdecimal() and len(lead) < 19 else lead
    if of := form.get("of", "").strip():
        sent["of"] = int(of) if of.isdecimal() and len(of) < 19 else of
    try:
        given = TaskIn().load(sent)
        with transaction("inspection-task", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
            number = giving.by_hand(change, g.bearer, given, day)
    except (ValidationError, InvalidInput) as refused:
        return _form(named_fields(refused)), 422
    except RegisterError as refused:
        return _form({"code": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.inspection", number=number), 303)


def _form(wrong: dict[str, str]) -> str:
    """The form; an address may fill in the enterprise, the failure and the day."""
    again = {"type": "supervised_sampling", "subject": t("整改复查", "Re-check")} if request.args.get("of") else {}
    if request.args.get("lead"):
        again = {"type": "complaint", "subject": t("投诉举报核查", "Check on a complaint")}
    named = {name: request.args.get(name, "") for name in ("code", "of", "lead", "due_on")}
    filled: Any = request.form or again | named
    people = [one for one in directory.page(None, MOST, today()).items if not one["left_on"]]
    return render_template(
        "desk-inspection-new.html", wrong=wrong, typed=filled, people=people, chosen=request.form.getlist("inspectors"),
        types=[InspectionType(one) for one in BY_HAND], checklists=checklists_of(today()),
    )  # fmt: skip
