"""Facts at the desk: an enterprise's dossier, the history of a fact, and what its department does about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from credit import archive
from credit.clock import today
from credit.db import Change, transaction
from credit.errors import InvalidInput, NotAllowed, StaleVersion
from credit.services import (
    amendments,
    demands,
    event_versions,
    fact_history,
    redactions,
    staff_dossier,
    way,
)
from credit.services.access import may_read
from credit.services.policies import law_on
from credit.web.desk import signed_in
from credit.web.fact_form import FIXED, as_sent, as_typed, inputs, labels
from credit.web.fact_words import side_by_side, wrong_fields
from credit.web.language import t
from schemas.correction import DemandIn, RefusalIn, RestorationIn, WithdrawalIn, load_correction

OWN = "events:write or supervise"
Answer = str | Response | tuple[str, int]
Act = Callable[[Change, int, Any], None]


@signed_in(OWN)
def staff_enterprise(code: str) -> str:
    """Every fact of an enterprise with its provenance, and whether it is shown; to reporters their own."""
    only = None if "supervise" in g.bearer.scopes else g.department_id
    found = staff_dossier.dossier(code, today(), only)
    return render_template("staff-enterprise.html", dossier=found, today_is=today())


@signed_in(OWN)
def fact(event_id: int) -> Answer:
    """The whole history of a fact; its department withdraws it, takes that back, answers demands."""
    if request.method == "POST":
        return _act(event_id)
    return _page(event_id)


@signed_in(OWN)
def correct_fact(event_id: int) -> Answer:
    """The form in which a fact's department reports it as it should have been."""
    told = _readable(event_id)
    if told["department_id"] != g.department_id:
        raise NotAllowed("Another department reported this.", zh="这是其他部门报送的信息")
    current = told["versions"][-1]["document"]
    if request.method == "GET":
        return _form(told, as_typed(told["kind"], current), {})
    day = today()
    sent = as_sent(told["kind"], request.form, {name: current[name] for name in FIXED if name in current})
    wrong = {} if request.form.get("sure") else {"sure": _unsure()}
    try:
        event, said = load_correction(sent, day)
        if wrong:
            return _form(told, request.form, wrong), 422
        said.setdefault("version", event_versions.current(event_id).seq)
        with transaction("correction", g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
            made = amendments.correct(change, event_id, g.bearer, event, said, law_on(day), day)
            if made.new:
                way.advance(change, [made.enterprise_id], day)
    except (ValidationError, InvalidInput) as refused:
        return _form(told, request.form, wrong_fields(refused) | wrong), 422
    except StaleVersion as refused:
        return _form(told, request.form, {"reason": t(refused.detail_zh, refused.detail)}), 409
    return _done(event_id, "corrected" if made.new else "same")


def _act(event_id: int) -> Answer:
    """One of the acts of the page, once it was confirmed."""
    act = request.form.get("act", "")
    if act not in ACTS:
        return _page(event_id), 422
    if not request.form.get("sure"):
        return _page(event_id, act, {f"{act}-sure": _unsure()}), 422
    try:
        with transaction(act, g.bearer.actor, on_behalf=g.bearer.behalf, about={"event": event_id}) as change:
            ACTS[act](change, event_id, _typed(act))
    except (ValidationError, InvalidInput) as refused:
        return _page(event_id, act, {f"{act}-{name}": told for name, told in wrong_fields(refused).items()}), 422
    return _done(event_id, act)


def _typed(act: str) -> dict[str, Any]:
    """The fields of an act as its shape takes them; what was left empty is left out."""
    given = {
        name.removeprefix(f"{act}-"): text.strip()
        for name, text in request.form.items()
        if name.startswith(f"{act}-") and text.strip() and name != f"{act}-sure"
    }
    rests = {part: given.pop(f"rests-{part}") for part in ("no", "day") if f"rests-{part}" in given}
    return given | ({"document": rests} if rests else {})


def _withdraw(change: Change, event_id: int, sent: dict[str, Any]) -> None:
    day = today()
    made = amendments.withdraw(change, event_id, g.bearer, WithdrawalIn(day=day).load(sent), day)
    way.advance(change, [made.enterprise_id] if made.new else [], day)


def _restore(change: Change, event_id: int, sent: dict[str, Any]) -> None:
    day = today()
    made = amendments.restore(change, event_id, g.bearer, RestorationIn().load(sent), day)
    way.advance(change, [made.enterprise_id], day)


def _demand(change: Change, event_id: int, sent: dict[str, Any]) -> None:
    demands.demand(change, event_id, g.bearer, DemandIn(day=today()).load(sent), today())


def _refuse(change: Change, event_id: int, sent: dict[str, Any]) -> None:
    number = int(sent.pop("demand", "0"))
    demands.refuse(change, event_id, number, g.bearer, RefusalIn().load(sent), today())


ACTS: dict[str, Act] = {
    "withdrawal": _withdraw, "restoration": _restore, "demand": _demand, "demand-refusal": _refuse,
}  # fmt: skip


def _unsure() -> str:
    return t("请勾选确认。", "Tick the box to confirm.")


def _done(event_id: int, act: str) -> Response:
    return redirect(url_for("web.fact", event_id=event_id, done=act), 303)


def _readable(event_id: int) -> dict[str, Any]:
    told = fact_history.history(event_id, today())
    if not may_read(g.bearer, told["department_id"]):
        raise NotAllowed("Another department reported this.", zh="这是其他部门报送的信息")
    if request.method == "GET":
        archive.refuse_or_note(g.bearer, event_id)
    return told


def _page(event_id: int, act: str = "", wrong: dict[str, str] | None = None) -> str:
    told = _readable(event_id)
    own = told["department_id"] == g.department_id
    return render_template(
        "fact.html", fact=told, own=own, act=act, wrong=wrong or {},
        typed=request.form, day=today(), done=request.args.get("done"),
        supervises="supervise" in g.bearer.scopes, rows=side_by_side(told["versions"]),
        labels=labels(told["kind"]), wording=redactions.state_of(event_id, g.bearer) if own else None,
    )  # fmt: skip


def _form(told: dict[str, Any], typed: MultiDict[str, str], wrong: dict[str, str]) -> str:
    return render_template(
        "fact-correct.html", fact=told, inputs=inputs(told["kind"]), typed=typed, wrong=wrong, day=today()
    )
