"""The law in force on a day."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from credit.api.answers import document
from credit.clock import today
from credit.services.rulebook import policy_on
from schemas.policy import PolicyDocument
from schemas.query import PolicyQuery

blueprint = Blueprint("policy", __name__, url_prefix="/api/v1/policy", description="The grading policy.")


@blueprint.route("")
@blueprint.arguments(PolicyQuery, location="query")
@blueprint.response(200, PolicyDocument)
@blueprint.alt_response(404, description="Before the register's first day")
def policy(asked: dict[str, Any]) -> Response:
    """Every value of the policy in force on a day, each with its source."""
    return document(policy_on(asked["on"] or today()))
