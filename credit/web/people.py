"""Departments, officers and keys, for administrators: all of them, and forms to add one."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, render_template, request

from credit.clock import now
from credit.errors import RegisterError
from credit.rules.permissions import OF_DEPARTMENTS, SCOPES
from credit.services import departments, keys, officers, passwords
from credit.terms import OfficerRole
from credit.web.desk import signed_in
from credit.web.language import t
from credit.web.people_forms import acting, one_of_roles, wrong_of
from credit.web.people_words import SCOPE_WORDS

SCOPE = "administer"
Page = str | tuple[str, int]
Told = dict[str, Any]


@signed_in(SCOPE)
def people() -> Page:
    """Departments, officers and keys: who is there, until when a key holds, and forms to add one."""
    if request.method == "GET":
        return _list()
    add = {"department": _add_department, "officer": _add_officer, "key": _add_key}.get(request.form.get("do", ""))
    if add is None:
        return _list({"do": t("请选择要办理的事项", "Choose what to do.")}), 422
    try:
        return _list(told=add())
    except RegisterError as refused:
        return _list(wrong_of(refused)), refused.status


def _list(wrong: dict[str, str] | None = None, told: Told | None = None) -> str:
    return render_template(
        "people.html",
        wrong=wrong or {},
        told=told,
        typed=request.form if wrong else {},
        chosen=request.form.getlist("scopes") if wrong else list(OF_DEPARTMENTS),
        adding=request.form.get("do") if wrong else None,
        departments=departments.every(),
        officers=officers.every(now()),
        keys=keys.every(now()),
        roles=list(OfficerRole),
        scopes=SCOPES,
        scope_words=SCOPE_WORDS,
        days=current_app.config["CREDIT_KEY_DAYS"],
    )


def _add_department() -> Told:
    name, region = request.form.get("name", ""), request.form.get("region", "").strip() or None
    acting("department", lambda change: change.about.update(department=departments.add(name, region)))
    return {"kind": "department", "name": name.strip()}


def _add_officer() -> Told:
    name, home = departments.line("officer", request.form.get("officer", "")), _number("department")
    role, password = one_of_roles(request.form.get("role", "")), passwords.first_password()
    given = officers.credentials(request.form.get("login", ""), password)
    acting("officer", lambda change: change.about.update(officer=officers.add(home, name, role, given)))
    return {"kind": "password", "name": name, "login": given.login, "secret": password}


def _add_key() -> Told:
    home, label = _number("key-department"), request.form.get("label", "")
    days = request.form.get("days", "").strip()
    if days and not re.fullmatch("[0-9]{1,5}", days):
        raise departments.wrong("days", "Write a number of days.", "请填写天数")
    scopes, lasting = request.form.getlist("scopes"), int(days) if days else None
    made: keys.MadeKey = acting("key", lambda change: keys.new(change, home, label, scopes, lasting))
    return {"kind": "key", "name": label, "secret": made.key, "until": made.expires_at.isoformat()}


def _number(field: str) -> int:
    text = request.form.get(field, "")
    if not re.fullmatch("[0-9]{1,18}", text):
        raise departments.wrong(field, "Choose a department.", "请选择部门")
    return departments.find(text)
