"""Signing in at the desk: login and password, a code where the role asks for one, a password of one's own."""

from __future__ import annotations

from datetime import datetime, timedelta

import segno
from flask import current_app, g, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from credit.clock import now, today
from credit.db import transaction
from credit.errors import InvalidInput, SignInRefused
from credit.quota import refuse_guessing, wrong_guess
from credit.services import officers
from credit.services import sign_in as door
from credit.services.sign_in import Claim, Lock, Person
from credit.web.desk import (
    ANY_OFFICER,
    check_token,
    goal,
    open_for,
    signed_in,
    start_page,
    who,
)
from credit.web.language import t

PENDING = timedelta(minutes=10)
Page = str | Answer | tuple[str, int]


def sign_in() -> Page:
    """Compare login and password; a session begins, or the code is asked for."""
    check_token()
    refuse_guessing("sign-in")
    claim = door.compare(request.form.get("login", ""), request.form.get("password", ""), now())
    try:
        person = _person(claim)
        if person.second_factor:
            return _ask_for_code(person)
        return _enter(claim)
    except SignInRefused:
        who()
        return start_page(_wrong()), 422


def _person(claim: Claim) -> Person:
    """The officer who claims rightly to be one. Raises SignInRefused, the try counted and audited."""
    person = door.person_of(claim.officer_id, today()) if claim.officer_id and claim.reason is None else None
    if person is None:
        wrong_guess("sign-in")
        with transaction("sign-in", claim.actor, outcome="refused") as change:
            door.fail(change, claim, _lock())
        raise SignInRefused
    return person


def _lock() -> Lock:
    return Lock(int(current_app.config["CREDIT_LOCK_AFTER"]), int(current_app.config["CREDIT_LOCK_MINUTES"]))


def _wrong() -> str:
    """One sentence for every reason, so that nobody learns which logins there are."""
    minutes = current_app.config["CREDIT_LOCK_MINUTES"]
    return t(
        f"登录名或密码不对，或因多次错误暂停登录（{minutes} 分钟）。忘记密码请找登记系统管理员。",
        f"Login or password is wrong, or locked for {minutes} minutes after several wrong tries. "
        "If you forgot the password, ask an administrator of the register.",
    )


def _enter(claim: Claim) -> Answer:
    with transaction("sign-in", claim.actor) as change:
        person = door.enter(change, claim, today())
        change.about |= {"second_factor": claim.step is not None}
    target = goal() or url_for("web.desk")
    open_for(person)
    return redirect(url_for("web.password") if person.must_change else target, 303)


def _ask_for_code(person: Person) -> Answer:
    if not person.enrolled:
        with transaction("second-factor", person.bearer.actor) as change:
            door.begin_enrolment(change, int(person.bearer.officer_id or 0))
    session.clear()
    session["pending"] = person.ticket
    session["pending_until"] = (now() + PENDING).isoformat()
    return redirect(url_for("web.code", next=goal() and request.args["next"]), 303)


def _pending() -> Person | None:
    """Who gave the right password some minutes ago, and owes the code."""
    ticket, until = session.get("pending"), session.get("pending_until")
    if ticket is None or until is None or now() >= datetime.fromisoformat(until):
        return None
    return door.holder(ticket, today())


def code() -> Page:
    """The second factor: its code; at the first sign-in, the secret to keep it by."""
    person = _pending()
    if person is None:
        return redirect(url_for("web.desk", next=goal() and request.args["next"]), 303)
    if request.method == "GET":
        return _code_page(person)
    check_token()
    refuse_guessing("sign-in")
    claim = door.compare_code(int(person.bearer.officer_id or 0), request.form.get("code", ""), now())
    try:
        _person(claim)
        return _enter(claim)
    except SignInRefused:
        return _code_page(person, wrong=True), 422


def _code_page(person: Person, wrong: bool = False) -> str:
    g.bearer = None
    secret = door.secret_to_enrol(int(person.bearer.officer_id or 0))
    return render_template(
        "code.html", wrong=wrong, goal=goal(), secret=secret, picture=_picture(secret, person.login) if secret else None
    )


def _picture(secret: str, login: str) -> Markup:
    """The secret as a QR code: an SVG within the page, since the content policy takes no images from data."""
    address = door.address_of(secret, login, t("企业质量信用登记", "Quality Credit Register"))
    drawn = segno.make(address, error="m").svg_inline(border=4, light="#fff", dark="#000", omitsize=True, svgclass="qr")
    return Markup(drawn)  # nosec - drawn from the address by segno, whose text isn't in it


@signed_in(ANY_OFFICER)
def password() -> Page:
    """A password of one's own: at the first sign-in, and whenever the officer likes. Ends all other sessions."""
    person = who()
    assert person is not None
    if request.method == "GET":
        return _password_page(person, {})
    wrong = {} if person.must_change else _wrong_current(person)
    new, again = request.form.get("password", ""), request.form.get("again", "")
    if not wrong and new != again:
        wrong = {"again": t("两次输入的新密码不同", "The two new passwords differ.")}
    if not wrong and door.compare(person.login, new, now()).reason is None:
        wrong = {"password": t("新密码与现在的相同，请换一个", "This is the password that you have: choose another.")}
    try:
        given = officers.credentials(person.login, new) if not wrong else None
    except InvalidInput as refused:
        wrong = {"password": t(refused.detail_zh, refused.detail)}
    if wrong or given is None:
        return _password_page(person, wrong), 422
    number = int(person.bearer.officer_id or 0)
    with transaction("password", person.bearer.actor, on_behalf=g.bearer.behalf) as change:
        officers.set_password(change, number, given, must_change=False)
    changed = door.person_of(number, today())
    assert changed is not None
    open_for(changed)
    return redirect(url_for("web.desk"), 303)


def _wrong_current(person: Person) -> dict[str, str]:
    refuse_guessing("sign-in")
    claim = door.compare(person.login, request.form.get("current", ""), now())
    try:
        _person(claim)
    except SignInRefused:
        return {"current": t("现在的密码不对", "This is not your password.")}
    return {}


def _password_page(person: Person, wrong: dict[str, str]) -> str:
    return render_template("password.html", first=person.must_change, wrong=wrong)


sign_in.auth_rule = "login and password in the form"  # type: ignore[attr-defined]
code.auth_rule = "the password, given some minutes ago"  # type: ignore[attr-defined]
