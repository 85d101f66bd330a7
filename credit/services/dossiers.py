"""The dossier of some enterprises or of all, read from the tables into frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from credit.db import db
from credit.models import (
    CessationRow,
    Classification,
    Enterprise,
    EnterpriseVersion,
    Event,
    EventLink,
)
from credit.rules.dossier import CEASED, FIRMS, LINKS, LISTINGS, Facts, dossier
from credit.rules.law import Law
from credit.services import listed
from credit.services.classification import classified_now
from credit.services.reading import among, frame

EVENT_COLUMNS = (
    "seq", "event_id", "enterprise_id", "kind", "document_no", "authority", "occurred_on", "role",
    "gtin", "lot", "product", "model", "category", "level", "penalties", "fine", "basis",
    "decided_on", "criminal", "type", "campaign", "result", "stage", "of", "safety_item",
    "failed_items", "laboratory", "final_on", "valid_from", "valid_until",
)  # fmt: skip
MADE = ("rule", "severity", "public", "in_force_on", "until", "shown_until", "repair_from")


@dataclass(frozen=True)
class Dossiers:
    """`facts` for grading; `events` with their columns to show; `versions` and `listings` likewise."""

    facts: Facts
    events: pl.DataFrame
    versions: pl.DataFrame
    listings: pl.DataFrame


def load(ids: Sequence[int] | None, law: Law, day: date) -> Dossiers:
    """All that is known now about the enterprises with these ids (None: all)."""
    versions = enterprise_versions(ids)
    events = _events(ids, law)
    found = dossier(events, _cessations(ids), _links(ids))
    listings = listed.listings(ids, law, day)
    facts = Facts(_firms(versions), found, listings.select(*LISTINGS))
    shown = events.drop("until", "shown_until").rename({"event_id": "event"})
    return Dossiers(facts, shown, versions, listings)


def enterprise_versions(ids: Sequence[int] | None) -> pl.DataFrame:
    """The versions of enterprises that nothing replaced, with `until`: the next one's first day."""
    version, later = EnterpriseVersion, aliased(EnterpriseVersion)
    rows = frame(
        select(
            version.seq, version.enterprise_id, version.valid_from, version.code, version.name,
            version.short_name, version.status, version.kind, version.parent_code, version.region,
            version.industry, version.registered_on, version.wants_grade,
        ).where(among(version.enterprise_id, ids), ~exists().where(later.replaces == version.seq))
    )  # fmt: skip
    ordered = rows.sort("enterprise_id", "valid_from", "seq")
    return ordered.with_columns(until=pl.col("valid_from").shift(-1).over("enterprise_id"))


def _firms(versions: pl.DataFrame) -> pl.DataFrame:
    return versions.select(
        enterprise="enterprise_id",
        since="valid_from",
        until="until",
        registered_on="registered_on",
        individual=pl.col("kind") == "individual",
        wants_grade="wants_grade",
        status="status",
    ).cast(FIRMS)


def _events(ids: Sequence[int] | None, law: Law) -> pl.DataFrame:
    """Current versions with their classification: two plain scans joined here, not row by row there."""
    later = aliased(Event)
    reported = frame(
        select(*(getattr(Event, name) for name in EVENT_COLUMNS)).where(
            among(Event.enterprise_id, ids), ~exists().where(later.replaces == Event.seq)
        )
    )
    made = frame(
        select(Classification.seq, *(getattr(Classification, name) for name in MADE)).where(
            among(Classification.enterprise_id, ids), Classification.digest == law.digest
        )
    )
    missing = reported.join(made, on="seq", how="anti")["seq"].to_list()
    if missing:
        made = pl.concat([made, classified_now(missing, law).select(made.columns)])
    return reported.join(made, on="seq")


def _cessations(ids: Sequence[int] | None) -> pl.DataFrame:
    later = aliased(CessationRow)
    row = CessationRow
    return frame(
        select(row.event_id.label("event"), row.ground, row.ceased_on).where(
            among(row.enterprise_id, ids), ~exists().where(later.replaces == row.seq)
        )
    ).cast(CEASED)


def _links(ids: Sequence[int] | None) -> pl.DataFrame:
    row = EventLink
    joined = select(
        Event.event_id.label("event"), row.enterprise_id.label("enterprise"), row.document_no
    ).join(Event, Event.seq == row.seq)
    return frame(joined.where(among(row.enterprise_id, ids))).cast(LINKS)


def all_ids() -> list[int]:
    """The id of every enterprise, in order."""
    return list(db.session.scalars(select(Enterprise.id).order_by(Enterprise.id)))
