"""Inspection tasks at the desk: an inspector's list for the phone, one task with its checklist, and the sheet."""

from __future__ import annotations

import re
from typing import Any

from flask import Response as Download
from flask import abort, g, redirect, render_template, request, send_file, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit import inspection_sheets
from credit.clock import today
from credit.db import transaction
from credit.errors import InvalidInput, RegisterError
from credit.rules.inspecting.states import ACTS
from credit.services.complaints import leads
from credit.services.inspecting import acts, told
from credit.services.objections import attachments
from credit.terms import InspectionType, Result, TaskState
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import named_fields
from credit.web.language import t
from schemas.inspecting import FIELDS_OF

Page = str | Response | tuple[str, int]
SAMPLED = ("gtin", "lot", "product", "quantity")
SAMPLES = 3  # on the form; more by the API
VIEWS = ("mine", "open", "visited", "done", "all")
PARTS = re.compile(r"[;；\n]+")


@signed_in("supervise")
def inspections() -> str:
    """Tasks by deadline: mine where I am an inspector, else the department's; and re-checks that wait."""
    me, view = told.me(g.bearer), asked("view")
    view = view if view in VIEWS else ("mine" if me else "open")
    state = view if view in ("open", "visited", "done") else None
    wanted = {
        "limit": 20, "cursor": asked("cursor"), "state": state, "department": g.bearer.department_id,
        "inspector": me if view == "mine" else None, "overdue": False,
    }  # fmt: skip
    if view == "mine" and me:
        wanted["department"] = None
    page: Any = told.page(wanted, today())
    waiting = told.follow_ups(today(), g.bearer.department_id) if not asked("cursor") else []
    return render_template(
        "desk-inspections.html", page=page, view=view, me=me, waiting=waiting,
        leads=[] if asked("cursor") else leads.waiting(g.bearer.department_id), states=TaskState, types=InspectionType
    )


@signed_in("supervise")
def inspection(number: int) -> Page:
    """One task: what is asked, and the form of what can be done now."""
    if request.method == "GET":
        return _page(number, {})
    day, act = today(), request.form.get("act", "")
    try:
        if act not in FIELDS_OF:
            raise InvalidInput("Choose what to do.", zh="请选择要办理的事项", errors={"act": ["?"]})
        given = FIELDS_OF[act]().load(_sent(act, told.one(number, day)))
        _do(number, act, given)
    except (ValidationError, InvalidInput) as refused:
        return _page(number, named_fields(refused)), 422
    except RegisterError as refused:
        acts.find(number)
        return _page(number, {"act": t(refused.detail_zh, refused.detail)}), refused.status
    return redirect(url_for("web.inspection", number=number), 303)


def _do(number: int, act: str, given: dict[str, Any]) -> None:
    sent = [(file.filename or "", file.read()) for file in request.files.getlist("files") if file.filename]
    files = attachments.checked(sent) if act == "visit" else []
    with (
        attachments.kept(files) as stored,
        transaction("inspection-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change,
    ):
        more = {"files": files, "stored": stored} if act == "visit" else {}
        acts.BY_NAME[act](change, number, g.bearer, given, today(), **more)


def _sent(act: str, task: dict[str, Any]) -> dict[str, Any]:
    """What was typed, in the shape of the act."""
    form = request.form
    if act == "visit":
        return _visit(form, task)
    if act == "result":
        samples = _samples(task)
        return {"results": [_result(form, place) for place in range(max(len(samples), 1))]}
    given: dict[str, Any] = {"reason": form.get("reason", "").strip()}
    if act == "reassign":
        given["inspectors"] = [int(one) for one in re.findall(r"[0-9]{1,18}", form.get("inspectors", ""))]
    return given


def _visit(form: Any, task: dict[str, Any]) -> dict[str, Any]:
    names = [one["id"] for one in task["questions"]]
    samples = [
        {name: text for name in SAMPLED if (text := form.get(f"{name}-{place}", "").strip())}
        for place in range(SAMPLES)
    ]  # fmt: skip
    return {
        "inspected_on": form.get("inspected_on", ""), "found": form.get("found", ""),
        "inspectors": [int(one) for one in form.getlist("inspectors") if one.isdecimal() and len(one) < 19],
        "answers": {name: form[f"answer-{name}"] for name in names if form.get(f"answer-{name}")},
        "notes": {name: text for name in names if (text := form.get(f"note-{name}", "").strip())},
        "samples": [one for one in samples if one],
    }  # fmt: skip


def _result(form: Any, place: int) -> dict[str, Any]:
    told_of = {name: form.get(f"{name}-{place}", "").strip() for name in ("laboratory", "report_no", "ordered_on")}
    failed = [part.strip() for part in PARTS.split(form.get(f"failed-{place}", "")) if part.strip()]
    return {
        "result": form.get(f"result-{place}", ""), "safety_item": f"safety-{place}" in form,
        "failed_items": [{"item": part} for part in failed], **{name: text for name, text in told_of.items() if text},
    }  # fmt: skip


def _samples(task: dict[str, Any]) -> list[dict[str, Any]]:
    found = [act["fields"]["samples"] for act in task["acts"] if act["act"] == "visit"]
    return found[-1] if found else []


def _page(number: int, wrong: dict[str, str]) -> str:
    task = told.one(number, today())
    return render_template(
        "desk-inspection.html", task=task, wrong=wrong, typed=request.form, acts=ACTS, states=TaskState,
        types=InspectionType, results=Result, samples=_samples(task), places=range(SAMPLES), today=today(),
    )  # fmt: skip


@signed_in("supervise")
def inspection_file(number: int, file: int) -> Response:
    """A file of evidence, as a download that no browser opens in the register's own name."""
    found = told.file_of(number, file)
    if found is None or not (path := attachments.folder() / found.stored).is_file():
        abort(404)
    answer = send_file(path, "application/octet-stream", as_attachment=True, download_name=found.name, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@signed_in("supervise")
def inspection_sheet(number: int) -> Download | Response | tuple[str, int]:
    """The sheet of a draw's open tasks; filled in, it comes back here."""
    if request.method == "GET":
        return inspection_sheets.given(number, today())
    try:
        kept = inspection_sheets.taken(number, today())
    except RegisterError as refused:
        lines = refused.extra.get("lines", [])
        page = render_template("desk-sheet.html", number=number, refused=refused, lines=lines, kept=None)
        return page, refused.status
    return render_template("desk-sheet.html", number=number, refused=None, lines=[], kept=kept), 200
