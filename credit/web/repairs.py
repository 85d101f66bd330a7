"""The enterprise's way to repair: which entry, what was done, the proof, the pledge; then a number to follow it up."""

from __future__ import annotations

from flask import current_app, request
from marshmallow import ValidationError

from credit import filing
from credit.clock import today
from credit.errors import RegisterError
from credit.quota import refuse_flood
from credit.services.objections.told import ACCEPTANCE, REPAIR
from credit.services.policies import law_on
from credit.terms import FilingKind
from credit.web.asked import asked
from credit.web.objections import Page, form, mistakes, receipt, status_of, typed
from schemas.repair import ApplicationIn

KEY = "repairs.pledge"


def apply_for_repair() -> Page:
    """The form of an application; the receipt shows number and secret once."""
    if request.method == "GET":
        return repair_form({}, code=asked("code"), event=asked("event"))
    refuse_flood("objections", current_app.config["CREDIT_LIMIT_OBJECTIONS"])
    request.max_content_length = filing.most_bytes()
    try:
        given = ApplicationIn(day=today()).load(applied()) | {"kind": FilingKind.REPAIR, "received_on": None}
        filed = filing.from_outside(given, today())
    except (ValidationError, RegisterError) as refused:
        return repair_form(mistakes(refused)), status_of(refused)
    return receipt(filed.number, filed.secret)


def repair_form(wrong: dict[str, str], code: str | None = None, event: str | None = None, desk: bool = False) -> str:
    """The form, with what was typed and the pledge of the policy in force."""
    law = law_on(today())
    pledge = law.value(KEY, today()) if KEY in law.provisions else {"zh": "", "en": ""}
    return form("repair-new.html", wrong, code=code, event=event, desk=desk, pledge=pledge, clocks=clocks())


def clocks() -> tuple[int, int]:
    """Within how many working days an application is accepted, and then decided, by the law of today."""
    law = law_on(today())
    accepted, decided = (int(law.value(key, today())) if key in law.provisions else 0 for key in (ACCEPTANCE, REPAIR))
    return accepted, decided


def applied() -> dict[str, object]:
    """The form as the API takes it."""
    day = request.form.get("performed_on", "").strip()
    given = {name: value for name, value in typed().items() if name != "kind"}
    return given | {"pledge": bool(request.form.get("pledge"))} | ({"performed_on": day} if day else {})


apply_for_repair.auth_rule = filing.BY_DOCUMENT  # type: ignore[attr-defined]
