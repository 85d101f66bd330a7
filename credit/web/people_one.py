"""One department, officer or key, for administrators: what it may do, and its end. Harm is confirmed first."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from credit.clock import now
from credit.db import Change
from credit.errors import InvalidInput, RegisterError, UnknownDepartment, UnknownKey, UnknownOfficer
from credit.services import departments, keys, officers, passwords
from credit.terms import OfficerRole
from credit.web.desk import signed_in
from credit.web.people_forms import acting, done, one, one_of_roles, sure, wrong_of
from credit.web.people_words import SCOPE_WORDS, category_words

SCOPE = "administer"
GRACES = (24, 168, 0)  # hours for which a rotated key still opens
Page = str | Answer | tuple[str, int]
Told = dict[str, Any]


@signed_in(SCOPE)
def people_department(number: int) -> Page:
    """What a department may report: its region, or the regions, kinds and categories stated."""
    known, wrong = one(departments.every(), number, UnknownDepartment), {}
    if request.method == "POST":
        given = {
            "region": request.form.get("region", "").strip(),
            "regions": re.findall(r"[^\s,，、;；]+", request.form.get("regions", "")),
            "kinds": request.form.getlist("kinds"),
            "categories": request.form.getlist("categories"),
        }
        try:
            acting("department", lambda change: _change_department(change, number, given))
            return redirect(url_for("web.people_department", number=number, done="jurisdiction"), 303)
        except InvalidInput as refused:
            known, wrong = known | given, wrong_of(refused)
    page = render_template(
        "people-department.html", one=known, wrong=wrong, done=done(), categories=category_words()
    )
    return (page, 422) if wrong else page


def _change_department(change: Change, number: int, given: dict[str, Any]) -> None:
    departments.change(number, **given)
    change.about |= {"department": number} | given


@signed_in(SCOPE)
def people_officer(number: int) -> Page:
    """One officer: another role, a new first password, a forgotten second factor, out or in again."""
    known, wrong, told = one(officers.every(now()), number, UnknownOfficer), {}, None
    if request.method == "POST":
        try:
            told = _change_officer(number, known)
            if told is None:
                return redirect(url_for("web.people_officer", number=number, done=request.form["do"]), 303)
            known = one(officers.every(now()), number, UnknownOfficer)
        except RegisterError as refused:
            wrong = wrong_of(refused)
    mine = number == g.bearer.officer_id
    page = render_template(
        "people-officer.html", one=known, wrong=wrong, told=told, done=done(), roles=list(OfficerRole), mine=mine
    )
    return (page, 422) if wrong else page


def _change_officer(number: int, known: dict[str, Any]) -> Told | None:
    """The act asked for; what is to be told once, if anything is."""
    if number == g.bearer.officer_id:
        raise departments.wrong("do", "Another administrator changes your own access.", "本人的权限须由其他管理员办理")
    if request.form.get("do") == "enable":
        acting("officer-enable", lambda change: officers.enable(change, number))
        return None
    do = sure(("role", "password", "second-factor", "disable"))
    if do == "password":
        password = passwords.first_password()
        given = officers.credentials(known["login"] or request.form.get("login", ""), password)
        acting("password-reset", lambda change: officers.set_password(change, number, given, must_change=True))
        return {"kind": "password", "name": known["name"], "login": given.login, "secret": password}
    if do == "role":
        role = one_of_roles(request.form.get("role", ""))
        acting("officer-role", lambda change: officers.set_role(change, number, role))
    elif do == "second-factor":
        acting("second-factor-reset", lambda change: officers.reset_totp(change, number))
    else:
        acting("officer-disable", lambda change: officers.disable(change, number))
    return None


@signed_in(SCOPE)
def people_key(number: int) -> Page:
    """One key: a new one in its place, or an end at once."""
    known, wrong, told = one(keys.every(now()), number, UnknownKey), {}, None
    if request.method == "POST":
        try:
            if sure(("rotate", "revoke")) == "revoke":
                acting("key-revoke", lambda change: keys.revoke(change, number))
                return redirect(url_for("web.people_key", number=number, done="revoke"), 303)
            told = _rotate(number, known)
            known = one(keys.every(now()), number, UnknownKey)
        except RegisterError as refused:
            wrong = wrong_of(refused)
    page = render_template(
        "people-key.html", one=known, wrong=wrong, told=told, done=done(), graces=GRACES, scope_words=SCOPE_WORDS
    )
    return (page, 422) if wrong else page


def _rotate(number: int, known: dict[str, Any]) -> Told:
    hours = request.form.get("grace", "")
    if hours not in map(str, GRACES):
        raise departments.wrong("grace", "Choose one of the times.", "请选择旧密钥的保留时间")
    made: keys.MadeKey = acting("key-rotate", lambda change: keys.rotate(change, number, timedelta(hours=int(hours))))
    return {"kind": "key", "name": known["label"], "secret": made.key, "until": made.expires_at.isoformat()}
