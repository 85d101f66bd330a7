"""The JSON door, /api/v1: OpenAPI 3.1, problem details (RFC 9457), the day judged at reading time."""

from __future__ import annotations

from flask import Flask

from credit.api import blacklist, enterprises, events, policy
from credit.api.problems import ProblemApi, answer_problems

PREFIX = "/api/v1"


def init_app(app: Flask) -> None:
    """Register the API with its documentation and its errors."""
    api = ProblemApi(app)
    for blueprint in (enterprises.blueprint, blacklist.blueprint, policy.blueprint, events.blueprint):
        api.register_blueprint(blueprint)
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    answer_problems(app)
