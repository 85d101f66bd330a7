"""The desk of the departments: who is signed in, for how long, and where the work starts.

The signed cookie keeps the officer's number and epoch: each request asks whether the officer may still act,
so that a new password, another role, signing out or an administrator ends every session at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
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
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.wrappers import Response as Answer
from wtforms import ValidationError

from credit.clock import now, today
from credit.db import transaction
from credit.errors import NotAllowed
from credit.rules.permissions import opens
from credit.services import access, officers, sign_in, tasks
from credit.services.sign_in import Person
from credit.web.language import LANGUAGES

SCOPE = "supervise"
TASKS = 8
ANY_OFFICER = "any officer who is signed in"
LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
GOAL = re.compile(r"/desk(/[A-Za-z0-9-]+)*")
NOTED = timedelta(minutes=1)  # how exactly the cookie knows when something was done last
View = Callable[..., Any]


class DeskSession(SecureCookieSessionInterface):
    """The cookie travels by HTTPS alone; only a browser on the same machine may do without."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie of this answer is for HTTPS only."""
        production = app.config["CREDIT_ENV"] not in ("development", "test")
        return request.is_secure or (production and not LOOPBACK.fullmatch(request.host))


class Visitor(UserMixin):  # type: ignore[misc]
    """An officer who is signed in, as flask-login wants it."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """What the session keeps: the officer, for this epoch."""
        return self.person.ticket


def open_sessions(state: BlueprintSetupState) -> None:
    """Let the application keep its sessions so, and know who is signed in.

    flask-login's own `init_app` would look for a cookie that remembers people (there is none) in every
    answer, so that public ones would vary by cookie.
    """
    if isinstance(state.app, Flask):
        state.app.session_interface = DeskSession()
        manager = LoginManager()
        manager.session_protection = None
        manager.user_loader(_visitor)
        state.app.login_manager = manager  # type: ignore[attr-defined]


def forget() -> None:
    """Nobody is known at the start of a request, even where the application's context is older (tests)."""
    g.pop("_login_user", None)
    g.pop("token", None)


def _visitor(ticket: str) -> Visitor | None:
    """Who is signed in: the time isn't over, something was done lately, and the epoch still runs."""
    until, seen = session.get("until"), session.get("seen")
    idle = timedelta(minutes=int(current_app.config["CREDIT_SESSION_IDLE"]))
    if until is None or seen is None or now() >= min(_moment(until), _moment(seen) + idle):
        return None
    if now() - _moment(seen) >= NOTED:
        session["seen"] = now().isoformat()
    person = sign_in.holder(ticket, today())
    return Visitor(person) if person else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def open_for(person: Person) -> None:
    """A session for an officer who proved who he or she is; nothing of the one before is kept."""
    session.clear()
    session.permanent = True
    session["seen"] = now().isoformat()
    session["until"] = (now() + current_app.permanent_session_lifetime).isoformat()
    login_user(Visitor(person))


def who() -> Person | None:
    """Who is signed in, if anybody is; `g.bearer` and `g.department_id` tell it too."""
    person: Person | None = getattr(current_user, "person", None)
    g.bearer = person.bearer if person else None
    g.department_id = person.bearer.department_id if person else None
    return person


def signed_in(scope: str) -> Callable[[View], View]:
    """The page needs a signed-in officer whose role has this scope; `g.bearer` tells who it is.

    Others are led to the desk and back; whoever still has the first password, to the page that changes it.
    A form without the session's token is refused. ANY_OFFICER as scope: every role will do.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            person = who()
            if person is None:
                return redirect(url_for("web.desk", next=request.path), 303)
            if scope != ANY_OFFICER:
                if person.must_change:
                    return redirect(url_for("web.password"), 303)
                access.allowed(person.bearer, scope)
            if request.method == "POST":
                check_token()
            return view(*args, **kwargs)

        checked.auth_rule = scope  # type: ignore[attr-defined]
        return checked

    return decorate


def check_token() -> None:
    """Raises NotAllowed unless the form was made in this session: other sites can't send one."""
    try:
        validate_csrf(request.form.get("token", ""))
    except ValidationError:
        raise NotAllowed(
            "This form is too old, or cookies are switched off: open the page again.",
            zh="页面已过期，或浏览器禁用了 Cookie，请重新打开页面",
        ) from None


def form_token() -> str:
    """The token that every form of this session carries."""
    found: str = generate_csrf()
    return found


def desk() -> str | Answer:
    """Where the departments' work starts; whoever isn't signed in is asked for login and password."""
    person = who()
    if person is not None and person.must_change:
        return redirect(url_for("web.password"), 303)
    return start_page()


def start_page(wrong: str | None = None) -> str:
    """The desk: its tools for who is signed in, else the door, with what was wrong with the last try."""
    person = who()
    return render_template("desk.html", wrong=wrong, goal=goal(), tools=_tools(), **_tasks(person) if person else {})


def _tasks(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What the department owes and the officer's roles may end, by deadline; the cases that wait for them."""
    of = (person.bearer.department_id, person.roles, today(), TASKS)
    if not opens(person.bearer.scopes, "supervise or decide or review"):
        return {}
    return {"duties": tasks.duties_of(*of), "cases": tasks.cases_of(*of)}


def _tools() -> set[str]:
    """The pages that the role of whoever is signed in opens."""
    scopes = g.bearer.scopes if g.bearer else ()
    views = current_app.view_functions.items()
    return {endpoint for endpoint, view in views if opens(scopes, getattr(view, "auth_rule", None) or "")}


def sign_out() -> Answer:
    """End the officer's sessions: this one, and any that somebody may have copied."""
    check_token()
    person = who()
    if person is not None:
        number = int(person.bearer.officer_id or 0)
        with transaction("sign-out", person.bearer.actor, on_behalf=g.bearer.behalf) as change:
            officers.end_sessions(change, number)
    session.clear()
    return redirect(url_for("web.desk"), 303)


sign_out.auth_rule = "the token of the session"  # type: ignore[attr-defined]


def keep_private(response: Response) -> Response:
    """Nothing of the desk is kept by caches or found by search engines."""
    if request.path.startswith("/desk"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def goal() -> str | None:
    """The page of the desk that sent the reader here; no address of elsewhere is followed."""
    path, lang = request.args.get("next", ""), request.args.get("lang")
    if not GOAL.fullmatch(path):
        return None
    return f"{path}?lang={lang}" if lang in LANGUAGES else path
