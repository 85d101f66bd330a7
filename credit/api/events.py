"""Intake of one event with a department's key."""

from __future__ import annotations

from typing import Any

from flask import g

from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services import events, way
from credit.services.policies import law_on
from schemas.event import AwardIn, InspectionIn, ViolationIn, load_event
from schemas.receipt import EventReceipt

blueprint = Blueprint("events", __name__, url_prefix="/api/v1/events", description="Violations, inspections, awards.")
BODY = json_body({"oneOf": [ViolationIn, InspectionIn, AwardIn]})


@blueprint.route("", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=BODY)
@blueprint.response(201, EventReceipt)
@blueprint.alt_response(200, schema=EventReceipt, description="The same document is on file already")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code: reason and suggestions")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(409, "The document is on file with other content: both are shown")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field")
@needs("events:write")
def report() -> Any:
    """Report one event. Graded and published before the answer."""
    day = today()
    event = load_event(one_json_object(), day)
    with transaction("event", g.bearer.actor, on_behalf=g.bearer.behalf) as change:
        event_id, enterprise_id, new = events.record(change, g.department_id, event, law_on(day))
        if new:
            way.advance(change, [enterprise_id], day)
    return events.receipt(event_id, enterprise_id, "recorded" if new else "on_file", day), 201 if new else 200
