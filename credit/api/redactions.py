"""Redaction: what a department sees in the text of its own fact before it is published, and what it does."""

from __future__ import annotations

from typing import Any

from flask import g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.services import redactions, way
from schemas.redaction import EventRedaction, RedactionIn

blueprint = Blueprint(
    "redactions", __name__, url_prefix="/api/v1/events", description="Personal data in texts that are published."
)
OWN = "events:write or supervise"


@blueprint.route("/<int:event_id>/redaction")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, EventRedaction)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department reported it, or the key lacks the scope")
@blueprint.refuses(404, "No such event")
@needs(OWN)
def look_up(event_id: int) -> Any:
    """The text of a fact, what the check for personal data found in it, and the masked text that is proposed."""
    return private_document(EventRedaction().dump(redactions.told(*redactions.of_event(event_id, g.bearer))))


@blueprint.route("/<int:event_id>/redaction", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(RedactionIn))
@blueprint.response(201, EventRedaction)
@blueprint.alt_response(200, schema=EventRedaction, description="It is redacted so already")
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "Another department reported it, or the key lacks the scope")
@blueprint.refuses(404, "No such event")
@blueprint.refuses(409, "Another version counts by now, or it has no text")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Findings stay open, or the masked text says something else: errors by field")
@needs(OWN)
def redact(event_id: int) -> Any:
    """Mask what was found, or clear it with the reason. The text is published before the answer."""
    day, given = today(), RedactionIn().load(one_json_object())
    with transaction("redaction", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        enterprise_id, new = redactions.redact(change, event_id, g.bearer, given, day)
        if new:
            way.advance(change, [enterprise_id], day)
    told = redactions.told(*redactions.of_event(event_id, g.bearer))
    return told, 201 if new else 200
