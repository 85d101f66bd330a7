"""The law in force on a day, and its versions."""

from __future__ import annotations

from typing import Any

from flask import Response

from credit.api.answers import document
from credit.api.blueprint import Blueprint
from credit.clock import today
from credit.services.policies import law_on
from credit.services.rulebook import policy_on
from credit.services.rulebook_versions import versions
from schemas.policy import PolicyDocument, PolicyVersions
from schemas.query import PolicyQuery, Query

blueprint = Blueprint("policy", __name__, url_prefix="/api/v1/policy", description="The grading policy.")


@blueprint.route("")
@blueprint.arguments(PolicyQuery, location="query")
@blueprint.response(200, PolicyDocument)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(404, "Before the register's first day")
@blueprint.refuses(422, "A parameter is wrong or unknown")
def policy(asked: dict[str, Any]) -> Response:
    """Every value of the policy in force on a day, each with its source."""
    day = today()
    on = asked["on"] or day
    return document(policy_on(on, law_on(on)), day)


@blueprint.route("/versions")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, PolicyVersions)
@blueprint.alt_response(304, description="Not modified")
@blueprint.refuses(422, "A parameter is unknown")
def policy_versions(_: dict[str, Any]) -> Response:
    """Every version of the policy: its digest, from when on it is in force, how much it changed."""
    return document({"items": versions()}, today())
