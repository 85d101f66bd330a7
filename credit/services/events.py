"""One event: taken in as a batch of one, and what its department is told of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from credit.db import Change, db
from credit.models import Classification, Department, Enterprise, Event, Grading
from credit.rules.law import Law
from credit.rules.withheld import WITHDRAWN, reasons
from credit.services import redactions
from credit.services.event_rows import COLUMNS, IDENTITY, Row, plain, proceedings, row_of
from credit.services.event_versions import of_event
from credit.services.firsts import Firsts
from credit.services.intake import record_many
from credit.services.kept import kept
from credit.services.policies import law_on

__all__ = ["event_row", "examined", "on_file", "proceedings", "receipt", "record"]


def record(change: Change, department_id: int, event: Row, law: Law) -> tuple[int, int, bool]:
    """Keep one loaded event. Returns its id, its enterprise's id, and whether it is new.

    The same document again is no new event; with other content it is refused (both are shown).
    """
    (taken,) = record_many(change, department_id, [event], law)
    if taken.refused is not None:
        raise taken.refused
    assert taken.event_id is not None and taken.enterprise_id is not None
    return taken.event_id, taken.enterprise_id, taken.new


def event_row(event: Row, enterprise_id: int, department_id: int) -> tuple[Row, list[str]]:
    """Every column of a loaded event, and the documents that rest on the same facts."""
    code = db.session.scalars(select(Enterprise.code).where(Enterprise.id == enterprise_id)).one()
    department = db.session.scalars(select(Department.name).where(Department.id == department_id)).one()
    row, related = row_of(event, enterprise_id, code, department_id, department)
    return dict.fromkeys(COLUMNS) | plain(row), related


def on_file(row: Row) -> bool:
    """Whether the event with this identity is on file."""
    return tuple(row[name] for name in IDENTITY) in kept([row], row["department_id"])


def examined(event: Row, enterprise_id: int) -> int | None:
    """The id of the first test that this one examines again. Raises InvalidInput where there is none."""
    return Firsts([event | {"enterprise_id": enterprise_id}]).examined(event, enterprise_id)


def receipt(event_id: int, enterprise_id: int, state: str, day: date) -> dict[str, Any]:
    """What the department is told: how its event was classified, why it isn't shown, and the grade.

    `state`: recorded, on_file, corrected, withdrawn or restored.
    """
    law = law_on(day)
    present = Classification.digest == law.digest
    version, made = db.session.execute(
        select(Event, Classification)
        .join(Classification, Classification.seq == Event.seq)
        .where(of_event(event_id))
        .order_by(Event.seq.desc(), present.desc())
        .limit(1)
    ).one()
    code = db.session.scalar(select(Enterprise.code).where(Enterprise.id == enterprise_id))
    grade = db.session.scalar(
        select(Grading.grade).where(Grading.enterprise_id == enterprise_id).order_by(Grading.seq.desc()).limit(1)
    )
    told = [WITHDRAWN] if state == "withdrawn" else reasons(vars(version), vars(made), law, day)
    return {
        "id": event_id,
        "version": version.seq,
        "code": code,
        "state": state,
        "severity": made.severity,
        "public": made.public,
        "shown_until": made.shown_until,
        "withheld": [one._asdict() for one in told],
        "open_findings": redactions.open_in(version),
        "grade": grade,
        "record": f"/api/v1/enterprises/{code}",
    }
