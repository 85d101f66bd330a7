"""Who may call: a department's key with the scope that the route asks for. Denied by default."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request

from credit.clock import now, today
from credit.db import transaction
from credit.errors import NoKey, NotReady
from credit.services import access, keys
from credit.services.departments import Bearer

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Ask for the key before anything else of a request is read."""
    app.before_request(_ask)


def needs(scope: str, reads: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The route needs a key with this scope; `g.bearer` tells who acts, `g.department_id` for whom.

    The key was asked for before body and query were read; who comes here without is refused even so.
    `reads`: a POST that writes nothing, as a GET does.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            access.allowed(g.get("bearer"), scope)
            return view(*args, **kwargs)

        checked.auth_rule = checked.key_scope = scope  # type: ignore[attr-defined]
        checked.reads = reads  # type: ignore[attr-defined]
        return checked

    return decorate


def _ask() -> None:
    g.bearer = None
    view = current_app.view_functions.get(request.endpoint or "")
    scope = getattr(view, "key_scope", None)
    if scope is None or request.method == "OPTIONS":
        return
    bearer = caller(scope)
    g.department_id = bearer.department_id
    if request.method not in READING and not getattr(view, "reads", False):
        _note_use(bearer)


def caller(scope: str) -> Bearer:
    """Who calls, with a key that holds and has this scope. Raises NoKey, ExpiredKey, NotAllowed.

    `g.bearer` is told before anything is refused, so that the audit knows whose key it was.
    """
    key = key_sent()
    if key is None:
        raise NoKey
    g.bearer = keys.bearer_of(key)
    keys.refuse_ended(g.bearer, now())
    return access.allowed(g.bearer, scope)


def key_sent() -> str | None:
    """The key that the caller sent, if any."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _note_use(bearer: Bearer) -> None:
    """Once a day the register notes that the key is in use; a busy register does so another time.

    Reading leaves no trace: it takes no lock, and so waits for no writer.
    """
    day = today()
    if not keys.unused_on(bearer, day):
        return
    try:
        with transaction("key-used", bearer.actor, on_behalf=bearer.behalf):
            keys.note_use(bearer, day)
    except NotReady:
        return
