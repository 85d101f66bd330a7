"""The desk of the departments: signing in with a department's key, and where the work starts.

The signed cookie keeps the key's number for eight hours; each request asks whether the key holds.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hmac import compare_digest
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response as Answer

from credit.clock import now
from credit.errors import NotAllowed
from credit.quota import refuse_guessing, wrong_guess
from credit.services import departments
from credit.services.departments import Bearer
from credit.web.language import LANGUAGES, t

SCOPE = "supervise"
LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
GOAL = re.compile(r"/desk(/[a-z-]+)*")
View = Callable[..., Any]


class DeskSession(SecureCookieSessionInterface):
    """The cookie travels by HTTPS alone; only a browser on the same machine may do without."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie of this answer is for HTTPS only."""
        production = app.config["CREDIT_ENV"] not in ("development", "test")
        return request.is_secure or (production and not LOOPBACK.fullmatch(request.host))


def open_sessions(state: BlueprintSetupState) -> None:
    """Let the application keep its sessions so."""
    if isinstance(state.app, Flask):
        state.app.session_interface = DeskSession()


def signed_in(scope: str) -> Callable[[View], View]:
    """The page needs a signed-in department with this scope; `g.bearer` tells who it is.

    Others are led to the desk and back. A form without the session's token is refused.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bearer = _who()
            if bearer is None:
                return redirect(url_for("web.desk", next=request.path), 303)
            g.bearer = departments.allowed(bearer, scope)
            g.department_id = g.bearer.department_id
            if request.method == "POST":
                check_token()
            return view(*args, **kwargs)

        checked.auth_rule = scope  # type: ignore[attr-defined]
        return checked

    return decorate


def check_token() -> None:
    """Raises NotAllowed unless the form was made in this session: other sites can't send one."""
    sent, kept = request.form.get("token", ""), session.get("token")
    if not kept or not compare_digest(sent.encode(), kept.encode()):
        raise NotAllowed(
            "This form is too old, or cookies are switched off: open the page again.",
            zh="页面已过期，或浏览器禁用了 Cookie，请重新打开页面",
        )


def form_token() -> str:
    """The token that every form of this session carries."""
    found: str = session.setdefault("token", secrets.token_urlsafe(24))
    return found


def desk() -> str:
    """Where the departments' work starts; whoever isn't signed in is asked for a key."""
    g.bearer = _who()
    return _page()


def sign_in() -> str | Answer | tuple[str, int]:
    """Open a session for the department that the key speaks for."""
    check_token()
    refuse_guessing("sign-in")
    bearer = departments.bearer_of(request.form.get("key", "").strip())
    if bearer is None or SCOPE not in bearer.scopes:
        wrong_guess("sign-in")
        unknown = t("密钥无效或已撤销。", "This key is unknown or revoked.")
        lacking = t(f"该密钥没有监管权限（{SCOPE}）。", f"This key lacks the scope {SCOPE}.")
        return _page(lacking if bearer else unknown), 422
    session.clear()
    session.permanent = True
    session["key"] = bearer.key_id
    session["until"] = (now() + current_app.permanent_session_lifetime).isoformat()
    return redirect(_goal() or url_for("web.desk"), 303)


def sign_out() -> Answer:
    """Close the session."""
    check_token()
    session.clear()
    return redirect(url_for("web.desk"), 303)


sign_in.auth_rule = "a department's key in the form"  # type: ignore[attr-defined]
sign_out.auth_rule = "the token of the session"  # type: ignore[attr-defined]


def keep_private(response: Response) -> Response:
    """Nothing of the desk is kept by caches or found by search engines."""
    if request.path.startswith("/desk"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(wrong: str | None = None) -> str:
    tools = {"web.what_if", "web.backtest"} & set(current_app.view_functions)
    return render_template("desk.html", wrong=wrong, goal=_goal(), tools=tools)


def _who() -> Bearer | None:
    """Who is signed in: the time isn't over, and the key still holds."""
    number, until = session.get("key"), session.get("until")
    if number is None or until is None or now() >= datetime.fromisoformat(until):
        return None
    return departments.bearer_by(number)


def _goal() -> str | None:
    """The page of the desk that sent the reader here; no address of elsewhere is followed."""
    path, lang = request.args.get("next", ""), request.args.get("lang")
    if not GOAL.fullmatch(path):
        return None
    return f"{path}?lang={lang}" if lang in LANGUAGES else path
