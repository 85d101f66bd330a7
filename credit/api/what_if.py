"""What-if: for supervisors, an enterprise with supposed events beside the enterprise as it is."""

from __future__ import annotations

from flask import Response, g

from credit.api.answers import private_document
from credit.api.auth import needs
from credit.api.blueprint import Blueprint, json_body
from credit.api.problems import one_json_object
from credit.clock import today
from credit.services.forecast import horizon
from credit.services.what_if import what_if as supposed
from schemas.what_if import WhatIf, WhatIfIn, load_what_if

blueprint = Blueprint("what-if", __name__, url_prefix="/api/v1/policy", description="Suppositions.")
BODY = json_body(WhatIfIn)


@blueprint.route("/what-if", methods=["POST"])
@blueprint.doc(security=[{"key": []}], requestBody=BODY)
@blueprint.response(200, WhatIf)
@blueprint.refuses(300, "Several enterprises share the organization code: choices")
@blueprint.refuses(400, "No JSON, or not a valid code: reason and suggestions")
@blueprint.refuses(401, "No key")
@blueprint.refuses(403, "The key lacks the scope")
@blueprint.refuses(404, "Unknown enterprise")
@blueprint.refuses(413, "The body is too large")
@blueprint.refuses(422, "Fields are wrong or unknown: errors by field and place")
@needs("supervise", reads=True)
def what_if() -> Response:
    """One enterprise with supposed events, repairs or re-checks: before and after. Nothing is written."""
    day = today()
    asked = load_what_if(one_json_object(), day, horizon(day))
    return private_document(supposed(asked, g.department_id))
