"""Special supervision (重点监管): departments flag whom they watch. Internal; no public door tells of it."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services import watches
from schemas.watch import WatchEndIn, WatchIn, WatchOut, WatchPage, WatchQuery

blueprint = Blueprint("watches", __name__, url_prefix="/api/v1/watches", description="Special supervision, internal.")
SCOPE = "supervise"
STAFF: dict[str, Any] = {"security": [{"key": []}]}


@blueprint.route("")
@blueprint.doc(**STAFF)
@blueprint.arguments(WatchQuery, location="query")
@blueprint.response(200, WatchPage)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(422, "A parameter is wrong or unknown")
@needs(SCOPE)
def listed(asked: dict[str, Any]) -> Response:
    """Whom departments watch now, or watched."""
    page = watches.page(asked["cursor"], asked["limit"], ended=asked["ended"])
    return private_document(WatchPage().dump({"items": page.items, "next": page.next}))


@blueprint.route("", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(WatchIn))
@blueprint.response(200, WatchOut, description="Your department watches it already")
@blueprint.alt_response(201, schema=WatchOut, description="It is watched")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "No such enterprise")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def watch() -> Any:
    """Watch an enterprise. Nothing public changes by it."""
    day = today()
    given = WatchIn(day=day).load(one_json_object())
    with transaction("watch", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        number, new = watches.watch(change, g.bearer, given, day)
    return watches.told(number), 201 if new else 200


@blueprint.route("/<int:number>/end", methods=["POST"])
@blueprint.doc(**STAFF, requestBody=json_body(WatchEndIn))
@blueprint.response(200, WatchOut)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department's watch, or the key lacks the scope supervise")
@blueprint.refuses(404, "No such watch")
@blueprint.refuses(409, "It has ended")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(SCOPE)
def end(number: int) -> Any:
    """Watch it no more."""
    day = today()
    given = WatchEndIn(day=day).load(one_json_object())
    with transaction("watch-end", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        watches.end(change, number, g.bearer, given, day)
    return watches.told(number)
