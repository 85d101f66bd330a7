"""Repair at the desk: applications by deadline, one application on one page, and the archive of what was repaired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, send_file, url_for
from marshmallow import Schema, ValidationError

from credit import archive, filing
from credit.clock import today
from credit.db import Change, transaction
from credit.errors import InvalidInput, NotAllowed, RegisterError, WrongState
from credit.services import way
from credit.services.objections import attachments, cases, told
from credit.services.repairs import acts
from credit.services.repairs.archive import AUDIT
from credit.terms import FilingKind
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.objections import Page, mistakes, receipt, status_of
from credit.web.repairs import applied, clocks, repair_form
from schemas.repair import AcceptanceIn, ApplicationIn, RepairDecisionIn, RepairRefusalIn

SCOPE = "supervise"
LISTED = 50
Step = Callable[[Change, int, Any, dict[str, Any], Any], int]
# By act: what is done, the shape of its document, its word in the audit.
ACTS: dict[str, tuple[Step, type[Schema], str]] = {
    "accept": (acts.accept, AcceptanceIn, "repair-acceptance"),
    "reject": (acts.reject, RepairRefusalIn, "repair-acceptance"),
    "decide": (acts.decide, RepairDecisionIn, "repair-decision"),
    "revoke": (acts.revoke, RepairRefusalIn, "repair-revocation"),
}


@signed_in(SCOPE)
def applications() -> str:
    """The department's applications for repair."""
    state = asked("state")
    chosen = state if state in ("open", "decided", "all") else "open"
    only = None if chosen == "all" else chosen
    page = told.page(g.bearer, today(), only, False, asked("cursor"), LISTED, acts.KINDS)
    return render_template("desk-repairs.html", page=page, filters={"state": state}, chosen=chosen, clocks=clocks())


def enter_application() -> Any:
    """The form for what was brought to the desk. An upload may be larger than other forms."""
    request.max_content_length = filing.most_bytes()
    return _enter()


enter_application.auth_rule = SCOPE  # type: ignore[attr-defined]


@signed_in(SCOPE)
def _enter() -> Page:
    if request.method == "GET":
        return repair_form({}, code=asked("code"), event=asked("event"), desk=True)
    try:
        given = ApplicationIn(day=today()).load(applied()) | {"kind": FilingKind.REPAIR}
        filed = filing.at_desk(g.bearer, given, today())
    except (ValidationError, RegisterError) as refused:
        return repair_form(mistakes(refused), desk=True), status_of(refused)
    return receipt(filed.number, filed.secret, desk=True)


@signed_in(SCOPE)
def application(number: int) -> Any:
    """One application: what was done and proved, what can be done about it now."""
    if request.method == "GET":
        return _page(number)
    act = request.form.get("act", "")
    if act not in ACTS:
        return _page(number), 422
    if not request.form.get("sure"):
        return _page(number, act, {f"{act}-sure": t("请勾选确认。", "Tick the box to confirm.")}), 422
    step, shape, word = ACTS[act]
    sent = {
        name.removeprefix(f"{act}-"): text.strip()
        for name, text in request.form.items()
        if name.startswith(f"{act}-") and name != f"{act}-sure" and text.strip()
    }
    try:
        given, about = shape().load(sent), {"repair": number}
        with transaction(word, g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
            way.advance(change, [step(change, number, g.bearer, given, today())], today())
    except (ValidationError, InvalidInput) as refused:
        return _page(number, act, {f"{act}-{name}": text for name, text in wrong_fields(refused).items()}), 422
    except WrongState as refused:
        return _page(number, act, {f"{act}-document_no": t(refused.detail_zh, refused.detail)}), 409
    return redirect(url_for("web.application", number=number, done=act), 303)


def _read(number: int) -> Any:
    found = cases.of(number, acts.KINDS)
    if not told.reads(g.bearer, found):
        raise NotAllowed("This is another department's application.", zh="这是其他部门的信用修复申请")
    return found


def _page(number: int, act: str = "", wrong: dict[str, str] | None = None) -> str:
    found = _read(number)
    shown = told.whole(found, g.bearer, today())
    return render_template(
        "desk-repair.html", case=shown, act=act, wrong=wrong or {}, typed=request.form, listing=found.listing_id,
        done=request.args.get("done"),
    )  # fmt: skip


@signed_in(SCOPE)
def application_attachment(number: int, attachment: int) -> Response:
    """A proof, as a download that no browser opens in the register's own name."""
    found = told.attachment(_read(number), attachment)
    path = attachments.folder() / found.stored if found else None
    if found is None or path is None or not path.exists():
        abort(404)
    return send_file(path, mimetype=found.type, as_attachment=True, download_name=found.name, max_age=0)


@signed_in(f"{SCOPE} or {AUDIT}")
def repaired() -> Page:
    """What of an enterprise was repaired, to its department and to auditors; each reading is logged."""
    code = asked("code") or ""
    if not code:
        return render_template("desk-archive.html", code="", found=None, wrong="")
    try:
        found = archive.read(g.bearer, code, today())
    except RegisterError as refused:
        if refused.status >= 500:
            raise
        wrong = t(refused.detail_zh, refused.detail)
        return render_template("desk-archive.html", code=code, found=None, wrong=wrong), 404
    return render_template("desk-archive.html", code=code, found=found, wrong="")
