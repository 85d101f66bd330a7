"""The public record as it is usually made: ORM objects, and marshmallow on every request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import db
from credit.models import (
    CessationRow,
    Classification,
    Enterprise,
    EnterpriseVersion,
    Event,
    Grading,
    Listing,
    Name,
    TextCheck,
)
from credit.terms import Kind, Severity
from tests.benchmarks.naive_shapes import EVENTS, RECORD

MADE = {"severity", "shown_until", "repair_from"}
READ = {
    kind: [field.attribute or name for name, field in shape().fields.items()]
    for kind, shape in EVENTS.items()
}
Dossier = list[tuple[Event, Classification]]


def naive_record(code: str, day: date) -> dict[str, Any]:
    """The record of one enterprise, all of it asked of the database and dumped anew."""
    firm = db.session.scalars(select(Enterprise).where(Enterprise.code == code)).one()
    gradings = select(Grading).where(Grading.enterprise_id == firm.id).order_by(Grading.seq)
    grading = db.session.scalars(gradings).all()[-1]
    return dumped(firm, versions_of(firm), dossier_of(firm), grading, day)


def versions_of(firm: Enterprise) -> Sequence[EnterpriseVersion]:
    """Each version of the enterprise, the present one last."""
    version = EnterpriseVersion
    found = select(version).where(version.enterprise_id == firm.id).order_by(version.seq)
    return db.session.scalars(found).all()


def dossier_of(firm: Enterprise) -> Dossier:
    """All that was reported of the enterprise and still stands, with what the policy made of it."""
    found = db.session.execute(
        select(Event, Classification)
        .join(Classification, Classification.seq == Event.seq)
        .where(Event.enterprise_id == firm.id)
        .order_by(Event.seq)
    ).all()
    replaced = {event.replaces for event, _ in found}
    return [(event, made) for event, made in found if event.seq not in replaced]


def dumped(
    firm: Enterprise,
    versions: Sequence[EnterpriseVersion],
    dossier: Dossier,
    grading: Grading,
    day: date,
) -> dict[str, Any]:
    """The shape of the public record. One finding an event: enough to compare the cost."""
    now = versions[-1]
    names = db.session.scalars(select(Name).where(Name.enterprise_id == firm.id))
    listings = db.session.scalars(select(Listing).where(Listing.enterprise_id == firm.id))
    shown = _shown(firm, dossier, day)
    repairs = [row["repair_from"] for row in shown["violation"] if row["repair_from"]]
    record = _columns(now) | {
        "org_code": firm.org_code,
        "parent": now.parent_code,
        "former_names": [{"name": n.text, "until": now.valid_from} for n in names if n.text != now.name],
        "grade": grading.grade, "score": grading.score, "seq": grading.seq,
        "graded_on": grading.day, "grade_since": grading.day,
        "policy": {"id": "default", "digest": grading.digest},
        "findings": [_finding(event, made) for event, made in dossier if made.public],
        "listings": [_columns(listing) for listing in listings],
        "violations": shown["violation"],
        "inspections": shown["inspection"],
        "awards": shown["award"],
        "notices": [],
        "repair": {"earliest": min(repairs, default=None)},
        "data_as_of": day.isoformat(),
    }  # fmt: skip
    answer: dict[str, Any] = RECORD.dump(record)
    return answer


def _shown(firm: Enterprise, dossier: Dossier, day: date) -> dict[str, list[dict[str, Any]]]:
    """The events that the public may see on the day, by kind."""
    mine = CessationRow.enterprise_id == firm.id
    ceased = set(db.session.scalars(select(CessationRow.event_id).where(mine)))
    checks = select(TextCheck.version).where(TextCheck.enterprise_id == firm.id, TextCheck.found == 0)
    clean = set(db.session.scalars(checks))
    shown: dict[str, list[dict[str, Any]]] = {kind: [] for kind in EVENTS}
    for event, made in dossier:
        ended = made.shown_until is not None and made.shown_until <= day
        if made.public and not ended and event.event_id not in ceased:
            told = _read(event, made)
            shown[event.kind].append(told if event.seq in clean or "facts" not in told else told | {"facts": None})
    return shown


def _read(event: Event, made: Classification) -> dict[str, Any]:
    names = READ[event.kind]
    return {name: getattr(made if name in MADE else event, name, None) for name in names}


def _finding(event: Event, made: Classification) -> dict[str, Any]:
    kind = Kind[event.kind.upper()]
    severity = Severity[made.severity.upper()] if made.severity else None
    return {
        "rule": made.rule, "outcome": "counted", "points": 0,
        "event": event.event_id, "until": made.until,
        "source": {"title": made.rule, "number": "", "article": "", "url": "", "certainty": "P"},
        "sentence": {
            "zh": f"{kind.zh}{severity.zh if severity else ''}",
            "en": f"{kind.en} {severity.en if severity else ''}",
        },
    }  # fmt: skip


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
