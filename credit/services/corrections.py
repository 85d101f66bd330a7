"""Corrections and cessations: new facts about a fact on file. Nothing is overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import Change, db
from credit.models import CessationRow, Event, EventLink
from credit.rules.dossier import TAKEN_BACK
from credit.rules.law import Law
from credit.services import classification, text_checks
from credit.services.event_rows import table_of
from credit.services.event_versions import current
from credit.services.events import event_row
from credit.services.instants import day_of
from credit.terms import Cessation


def correct(change: Change, event_id: int, event: dict[str, Any], law: Law) -> int:
    """Keep another version of an event, in place of the one that counts now. Returns its enterprise's id.

    `event` is the whole document as schemas.event loads it. Raises UnknownEvent.
    """
    standing = current(event_id)
    row, related = event_row(event, standing.enterprise_id, standing.department_id)
    replace(change, standing, row | {"of": standing.of}, related, law)
    return standing.enterprise_id


def replace(change: Change, standing: Event, row: dict[str, Any], related: list[str], law: Law) -> int:
    """Keep a row as the version in place of this one. Returns its number."""
    (seq,) = change.take()
    own = {"seq": seq, "event_id": standing.event_id, "replaces": standing.seq}
    row |= own | {"received_on": day_of(change.recorded_at), "report_id": standing.report_id}
    db.session.add(Event(**row))
    db.session.flush()
    for document_no in related:
        db.session.add(EventLink(seq=seq, document_no=document_no, enterprise_id=standing.enterprise_id))
    classification.keep([row], law)
    text_checks.keep(table_of([row]))
    return seq


def cease(change: Change, event_id: int, ground: Cessation, on: date, document_no: str) -> int:
    """End what an event counts for from a day on: repaired, revoked, masked, withdrawn.

    Returns its enterprise's id. Raises UnknownEvent.
    """
    standing = current(event_id)
    _keep(change, standing, str(ground), on, document_no)
    return standing.enterprise_id


def take_back(change: Change, cessation: CessationRow, document_no: str) -> int:
    """Say that a cessation never was. Returns the number of the row in its place."""
    standing = current(cessation.event_id)
    return _keep(change, standing, TAKEN_BACK, cessation.ceased_on, document_no, replaces=cessation.seq)


def _keep(
    change: Change, standing: Event, ground: str, on: date, document_no: str, replaces: int | None = None
) -> int:
    (seq,) = change.take()
    db.session.add(
        CessationRow(
            seq=seq, event_id=standing.event_id, enterprise_id=standing.enterprise_id, replaces=replaces,
            ground=ground, ceased_on=on, document_no=document_no,
        )
    )  # fmt: skip
    db.session.flush()
    return seq


def cessations(event_id: int) -> list[CessationRow]:
    """What ends an event now: nothing replaced it, and none of it was taken back."""
    later = aliased(CessationRow)
    held = select(CessationRow).where(
        CessationRow.event_id == event_id,
        CessationRow.ground != TAKEN_BACK,
        ~exists().where(later.replaces == CessationRow.seq),
    )
    return list(db.session.scalars(held.order_by(CessationRow.seq)))
