"""Inspection tasks (检查任务): who inspects what by when, the visit, its results, and the sheet for days offline."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit import inspection_sheets
from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.screening_files import MIME
from credit.services.inspecting import acts, giving, told
from schemas.inspecting import (
    FollowUps,
    SheetReceipt,
    TaskActIn,
    TaskIn,
    TaskOut,
    TaskPage,
    TaskQuery,
)

blueprint = Blueprint(
    "inspecting", __name__, url_prefix="/api/v1/inspection-tasks", description="Inspection tasks and their results."
)
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}
FILE = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}  # fmt: skip


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, TaskPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def tasks(asked: dict[str, Any]) -> Response:
    """Tasks, the earliest deadline first: of a state, a draw, an inspector, or overdue."""
    page = told.page(asked, today())
    return private_document(TaskPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(TaskIn))
@blueprint.response(200, TaskOut)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON object, or no valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such enterprise")
@blueprint.refuses(409, "A task looks at this failure already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field; too few inspectors, or one who must stay away")
@needs(SCOPE)
def give() -> Any:
    """A task outside the draw and its quota: on a complaint, a special check, or a look at a correction."""
    given, day = TaskIn().load(one_json_object()), today()
    with transaction("inspection-task", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number = giving.by_hand(change, g.bearer, given, day)
    return told.one(number, day)


@blueprint.route("/follow-ups")
@blueprint.doc(**STAFF)
@blueprint.response(200, FollowUps)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@needs(SCOPE)
def follow_ups() -> Response:
    """Re-checks of your department's failures that fell due and that no task looks at (SAMR Order 18 arts 47-48)."""
    return private_document(FollowUps().dump({"items": told.follow_ups(today(), g.bearer.department_id)}))


@blueprint.route("/<int:number>")
@blueprint.doc(**STAFF)
@blueprint.response(200, TaskOut)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such task")
@needs(SCOPE)
def task(number: int) -> Response:
    """One task: its checklist, every act, the files of evidence, and what may follow."""
    return private_document(TaskOut().dump(told.one(number, today())))


@blueprint.route("/<int:number>/acts", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(TaskActIn))
@blueprint.response(200, TaskOut)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON object")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, or another department's task")
@blueprint.refuses(404, "No such task")
@blueprint.refuses(409, "Not possible now: state and allowed; or the document is on file with other content")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(415, "The body is no JSON")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def act(number: int) -> Any:
    """A visit, its results (which become inspection events), other inspectors, or giving the task up."""
    given, day = TaskActIn().load(one_json_object()), today()
    name = given["act"]
    with transaction("inspection-act", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        acts.BY_NAME[name](change, number, g.bearer, given[name], day)
    return told.one(number, day)


@blueprint.route("/sheets/<int:number>")
@blueprint.doc(**STAFF)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=MIME[".xlsx"])
@blueprint.refuses(400, "No task of this draw is open")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such draw")
@needs(SCOPE)
def sheet(number: int) -> Response:
    """The open tasks of a draw as a workbook, to be filled in where there is no network."""
    return inspection_sheets.given(number, today())


@blueprint.route("/sheets/<int:number>", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=FILE)
@blueprint.response(200, SheetReceipt)
@blueprint.refuses(400, "No workbook that can be read, or columns are missing")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "No officer's own key, or another department's draw")
@blueprint.refuses(404, "No such draw")
@blueprint.refuses(413, "The file is too large")
@blueprint.refuses(422, "Rows are wrong: `lines` names each; nothing was kept")
@needs(SCOPE)
def filled(number: int) -> Any:
    """The sheet filled in: every row is kept, or none."""
    return inspection_sheets.taken(number, today())
