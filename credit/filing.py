"""How both doors take in what enterprises file: files are checked, then kept with the case, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app

from credit.db import transaction
from credit.errors import UnknownObjection
from credit.quota import refuse_guessing, wrong_guess
from credit.services import way
from credit.services.departments import Bearer
from credit.services.objections import attachments, cases, subjects
from credit.services.objections.cases import PUBLIC, Filed
from credit.services.objections.subjects import Subject
from credit.services.repairs import conditions
from credit.terms import FilingKind

BY_DOCUMENT = "the entry's document number, sent along; few from one address"
BY_SECRET = "the secret of the case"
ENVELOPE = 65_536


def most_bytes() -> int:
    """The largest body: the attachments as base64, and the words."""
    return attachments.MOST * int(current_app.config["CREDIT_ATTACHMENT_MOST"]) * 4 // 3 + ENVELOPE


def from_outside(given: dict[str, Any], day: date) -> Filed:
    """Keep what somebody filed about a fact that is shown, and mark it. `given` as schemas.objection.FilingIn
    or schemas.repair.ApplicationIn loads it.

    Raises UnknownEvent, WrongState, InvalidInput, and what a look-up raises.
    """
    subject = subjects.shown(given["code"], given["event"], given["document_no"], day)
    return _keep(subject, given, day, PUBLIC, None)


def at_desk(bearer: Bearer, given: dict[str, Any], day: date) -> Filed:
    """Keep what was brought to the desk of the department whose fact it is. Raises as from_outside, and NotAllowed."""
    subject = subjects.on_file(bearer, given["code"], given["event"], given["document_no"], day)
    return _keep(subject, given, day, bearer.actor, bearer.behalf)


def _keep(subject: Subject, given: dict[str, Any], day: date, actor: str, behalf: str | None) -> Filed:
    files = attachments.checked([(one["name"], one["content"]) for one in given["attachments"]])
    applied = given["kind"] == FilingKind.REPAIR
    opened = (
        transaction("repair", actor, on_behalf=behalf) if applied else transaction("objection", actor, on_behalf=behalf)
    )
    with attachments.kept(files) as stored, opened as change:
        if applied:
            conditions.refuse_unmet(subject, given["performed_on"], day)
        filed = cases.file(change, subject, given, files, stored, day, actor)
        if given["kind"] == FilingKind.OBJECTION:
            way.advance(change, [subject.enterprise_id], day)
    return filed


def of_holder(number: int, secret: str) -> Any:
    """The filing of whoever has its secret; guesses are counted. Raises UnknownObjection, TooManyRequests."""
    refuse_guessing("objection")
    try:
        return cases.of_holder(number, secret)
    except UnknownObjection:
        wrong_guess("objection")
        raise
