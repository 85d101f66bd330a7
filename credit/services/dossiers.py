"""The dossier of some enterprises or of all, read from the tables into frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from credit.rules.dossier import CEASED, FIRMS, LINKS, LISTINGS, TAKEN_BACK, Facts, facts
from credit.rules.law import Law
from credit.services import listed
from credit.services.classification import classified_by_each
from credit.services.known import NOW, Known
from credit.services.objections import marks
from credit.services.provenance import with_provenance
from credit.services.reading import FEW, among, frame
from credit.services.supposed import Supposed
from credit.services.text_checks import with_texts

# What grading reads of an event, and what is only shown of it.
GRADED = (
    "seq", "event_id", "replaces", "enterprise_id", "kind", "document_no", "occurred_on", "gtin",
    "product", "category", "decided_on", "criminal", "campaign", "result", "stage", "of",
)  # fmt: skip
SHOWN = (
    "authority", "role", "lot", "model", "level", "penalties", "fine", "basis", "type", "safety_item",
    "failed_items", "laboratory", "report_no", "final_on", "valid_from", "valid_until", "proceedings",
    "department_id", "received_on", "report_id", "facts",
)  # fmt: skip
MADE = ("rule", "severity", "public", "in_force_on", "until", "shown_until", "repair_from")
FIRM = (
    "seq", "enterprise_id", "replaces", "valid_from", "code", "name", "short_name", "status", "kind",
    "parent_code", "legacy_id", "region", "industry", "registered_on", "quality_officer",
    "wants_grade", "accepted_because",
)  # fmt: skip


@dataclass(frozen=True)
class OnFile:
    """The rows about some enterprises, read once, whichever law they are put under.

    `made`: what the laws that were asked for made of the events, by digest; of another law it is
    read when the rows are put under it. `held`: published listings.
    """

    ids: Sequence[int] | None
    versions: pl.DataFrame
    events: pl.DataFrame
    made: Mapping[str, pl.DataFrame]
    cessations: pl.DataFrame
    links: pl.DataFrame
    held: listed.Held
    known: Known
    marks: pl.DataFrame
    supposed: Supposed | None = None

    def under(self, law: Law) -> Dossiers:
        """The dossiers as a law classifies the events."""
        made = self.made.get(law.digest)
        if made is None:
            made = _classified(self.ids, self.events, {law.digest: law}, self.known)[law.digest]
        events = self.events.join(made, on="seq", maintain_order="left")
        ceased, links = self.cessations.select(*CEASED), self.links
        if self.supposed is not None:
            events = pl.concat([events, self.supposed.events_like(events, law)])
            ceased = pl.concat([ceased, self.supposed.ceased])
            links = pl.concat([links, self.supposed.links])
        listings = listed.under(law, self.held, self.versions, self.known)
        found = facts(firms_of(self.versions), events, ceased, links, listings.select(*LISTINGS))
        shown = events.drop("until", "shown_until").rename({"event_id": "event"})
        latest = _latest(self.versions, events, self.cessations, listings.select("enterprise_id", "seq"))
        return Dossiers(law, found, shown, self.versions, listings, latest, self, self.marks)


@dataclass(frozen=True)
class Dossiers:
    """As `law` classifies them: `facts` for grading; `events`, `versions` and `listings` to show.

    `latest`: enterprise, facts_seq: the number of the last fact that went in. `file`: the rows that
    they were made of, to be put under another law. `marks`: objections and statements, which change no grade.
    """

    law: Law
    facts: Facts
    events: pl.DataFrame
    versions: pl.DataFrame
    listings: pl.DataFrame
    latest: pl.DataFrame
    file: OnFile
    marks: pl.DataFrame

    @property
    def known(self) -> Known:
        """Up to which number the rows were read."""
        return self.file.known


def load(
    ids: Sequence[int] | None,
    law: Law,
    known: Known = NOW,
    to_show: bool = True,
    supposed: Supposed | None = None,
    others: Iterable[Law] = (),
) -> Dossiers:
    """All that is known about the enterprises with these ids (None: all), and what is supposed of them.

    Without `to_show` only what grading needs is read of each event. `others`: the laws under which
    the same rows may be put as well.
    """
    versions = enterprise_versions(ids, known)
    events = _events(ids, known, (*GRADED, *SHOWN) if to_show else GRADED)
    made = _classified(ids, events, {one.digest: one for one in (law, *others)}, known)
    cessations, links = cessations_of(ids, known), links_of(ids, events, known)
    held = listed.held(ids, known)
    beside = marks.marks(ids, known) if to_show else marks.NONE
    return OnFile(ids, versions, events, made, cessations, links, held, known, beside, supposed).under(law)


def _latest(*facts: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.concat([rows.select(enterprise="enterprise_id", facts_seq="seq") for rows in facts])
    return numbers.group_by("enterprise").agg(pl.col("facts_seq").max())


def enterprise_versions(
    ids: Sequence[int] | None, known: Known = NOW, more: Sequence[str] = ()
) -> pl.DataFrame:
    """The versions of enterprises that nothing replaced, with `until`: the next one's first day.

    `more`: columns beyond FIRM, which records aren't made of.
    """
    rows = stored(EnterpriseVersion, (*FIRM, *more), ids, known)
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


def _events(ids: Sequence[int] | None, known: Known, columns: Sequence[str]) -> pl.DataFrame:
    """Current versions of events, in the order of their numbers whatever order the database gave."""
    versions = stored(Event, columns, ids, known)
    reported = known.current(versions)
    if "received_on" in columns:
        reported = with_texts(with_provenance(reported, versions), ids, known)
    if known.hidden:
        reported = reported.filter(~pl.col("event_id").is_in(list(known.hidden)))
    return reported if reported["seq"].is_sorted() else reported.sort("seq")


def _classified(
    ids: Sequence[int] | None, events: pl.DataFrame, laws: dict[str, Law], known: Known
) -> dict[str, pl.DataFrame]:
    """What each law made of these events, by digest; made now of those that it had not classified."""
    chosen = (getattr(Classification, name) for name in ("seq", *MADE))
    digest = () if len(laws) == 1 else (Classification.digest,)
    rows = _many(
        select(*chosen, *digest).where(
            among(Classification.enterprise_id, ids), Classification.digest.in_(list(laws))
        ),
        ids,
        known,
    )
    made = {law: rows.filter(digest=law).drop("digest") if digest else rows for law in laws}
    missing = {law: events.join(made[law], on="seq", how="anti")["seq"].to_list() for law in laws}
    if any(missing.values()):
        every = sorted({seq for some in missing.values() for seq in some})
        for law, now in classified_by_each(every, laws).items():
            news = now.filter(pl.col("seq").is_in(missing[law])).select(made[law].columns)
            made[law] = pl.concat([made[law], news])
    return made


def cessations_of(ids: Sequence[int] | None, known: Known) -> pl.DataFrame:
    """What ended events of these enterprises early, in the shape CEASED with its own columns."""
    columns = ("seq", "replaces", "enterprise_id", "event_id", "ground", "ceased_on")
    rows = known.current(stored(CessationRow, columns, ids, known))
    rows = rows.filter(pl.col("ground") != TAKEN_BACK)
    return rows.rename({"event_id": "event"}).cast(CEASED).sort("seq")


def links_of(ids: Sequence[int] | None, events: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The documents that current versions of events name as resting on the same facts."""
    rows = stored(EventLink, ("seq", "document_no"), ids, known)
    owners = events.select("seq", event="event_id", enterprise="enterprise_id")
    return rows.join(owners, on="seq").sort("seq", "document_no").select(*LINKS).cast(LINKS)


def all_ids() -> list[int]:
    """The id of every enterprise, in order."""
    return list(db.session.scalars(select(Enterprise.id).order_by(Enterprise.id)))
