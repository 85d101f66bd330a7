"""The dossier of some enterprises or of all, read from the tables into frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import select

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
from credit.services.known import NOW, Known
from credit.services.reading import FEW, among, frame
from credit.services.supposed import Supposed

# What grading reads of an event, and what is only shown of it.
GRADED = (
    "seq", "event_id", "replaces", "enterprise_id", "kind", "document_no", "occurred_on", "gtin",
    "product", "category", "decided_on", "criminal", "campaign", "result", "stage", "of",
)  # fmt: skip
SHOWN = (
    "authority", "role", "lot", "model", "level", "penalties", "fine", "basis", "type", "safety_item",
    "failed_items", "laboratory", "final_on", "valid_from", "valid_until",
)  # fmt: skip
MADE = ("rule", "severity", "public", "in_force_on", "until", "shown_until", "repair_from")
FIRM = (
    "seq", "enterprise_id", "replaces", "valid_from", "code", "name", "short_name", "status", "kind",
    "parent_code", "legacy_id", "region", "industry", "registered_on", "quality_officer",
    "wants_grade", "accepted_because",
)  # fmt: skip


@dataclass(frozen=True)
class Dossiers:
    """`facts` for grading; `events` with their columns to show; `versions` and `listings` likewise.

    `latest`: enterprise, facts_seq: the number of the last fact that went in.
    """

    facts: Facts
    events: pl.DataFrame
    versions: pl.DataFrame
    listings: pl.DataFrame
    latest: pl.DataFrame
    known: Known = NOW


def load(
    ids: Sequence[int] | None,
    law: Law,
    known: Known = NOW,
    to_show: bool = True,
    supposed: Supposed | None = None,
) -> Dossiers:
    """All that is known about the enterprises with these ids (None: all), and what is supposed of them.

    Without `to_show` only what grading needs is read of each event.
    """
    versions = enterprise_versions(ids, known)
    events = _events(ids, law, known, (*GRADED, *SHOWN) if to_show else GRADED)
    cessations = cessations_of(ids, known)
    ceased, links = cessations.select(*CEASED), links_of(ids, events, known)
    if supposed is not None:
        events = pl.concat([events, supposed.events_like(events, law)])
        ceased, links = pl.concat([ceased, supposed.ceased]), pl.concat([links, supposed.links])
    found = dossier(events, ceased, links)
    listings = listed.listings(ids, law, versions, known)
    facts = Facts(firms_of(versions), found, listings.select(*LISTINGS))
    shown = events.drop("until", "shown_until").rename({"event_id": "event"})
    latest = _latest(versions, events, cessations, listings.select("enterprise_id", "seq"))
    return Dossiers(facts, shown, versions, listings, latest, known)


def _latest(*facts: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.concat([rows.select(enterprise="enterprise_id", facts_seq="seq") for rows in facts])
    return numbers.group_by("enterprise").agg(pl.col("facts_seq").max())


def enterprise_versions(ids: Sequence[int] | None, known: Known = NOW) -> pl.DataFrame:
    """The versions of enterprises that nothing replaced, with `until`: the next one's first day."""
    rows = stored(EnterpriseVersion, FIRM, ids, known)
    ordered = known.current(rows).sort("enterprise_id", "valid_from", "seq")
    return ordered.with_columns(until=pl.col("valid_from").shift(-1).over("enterprise_id"))


def stored(table: Any, columns: Sequence[str], ids: Sequence[int] | None, known: Known) -> pl.DataFrame:
    """Some columns of a table's rows about these enterprises, versions that were replaced among them."""
    chosen = (getattr(table, name) for name in columns)
    return _many(select(*chosen).where(among(table.enterprise_id, ids)), ids, known)


def _many(statement: Any, ids: Sequence[int] | None, known: Known) -> pl.DataFrame:
    return frame(statement, bulk=known.committed and (ids is None or len(ids) > FEW))


def firms_of(versions: pl.DataFrame) -> pl.DataFrame:
    """The versions as grading reads them, in the shape FIRMS."""
    return versions.select(
        enterprise="enterprise_id",
        since="valid_from",
        until="until",
        registered_on="registered_on",
        individual=pl.col("kind") == "individual",
        wants_grade="wants_grade",
        status="status",
    ).cast(FIRMS)


def _events(
    ids: Sequence[int] | None, law: Law, known: Known, columns: Sequence[str]
) -> pl.DataFrame:
    """Current versions with their classification: two plain scans joined here, not row by row there."""
    reported = known.current(stored(Event, columns, ids, known))
    chosen = (getattr(Classification, name) for name in MADE)
    made = _many(
        select(Classification.seq, *chosen).where(
            among(Classification.enterprise_id, ids), Classification.digest == law.digest
        ),
        ids,
        known,
    )
    missing = reported.join(made, on="seq", how="anti")["seq"].to_list()
    if missing:
        made = pl.concat([made, classified_now(missing, law).select(made.columns)])
    return reported.join(made, on="seq", maintain_order="left")


def cessations_of(ids: Sequence[int] | None, known: Known) -> pl.DataFrame:
    """What ended events of these enterprises early, in the shape CEASED with its own columns."""
    columns = ("seq", "replaces", "enterprise_id", "event_id", "ground", "ceased_on")
    rows = known.current(stored(CessationRow, columns, ids, known))
    return rows.rename({"event_id": "event"}).cast(CEASED)


def links_of(ids: Sequence[int] | None, events: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The documents that current versions of events name as resting on the same facts."""
    rows = stored(EventLink, ("seq", "document_no"), ids, known)
    owners = events.select("seq", event="event_id", enterprise="enterprise_id")
    return rows.join(owners, on="seq").select(*LINKS).cast(LINKS)


def all_ids() -> list[int]:
    """The id of every enterprise, in order."""
    return list(db.session.scalars(select(Enterprise.id).order_by(Enterprise.id)))
