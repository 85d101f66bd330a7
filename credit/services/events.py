"""Intake of events: checked, tied to their enterprise, kept once, classified by the policy."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import orjson
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import DifferentDocument, InvalidInput
from credit.models import Classification, Department, Enterprise, Event, EventLink, Grading
from credit.rules.law import Law
from credit.services import classification, enterprises
from credit.services.policies import law_on
from credit.terms import Term

COLUMNS = [column.name for column in Event.__table__.columns]
OWN_BUSINESS = ("seq", "event_id", "replaces", "enterprise_id", "department_id", "content_digest")


def record(change: Change, department_id: int, event: dict[str, Any], law: Law) -> tuple[int, int, bool]:
    """Keep one loaded event. Returns its id, its enterprise's id, and whether it is new.

    The same document again is no new event; with other content it is refused (both are shown).
    """
    day = event.get("occurred_on") or event["valid_from"]
    enterprise_id = enterprises.bearer_on(enterprises.find(event["code"]), day)
    row, related = event_row(event, enterprise_id, department_id)
    known = on_file(row)
    if known is not None:
        if known.content_digest != row["content_digest"]:
            raise DifferentDocument(
                "Correct the event on file or use another source_ref.",
                zh="请更正已有记录，或使用不同的来源标识",
                event=known.event_id,
                on_file=_shown(known, _documents(known.seq)),
                sent=_shown(Event(**row), related),
            )
        return known.event_id, enterprise_id, False
    first = examined(event, enterprise_id)  # refused before a number is taken
    (seq,) = change.take()
    row |= {"seq": seq, "event_id": seq, "of": first}
    db.session.add(Event(**row))
    db.session.flush()
    for document_no in related:
        db.session.add(EventLink(seq=seq, document_no=document_no, enterprise_id=enterprise_id))
    classification.keep([row], law)
    return seq, enterprise_id, True


def event_row(
    event: dict[str, Any], enterprise_id: int, department_id: int
) -> tuple[dict[str, Any], list[str]]:
    """The columns of a loaded event, and the documents that rest on the same facts."""
    row = _row(event, enterprise_id, department_id)
    related = sorted({other["document_no"] for other in event.get("related_to") or ()})
    return row | {"content_digest": _digest(row, related)}, related


def _row(event: dict[str, Any], enterprise_id: int, department_id: int) -> dict[str, Any]:
    item, notices = event.get("item") or {}, event.get("notices") or {}
    flat = {**event, **item, **notices}
    row: dict[str, Any] = {name: _word(flat.get(name)) for name in COLUMNS}
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id))
    proceedings = event.get("proceedings")
    row |= {
        "enterprise_id": enterprise_id,
        "department_id": department_id,
        "code": code,
        "occurred_on": event.get("occurred_on") or event["valid_from"],
        "penalties": [str(kind) for kind in event["penalties"]] if "penalties" in event else None,
        "proceedings": None if proceedings is None else ("pending" if proceedings else "none"),
        "authority": event["authority"] or _department_name(department_id),
    }
    return row


def _digest(row: dict[str, Any], related: list[str]) -> str:
    """SHA-256 over what the document says; what is left out and what is sent as null are the same."""
    said = {name: value for name, value in row.items() if value not in (None, "", [])}
    text = orjson.dumps([said, related], default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, Term) else value


def _department_name(department_id: int) -> str:
    return str(db.session.scalar(select(Department.name).where(Department.id == department_id)))


def on_file(row: dict[str, Any]) -> Event | None:
    """The first version of the event with this identity, if it is on file."""
    same = ("code", "document_no", "kind", "department_id", "source_ref")
    return db.session.scalars(
        select(Event).where(Event.replaces.is_(None), *(getattr(Event, name) == row[name] for name in same))
    ).one_or_none()


def _documents(seq: int) -> list[str]:
    """The documents about the same facts that an event version names."""
    named = select(EventLink.document_no).where(EventLink.seq == seq)
    return sorted(db.session.scalars(named))


def _shown(event: Event, related: list[str]) -> dict[str, Any]:
    """What a department may see of its own event when two contents clash."""
    shown = {name: getattr(event, name) for name in COLUMNS if name not in OWN_BUSINESS}
    as_json = (bool, int, list, type(None))
    plain = {name: value if isinstance(value, as_json) else str(value) for name, value in shown.items()}
    return plain | {"related_to": related}


def examined(event: dict[str, Any], enterprise_id: int) -> int | None:
    """The id of the first test that this one examines again; by id or by its document.

    Raises InvalidInput where there is none, or where it came later.
    """
    if event.get("stage") not in ("reinspection", "recheck"):
        return None
    found = select(Event.event_id, Event.occurred_on).where(
        Event.enterprise_id == enterprise_id, Event.kind == "inspection", Event.stage == "first"
    )
    if event.get("of"):
        found = found.where(Event.event_id == event["of"])
    else:
        documents = [related["document_no"] for related in event["related_to"]]
        found = found.where(Event.document_no.in_(documents))
    first = db.session.execute(found.order_by(Event.seq)).first()
    if first is None:
        raise InvalidInput(
            "The inspection that is examined again is not on file for this enterprise.",
            zh="没有找到该企业被复检或复查的检查记录",
            errors={"of": ["No first test of this enterprise: give its id, or its document in related_to."]},
        )
    if event["occurred_on"] < first.occurred_on:
        raise InvalidInput(
            "The second look lies before the first.",
            zh="复检或复查日期早于初检日期",
            errors={"occurred_on": [f"{event['occurred_on']} lies before the first test ({first.occurred_on})."]},
        )
    return int(first.event_id)


def receipt(event_id: int, enterprise_id: int, new: bool, day: date) -> dict[str, Any]:
    """What the department is told: how its event was classified, and the grade that it led to."""
    present = Classification.digest == law_on(day).digest
    made = db.session.scalars(
        select(Classification).where(Classification.seq == event_id).order_by(present.desc()).limit(1)
    ).one()
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id))
    grade = db.session.scalar(
        select(Grading.grade).where(Grading.enterprise_id == enterprise_id).order_by(Grading.seq.desc()).limit(1)
    )
    return {
        "id": event_id,
        "code": code,
        "state": "recorded" if new else "on_file",
        "severity": made.severity,
        "public": made.public,
        "shown_until": made.shown_until,
        "grade": grade,
        "record": f"/api/v1/enterprises/{code}",
    }
