"""Receivers of the feed, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.db import transaction
from credit.services import webhooks
from schemas.feed import DeadLetters, WebhookIn, WebhookList, WebhookMade, WebhookOut, WebhookReplay

blueprint = Blueprint("webhooks", __name__, url_prefix="/api/v1/webhooks", description="Receivers of the feed.")
ADMINISTRATORS: dict[str, Any] = {"security": [{"key": []}]}


def _who() -> dict[str, Any]:
    return {"actor": g.bearer.actor, "on_behalf": g.bearer.behalf}


@blueprint.route("")
@blueprint.doc(**ADMINISTRATORS)
@blueprint.response(200, WebhookList)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope administer")
@needs("administer")
def receivers() -> Response:
    """Every receiver, how far it is served, and what it did not take."""
    return private_document({"items": webhooks.receivers(), "next": None})


@blueprint.route("", methods=["POST"])
@blueprint.doc(**ADMINISTRATORS)
@blueprint.arguments(WebhookIn)
@blueprint.response(200, WebhookMade)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope administer")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "The address may not be called, or a number that the register hasn't reached")
@needs("administer")
def register(given: dict[str, Any]) -> Response:
    """Register a receiver. The secret that signs what it is sent is told this once."""
    with transaction("webhook-add", **_who()) as change:
        number = webhooks.add(g.department_id, given["url"], given["after"], today(), change.recorded_at)
        change.about["webhook"] = number
    return private_document(webhooks.receivers(number)[0] | {"secret": webhooks.secret_text(number)})


@blueprint.route("/<int:number>", methods=["DELETE"])
@blueprint.doc(**ADMINISTRATORS)
@blueprint.response(200, WebhookOut)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope administer")
@blueprint.refuses(404, "No such receiver")
@needs("administer")
def remove(number: int) -> Response:
    """Serve a receiver no more."""
    with transaction("webhook-remove", **_who(), about={"webhook": number}) as change:
        (told,) = webhooks.receivers(number)
        webhooks.remove(number, change.recorded_at)
    return private_document(told)


@blueprint.route("/<int:number>/replay", methods=["POST"])
@blueprint.doc(**ADMINISTRATORS)
@blueprint.arguments(WebhookReplay)
@blueprint.response(200, WebhookOut)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope administer")
@blueprint.refuses(404, "No such receiver")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "A number that the register hasn't reached")
@needs("administer")
def replay(given: dict[str, Any], number: int) -> Response:
    """Serve a receiver again from a number on, dead letters included."""
    with transaction("webhook-replay", **_who(), about={"webhook": number, "after": given["after"]}):
        webhooks.replay(number, given["after"], today())
    return private_document(webhooks.receivers(number)[0])


@blueprint.route("/<int:number>/dead")
@blueprint.doc(**ADMINISTRATORS)
@blueprint.response(200, DeadLetters)
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope administer")
@blueprint.refuses(404, "No such receiver")
@needs("administer")
def dead(number: int) -> Response:
    """What a receiver did not take after so many tries."""
    return private_document({"items": webhooks.dead(number), "next": None})
