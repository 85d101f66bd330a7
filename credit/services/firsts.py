"""First tests (初检) that later ones examine again: by id or by a document, on file or just taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from credit.db import db
from credit.errors import InvalidInput
from credit.models import Event
from credit.services.event_rows import Row
from credit.services.reading import among

SECOND_LOOKS = ("reinspection", "recheck")


class First(NamedTuple):
    """A first test of an enterprise."""

    event_id: int
    document_no: str
    occurred_on: date


class Firsts:
    """The first tests of the enterprises of which some rows are second looks."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.looked_at = {row["enterprise_id"] for row in rows if row.get("stage") in SECOND_LOOKS}
        self.of: dict[int, list[First]] = defaultdict(list)
        if self.looked_at:
            for enterprise_id, *first in self._on_file():
                self.of[enterprise_id].append(First(*first))

    def _on_file(self) -> list[Any]:
        owner = Event.enterprise_id
        found = (
            select(owner, Event.event_id, Event.document_no, Event.occurred_on)
            .where(among(owner, sorted(self.looked_at)), Event.kind == "inspection", Event.stage == "first")
            .order_by(Event.seq)
        )
        return [tuple(row) for row in db.session.execute(found)]

    def add(self, row: Row) -> None:
        """A row just taken may be what a later one examines again."""
        if row["enterprise_id"] in self.looked_at and row["kind"] == "inspection" and row["stage"] == "first":
            self.of[row["enterprise_id"]].append(First(row["event_id"], row["document_no"], row["occurred_on"]))

    def examined(self, event: Row, enterprise_id: int) -> int | None:
        """The id of the first test that this one examines again; None where it is none itself.

        Raises InvalidInput where there is none, or where it came later.
        """
        if event.get("stage") not in SECOND_LOOKS:
            return None
        documents = {related["document_no"] for related in event.get("related_to") or ()}
        meant = (
            first
            for first in self.of[enterprise_id]
            if (first.event_id == event["of"] if event.get("of") else first.document_no in documents)
        )
        first = next(meant, None)
        if first is None:
            raise InvalidInput(
                "The inspection that is examined again is not on file for this enterprise.",
                zh="没有找到该企业被复检或复查的检查记录",
                errors={"of": ["No first test of this enterprise: give its id, or its document in related_to."]},
            )
        if event["occurred_on"] < first.occurred_on:
            told = f"{event['occurred_on']} lies before the first test ({first.occurred_on})."
            errors = {"occurred_on": [told]}
            raise InvalidInput("The second look lies before the first.", zh="复检或复查日期早于初检日期", errors=errors)
        return first.event_id
