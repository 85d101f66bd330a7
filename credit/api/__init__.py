"""The JSON door, /api/v1: OpenAPI 3.1, problem details (RFC 9457), the day judged at reading time."""

from __future__ import annotations

from flask import Flask

from credit.api import (
    audit,
    blacklist,
    enterprises,
    events,
    forecast,
    policy,
    policy_trials,
    what_if,
)
from credit.api.problems import ProblemApi, answer_problems

PREFIX = "/api/v1"


def init_app(app: Flask) -> None:
    """Register the API with its documentation and its errors."""
    api = ProblemApi(app)
    for part in (enterprises, forecast, blacklist, policy, policy_trials, what_if, audit, events):
        api.register_blueprint(part.blueprint)
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    answer_problems(app)
