"""Who may call: a department's key with the scope that the route asks for. Denied by default."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from credit.errors import NoKey
from credit.services.departments import allowed, bearer_of


def needs(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The route needs a key with this scope; `g.bearer` tells who acts, `g.department_id` for whom."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not key:
                raise NoKey
            g.bearer = bearer_of(key.strip())
            g.department_id = allowed(g.bearer, scope).department_id
            return view(*args, **kwargs)

        checked.auth_rule = scope  # type: ignore[attr-defined]
        return checked

    return decorate
