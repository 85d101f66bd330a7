"""The JSON door, /api/v1: OpenAPI 3.1, problem details (RFC 9457), the day judged at reading time."""

from __future__ import annotations

from flask import Flask

from credit.api import (
    alerts,
    audit,
    auth,
    batches,
    blacklist,
    changes,
    complaints,
    corrections,
    departments,
    draws,
    enterprises,
    events,
    falls,
    forecast,
    former_listings,
    freshness,
    inspecting,
    inspectors,
    items,
    listings,
    objections,
    papers,
    policy,
    policy_trials,
    quality,
    receipts,
    redactions,
    repairs,
    risk_warnings,
    screenings,
    supervision,
    suppliers,
    tenders,
    transparency,
    watches,
    webhooks,
    what_if,
)
from credit.api.problems import ProblemApi, answer_problems

PREFIX = "/api/v1"
PARTS = (
    enterprises,
    screenings,
    tenders,
    suppliers,
    receipts,
    transparency,
    forecast,
    blacklist,
    listings,
    papers,
    former_listings,
    items,
    changes,
    webhooks,
    policy,
    policy_trials,
    what_if,
    events,
    batches,
    complaints,
    corrections,
    redactions,
    objections,
    repairs,
    falls,
    watches,
    quality,
    supervision,
    risk_warnings,
    draws,
    inspectors,
    inspecting,
    alerts,
    departments,
    audit,
)


def init_app(app: Flask) -> None:
    """Register the API with its documentation and its errors."""
    api = ProblemApi(app)
    for part in PARTS:
        api.register_blueprint(part.blueprint)
    api.register_blueprint(receipts.keys)
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    answer_problems(app)
    auth.init_app(app)
    freshness.init_app(app)
