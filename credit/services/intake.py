"""Intake of events, set-wise: tied to their enterprises, each document kept once, classified by the policy.

One event or twenty thousand go the same way: a handful of statements for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import AwardBlocked, DifferentDocument, InvalidInput, RegisterError
from credit.models import Department, Event, EventLink
from credit.rules.law import Law
from credit.services import classification, text_checks, whose
from credit.services.award_blocks import AwardBlocks
from credit.services.bearers import Firm, bearers
from credit.services.event_rows import IDENTITY, Row, row_of, shown, table_of
from credit.services.event_versions import corrected
from credit.services.firsts import Firsts
from credit.services.instants import day_of
from credit.services.kept import contents, kept
from credit.services.writing import insert


@dataclass(slots=True)
class Taken:
    """What became of one event: recorded (`new`) or on file already, or refused and why."""

    event_id: int | None = None
    enterprise_id: int | None = None
    new: bool = False
    refused: RegisterError | None = None


@dataclass(slots=True)
class _Report:
    """One event on its way: where it stands among the given ones, its row, its related documents."""

    place: int
    event: Row
    row: Row
    related: list[str]

    @property
    def identity(self) -> tuple[str, ...]:
        return tuple(self.row[name] for name in IDENTITY)


def record_many(
    change: Change,
    department_id: int,
    given: Sequence[Row],
    law: Law,
    received_on: date | None = None,
    report_id: int | None = None,
) -> list[Taken]:
    """Keep loaded events, in their order. The same document again is no new event; with other content
    it is refused and both are shown. What is refused takes no number and keeps no other event out.

    `received_on`: the day of receipt (that of the change, if left out); `report_id`: the batch.
    """
    taken = [Taken() for _ in given]
    reports = list(_tied(department_id, given, taken))
    own = {"received_on": received_on or day_of(change.recorded_at), "report_id": report_id}
    new = _not_on_file(reports, department_id, change.last_seq + 1, own, taken, law)
    change.take(len(new))
    if new:
        _write(new, law)
    return taken


def _tied(department_id: int, given: Sequence[Row], taken: list[Taken]) -> Iterator[_Report]:
    """The events whose enterprise is found, as rows; the others are refused."""
    name = db.session.scalars(select(Department.name).where(Department.id == department_id)).one()
    found = bearers([(event["code"], event.get("occurred_on") or event["valid_from"]) for event in given])
    others = whose.refused(given, found, department_id)
    for place, (event, firm) in enumerate(zip(given, found, strict=True)):
        if not isinstance(firm, Firm):
            taken[place].refused = firm
        elif place in others:
            taken[place].refused = others[place]
        else:
            row, related = row_of(event, firm.id, firm.code, department_id, name)
            yield _Report(place, event, row, related)


def _not_on_file(
    reports: list[_Report], department_id: int, first_seq: int, own: Row, taken: list[Taken], law: Law
) -> list[_Report]:
    """The events that are new, numbered from `first_seq` on; of the others is told what became of them."""
    known = kept([report.row for report in reports], department_id)
    firsts = Firsts([report.row for report in reports])
    blocks = AwardBlocks([report.row for report in reports], law)
    fresh: dict[tuple[str, ...], _Report] = {}
    clashes: list[tuple[_Report, int]] = []
    for report in reports:
        row, identity = report.row, report.identity
        old = known.get(identity)
        if old is None and identity in fresh:
            old = fresh[identity].row
        if old is not None:
            if old["content_digest"] == row["content_digest"]:
                taken[report.place] = Taken(old["event_id"], row["enterprise_id"])
            else:
                clashes.append((report, old["seq"]))
            continue
        try:
            row["of"] = firsts.examined(report.event, row["enterprise_id"])
            blocks.refuse(row, row["enterprise_id"])
        except (AwardBlocked, InvalidInput) as refused:
            taken[report.place].refused = refused
            continue
        seq = first_seq + len(fresh)
        row |= own | {"seq": seq, "event_id": seq}
        fresh[identity] = report
        firsts.add(row)
        taken[report.place] = Taken(seq, row["enterprise_id"], new=True)
    _refuse(clashes, list(fresh.values()), first_seq, taken)
    return list(fresh.values())


def _refuse(clashes: list[tuple[_Report, int]], new: list[_Report], first_seq: int, taken: list[Taken]) -> None:
    """Refuse documents that are on file, or stand above, with other content: both are shown."""
    old = sorted({seq for _, seq in clashes if seq < first_seq})
    stored, later = contents(old), corrected(old)
    for report, seq in clashes:
        if (seq, report.row["content_digest"]) in later:  # what a correction said already
            taken[report.place] = Taken(seq, report.row["enterprise_id"])
            continue
        if seq < first_seq:
            event_id, on_file = stored[seq]
        else:
            other = new[seq - first_seq]
            event_id, on_file = seq, shown(other.row, other.related)
        taken[report.place].refused = DifferentDocument(
            "Correct the event on file or use another source_ref.",
            zh="请更正已有记录，或使用不同的来源标识",
            event=event_id,
            on_file=on_file,
            sent=shown(report.row, report.related),
        )


def _write(new: list[_Report], law: Law) -> None:
    rows = table_of([report.row for report in new])
    insert(Event, rows)
    links = [
        (report.row["seq"], document_no, report.row["enterprise_id"])
        for report in new
        for document_no in report.related
    ]
    named: dict[Any, Any] = {"seq": pl.Int64, "document_no": pl.String, "enterprise_id": pl.Int64}
    insert(EventLink, pl.DataFrame(links, schema=named, orient="row"))
    classification.keep_rows(rows, law)
    text_checks.keep(rows)
