"""What was refused is told by the audit too, in a transaction of its own: the refused one rolled back.

Only attempts to write are told, and only of those who said who they are; a wrong key is told up to the
limit of guesses, so that nobody fills the audit from outside.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, request

from credit.db import transaction
from credit.errors import NotReady, RegisterError, TooManyRequests
from credit.logs import told
from credit.quota import refuse_guessing, wrong_guess

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TOO_MANY = 429


def init_app(app: Flask) -> None:
    """Tell the audit of every refused attempt, once it is answered."""
    app.after_request(_tell)


def note(error: RegisterError) -> None:
    """Remember why this request is refused: the code, and the names of the fields, not what they held."""
    fields = error.extra.get("errors")
    g.refused = {"code": error.code} | ({"fields": sorted(map(str, fields))} if fields else {})


def _tell(response: Response) -> Response:
    refused = 400 <= response.status_code < 500 and response.status_code != TOO_MANY
    if request.method in WRITING and refused and (actor := _actor()):
        method, route = told()
        about: dict[str, Any] = {"status": response.status_code, **g.get("refused", {})}
        bearer = g.get("bearer")
        behalf = bearer.behalf if bearer else None
        try:
            with transaction(
                f"{method} {route}"[:64], actor, on_behalf=behalf, about=about, outcome="refused"
            ):
                pass
        except NotReady:  # the refusal was right; the answer must not wait for ever
            structlog.get_logger().error("refusal not audited", request=g.request_id)
    return response


def _actor() -> str | None:
    """Who tried: the bearer, or somebody with a key that nobody knows; None where no one said."""
    bearer = g.get("bearer")
    if bearer is not None:
        actor: str = bearer.actor
        return actor
    if not request.headers.get("Authorization"):
        return None
    try:
        refuse_guessing("key")
    except TooManyRequests:
        return None
    wrong_guess("key")
    return "unknown key"
