"""The end of the archive: bad records are deleted when their time of keeping is over, and the deletion is proved.

A violation or a failed inspection is kept for five years after its publication ended (after its decision, where it
never was public), and for as long as its enterprise is on a list. Deleted are all its versions and whatever was said
about it; a row of `deletion` keeps what they hashed to, so that whoever holds a copy can show what was deleted and
when, and nobody else learns anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
import polars as pl
from sqlalchemy import delete, select

from credit.db import Change, db
from credit.models import (
    Amendment,
    CessationRow,
    Classification,
    Deletion,
    Demand,
    DemandAnswerRow,
    Event,
    EventLink,
    Filing,
    FilingAct,
    FilingFile,
    FilingWords,
    Listing,
    ListingAct,
    Redaction,
    TextCheck,
)
from credit.rules.dossier import held_on
from credit.rules.law import Law
from credit.services import dossiers, listed
from credit.services.paging import Page, checked_limit, number_of
from credit.services.policies import law_on
from credit.services.reading import among, frame
from credit.services.repairs import retention_listings
from credit.services.repairs.terms import KEY, kept_until
from credit.services.transparency import tree

CHUNK = 5_000
DUE: dict[Any, Any] = {
    "event_id": pl.Int64, "enterprise_id": pl.Int64, "department_id": pl.Int64, "kind": pl.String,
    "ended_on": pl.Date, "due_on": pl.Date,
}  # fmt: skip


def due(day: date) -> pl.DataFrame:
    """Bad records whose time of keeping is over on `day`, in the shape DUE, the oldest first."""
    law = law_on(day)
    if KEY not in law.provisions:
        return pl.DataFrame(schema=DUE)
    last = pl.select(pl.lit(day).dt.offset_by(f"-{_shortest(law)}mo")).item()
    kept = _on_lists(law, day)
    found = [_due(ids, law, day) for ids in _chunks(_candidates(last, kept))]
    ended = retention_listings.ended(last).filter(~pl.col("enterprise_id").is_in(kept))
    listings = ended.with_columns(kind=pl.lit("listing"), due_on=kept_until(pl.col("ended_on"), law))
    found.append(listings.filter(pl.col("due_on") <= day).select(*DUE).cast(DUE))
    return pl.concat([pl.DataFrame(schema=DUE), *found]).sort("due_on", "event_id")


def _shortest(law: Law) -> int:
    return min(int(dated.value) for dated in law.provisions[KEY].values)


def _on_lists(law: Law, day: date) -> list[int]:
    """The enterprises on a list on `day`: everything of theirs is kept."""
    on_list: Any = listed.published(law).where(listed.in_force(day, day))
    return list(set(db.session.scalars(on_list.with_only_columns(Listing.enterprise_id))))


def _candidates(last: date, kept: list[int]) -> list[int]:
    """Enterprises with a bad record old enough that it may be due: it can't have ended before it was decided."""
    bad = (Event.kind == "violation") | Event.result.in_(["fail", "refused"])
    found = select(Event.enterprise_id).where(Event.occurred_on <= last, bad).distinct()
    return sorted(set(db.session.scalars(found)).difference(kept))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _due(ids: list[int], law: Law, day: date) -> pl.DataFrame:
    known = dossiers.load(ids, law, to_show=True)
    owners = known.events.select("event", "department_id", "result")
    bad = (pl.col("kind") == "violation") | pl.col("result").is_in(["fail", "refused"])
    ended = pl.when(pl.col("public")).then("shown_until").otherwise("decided")
    rows = (
        known.facts.events.filter(held_on(pl.lit(day)))
        .join(owners, on="event")
        .filter(bad)
        .with_columns(ended_on=ended)
        .with_columns(due_on=kept_until(pl.col("ended_on"), law))
        .filter(pl.col("due_on") <= day)
    )
    return rows.rename({"event": "event_id", "enterprise": "enterprise_id"}).select(*DUE).cast(DUE)


def delete_due(change: Change, rows: pl.DataFrame, day: date) -> list[str]:
    """Delete these records (DUE) with all that was said about them. Returns the stored names of their attachments,
    which are to be removed once the transaction is done.
    """
    stored: list[str] = []
    for number, row in zip(change.take(len(rows)), rows.iter_rows(named=True), strict=True):
        kept, files = _delete(row["event_id"], row["kind"])
        stored += files
        db.session.add(
            Deletion(
                event_id=row["event_id"], seq=number, enterprise_id=row["enterprise_id"], kind=row["kind"],
                department_id=row["department_id"], ended_on=row["ended_on"], due_on=row["due_on"], deleted_on=day,
                rows=len(kept), digest=digest_of(kept),
            )
        )  # fmt: skip
    db.session.flush()
    change.about["deleted"] = len(rows)
    return stored


def digest_of(rows: list[dict[str, Any]]) -> str:
    """SHA-256 over the rows as canonical JSON lines, each with its table, in the order of their text."""
    lines = sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str) for row in rows)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def rows_of(number: int, kind: str = "violation") -> list[dict[str, Any]]:
    """Every row that a deletion of this event or listing takes: what its proof is made of."""
    return [row for table, condition in _parts(number, kind) for row in _rows(table, condition())]


def _delete(number: int, kind: str) -> tuple[list[dict[str, Any]], list[str]]:
    kept = rows_of(number, kind)
    files = [str(row["stored"]) for row in kept if row["table"] == "filing_file"]
    acts = [int(row["seq"]) for row in kept if row["table"] in ("listing_act", "amendment")]
    tree.forget(acts)
    for table, condition in _parts(number, kind):
        db.session.execute(delete(table).where(condition()))
    return kept, files


def _parts(number: int, kind: str) -> list[tuple[Any, Callable[[], Any]]]:
    """The tables that hold something of an event or a listing, children first, each with the condition of its rows."""
    of_filing = Filing.listing_id == number if kind == "listing" else Filing.event_id == number
    return [*_filed(of_filing), *(_of_listing(number) if kind == "listing" else _of_event(number))]


def _filed(of_filing: Any) -> list[tuple[Any, Callable[[], Any]]]:
    filings = select(Filing.seq).where(of_filing)
    return [
        (FilingFile, lambda: FilingFile.filing.in_(filings)),
        (FilingWords, lambda: FilingWords.filing.in_(filings)),
        (FilingAct, lambda: FilingAct.filing.in_(filings)),
        (Redaction, lambda: (Redaction.subject == "statement") & Redaction.subject_id.in_(filings)),
        (Filing, lambda: of_filing),
    ]


def _of_listing(number: int) -> list[tuple[Any, Callable[[], Any]]]:
    return [
        (Redaction, lambda: (Redaction.subject == "listing") & (Redaction.subject_id == number)),
        (ListingAct, lambda: ListingAct.listing_id == number),
        (Listing, lambda: Listing.id == number),
    ]


def _of_event(event_id: int) -> list[tuple[Any, Callable[[], Any]]]:
    versions = select(Event.seq).where(Event.event_id == event_id)
    demands = select(Demand.seq).where(Demand.event_id == event_id)
    return [
        (DemandAnswerRow, lambda: DemandAnswerRow.demand.in_(demands)),
        (Demand, lambda: Demand.event_id == event_id),
        (Amendment, lambda: Amendment.event_id == event_id),
        (CessationRow, lambda: CessationRow.event_id == event_id),
        (Redaction, lambda: (Redaction.subject == "event") & (Redaction.subject_id == event_id)),
        (TextCheck, lambda: TextCheck.version.in_(versions)),
        (Classification, lambda: Classification.seq.in_(versions)),
        (EventLink, lambda: EventLink.seq.in_(versions)),
        (Event, lambda: Event.event_id == event_id),
    ]


def _rows(table: Any, condition: Any) -> list[dict[str, Any]]:
    found = db.session.execute(select(table.__table__).where(condition)).mappings()
    return [{"table": table.__tablename__} | dict(row) for row in found]


def page(cursor: str | None, limit: int) -> Page:
    """Proofs of deletion by their numbers, as schemas.repair.DeletionOut has them."""
    checked_limit(limit)
    names = ("seq", "kind", "ended_on", "due_on", "deleted_on", "rows", "digest")
    columns = (getattr(Deletion, name) for name in names)
    found = select(Deletion.event_id.label("event"), *columns).order_by(Deletion.seq).limit(limit + 1)
    rows = frame(found.where(Deletion.seq > number_of(cursor)) if cursor is not None else found).to_dicts()
    return Page(rows[:limit], str(rows[limit - 1]["seq"]) if len(rows) > limit else None)


def deleted_among(ids: list[int]) -> pl.DataFrame:
    """enterprise, deleted: enterprises of these of which something was deleted, and its last number."""
    rows = frame(select(Deletion.enterprise_id, Deletion.seq).where(among(Deletion.enterprise_id, ids)))
    return rows.group_by(enterprise=pl.col("enterprise_id")).agg(deleted=pl.col("seq").max())
