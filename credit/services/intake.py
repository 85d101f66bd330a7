"""Intake of events, set-wise: tied to their enterprises, each document kept once, classified by the policy.

One event or twenty thousand go the same way: a handful of statements for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import DifferentDocument, InvalidInput, RegisterError
from credit.models import Department, Event, EventLink
from credit.rules.law import Law
from credit.services import classification, whose
from credit.services.bearers import Firm, bearers
from credit.services.event_rows import KNOWN, EventRows, Row, shown
from credit.services.event_versions import corrected
from credit.services.firsts import SECOND_LOOKS, Firsts
from credit.services.instants import day_of
from credit.services.kept import Kept, contents, kept
from credit.services.writing import insert


@dataclass(slots=True)
class Taken:
    """What became of one event: recorded (`new`) or on file already, or refused and why."""

    event_id: int | None = None
    enterprise_id: int | None = None
    new: bool = False
    refused: RegisterError | None = None


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
    places, rows = _tied(department_id, given, taken)
    if places:
        new = _not_on_file(rows, department_id, change.last_seq + 1)
        _tell(new, rows, places, taken)
        numbers = change.take(len(new.places))
        own = {"received_on": received_on or day_of(change.recorded_at), "report_id": report_id}
        _write(rows, new, numbers, own, law)
    return taken


@dataclass(slots=True)
class _Sorted:
    """Events sorted out: the `places` of those that are new, and the first test that each examines `of`.

    Of the others by their places: which event is on `file`, which number says otherwise (`clashes`),
    and what is `refused`. `ids`: the event of each.
    """

    ids: list[int | None]
    places: list[int] = field(default_factory=list)
    of: list[int | None] = field(default_factory=list)
    clashes: dict[int, int] = field(default_factory=dict)
    refused: dict[int, RegisterError] = field(default_factory=dict)


def _tied(department_id: int, given: Sequence[Row], taken: list[Taken]) -> tuple[list[int], EventRows]:
    """The places of the events whose enterprise is found, and they as rows; the others are refused."""
    name = db.session.scalars(select(Department.name).where(Department.id == department_id)).one()
    found = bearers([(event["code"], event.get("occurred_on") or event["valid_from"]) for event in given])
    others = whose.refused(given, found, department_id)
    places, firms = [], []
    for place, firm in enumerate(found):
        if not isinstance(firm, Firm):
            taken[place].refused = firm
        elif place in others:
            taken[place].refused = others[place]
        else:
            places.append(place)
            firms.append((firm.id, firm.code))
    return places, EventRows([given[place] for place in places], firms, department_id, name)


def _not_on_file(rows: EventRows, department_id: int, first_seq: int) -> _Sorted:
    """Which events are new, to be numbered from `first_seq` on; of the others what is on file."""
    identities, digests, owners = rows.identities(), rows.columns["content_digest"], rows.columns["enterprise_id"]
    known = kept(identities, department_id)
    looks = {owner for owner, event in zip(owners, rows.events, strict=True) if event.get("stage") in SECOND_LOOKS}
    firsts, found, seq = Firsts(looks), _Sorted([None] * len(rows)), first_seq
    for place, (identity, digest, event) in enumerate(zip(identities, digests, rows.events, strict=True)):
        old = known.get(identity)
        if old is not None:
            found.ids[place] = old.event_id
            if old.digest != digest:
                found.clashes[place] = old.seq
            continue
        try:
            of = firsts.examined(event, owners[place]) if looks else None
        except InvalidInput as refused:
            found.refused[place] = refused
            continue
        known[identity] = Kept(seq, seq, digest)
        found.ids[place] = seq
        found.places.append(place)
        found.of.append(of)
        if looks:
            firsts.add(event, owners[place], seq)
        seq += 1
    return found


def _tell(new: _Sorted, rows: EventRows, places: list[int], taken: list[Taken]) -> None:
    """What became of each event; documents on file with other content are refused, and both are shown."""
    fresh = set(new.places)
    owners, digests = rows.columns["enterprise_id"], rows.columns["content_digest"]
    numbers = {new.ids[place] for place in new.places}
    old = sorted(set(new.clashes.values()) - numbers)
    stored, later = contents(old), corrected(old)
    for place, outer in enumerate(places):
        if place in new.refused:
            taken[outer].refused = new.refused[place]
        elif (new.clashes.get(place), digests[place]) in later:  # what a correction said already
            taken[outer] = Taken(new.ids[place], owners[place])
        elif place in new.clashes:
            taken[outer].refused = _clash(new, place, rows, stored)
        else:
            taken[outer] = Taken(new.ids[place], owners[place], place in fresh)


def _clash(new: _Sorted, place: int, rows: EventRows, stored: dict[int, tuple[int, Row]]) -> DifferentDocument:
    seq = new.clashes[place]
    if seq in stored:
        event_id, on_file = stored[seq]
    else:
        other = next(one for one in new.places if new.ids[one] == seq)
        event_id, on_file = seq, shown(rows.row(other), rows.related[other])
    return DifferentDocument(
        "Correct the event on file or use another source_ref.",
        zh="请更正已有记录，或使用不同的来源标识",
        event=event_id,
        on_file=on_file,
        sent=shown(rows.row(place), rows.related[place]),
    )


def _write(rows: EventRows, new: _Sorted, numbers: range, own: Row, law: Law) -> None:
    if not new.places:
        return
    constant = {name: [value] * len(numbers) for name, value in own.items() if name in KNOWN}
    written = rows.frame(new.places, constant | {"seq": numbers, "event_id": numbers, "of": new.of})
    insert(Event, written)
    owners = rows.columns["enterprise_id"]
    links = [
        (seq, document_no, owners[place])
        for seq, place in zip(numbers, new.places, strict=True)
        for document_no in rows.related[place]
    ]
    named: dict[Any, Any] = {"seq": pl.Int64, "document_no": pl.String, "enterprise_id": pl.Int64}
    insert(EventLink, pl.DataFrame(links, schema=named, orient="row"))
    classification.keep_rows(written, law)
