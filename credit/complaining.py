"""How both doors take in complaints and reports: files are checked, sealed and kept with the case, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from credit.db import db, transaction
from credit.errors import UnknownComplaint
from credit.models import Complaint, ComplaintFile, ComplaintSealed
from credit.quota import refuse_flood, refuse_guessing, wrong_guess
from credit.rules.months import months_after
from credit.services.complaints import acts, cases, sealing
from credit.services.complaints.cases import Received
from credit.services.departments import Bearer
from credit.services.objections import attachments
from credit.services.policies import law_on

BY_LIMIT = "anybody complains and reports; few from one address and telephone"
BY_SECRET = "the secret of the case"
AT_ONCE = 500


def flood() -> None:
    """Count what is sent from an address. Raises TooManyRequests."""
    refuse_flood("complaints", current_app.config["CREDIT_LIMIT_OBJECTIONS"])


def from_outside(given: dict[str, Any], day: date) -> Received:
    """Keep what somebody sent, `given` as schemas.complaint.ComplaintIn loads it.

    Raises InvalidInput, UnknownDepartment, TooManyRequests.
    """
    files = attachments.checked([(one["name"], one["content"]) for one in given["attachments"]])
    sealed = [one._replace(content=_sealed(one.content)) for one in files]
    with attachments.kept(sealed) as stored, transaction("complaint", "public") as change:
        return cases.receive(change, given, files, stored, day)


def _sealed(content: bytes) -> bytes:
    kid, body = sealing.seal(content)
    return f"{kid}\n{body}".encode()


def file_of(complaint: Complaint, number: int) -> tuple[str, bytes] | None:
    """An attachment's type and content, opened; None where there is none."""
    found = db.session.get(ComplaintFile, number)
    path = (
        attachments.folder() / found.stored if found and found.complaint == complaint.seq else None
    )
    if found is None or path is None or not path.exists():
        return None
    kid, _, body = path.read_text(encoding="ascii").partition("\n")
    return found.type, sealing.unseal(kid, body)


def files_of(number: int) -> list[dict[str, Any]]:
    """The attachments of a case: number, type and size; what they are called is sealed."""
    wanted = select(ComplaintFile).where(ComplaintFile.complaint == number).order_by(ComplaintFile.seq)
    return [{"number": one.seq, "type": one.type, "size": one.size} for one in db.session.scalars(wanted)]


def file_opened(number: int, file: int, bearer: Bearer, reason: str) -> tuple[str, bytes] | None:
    """An attachment to its department: reading it is in the audit as reading the words is."""
    opened(number, bearer, reason)
    return file_of(cases.of(number), file)


def of_holder(number: int, secret: str) -> Complaint:
    """The case of whoever has its secret; guesses are counted. Raises UnknownComplaint, TooManyRequests."""
    refuse_guessing("complaint")
    try:
        return cases.of_holder(number, secret)
    except UnknownComplaint:
        wrong_guess("complaint")
        raise


def withdraw(number: int, secret: str, day: date) -> None:
    """Take one's own case back. Raises UnknownComplaint, WrongState."""
    found = of_holder(number, secret).seq
    with transaction("complaint-withdrawn", "public", about={"complaint": found}) as change:
        acts.withdraw(change, cases.of(found), day)


def opened(number: int, bearer: Bearer, reason: str) -> dict[str, Any] | None:
    """What is sealed, to its department: each reading is in the audit. Raises UnknownComplaint, NotAllowed."""
    with transaction("complaint-opened", bearer.actor, on_behalf=bearer.behalf) as change:
        return acts.opened(change, number, bearer, reason)


def delete_due(day: date) -> int:
    """Delete what was sealed of cases that ended so long ago, files too, and their keyed digests. How many cases."""
    provision = law_on(day).provisions.get("complaints.retention-months")
    if provision is None:
        return 0
    months = int(provision.on(max(day, provision.values[0].start)).value)
    before = months_after(day, -months)
    due = (
        select(Complaint.seq)
        .join(ComplaintSealed, ComplaintSealed.complaint == Complaint.seq)
        .where(Complaint.closed_on <= before)
    )
    found = list(db.session.scalars(due.order_by(Complaint.seq)))
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        with transaction("complaint-retention", "calendar", about={"complaints": len(some)}):
            of_some = ComplaintFile.complaint.in_(some)
            stored = list(db.session.scalars(select(ComplaintFile.stored).where(of_some)))
            db.session.execute(delete(ComplaintFile).where(of_some))
            db.session.execute(delete(ComplaintSealed).where(ComplaintSealed.complaint.in_(some)))
            db.session.execute(
                db.update(Complaint).where(Complaint.seq.in_(some)).values(person=None)
            )
        for name in stored:
            (attachments.folder() / name).unlink(missing_ok=True)
    return len(found)
