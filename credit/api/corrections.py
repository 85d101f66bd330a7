"""Correction, withdrawal and demand: what a department does about a fact that it reported."""

from __future__ import annotations

from typing import Any

from flask import g

from credit import archive
from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.db import transaction
from credit.errors import NotAllowed
from credit.services import amendments, demands, event_versions, events, fact_history, way
from credit.services.access import may_read
from credit.services.amendments import Amended
from credit.services.policies import law_on
from schemas.correction import (
    CorrectedAward,
    CorrectedInspection,
    CorrectedViolation,
    DemandIn,
    DemandReceipt,
    RefusalIn,
    RestorationIn,
    WithdrawalIn,
    load_correction,
)
from schemas.history import EventHistory
from schemas.receipt import EventReceipt

blueprint = Blueprint(
    "corrections", __name__, url_prefix="/api/v1/events", description="Corrections, withdrawals and demands."
)
OWN = "events:write or supervise"
ONLY_OWN = "Another department reported it, or the key lacks the scope"


CORRECTED = json_body({"oneOf": [CorrectedViolation, CorrectedInspection, CorrectedAward]})


def _told(event_id: int, made: Amended, state: str) -> tuple[dict[str, Any], int]:
    return events.receipt(event_id, made.enterprise_id, state, today()), 201 if made.new else 200


@blueprint.route("/<int:event_id>")
@blueprint.doc(security=[{"key": []}])
@blueprint.response(200, EventHistory)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, ONLY_OWN)
@blueprint.refuses(404, "No such event")
@needs(f"{OWN} or audit")
def look_up(event_id: int) -> Any:
    """A fact with all its versions, what ended it, what is demanded, and whether it is shown and why not."""
    found = fact_history.history(event_id, today())
    if not may_read(g.bearer, found["department_id"]):
        raise NotAllowed("Another department reported this.", zh="这是其他部门报送的信息")
    archive.refuse_or_note(g.bearer, event_id)
    return private_document(EventHistory().dump(found))


@blueprint.route("/<int:event_id>/corrections", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=CORRECTED)
@blueprint.response(201, EventReceipt)
@blueprint.alt_response(200, schema=EventReceipt, description="The version that counts says the same already")
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, ONLY_OWN)
@blueprint.refuses(404, "No such event or enterprise")
@blueprint.refuses(409, "Another version counts by now: `version`")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong, or make it another event: errors by field")
@needs(OWN)
def correct(event_id: int) -> Any:
    """Report an event as it should have been. Graded and published anew before the answer."""
    day = today()
    event, said = load_correction(one_json_object(), day)
    # Two at once: both saw the same version, and the second is told of the first one's.
    said["version"] = said.get("version") or event_versions.current(event_id).seq
    with transaction("correction", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        made = amendments.correct(change, event_id, g.bearer, event, said, law_on(day), day)
        if made.new:
            way.advance(change, [made.enterprise_id], day)
    return _told(event_id, made, "corrected" if made.new else "on_file")


@blueprint.route("/<int:event_id>/withdrawal", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(WithdrawalIn))
@blueprint.response(201, EventReceipt)
@blueprint.alt_response(200, schema=EventReceipt, description="It is withdrawn so already")
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, ONLY_OWN)
@blueprint.refuses(404, "No such event")
@blueprint.refuses(409, "It is withdrawn otherwise already")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(OWN)
def withdraw(event_id: int) -> Any:
    """Withdraw an event whose basis fell, with the reason. It stops showing and counting before the answer."""
    day = today()
    given = WithdrawalIn(day=day).load(one_json_object())
    with transaction("withdrawal", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        made = amendments.withdraw(change, event_id, g.bearer, given, day)
        if made.new:
            way.advance(change, [made.enterprise_id], day)
    return _told(event_id, made, "withdrawn")


@blueprint.route("/<int:event_id>/restoration", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(RestorationIn))
@blueprint.response(201, EventReceipt)
@blueprint.alt_response(200, schema=EventReceipt, description="It stands already")
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, ONLY_OWN)
@blueprint.refuses(404, "No such event")
@blueprint.refuses(409, "It is not withdrawn")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(OWN)
def restore(event_id: int) -> Any:
    """Take a withdrawal back that was a mistake: the event counts as if it had never been withdrawn."""
    day = today()
    given = RestorationIn().load(one_json_object())
    with transaction("restoration", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        made = amendments.restore(change, event_id, g.bearer, given, day)
        way.advance(change, [made.enterprise_id], day)
    return _told(event_id, made, "restored")


@blueprint.route("/<int:event_id>/demands", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(DemandIn))
@blueprint.response(201, DemandReceipt)
@blueprint.alt_response(200, schema=DemandReceipt, description="The same demand is open already")
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope, or its own department reported it")
@blueprint.refuses(404, "No such event")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(OWN)
def demand(event_id: int) -> Any:
    """Demand that a fact be mended. Its department must correct, withdraw or refuse with reasons in time."""
    day = today()
    given = DemandIn(day=day).load(one_json_object())
    with transaction("demand", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        number, new = demands.demand(change, event_id, g.bearer, given, day)
    return demands.one(number, day), 201 if new else 200


@blueprint.route("/<int:event_id>/demands/<int:number>/refusal", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=json_body(RefusalIn))
@blueprint.response(200, DemandReceipt)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, ONLY_OWN)
@blueprint.refuses(404, "No such event or demand")
@blueprint.refuses(409, "The demand has its answer")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong: errors by field")
@needs(OWN)
def refuse(event_id: int, number: int) -> Any:
    """Answer a demand: the fact stays as it is, for these reasons."""
    day = today()
    given = RefusalIn().load(one_json_object())
    with transaction("demand-refusal", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
        demands.refuse(change, event_id, number, g.bearer, given, day)
    return demands.one(number, day)
