"""Objections at the desk: the department's cases by deadline, one case on one page, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, send_file, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

from credit import filing
from credit.clock import today
from credit.db import Change, transaction
from credit.errors import InvalidInput, NotAllowed, RegisterError, UnknownDepartment, WrongState
from credit.services import departments, way
from credit.services.objections import acts, attachments, told
from credit.services.objections import cases as kept
from credit.web.asked import asked
from credit.web.desk import signed_in
from credit.web.fact_words import wrong_fields
from credit.web.language import t
from credit.web.objections import form, mistakes, receipt, status_of, typed
from schemas.objection import AnswerIn, AskIn, DeskFilingIn, ResumptionIn, load_decision

SCOPE = "supervise"
LISTED = 50
Page = str | Answer | tuple[str, int]


@signed_in(SCOPE)
def cases() -> str:
    """The department's objections and statements, and those that it was asked about."""
    state, every = asked("state"), asked("department") == "*"
    chosen = state if state in ("open", "decided", "all") else "open"
    page = told.page(g.bearer, today(), None if chosen == "all" else chosen, every, asked("cursor"), LISTED)
    filters = {"state": state, "department": asked("department"), "cursor": asked("cursor")}
    return render_template("desk-objections.html", page=page, filters=filters, chosen=chosen)


def enter_case() -> Any:
    """The form for what was brought to the desk. An upload may be larger than other forms."""
    request.max_content_length = filing.most_bytes()
    return _enter()


enter_case.auth_rule = SCOPE  # type: ignore[attr-defined]


@signed_in(SCOPE)
def _enter() -> Page:
    if request.method == "GET":
        return form("objection-new.html", {}, code=asked("code"), event=asked("event"), desk=True)
    try:
        filed = filing.at_desk(g.bearer, DeskFilingIn(day=today()).load(typed()), today())
    except (ValidationError, RegisterError) as refused:
        return form("objection-new.html", mistakes(refused), desk=True), status_of(refused)
    return receipt(filed.number, filed.secret, desk=True)


@signed_in(SCOPE)
def case(number: int) -> Page:
    """One case: what was said, what is attached, what was done; ask, answer or decide."""
    if request.method == "GET":
        return _page(number)
    act = request.form.get("act", "")
    if act not in ACTS:
        return _page(number), 422
    if not request.form.get("sure"):
        return _page(number, act, {f"{act}-sure": t("请勾选确认。", "Tick the box to confirm.")}), 422
    sent = {
        name.removeprefix(f"{act}-"): text.strip()
        for name, text in request.form.items()
        if name.startswith(f"{act}-") and text.strip()
    }
    try:
        about = {"objection": number}
        with transaction(WORDS[act], g.bearer.actor, on_behalf=g.bearer.behalf, about=about) as change:
            ACTS[act](change, number, sent)
    except (ValidationError, InvalidInput) as refused:
        wrong = {f"{act}-{PLACES.get(name, name)}": told for name, told in wrong_fields(refused).items()}
        return _page(number, act, wrong), 422
    except UnknownDepartment as refused:
        return _page(number, act, {f"{act}-department": t(refused.detail_zh, refused.detail)}), 422
    except WrongState as refused:
        return _page(number, act, {f"{act}-reason": t(refused.detail_zh, refused.detail)}), 409
    return redirect(url_for("web.case", number=number, done=act), 303)


def _ask(change: Change, number: int, sent: dict[str, Any]) -> None:
    acts.ask(change, number, g.bearer, AskIn().load(sent), today())


def _answer(change: Change, number: int, sent: dict[str, Any]) -> None:
    acts.answer(change, number, g.bearer, AnswerIn().load(sent), today())


def _decide(change: Change, number: int, sent: dict[str, Any]) -> None:
    day = today()
    if sent.pop("mend", "") == "withdraw" and sent.get("outcome") == "upheld":
        sent["withdrawal"] = {
            "reason": sent.pop("ground", ""), "revoked_on": sent.pop("revoked_on", str(day)),
            "document_no": sent.get("document_no", ""), "explanation": sent.get("reason", ""),
        }  # fmt: skip
    given = {name: value for name, value in sent.items() if name not in ("ground", "revoked_on")}
    way.advance(change, [acts.decide(change, number, g.bearer, load_decision(given, day), day)], day)


def _resume(change: Change, number: int, sent: dict[str, Any]) -> None:
    day = today()
    way.advance(change, [acts.resume(change, number, g.bearer, ResumptionIn().load(sent), day)], day)


ACTS: dict[str, Callable[[Change, int, dict[str, Any]], None]] = {
    "ask": _ask, "answer": _answer, "decide": _decide, "resume": _resume,
}  # fmt: skip
WORDS = {
    "ask": "objection-ask", "answer": "objection-answer", "decide": "objection-decision",
    "resume": "objection-resumption",
}  # fmt: skip
# What a withdrawal along with the decision calls its fields, and where the page asks for them.
PLACES = {
    "withdrawal-reason": "ground", "withdrawal-revoked_on": "revoked_on", "withdrawal-document_no": "document_no",
    "withdrawal-explanation": "reason",
}  # fmt: skip


def _read(number: int) -> Any:
    """The case, to whom it concerns. Raises UnknownObjection, NotAllowed."""
    found = kept.of(number)
    if not told.reads(g.bearer, found):
        raise NotAllowed("This is another department's case.", zh="这是其他部门的异议或声明")
    return found


def _page(number: int, act: str = "", wrong: dict[str, str] | None = None) -> str:
    found = _read(number)
    shown = told.whole(found, g.bearer, today())
    others = [one["name"] for one in departments.every() if one["name"] != shown["department"]]
    return render_template(
        "desk-objection.html", case=shown, act=act, wrong=wrong or {}, typed=request.form, day=today(),
        done=request.args.get("done"), others=others, listing=found.listing_id,
    )  # fmt: skip


@signed_in(SCOPE)
def case_attachment(number: int, attachment: int) -> Response:
    """An attachment, as a download that no browser opens in the register's own name."""
    found = told.attachment(_read(number), attachment)
    path = attachments.folder() / found.stored if found else None
    if found is None or path is None or not path.exists():
        abort(404)
    return send_file(path, mimetype=found.type, as_attachment=True, download_name=found.name, max_age=0)
