"""Intake of one event with a department's key."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_smorest import Blueprint

from credit.api.auth import needs
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.policy import load_policy
from credit.services import events, way
from schemas.event import AwardIn, InspectionIn, ViolationIn, load_event
from schemas.receipt import EventReceipt

blueprint = Blueprint("events", __name__, url_prefix="/api/v1/events", description="Violations, inspections, awards.")
BODY = {"required": True, "content": {"application/json": {"schema": {"oneOf": [ViolationIn, InspectionIn, AwardIn]}}}}


@blueprint.route("", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=BODY)
@blueprint.response(201, EventReceipt)
@blueprint.alt_response(200, schema=EventReceipt, description="The same document is on file already")
@blueprint.alt_response(401, description="No key")
@blueprint.alt_response(403, description="The key lacks the scope")
@blueprint.alt_response(404, description="Unknown enterprise")
@blueprint.alt_response(409, description="The document is on file with other content: both are shown")
@needs("events:write")
def report(**_: Any) -> Any:
    """Report one event. Graded and published before the answer."""
    day = today()
    event = load_event(one_json_object(), day)
    with transaction("event", f"department:{g.department_id}") as change:
        event_id, enterprise_id, new = events.record(change, g.department_id, event, load_policy())
        if new:
            way.advance(change, [enterprise_id], day)
    return events.receipt(event_id, enterprise_id, new), 201 if new else 200
