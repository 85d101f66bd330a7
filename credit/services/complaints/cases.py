"""A case is kept: what may be known of it in the clear, all else sealed; and found again by number and secret."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from credit.db import Change, db
from credit.errors import RegisterError, TooManyRequests, UnknownComplaint
from credit.models import Complaint, ComplaintFile, ComplaintSealed, Department, Enterprise
from credit.services import departments, enterprises
from credit.services.complaints import sealing
from credit.services.objections.attachments import Attachment
from credit.services.objections.cases import digest_of, grouped, new_secret
from credit.terms import ComplaintState
from schemas.fields import BEYOND

MOST_A_DAY, SERIAL, SPAN = 5, 10, timedelta(days=365)


class Received(NamedTuple):
    """A new case: its number, its secret, and a report's reward code where one was asked for; told this once."""

    number: int
    secret: str
    reward: str | None


def receive(
    change: Change,
    given: dict[str, Any],
    files: Sequence[Attachment],
    stored: Sequence[str],
    day: date,
) -> Received:
    """Keep a complaint or report, `given` as schemas.complaint.ComplaintIn loads it; `files` lie on disk, sealed.

    Raises UnknownDepartment; TooManyRequests for a telephone number that sent its share of the day.
    """
    person = sealing.person(given["phone"]) if given["phone"] else None
    _refuse_flood(person, day)
    enterprise_id, code = _enterprise(given["code"])
    secret, reward = new_secret(), new_secret() if given["reward"] else None
    (seq,) = change.take()
    change.about |= {"complaint": seq, "kind": str(given["kind"])}
    db.session.add(
        Complaint(
            seq=seq, kind=str(given["kind"]), category=str(given["category"]), state=str(ComplaintState.RECEIVED),
            department_id=_receiver(given["department"]), enterprise_id=enterprise_id, code=code,
            item_code=given["item_code"], happened_on=given["happened_on"], filed_on=day, secret=digest_of(secret),
            reward=reward and digest_of(reward), person=person,
        )
    )  # fmt: skip
    db.session.flush()
    said = ("name", "phone", "address", "code", "enterprise", "place", "words")
    kid, body = sealing.seal_words(
        {name: given[name] for name in said} | {"files": [one.name for one in files]}
    )
    db.session.add(ComplaintSealed(complaint=seq, kid=kid, body=body))
    for number, file, name in zip(change.take(len(files)), files, stored, strict=True):
        db.session.add(
            ComplaintFile(
                seq=number, complaint=seq, stored=name, type=file.type, size=len(file.content)
            )
        )
    db.session.flush()
    return Received(seq, grouped(secret), reward and grouped(reward))


def _enterprise(code: str) -> tuple[int | None, str]:
    """Whom it is about, where the code is on file; a code that isn't stays with the words, as typed."""
    if not code:
        return None, ""
    try:
        found = enterprises.find(code)
    except RegisterError:
        return None, ""
    return found, db.session.get_one(Enterprise, found).code


def _receiver(name: str) -> int:
    """The department that was named, else the register's first one, which transfers what isn't its own."""
    if name:
        return departments.find(name)
    return int(db.session.scalars(select(func.min(Department.id))).one())


def _refuse_flood(person: str | None, day: date) -> None:
    if person is None:
        return
    sent = select(func.count()).where(Complaint.person == person, Complaint.filed_on == day)
    if (db.session.scalar(sent) or 0) >= MOST_A_DAY:
        raise TooManyRequests(
            f"{MOST_A_DAY} were sent with this number today: try again tomorrow, or call 12315.",
            zh=f"此电话今天已提交 {MOST_A_DAY} 件，请明天再试或拨打 12315",
        )


def serial(complaint: Complaint) -> int | None:
    """How many this person sent within a year before, where they are many. Advice alone: nothing is refused by it."""
    if complaint.person is None:
        return None
    since = complaint.filed_on - SPAN
    sent = select(func.count()).where(
        Complaint.person == complaint.person,
        Complaint.filed_on > since,
        Complaint.filed_on <= complaint.filed_on,
    )
    number = db.session.scalar(sent) or 0
    return number if number >= SERIAL else None


def of(number: int) -> Complaint:
    """A case, for staff. Raises UnknownComplaint."""
    found = db.session.get(Complaint, number) if 0 < number < BEYOND else None
    if found is None:
        raise UnknownComplaint
    return found


def of_holder(number: int, secret: str) -> Complaint:
    """The case of whoever has its secret. Raises UnknownComplaint, alike for a wrong number and a wrong secret."""
    found = db.session.get(Complaint, number) if 0 < number < BEYOND else None
    held = found.secret if found is not None else "0" * 64
    if not secrets.compare_digest(held, digest_of(secret)) or found is None:
        raise UnknownComplaint
    return found


def claims(complaint: Complaint, code: str) -> bool:
    """Whether a code is the one by which this report's reward is claimed."""
    return complaint.reward is not None and secrets.compare_digest(
        complaint.reward, digest_of(code)
    )
