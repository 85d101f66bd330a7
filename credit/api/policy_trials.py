"""Trials of a policy: the back-test of a draft, and the model card of a version."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from credit.api.answers import document, private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint
from credit.api.staff import supervises
from credit.clock import today
from credit.services.backtest import backtest_asked
from credit.services.model_card import model_card, version_card
from credit.services.policies import law_on
from schemas.backtest import BacktestIn, BacktestReport, ModelCard
from schemas.query import CardQuery

blueprint = Blueprint("policy_trials", __name__, url_prefix="/api/v1/policy", description="Trials of a policy.")


@blueprint.route("/backtest", methods=["POST"])
@blueprint.doc(security=[{"key": []}])
@blueprint.arguments(BacktestIn)
@blueprint.response(200, BacktestReport)
@blueprint.refuses(400, "No JSON")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope supervise")
@blueprint.refuses(404, "Unknown policy, or days that it doesn't answer for")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "The draft is wrong (file, key), a field is, or it is too much for one request")
@needs("supervise", reads=True)
def try_draft(asked: dict[str, Any]) -> Response:
    """A draft policy against the policy in force over the whole history on file. Nothing is kept."""
    most = int(current_app.config["CREDIT_BACKTEST_MOST"])
    return private_document(backtest_asked(asked, today(), most))


@blueprint.route("/model-card")
@blueprint.arguments(CardQuery, location="query")
@blueprint.response(200, ModelCard)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(401, "The key that was sent is not valid")
@blueprint.refuses(404, "Before the register's first day, or no version that the caller may see")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def card(asked: dict[str, Any]) -> Response:
    """What the policy of a day is for, what it rests on, what it can't tell, and how it was tried."""
    day, digest = today(), asked["policy"]
    if digest is not None:
        staff = supervises()
        found = version_card(digest, day, staff)
        return private_document(found) if staff else document(found, day)
    on = asked["on"] or day
    return document(model_card(law_on(on), on, day), day)
