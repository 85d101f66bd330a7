"""Facts for the trial of a policy: read once, whichever law judges them, and judged in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from credit.models import Department, Event
from credit.rules.classification import classify
from credit.rules.dossier import CEASED, LISTINGS, Facts, facts
from credit.rules.law import Law
from credit.services import listed
from credit.services.classification import INPUTS
from credit.services.dossiers import (
    GRADED,
    cessations_of,
    enterprise_versions,
    firms_of,
    links_of,
    stored,
)
from credit.services.known import Known
from credit.services.reading import frame

# What classification and grading read of an event, and who reported it.
READ = tuple(dict.fromkeys((*GRADED, *INPUTS, "department_id")))
JUDGED = ("seq", "rule", "public", "in_force_on", "until", "shown_until")
# Of these only grading reads the values: events are classified alike whatever they are.
OF_GRADING = {
    "bands", "bounds", "caps", "ceilings", "grounds", "measures", "points", "preconditions", "rated",
    "draws", "shares", "tiers",
}  # fmt: skip


@dataclass(frozen=True)
class OnFile:
    """All that is known about some enterprises; `listings` with the name of their `list`."""

    versions: pl.DataFrame
    events: pl.DataFrame
    cessations: pl.DataFrame
    links: pl.DataFrame
    listings: pl.DataFrame

    def under(self, law: Law) -> Facts:
        """The facts as this law classifies them, with the listings that it has a list for."""
        made = classify(self.events, law).select(JUDGED)
        classified = self.events.join(made, on="seq", maintain_order="left")
        held = self.listings.filter(pl.col("list").is_in(list(law.under("lists"))))
        firms = firms_of(self.versions)
        return facts(firms, classified, self.cessations, self.links, held.select(*LISTINGS))

    def firms_on(self, day: date) -> pl.DataFrame:
        """enterprise, code, name, region, industry of those that were on the register on `day`."""
        ended = (pl.col("until") <= day).fill_null(False)
        held = self.versions.filter(pl.col("valid_from") <= day, ~ended)
        return held.select("code", "name", "region", "industry", enterprise="enterprise_id")

    def reporters(self) -> pl.DataFrame:
        """enterprise, department_id: once for each that reported about it."""
        return self.events.select("department_id", enterprise="enterprise_id").unique()


def under_each(file: OnFile, laws: Iterable[Law]) -> dict[str, Facts]:
    """The facts under several laws, by digest: classified once for those that classify alike."""
    made: list[tuple[dict[str, Any], Facts]] = []
    found: dict[str, Facts] = {}
    for law in laws:
        if law.digest not in found:
            read = classifying(law)
            alike = next((known for classified, known in made if classified == read), None)
            found[law.digest] = alike or file.under(law)
            made.append((read, found[law.digest]))
    return found


def classifying(law: Law) -> dict[str, Any]:
    """What classification reads of a law: whole provisions, and of those of grading the keys alone."""
    return {
        key: None if key.partition(".")[0] in OF_GRADING else provision.values
        for key, provision in law.provisions.items()
    }


def on_file(ids: Sequence[int], law: Law, known: Known) -> OnFile:
    """All that is known about these enterprises; `law` names the lists that there are."""
    versions = enterprise_versions(ids, known)
    penalties = pl.col("penalties").str.json_decode(pl.List(pl.String))
    read = known.current(stored(Event, READ, ids, known))
    events = read.with_columns(penalties).cast(INPUTS)
    held = listed.listings(ids, law, versions, known)
    return OnFile(
        versions,
        events,
        cessations_of(ids, known).select(*CEASED),
        links_of(ids, events, known),
        held.with_columns(list=pl.col("listing_shown").struct.field("list")),
    )


def department_names() -> pl.DataFrame:
    """department_id, department: every department's name."""
    return frame(select(Department.id.label("department_id"), Department.name.label("department")))


def policy_named(law: Law) -> dict[str, Any]:
    """How a report names a policy: id, digest, name {zh, en}."""
    return {"id": law.id, "digest": law.digest, "name": {"zh": law.zh, "en": law.en}}
