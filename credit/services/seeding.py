"""The seed: fictional enterprises and events, taken in by the same services as real ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.db import Change, db
from credit.models import Enterprise, Event
from credit.services import (
    corrections,
    departments,
    enterprises,
    events,
    listings,
    outside_lists,
    way,
)
from credit.services.dossiers import all_ids
from credit.services.items import prefixes, recalls
from credit.services.officers import add as add_officer
from credit.services.policies import law_on
from credit.terms import Cessation, OfficerRole
from schemas.enterprise import EnterpriseIn
from schemas.event import load_event
from schemas.item import PrefixIn, RecallIn
from seed import load

OUTSIDE = dict.fromkeys(
    ("name", "code", "basis", "document_no", "authority", "since_on", "until_on"), pl.String
)


def is_empty() -> bool:
    """Whether no enterprise is on file."""
    return db.session.scalar(select(Enterprise.id).limit(1)) is None


def sow(change: Change, day: date) -> tuple[int, int]:
    """Take the seed in, relative to `day`. Returns counts of enterprises and events."""
    given, law = load(day), law_on(day)
    homes = {row["name"]: departments.add(row["name"], row.get("region")) for row in given.departments}
    officers = {
        row["id"]: add_officer(homes[row["department"]], row["name"], OfficerRole(row["role"]))
        for row in given.officers
    }
    for row in given.enterprises:
        for version in [*row.pop("former", ()), row]:
            known = {key: value for key, value in (row | version).items() if key not in ("story", "expect", "events")}
            enterprises.put(change, EnterpriseIn(day=day).load(known), day)
    for row in given.events:
        department = homes[row.pop("department")]
        events.record(change, department, load_event(row, day), law)
    for row in given.cessations:
        on = date.fromisoformat(row["on"])
        cease(change, row["code"], row["event"], Cessation(row["ground"]), on, row["document_no"])
    for row in given.prefixes:
        prefixes.hold(change, homes[row.pop("department")], PrefixIn().load(row))
    for row in given.recalls:
        recalls.open_recall(change, homes[row.pop("department")], RecallIn(day=day).load(row))
    for row in given.listings:
        _list(change, row, officers)
    for row in given.outside:
        outside_lists.keep(change, row["list"], pl.DataFrame(row["entries"], schema=OUTSIDE), day, day)
    way.advance(change, all_ids(), day)
    return len(given.enterprises), len(given.events)


def cease(change: Change, code: str, document: str, ground: Cessation, on: date, document_no: str) -> None:
    """End what the events of a document count for, from a day on."""
    named = select(Event.event_id).where(Event.code == code, Event.document_no == document).distinct()
    for event_id in db.session.scalars(named).all():
        corrections.cease(change, event_id, ground, on, document_no)


def _list(change: Change, row: dict[str, Any], officers: dict[str, int]) -> None:
    first, *others = row["acts"]
    given = {name: row[name] for name in ("code", "list", "ground", "facts")}
    named = select(Event.event_id).where(Event.code == row["code"], Event.document_no == row["event"])
    given["event_id"] = db.session.scalar(named.limit(1))
    listing = listings.propose(change, officers[first["officer"]], given, date.fromisoformat(first["on"]))
    for act in others:
        fields = {key: value for key, value in act.items() if key not in ("act", "on", "officer")}
        listings.act(change, listing, act["act"], officers[act["officer"]], date.fromisoformat(act["on"]), fields)
